"""The sheet 校验结果 before it is written: links lead to their cell, texts stay texts, marks find theirs."""

import re
from datetime import datetime
from pathlib import Path

import pytest

from gouji_addin.results import HEADINGS, TITLE, is_rule, link, narrowed, results, rules
from gouji_checks.check import check
from gouji_checks.source import FileSource
from tests.workbooks import EVERY_FILLED_IN

ADDRESSES = {
    "a plain name": ("表5!F9", """=HYPERLINK("#'表5'!F9","表5!F9")"""),
    "an apostrophe": ("表'5!F9", """=HYPERLINK("#'表''5'!F9","表'5!F9")"""),
    "a quotation mark": ('表"5"!F9', """=HYPERLINK("#'表""5""'!F9","表""5""!F9")"""),
    "an exclamation mark": ("表!5!F9", """=HYPERLINK("#'表!5'!F9","表!5!F9")"""),
    "none": ("", ""),
}


@pytest.mark.parametrize(("address", "formula"), ADDRESSES.values(), ids=ADDRESSES)
def test_an_address_links_to_its_cell(address: str, formula: str) -> None:
    assert link(address) == formula


def test_marks_look_for_the_name_of_their_sheet_as_it_is() -> None:
    found = [rule.condition for rule in rules('=表~"5"')]

    assert all('"==表~~""5""!"&' in formula for formula in found)
    assert all(is_rule(formula) for formula in found)
    assert max(len(rule.condition) for rule in rules("表" * 31)) <= 255


def test_a_reference_in_a_mark_does_not_depend_on_the_active_cell() -> None:
    bare = [re.sub(r'"[^"]*"|\$[A-Z]+:\$[A-Z]+', "", rule.condition) for rule in rules("表5")]

    assert not [formula for formula in bare if re.search(r"\$?[A-Z]{1,3}\$?[0-9]", formula)]


@EVERY_FILLED_IN
def test_excel_takes_a_text_for_a_text_whatever_it_looks_like(path: Path) -> None:
    found = results(path.name, check(FileSource(str(path))), datetime(2025, 3, 1, 12))

    texts = {cell.rstrip() for row in [*found.rows, *narrowed(found)] for cell in row if isinstance(cell, str)} - {
        "",
        TITLE,
        *HEADINGS,
    }
    assert [text for text in texts if not text.startswith(("'", "=HYPERLINK("))] == []
    assert len(texts) > 10
