"""What 填充 asks, says and leaves in an open workbook."""

from decimal import Decimal
from pathlib import Path

import pytest

from gouji_addin.buttons import fill, validate
from gouji_addin.results import HEADINGS, NAME
from gouji_checks.source import Workbook
from gouji_templates.content import UNDO
from tests import rich
from tests.clicks import (
    clicked,
    everything,
    findings,
    listed,
    noon,
    opened,
    saved,
    with_backup,
)
from tests.excel import REMOTE, Excel
from tests.excel_parts import content
from tests.fills import (
    filled,
    plain,
    printed,
    printed_content,
    values_only,
)


@pytest.fixture
def disagreeing(tmp_path: Path) -> Path:
    """A total typed wrong, another one and its row's sum left out."""
    lines = list(rich.content(1).lines["表3"])
    lines[0] = lines[0]._replace(figures=(Decimal("9.99"), None, lines[0].figures[2]))
    content_ = rich.content(1)._replace(lines=rich.content(1).lines | {"表3": lines})
    return plain(content_, tmp_path / "预算.xlsx")


def test_an_entered_figure_is_overwritten_after_yes(disagreeing: Path, tmp_path: Path) -> None:
    excel, book = clicked(disagreeing, "yes")

    ((_, asked),) = excel.messages
    right = rich.content(1).lines["表3"][0].figures[0]
    assert asked.splitlines()[0] == "有 1 格填好的数与算出的不一致："
    assert f"表3!E8：填的是 9.99，算出的是 {right:.2f}" in asked.splitlines()
    assert printed(saved(book, tmp_path / "存.xlsx")) == printed_content(rich.content(1))


def test_an_entered_figure_stays_after_no(disagreeing: Path) -> None:
    _, book = clicked(disagreeing, "no")

    sheet = content(book)["表3"]
    first, second, _ = rich.content(1).lines["表3"][0].figures
    assert (sheet["E8"].value, sheet["F8"].value) == (9.99, float(second or 0))
    assert [one["事项"] for one in listed(book)] == ["填写", "保留"]
    assert listed(book)[1]["说明"] == f"算出的是 {first:.2f}，按您的选择没有改"


def test_of_many_the_question_names_some_counts_the_rest_and_says_where_all_are(tmp_path: Path) -> None:
    lines = [line._replace(figures=(Decimal("9.99"), *line.figures[1:])) for line in rich.content(1).lines["表3"]]
    path = plain(rich.content(1)._replace(lines=rich.content(1).lines | {"表3": lines}), tmp_path / "预算.xlsx")

    excel, book = clicked(path, "no")

    ((_, asked),) = excel.messages
    found = asked.splitlines()
    wrong = int(found[0].split()[1])
    assert wrong > 4
    assert len([line for line in found if line.startswith("表3!")]) == 3
    assert f"……还有 {wrong - 3} 格" in found
    assert found[-1] == f"改了的、保留的，都会逐格列在“{NAME}”上。"
    assert [one["事项"] for one in listed(book)].count("保留") == wrong


def test_nothing_is_filled_after_cancel(disagreeing: Path) -> None:
    excel, book = opened(disagreeing)
    before = everything(book)
    excel.answers += ["cancel"]

    fill(book, noon)

    assert everything(book) == before
    assert not excel.writes


def test_a_printed_zero_is_no_disagreement(tmp_path: Path) -> None:
    lines = [
        line._replace(figures=tuple(figure or Decimal(0) for figure in line.figures))
        for line in rich.content(2).lines["表3"]
    ]
    path = plain(rich.content(2)._replace(lines=rich.content(2).lines | {"表3": lines}), tmp_path / "预算.xlsx")

    excel, book = opened(path)
    fill(book, noon)

    assert excel.messages == [("预算公开", "没有需要填的。")]


# ── what it leaves in the workbook ──


def test_the_kept_copy_disturbs_neither_check_nor_fill(leaves: Path, tmp_path: Path) -> None:
    _, book = clicked(leaves)

    ours = saved(book, tmp_path / "存.xlsx")

    assert content(book)[UNDO].sheet_state == "veryHidden"
    assert findings(ours) == with_backup(book, findings(filled(leaves)))
    assert filled(ours).read_bytes() == ours.read_bytes()


def test_checking_after_filling_tells_of_the_copy_and_looks_at_nothing_in_it(leaves: Path) -> None:
    excel, book = clicked(leaves)

    validate(book, noon)

    assert not excel.messages
    rows = book.sheets[NAME].used_range.options(empty="").value
    assert [row[HEADINGS.index("规则")] for row in rows if UNDO in str(row)] == ["B18"]
    assert UNDO in [sheet.name for sheet in book.sheets]


def test_an_engine_that_tells_no_formulas_changes_nothing(leaves: Path) -> None:
    excel = Excel(REMOTE)

    fill(excel.open(leaves), noon)

    assert [text for _, text in excel.messages if text.startswith("没有完成，程序出了错。")]
    assert not excel.writes


def test_a_workbook_without_our_tables_is_told_so(tmp_path: Path) -> None:
    path = values_only(Workbook([]), tmp_path / "空.xlsx")
    excel, book = opened(path)

    fill(book, noon)

    assert [text.partition("中的任何一张表")[2] for _, text in excel.messages] == ["，请核对文件是否选错。"]
    assert not excel.writes
