"""gouji check --prior: last year's workbook for one file, a folder of them for a folder, or the manifest's."""

import json
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gouji_checks.cli import main
from gouji_checks.live.template import build
from gouji_templates import workbook
from gouji_templates.content import CODE, Content, PriorFigure
from gouji_templates.manifest import Entry, write
from tests import two_years, year_before
from tests.year_before import CATALOGUE, FORM

Printed = pytest.CaptureFixture[str]
RECEPTION = ("三公经费", "公务接待")
OURS = "克孜勒苏柯尔克孜自治州工业和信息化局"


def this_year(path: Path, department: str = OURS, code: str = "", reception: str = "3.50") -> Path:
    """A workbook whose last year's reception is not what was published."""
    content = _named(two_years.content(), department, code)
    prior = {**content.prior, RECEPTION: PriorFigure((Decimal(reception),))}
    path.write_bytes(build(CATALOGUE, content._replace(prior=prior)))
    return path


def last_year(path: Path, department: str = OURS, code: str = "", year: int = 2024) -> Path:
    path.write_bytes(workbook.build(FORM, _named(year_before.content(), department, code)._replace(year=year)))
    return path


def _named(content: Content, department: str, code: str) -> Content:
    return content._replace(department=department, info=content.info | ({CODE: code} if code else {}))


def run(capsys: Printed, *arguments: object) -> tuple[int, list[dict[str, Any]], str]:
    """The exit code, the files as JSON, and what went to the error stream."""
    code = main(["check", "--format", "json", *map(str, arguments)])
    out, err = capsys.readouterr()
    return code, json.loads(out)["files"] if out else [], err


def contradictions(file: dict[str, Any]) -> list[str]:
    return [finding["cell"] for finding in file["findings"] if finding["rule"] == "D04"]


def reasons(file: dict[str, Any]) -> list[str]:
    return [item["reason"] for item in file["ledger"]["not_checked"] if item["rule"] == "D04"]


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    now, then = tmp_path / "本年", tmp_path / "上年"
    now.mkdir()
    then.mkdir()
    return now, then


def test_one_workbook_is_held_against_last_years(tmp_path: Path, capsys: Printed) -> None:
    this_year(tmp_path / "a.xlsx")
    last_year(tmp_path / "b.xlsx")

    code, files, _ = run(capsys, tmp_path / "a.xlsx", "--prior", tmp_path / "b.xlsx")

    assert code == 1
    assert contradictions(files[0]) == ["C37"]
    # Without it there is nothing to contradict the figure: only the sum says that something is amiss.
    assert run(capsys, tmp_path / "a.xlsx")[0] == 0


def test_right_figures_pass(tmp_path: Path, capsys: Printed) -> None:
    this_year(tmp_path / "a.xlsx", reception="3.00")
    last_year(tmp_path / "b.xlsx")

    code, files, _ = run(capsys, tmp_path / "a.xlsx", "--prior", tmp_path / "b.xlsx")

    assert code == 0
    assert contradictions(files[0]) == []


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: last_year(path, "另一个局"), "另一个局"),
        (lambda path: last_year(path, year=2023), "上年应为2024年"),
        (lambda path: path.write_text("不是工作簿"), "不是 Excel"),
    ],
    ids=["another department", "another year", "no workbook"],
)
def test_one_workbook_with_a_last_year_that_is_not_its_own_is_refused(
    make: Callable[[Path], object], said: str, tmp_path: Path, capsys: Printed
) -> None:
    this_year(tmp_path / "a.xlsx")
    make(tmp_path / "b.xlsx")

    code, files, _ = run(capsys, tmp_path / "a.xlsx", "--prior", tmp_path / "b.xlsx")

    assert code == 2
    assert files[0]["status"] == "unreadable"
    assert "b.xlsx" in files[0]["message"]
    assert said in files[0]["message"]
    assert files[0]["message"].count("。") == 1


def test_paths_that_do_not_go_together_are_refused_in_one_sentence(tmp_path: Path, capsys: Printed) -> None:
    this_year(tmp_path / "a.xlsx")

    said = [
        run(capsys, tmp_path / "a.xlsx", "--prior", tmp_path / "没有.xlsx"),
        run(capsys, tmp_path / "a.xlsx", "--prior", tmp_path / "a.xlsx"),
        run(capsys, tmp_path, "--prior", tmp_path / "a.xlsx"),
    ]

    assert [(code, files, err.count("。")) for code, files, err in said] == [(2, [], 1)] * 3


def test_folder_is_matched_by_code_and_by_department(folders: tuple[Path, Path], capsys: Printed) -> None:
    now, then = folders
    this_year(now / "1.xlsx", "甲局", "001")
    this_year(now / "2.xlsx", "乙局")
    last_year(then / "a.xlsx", "甲委员会", "001")
    last_year(then / "b.xlsx", "乙局")
    last_year(then / "c.xlsx", "乙局", year=2023)

    code, files, err = run(capsys, now, "--prior", then)

    assert (code, err) == (1, "")
    assert [(len(contradictions(file)), reasons(file)) for file in files] == [(1, []), (1, [])]


def test_missing_and_ambiguous_workbooks_are_said_and_nothing_is_chosen(
    folders: tuple[Path, Path], capsys: Printed
) -> None:
    now, then = folders
    this_year(now / "1.xlsx", "甲局")
    this_year(now / "2.xlsx", "乙局")
    last_year(then / "a.xlsx", "甲局")
    shutil.copy(then / "a.xlsx", then / "b.xlsx")

    _, files, _ = run(capsys, now, "--prior", then)

    assert [contradictions(file) for file in files] == [[], []]
    assert "不止一个" in reasons(files[0])[0]
    assert all(name in reasons(files[0])[0] for name in ("a.xlsx", "b.xlsx"))
    assert "没有本部门2024年的工作簿" in reasons(files[1])[0]


def test_workbooks_of_another_year_are_named_with_their_year(folders: tuple[Path, Path], capsys: Printed) -> None:
    now, then = folders
    this_year(now / "1.xlsx", "甲局")
    this_year(now / "2.xlsx", "乙局")
    last_year(then / "a.xlsx", "甲局", year=2023)
    for year in (2019, 2020, 2021, 2022):
        last_year(then / f"{year}.xlsx", "乙局", year=year)

    _, files, _ = run(capsys, now, "--prior", then)

    assert reasons(files[0]) == [f"文件夹“{then}”里没有本部门2024年的工作簿（{then / 'a.xlsx'} 是2023年的）"]
    assert "2021.xlsx 是2021年的 等 4 个）" in reasons(files[1])[0]


def test_unreadable_workbook_of_last_year_is_said_and_the_rest_is_checked(
    folders: tuple[Path, Path], capsys: Printed
) -> None:
    now, then = folders
    this_year(now / "1.xlsx")
    last_year(then / "a.xlsx")
    (then / "坏.xlsx").write_text("不是工作簿")

    code, files, err = run(capsys, now, "--prior", then)

    assert code == 2
    assert "坏.xlsx" in err
    assert len(contradictions(files[0])) == 1


@pytest.mark.parametrize("there", [True, False])
def test_manifest_names_last_years_workbook(there: bool, tmp_path: Path, capsys: Printed) -> None:
    this_year(tmp_path / "1.xlsx", "甲局", "001")
    (tmp_path / "上年").mkdir()
    if there:
        last_year(tmp_path / "上年" / "a.xlsx", "甲局", "001")
    write(
        tmp_path / "发放清单.csv",
        [Entry("001", "甲局", "行政单位", "1.xlsx", "2025", FORM.id, "", "", "上年/a.xlsx", "", "")],
    )

    _, files, _ = run(capsys, tmp_path / "1.xlsx", "--manifest", tmp_path / "发放清单.csv")

    assert len(contradictions(files[0])) == there
    assert len(reasons(files[0])) == (not there)


def test_published_workbook_without_the_sheets_is_compared_as_well(tmp_path: Path, capsys: Printed) -> None:
    (tmp_path / "a.xlsx").write_bytes(workbook.build(FORM, two_years.content()._replace(prior={})))
    last_year(tmp_path / "b.xlsx")

    code, files, _ = run(capsys, tmp_path / "a.xlsx", "--prior", tmp_path / "b.xlsx")

    assert code == 0
    assert [f["cell"] for f in files[0]["findings"] if f["rule"] == "D01"] == ["B12"]


def test_distribute_writes_into_the_manifest_where_last_years_workbook_is(tmp_path: Path, capsys: Printed) -> None:
    names = tmp_path / "名单"
    (names / "上年").mkdir(parents=True)
    last_year(names / "上年" / "a.xlsx", "甲局", "001")
    rows = ["部门名称,部门编码,单位性质,上年工作簿", "甲局,001,行政单位,上年/a.xlsx"]
    (names / "名单.csv").write_text("\n".join(rows), encoding="utf-8")
    out = tmp_path / "别处" / "发放"
    assert main(["distribute", str(names / "名单.csv"), "-o", str(out), "--year", "2025"]) == 0
    this_year(tmp_path / "1.xlsx", "甲局", "001")
    capsys.readouterr()

    _, files, _ = run(capsys, tmp_path / "1.xlsx", "--manifest", out / "发放清单.csv")

    assert len(contradictions(files[0])) == 1
