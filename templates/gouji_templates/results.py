"""How a relation ends, in words and colours: on the sheet 勾稽关系, in its explanation, and in what the checks say."""

AGREED, ROUNDING, FAILED, UNCHECKED, IDLE = "相符", "尾差", "不符", "未核验", "不适用"

FILLS = {AGREED: "#E2EFDA", ROUNDING: "#DDEBF7", FAILED: "#FFC7CE", UNCHECKED: "#FFEB9C", IDLE: "#F2F2F2"}
"""The fill of each."""
