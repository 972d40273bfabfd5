"""gouji compare as a person or a script meets it."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gouji_checks.cli import main
from gouji_templates.form import DEFAULT_FORM, declaration
from gouji_templates.layout import text_width
from samples.build import SAMPLE, SAMPLES
from tests import year_before

PUBLISHED = SAMPLES / SAMPLE

Printed = pytest.CaptureFixture[str]


def run(*arguments: object) -> int:
    """The exit code of gouji with these arguments."""
    return main([str(argument) for argument in arguments])


def test_text_has_a_table_for_each_group_with_its_figures_in_columns(tmp_path: Path, capsys: Printed) -> None:
    year_before.write(tmp_path / "上年.xlsx", year_before.content())

    assert run("compare", PUBLISHED, "--prior", tmp_path / "上年.xlsx") == 0

    out = capsys.readouterr().out
    assert re.search(r"一般公共预算 +685\.20 +603\.81 +81\.39 +13\.48 +76\.03\n", out)
    assert re.search(r"2011399 +其他商贸事务支出 +0\.00 +8\.00 +-8\.00 +-100\.00 +0\.00\n", out)
    assert "上年有、本年没有的科目，本年按 0.00 对比：2011399 其他商贸事务支出\n" in out
    assert out.count("上年为零、本年有数的，增长率按 100.00% 列示") == 1
    table = out.split("\n\n")[1].splitlines()[1:]
    ends = {
        text_width(row[: row.index(cell) + len(cell)])
        for row, cell in zip(table, ["占比（%）", "100.00", "76.03"], strict=False)
    }
    assert len(ends) == 1


def test_json_has_the_documented_shape(tmp_path: Path, capsys: Printed) -> None:
    year_before.write(tmp_path / "上年.xlsx", year_before.content())

    assert run("compare", PUBLISHED, "--prior", tmp_path / "上年.xlsx", "--format", "json") == 0

    said = json.loads(capsys.readouterr().out)
    assert list(said) == [
        *("gouji", "file", "form", "department", "year", "kind", "unit"),
        *("policy", "groups", "per_head", "notes", "prior"),
    ]
    assert said["policy"]["from_zero"] == "100.00"
    assert said["prior"] == {"file": "上年.xlsx", "department": said["department"], "year": "2024"}
    codes = next(group for group in said["groups"] if group["id"] == "一般公共预算科目")
    assert codes["lines"][1] == {
        "id": "2011301",
        "label": "行政运行",
        "level": "项",
        "now": "352.83",
        "before": "392.45",
        "change": "-39.62",
        "rate": "-10.10",
        "share": "50.32",
        "parts": {
            "基本支出": {"now": "339.83", "before": "392.45"},
            "项目支出": {"now": "13.00", "before": "0.00"},
        },
        "reason": "",
        "cell": "表5!E11",
        "origin": "上年工作簿 上年.xlsx 表5!E11",
        "remark": "",
    }
    heads = [(one["label"], one["value"], one["unit"]) for one in said["per_head"]]
    assert heads == [("人均公用经费", "10785.71", "元"), ("“三公”经费人均", "4928.57", "元")]


def test_the_input_is_not_changed(tmp_path: Path, capsys: Printed) -> None:
    prior = year_before.write(tmp_path / "上年.xlsx", year_before.content())
    before = PUBLISHED.read_bytes(), prior.read_bytes()

    run("compare", PUBLISHED, "--prior", prior)

    assert (PUBLISHED.read_bytes(), prior.read_bytes()) == before
    assert capsys.readouterr().err == ""


def form_with(change: Callable[[str], str], folder: Path) -> Path:
    """The form's declaration after this change, as a file of its own."""
    path = folder / "表样.toml"
    path.write_text(change(declaration(DEFAULT_FORM).read_text(encoding="utf-8")), encoding="utf-8")
    return path


def test_growth_from_zero_is_stated_as_the_form_says(tmp_path: Path, capsys: Printed) -> None:
    prior = year_before.write(tmp_path / "上年.xlsx", year_before.content())
    form = form_with(lambda text: text.replace('from_zero = "100.00"', 'from_zero = ""'), tmp_path)

    assert run("compare", PUBLISHED, "--prior", prior, "--form", form, "--format", "json") == 0

    said = json.loads(capsys.readouterr().out)
    lines = {line["id"]: line for group in said["groups"] for line in group["lines"]}
    assert said["policy"]["from_zero"] == ""
    assert (lines["上级一般公共预算"]["change"], lines["上级一般公共预算"]["rate"]) == ("16.00", "")
    assert (lines["因公出国"]["change"], lines["因公出国"]["rate"]) == ("0.00", "0.00")
    assert not any("上年为零" in note for note in said["notes"])


def test_a_form_that_compares_nothing_is_refused(tmp_path: Path, capsys: Printed) -> None:
    form = form_with(lambda text: re.sub(r"\[comparison\](.|\n)*?(?=\[\[table\]\]|\Z)", "", text), tmp_path)

    assert run("compare", PUBLISHED, "--form", form) == 2

    assert "没有声明与上年对比的内容" in capsys.readouterr().err


def test_comparing_starts_without_heavy_imports(tmp_path: Path) -> None:
    prior = year_before.write(tmp_path / "上年.xlsx", year_before.content())
    script = (
        "import sys; from gouji_checks.cli import main; main(sys.argv[1:]);"
        "heavy = {'pandas', 'numpy', 'openpyxl', 'xlsxwriter', 'xlwings', 'decimal'} & set(sys.modules);"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )

    done = subprocess.run(
        [sys.executable, "-c", script, "compare", PUBLISHED, "--prior", prior], capture_output=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, b"")
