"""gouji summary --prior: what comes of last year's workbooks, and for whom there is none that could be used."""

import shutil
from pathlib import Path

import openpyxl
import pytest

from gouji_templates.content import CODE, FINGERPRINT
from gouji_templates.styles import row_height
from tests import bureau
from tests.bureau import Department
from tests.overview import overview
from tests.returned import set_info
from tests.shown import Open, text
from tests.summaries import Printed, before, column, nameless, put, summed, three, told


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return three(tmp_path)


@pytest.fixture
def last(tmp_path: Path) -> Path:
    """Last year's workbooks: one of the first department, two of the second, none of the third."""
    place = tmp_path / "上年"
    place.mkdir()
    before(place, 0, 10, "甲.xlsx")
    shutil.copy(before(place, 1, 10, "乙.xlsx"), place / "乙（旧）.xlsx")
    return place


def said(folder: Path, printed: Printed, *more: object) -> list[str]:
    """The lines of the output about workbooks of last year that were not used."""
    printed.readouterr()
    summed(folder, *more)
    lines = printed.readouterr().out.splitlines()
    start = next((number for number, line in enumerate(lines) if "上年" in line), len(lines))
    return [line.strip() for line in lines[start:] if not line.startswith("已写入")]


def test_last_years_workbooks_give_changes_and_rates(folder: Path, tmp_path: Path, capsys: Printed) -> None:
    last = tmp_path / "上年"
    last.mkdir()
    for number in (0, 1):
        before(last, number, 10)

    first, second, third = told(folder, capsys, "--prior", last)["departments"]

    then = bureau.content(Department(10)).lines["表2"][0].figures[0]
    now = bureau.content(Department(0)).lines["表2"][0].figures[0]
    assert now is not None
    assert then is not None
    assert first["income"] == f"{now:.2f}"
    assert first["income_before"] == f"{then:.2f}"
    assert first["income_change"] == f"{now - then:.2f}"
    assert float(first["income_rate"]) == pytest.approx(float((now - then) / then * 100), abs=0.0051)
    assert second["income_before"]
    assert third["income_before"] == third["income_rate"] == ""
    rankings = column(folder.parent / "汇总.xlsx", "排名与分布", 0)
    title = rankings.index("收入总计比上年增加最多的部门（万元）")
    grown = [one["department"] for one in (first, second) if float(one["income_change"]) > 0]
    assert set(rankings[title + 1 : title + 2 + len(grown)]) == {"部门", *grown}


def test_departments_without_one_workbook_of_last_year_are_named(folder: Path, last: Path, capsys: Printed) -> None:
    lines = said(folder, capsys, "--prior", last)

    both = f"{last / '乙.xlsx'}、{last / '乙（旧）.xlsx'}"
    assert lines == [
        "没有采用上年工作簿：不止一个（1 个）",
        f"{Department(1).name}：文件夹“{last}”里本部门2024年的工作簿不止一个（{both}），没有采用，请只留一个",
        "没有采用上年工作簿：没有找到（1 个）",
        f"{Department(2).name}：文件夹“{last}”里没有本部门2024年的工作簿",
    ]


def test_the_workbook_and_the_page_say_the_same(folder: Path, last: Path, tmp_path: Path, capsys: Printed) -> None:
    page = tmp_path / "汇总.html"
    (last / "坏的.xlsx").write_text("这不是工作簿", encoding="utf-8")
    found = told(folder, capsys, "--prior", last, "--html", page)

    without = found["without_last_year"]
    assert [(one["department"], one["kind"]) for one in without] == [
        (Department(1).name, "不止一个"),
        (Department(2).name, "没有找到"),
    ]
    assert [Path(one["file"]).name for one in without] == ["000002.xlsx", "000003.xlsx"]
    (unread,) = found["unread_last_year"]
    assert unread.startswith("上年工作簿 坏的.xlsx：")
    account = folder.parent / "汇总.xlsx"
    first, reasons = column(account, "汇总说明", 0), column(account, "汇总说明", 4)
    assert {"没有采用上年工作簿：不止一个（1 个）", "没有采用上年工作簿：没有找到（1 个）"} <= set(first)
    assert {one["reason"] for one in without} <= set(reasons)
    assert first[-2:] == ["读不出来的上年工作簿（1 个）", unread]
    sheet = openpyxl.load_workbook(account)["汇总说明"]
    heights = {sheet.cell(row, 5).value: size.height for row, size in sheet.row_dimensions.items()}
    assert heights[without[0]["reason"]] > row_height(1)
    written = page.read_text(encoding="utf-8")
    assert all(words in written for words in (*(one["reason"] for one in without), unread))


def test_nothing_is_said_where_nobody_asked_or_all_is_there(folder: Path, last: Path, capsys: Printed) -> None:
    found = told(folder, capsys)
    before(last, 2, 10, "丙.xlsx")
    (last / "乙（旧）.xlsx").unlink()

    assert found["without_last_year"] == found["unread_last_year"] == []
    assert told(folder, capsys, "--prior", last)["without_last_year"] == []
    assert said(folder, capsys, "--prior", last) == []


def test_of_many_the_first_are_named_and_the_rest_counted(
    folder: Path, last: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gouji_checks.commands._MOST_NAMED", 1)
    for number in range(3):
        shutil.copy(last / "甲.xlsx", last / f"甲{number}.xlsx")
    for number in (7, 8):
        put(folder, bureau.content(Department(number)), f"又{number}.xlsx")

    lines = said(folder, capsys, "--prior", last)

    assert "甲2.xlsx" not in lines[1]
    assert lines[1].count(".xlsx") == 3
    assert "等 4 个）" in lines[1]
    assert lines[-3:] == [
        "没有采用上年工作簿：没有找到（3 个）",
        f"{Department(2).name}：文件夹“{last}”里没有本部门2024年的工作簿",
        "… 另有 2 个，见“汇总说明”",
    ]
    assert column(folder.parent / "汇总.xlsx", "汇总说明", 4).count(f"文件夹“{last}”里没有本部门2024年的工作簿") == 3


def test_one_that_turns_out_to_be_somebody_elses_is_said(folder: Path, last: Path, capsys: Printed) -> None:
    """Its file says the department's code, the workbook another department."""
    stamped: dict[str, str | int] = {CODE: Department(2).code, FINGERPRINT: "0"}
    path = put(last, bureau.content(Department(20))._replace(year=2024, info=stamped), "丙.xlsx")
    path.write_bytes(set_info(path.read_bytes(), CODE, ""))

    lines = said(folder, capsys, "--prior", last)

    assert lines[-2] == "没有采用上年工作簿：不能用（1 个）"
    assert lines[-1].startswith(f"{Department(2).name}：丙.xlsx：工作簿是“{Department(20).name}”的")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("上年", "挪走", id="the folder is elsewhere"),
        pytest.param("上年/乙.xlsx", "上年/改名.xlsx", id="a file has another name"),
    ],
)
def test_what_was_kept_of_an_earlier_run_does_not_name_what_is_gone(
    old: str, new: str, folder: Path, last: Path, capsys: Printed
) -> None:
    first = said(folder, capsys, "--prior", last)
    assert said(folder, capsys, "--prior", last) == first
    gone, now = folder.parent / old, folder.parent / new
    gone.rename(now)

    lines = said(folder, capsys, "--prior", last if last.is_dir() else now)

    assert str(gone) in first[1]
    assert str(now) in lines[1]
    assert not any(str(gone) in line for line in lines)


def test_names_that_cannot_be_printed_are_no_obstacle(folder: Path, last: Path, capsys: Printed) -> None:
    one_of_two, only = nameless(last, b"\xbe\xd6.xlsx", b"\xbc\xd7.xlsx")
    (last / "乙.xlsx").rename(one_of_two)
    (last / "甲.xlsx").rename(only)

    found = told(folder, capsys, "--prior", last)

    assert [one["kind"] for one in found["without_last_year"]] == ["不止一个", "没有找到"]
    assert r"\udcbe\udcd6.xlsx" in found["without_last_year"][0]["reason"]
    assert found["departments"][0]["income_before"]


def test_the_page_shows_for_whom_there_is_no_last_year(opened: Open) -> None:
    data = overview(3, 0)
    assert opened(data).run("document.querySelector('#without-last-year').hidden")
    name = data["departments"][1]["department"]
    data["without_last_year"] = [{"department": name, "file": "a.xlsx", "kind": "不止一个", "reason": "请只留一个"}]
    data["unread_last_year"] = ["上年工作簿 坏的.xlsx：文件已损坏。"]

    tab = opened(data)

    assert text(tab, "#without-last-year").splitlines() == [
        "没有采用上年工作簿",
        "× 上年工作簿 坏的.xlsx：文件已损坏。",
        f"{name} 不止一个：请只留一个",
    ]
    assert tab.seen.complaints == []
