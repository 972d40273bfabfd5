"""撤销填充 where rows were put in since 填充: what stands elsewhere now is left alone, and said."""

from pathlib import Path

from gouji_addin.buttons import fill, restore
from tests import rich
from tests.clicks import everything, noon, opened
from tests.fills import FORM, plain
from tests.leaves import without_derived


def test_a_blank_row_in_place_of_one_that_was_filled_is_not_taken_for_its_former_state(tmp_path: Path) -> None:
    """Its cells are blank, as those of the filled row were before; the figures stand one row below."""
    excel, book = opened(plain(without_derived(FORM, rich.content(1)), tmp_path / "预算.xlsx"))
    fill(book, noon)
    assert book.sheets["表5"].range("E8").value is not None
    book.sheets["表5"].range("8:8").insert("down")
    moved = everything(book)["表5"]
    assert book.sheets["表5"].range("E8").value is None

    restore(book)

    ((_, said),) = excel.messages
    assert "表5!E8" in said
    assert everything(book)["表5"] == moved
