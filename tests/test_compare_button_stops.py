"""对比 where it is not clear what last year was, or Excel takes no change: one sentence, and nothing changed."""

from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook.protection import WorkbookProtection

from gouji_checks.live.template import build as build_live
from gouji_templates.content import PRIOR, Content
from tests import year_before
from tests.clicks import opened
from tests.fills import CATALOGUE, PUBLISHED
from tests.test_compare_button import PUBLISHED_FILE, beside, told
from tests.test_compare_button_prior import INCOME, SHOWN, stopped, typed
from tests.year_before import prior_rows, row_of

# ── which workbook is last year's ──


def test_without_last_year_it_is_said_what_to_open(tmp_path: Path) -> None:
    (tmp_path / "本年.xlsx").write_bytes(build_live(CATALOGUE, PUBLISHED))
    excel, book = opened(tmp_path / "本年.xlsx")
    stopped(book)
    assert told(excel) == (
        "没有上年数。请在“上年预算数”中填写，或者同时打开本部门2024年的公开表"
        "（在受保护的视图里的，先点“启用编辑”），再点“对比”。"
    )

    excel, book = opened(PUBLISHED_FILE)
    stopped(book)
    assert told(excel).startswith(
        "没有上年数。请同时打开本部门2024年的公开表"
        "（在受保护的视图里的，先点“启用编辑”），再点“对比”；或者用 gouji compare "
    )


def other(folder: Path, name: str, **changes: object) -> Path:
    of: Content = year_before.content()._replace(**changes)  # type: ignore[arg-type]
    return year_before.saved(folder, f"{name}.xlsx", of)


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"year": 2023}, "工作簿是2023年的，上年应为2024年"), ({"department": "另一个局"}, "工作簿是“另一个局”的")],
    ids=["another year", "another department"],
)
def test_a_workbook_that_does_not_fit_is_named_only_where_nothing_is_known(
    changes: dict[str, object], words: str, tmp_path: Path
) -> None:
    unfit = other(tmp_path, "别的", **changes)
    excel, book = opened(PUBLISHED_FILE)
    excel.open(unfit)
    stopped(book)
    assert f"别的.xlsx：{words}" in told(excel)

    excel, book = beside(typed(prior_rows(), tmp_path / "本年.xlsx"), unfit)
    assert "别的" not in told(excel)
    assert SHOWN in [sheet.name for sheet in book.sheets]


def test_of_two_that_fit_none_is_chosen(last: Path, tmp_path: Path) -> None:
    excel, book = opened(PUBLISHED_FILE)
    excel.open(last)
    excel.open(other(tmp_path, "上年终稿"))

    stopped(book)

    assert told(excel) == (
        "打开着的本部门上年工作簿不止一个：“上年.xlsx”、“上年终稿.xlsx”。请只留一个，关掉其他的，再点按钮。"
    )


def test_a_workbook_that_is_no_disclosure_is_refused(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "空.xlsx")
    excel, book = opened(tmp_path / "空.xlsx")

    stopped(book)

    assert "没有找到" in told(excel)


# ── what stops it ──


def test_a_protected_sheet_stops_it(last: Path, tmp_path: Path) -> None:
    rows = prior_rows()
    rows[row_of(rows, INCOME, "单位资金")][2] = ""
    path = typed(rows, tmp_path / "本年.xlsx")
    locked = openpyxl.load_workbook(path)
    locked[PRIOR].protection.sheet = True
    locked[PRIOR].protection.password = "1"
    locked.save(path)
    excel, book = opened(path)
    excel.open(last)

    stopped(book)

    assert told(excel) == "工作表“上年预算数”写不进去，请撤销工作表保护，再点按钮。"


def test_a_protected_workbook_stops_it(last: Path, tmp_path: Path) -> None:
    rows = prior_rows()
    rows[row_of(rows, INCOME, "单位资金")][2] = ""
    path = typed(rows, tmp_path / "本年.xlsx")
    locked = openpyxl.load_workbook(path)
    locked.security = WorkbookProtection(lockStructure=True)
    locked.save(path)
    excel, book = opened(path)
    excel.open(last)

    stopped(book)

    assert told(excel) == "新建不了工作表，请撤销工作簿保护，再点按钮。"


@pytest.mark.parametrize("refused", [1, 2, 3, 10, 25, 40])
def test_whatever_excel_refuses_nothing_is_half_written(refused: int, last: Path, tmp_path: Path) -> None:
    rows = prior_rows()
    rows[row_of(rows, INCOME, "单位资金")][2] = ""
    excel, book = opened(typed(rows, tmp_path / "本年.xlsx"))
    excel.open(last)
    excel.refused = {refused}

    stopped(book)

    assert len(excel.messages) == 1
