"""The sheet 勾稽关系: a line for every relation with both sides, the difference and how it ends, and a headline."""

from collections.abc import Mapping

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from gouji_checks.live.choice import Chosen, LineFormulas, shown
from gouji_checks.live.gaps import Gap, gaps_of
from gouji_checks.live.summary import RelationLine, headline
from gouji_checks.live.words import words
from gouji_checks.relation import Catalogue, Relation
from gouji_templates.content import RELATIONS
from gouji_templates.layout import tallest
from gouji_templates.live import BLANK
from gouji_templates.results import AGREED, FAILED, FILLS, IDLE, ROUNDING
from gouji_templates.styles import CENTRED, HEADING, NAME, TEXT, TITLE, Styles, figure, merge, row_height, set_up_page
from gouji_templates.wording import quoted

_COLUMNS = (
    ("编号", 7), ("勾稽关系", 27), ("公式", 50), ("性质", 8), ("所在行", 25), ("左边", 13), ("右边", 13), ("差额", 11),
    ("允许尾差", 9), ("结果", 9), ("查看", 10),
)  # fmt: skip
ID, TITLE_COLUMN, FORMULA, SEVERITY, WHERE, LEFT, RIGHT, DIFFERENCE, ALLOWED, RESULT, LINK = range(len(_COLUMNS))
_TITLE_ROW, _HEADLINE_ROW, _ADVICE_ROW, _HEADING_ROW = range(4)
FIRST_LINE = _HEADING_ROW + 1

_SEVERITIES = {"error": "必须成立", "warning": "一般成立", "info": "供参考"}
_ADVICE = (
    "点“查看”到对不上的地方，比较左右两边，改正填错的数。差额不超过允许尾差的是四舍五入造成的尾差，不必调整。"
    "“一般成立”的关系不符时，核对后说明原因即可。"
)


def write_relations(
    sheet: Worksheet,
    styles: Styles,
    catalogue: Catalogue,
    chosen: Mapping[str, Chosen],
    lines: Mapping[str, RelationLine],
) -> None:
    """Fills the sheet; `lines` are what its formulas come to now."""
    for column, (_, width) in enumerate(_COLUMNS):
        sheet.set_column(column, column, width)
    last = len(_COLUMNS) - 1
    sheet.set_row(_TITLE_ROW, 32)
    merge(sheet, _TITLE_ROW, 0, _TITLE_ROW, last, RELATIONS, styles(TITLE))
    gaps = gaps_of(catalogue.form)
    end = FIRST_LINE + len(catalogue.relations) + len(gaps) - 1
    _headline(sheet, styles, end, lines)
    sheet.set_row(_ADVICE_ROW, row_height(1))
    merge(sheet, _ADVICE_ROW, 0, _ADVICE_ROW, last, _ADVICE, styles(TEXT, font_color="#7F7F7F"))
    for column, (heading, _) in enumerate(_COLUMNS):
        sheet.write_string(_HEADING_ROW, column, heading, styles(HEADING))
    for number, relation in enumerate(catalogue.relations):
        _line(sheet, styles, catalogue, relation, chosen.get(relation.id), FIRST_LINE + number, lines[relation.id])
    filled = any(line.result != IDLE for line in lines.values())
    for number, gap in enumerate(gaps, FIRST_LINE + len(catalogue.relations)):
        _gap(sheet, styles, gap, number, AGREED if filled else IDLE)
    results = xl_range_abs(FIRST_LINE, RESULT, end, RESULT)
    for result, colour in FILLS.items():
        rule = {"type": "cell", "criteria": "==", "value": quoted(result), "format": styles({"bg_color": colour})}
        sheet.conditional_format(results, rule)
    sheet.autofilter(_HEADING_ROW, 0, end, last)
    sheet.freeze_panes(FIRST_LINE, 2)
    sheet.protect("", {"autofilter": True, "sort": True, "format_columns": True, "format_rows": True})
    set_up_page(sheet, repeated=FIRST_LINE)


def _headline(sheet: Worksheet, styles: Styles, end: int, lines: Mapping[str, RelationLine]) -> None:
    """全部相符 or how many relations do not hold; whatever is neither counted as fine is counted as wrong."""
    results = xl_range_abs(FIRST_LINE, RESULT, end, RESULT)
    severities = xl_range_abs(FIRST_LINE, SEVERITY, end, SEVERITY)
    must = quoted(_SEVERITIES["error"])
    fine = "+".join(f"COUNTIFS({severities},{must},{results},{quoted(r)})" for r in (AGREED, ROUNDING, IDLE))
    wrong = f"COUNTIF({severities},{must})-({fine})"
    all_fine = "+".join(f"COUNTIF({results},{quoted(r)})" for r in (AGREED, ROUNDING, IDLE))
    doubtful = f"ROWS({results})-({all_fine})-({wrong})"
    tail = f"COUNTIF({results},{quoted(ROUNDING)})"
    filled = f"COUNTIF({results},{quoted(IDLE)})<ROWS({results})"
    formula = (
        f'=IF({wrong}>0,({wrong})&" 项不符",IF({filled},"全部相符","尚未填写"))'
        f'&IF({doubtful}>0,"，另有 "&({doubtful})&" 项一般应成立的不符，请核对或说明","")'
        f'&IF({tail}>0,"（其中 "&{tail}&" 项有四舍五入的尾差）","")'
    )
    last = len(_COLUMNS) - 1
    look = styles(TITLE, font_size=14)
    sheet.set_row(_HEADLINE_ROW, 26)
    merge(sheet, _HEADLINE_ROW, 0, _HEADLINE_ROW, last, "", look)
    sheet.write_formula(_HEADLINE_ROW, 0, formula, look, headline(list(lines.values())))
    area = xl_range_abs(_HEADLINE_ROW, 0, _HEADLINE_ROW, last)
    first = xl_rowcol_to_cell(_HEADLINE_ROW, 0, row_abs=True, col_abs=True)
    for begins, colour in (("全部相符", FILLS[AGREED]), ("尚未填写", FILLS[IDLE])):
        criteria = f"=LEFT({first},{len(begins)})={quoted(begins)}"
        rule = {"type": "formula", "criteria": criteria, "format": styles({"bg_color": colour}), "stop_if_true": True}
        sheet.conditional_format(area, rule)
    rule = {"type": "formula", "criteria": f"=LEN({first})>0", "format": styles({"bg_color": FILLS[FAILED]})}
    sheet.conditional_format(area, rule)


def _texts(sheet: Worksheet, styles: Styles, row: int, texts: tuple[str, ...]) -> None:
    """What a line says of itself, in the first columns."""
    for column, text in enumerate(texts):
        sheet.write_string(row, column, text, styles(CENTRED if column in (ID, SEVERITY) else NAME))
    sheet.set_row(row, row_height(tallest(texts, [width for _, width in _COLUMNS])))


def _gap(sheet: Worksheet, styles: Styles, gap: Gap, row: int, now: str) -> None:
    """A line about what the relations can't see."""
    texts = (gap.id, gap.title, gap.words, _SEVERITIES["error"])
    _texts(sheet, styles, row, texts)
    sheet.write_formula(row, WHERE, f"={gap.where}", styles(NAME), BLANK)
    for column in (LEFT, RIGHT, DIFFERENCE, ALLOWED, LINK):
        sheet.write_blank(row, column, None, styles(NAME))
    shown = xl_rowcol_to_cell(row, WHERE, col_abs=True)
    result = f'IF({shown}<>"",{quoted(FAILED)},IF({gap.filled},{quoted(AGREED)},{quoted(IDLE)}))'
    sheet.write_formula(row, RESULT, f"={result}", styles(CENTRED), now)


def _line(
    sheet: Worksheet,
    styles: Styles,
    catalogue: Catalogue,
    relation: Relation,
    chosen: Chosen | None,
    row: int,
    now: RelationLine,
) -> None:
    form = catalogue.form
    what: LineFormulas = shown(relation, chosen, form)
    texts = (relation.id, relation.title, words(relation.formula), _SEVERITIES[relation.severity])
    _texts(sheet, styles, row, texts)
    left, right = (xl_rowcol_to_cell(row, column, col_abs=True) for column in (LEFT, RIGHT))
    numbers = styles(figure(form.decimals))
    allowed = f"IF(({what.sides.rounded})>2,({what.sides.rounded})*{0.5 / 10**form.decimals:g},0)"

    def put(column: int, formula: str, value: str, look: Format) -> None:
        shown_now: object = BLANK if value == "" else value
        if column in (LEFT, RIGHT, DIFFERENCE, ALLOWED) and value:
            shown_now = float(value)
        sheet.write_formula(row, column, f"={formula}", look, shown_now)

    put(WHERE, what.where, now.where, styles(NAME))
    put(LEFT, f'IF({what.hidden},"",ROUND({what.sides.left},6))', now.left, numbers)
    put(RIGHT, f'IF({what.hidden},"",ROUND({what.sides.right},6))', now.right, numbers)
    put(DIFFERENCE, f'IF({left}="","",ROUND({left}-{right},6))', now.difference, numbers)
    put(ALLOWED, f'IF({left}="","",{allowed})', now.allowed, styles(figure(form.decimals), num_format="0.000"))
    put(RESULT, what.result, now.result, styles(CENTRED))
    link = styles(CENTRED, font_color="#0563C1", underline=1)
    target = f'HYPERLINK("#"&{what.address},SUBSTITUTE({what.address},"\'",""))'
    put(LINK, f'IF({what.hidden},"",{target})', now.address, link)
