"""The copy that 撤销填充 works from, on its sheet: nobody sees it, and Excel makes nothing else of it."""

from pathlib import Path

import pytest

from gouji_templates.content import UNDO
from tests import excel_formulas, excel_range
from tests.clicks import clicked
from tests.excel_parts import content


def test_the_copy_is_very_hidden_and_another_sheet_in_front(leaves: Path) -> None:
    _, book = clicked(leaves)

    assert content(book)[UNDO].sheet_state == "veryHidden"
    assert book.sheets.active.name != UNDO


def test_all_of_the_copy_is_given_to_excel_as_text(leaves: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Excel would take 8 for a number and give it back as 8.0, which is no row."""
    given: list[str] = []

    def noted(sheet: object, *rest: object) -> None:
        if getattr(sheet, "title", "") == UNDO:
            given.append(str(rest[-1]))
        excel_formulas.put(sheet, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(excel_range, "put", noted)

    clicked(leaves)

    # The sheet is known as ours by its first cell.
    texts = [text for text in given[1:] if text]
    assert len(texts) > 50
    assert [text for text in texts if not text.startswith("'")] == []
