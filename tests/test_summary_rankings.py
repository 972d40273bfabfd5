"""排名与分布 read from 汇总.xlsx: what the tables rank, and what the charts beside them draw."""

import re
import shutil
from pathlib import Path
from zipfile import ZipFile

from tests import bureau
from tests.bureau import Department
from tests.mixed import COMPARABLE, TOTAL, Made, rows_of, sheet
from tests.summaries import summed


def rankings(path: Path) -> dict[str, tuple[int, list[tuple[object, ...]]]]:
    """By its title the row of the headings of each table on 排名与分布, and its rows, headings first."""
    tables: dict[str, tuple[int, list[tuple[object, ...]]]] = {}
    lines = list(sheet(path, "排名与分布").iter_rows(max_col=5, values_only=True))
    for number, line in enumerate(lines[2:], 3):
        if line[0] and line[1] is None and (rest := lines[number:]):
            end = next((i for i, row in enumerate(rest) if row[0] is None or row[1] is None), len(rest))
            tables[str(line[0])] = number + 1, [tuple(v for v in row if v is not None) for row in rest[:end]]
    return tables


def test_rankings_begin_with_the_largest_and_leave_out_who_does_not_count(mixed_summary: Made) -> None:
    output, told = mixed_summary
    tables = {title: table for title, (_, table) in rankings(output).items()}
    departments = mixed_summary.counted
    wanted = {
        "“三公”经费最多的部门（万元）": "three_public",
        "机关运行经费最多的部门（万元）": "operating",
        "收入总计比上年增加最多的部门（万元）": "income_change",
        "支出总计比上年增加最多的部门（万元）": "spending_change",
        "“三公”经费比上年增加最多的部门（万元）": "three_public_change",
        "机关运行经费比上年增加最多的部门（万元）": "operating_change",
        "错误最多的部门（条）": "errors",
    }
    for title, name in wanted.items():
        amounts = [(one["department"], float(one[name])) for one in departments if one[name] not in ("", 0)]
        expected = sorted([one for one in amounts if one[1] > 0], key=lambda one: -one[1])
        assert tables[title][1:] == expected, title
    assert len(tables["“三公”经费最多的部门（万元）"]) == 6
    assert sum(int(str(row[1])) for row in tables["各部门的错误条数"][1:]) == len(departments)
    assert tables["模板版本"][1:] == [("0.1.9", 1), (told["departments"][0]["version"], 4)]

    files = {one["file"] for one in departments}
    broken = [(one["rule"], one["file"]) for one in told["findings"] if one["file"] in files]
    rules = tables["问题最多的规则"][1:]
    assert rules
    counts = {rule: [file for other, file in broken if other == rule] for rule, _ in broken}
    assert {row[0]: row[3:] for row in rules} == {
        rule: (len(found), len(set(found))) for rule, found in counts.items() if rule in {row[0] for row in rules}
    }
    assert [row[3] for row in rules] == sorted([len(found) for found in counts.values()], reverse=True)[: len(rules)]


def area(column: str, top: int, table: list[tuple[object, ...]]) -> str:
    """Where the rows of a table stand that begins with its headings; a single cell is called by itself."""
    first, last = top + 1, top + len(table) - 1
    return f"{column}{first}:{column}{last}" if first < last else f"{column}{first}"


def test_every_chart_draws_the_names_and_figures_of_the_table_beside_it(mixed_summary: Made) -> None:
    output, _ = mixed_summary
    tables = {title: found for title, found in rankings(output).items() if len(found[1]) > 1}
    drawn = {}
    with ZipFile(output) as file:
        for name in file.namelist():
            if re.fullmatch(r"xl/charts/chart\d+\.xml", name):
                text = file.read(name).decode()
                title = "".join(re.findall(r"<a:t>([^<]*)</a:t>", text))
                drawn[title] = [ref.replace("$", "") for ref in re.findall(r"<c:f>[^<!]*!([^<]*)</c:f>", text)]

    assert len(tables) > 8
    assert drawn == {
        title: [area("A", top, table), area("D" if title == "问题最多的规则" else "B", top, table)]
        for title, (top, table) in tables.items()
    }


def test_what_is_long_has_room(mixed_summary: Made) -> None:
    output, _ = mixed_summary
    found = sheet(output, "排名与分布")

    for top, table in rankings(output).values():
        for number, row in enumerate(table, top):
            for column, value in enumerate(row, 1):
                cell, width = found.cell(number, column), found.column_dimensions["ABCDE"[column - 1]].width
                room = (found.row_dimensions[number].height or 15) // 13
                assert not isinstance(value, str) or 2 * len(value) <= room * width
                assert cell.alignment.wrap_text


def test_a_folder_in_which_nobody_counts_is_still_listed(tmp_path: Path) -> None:
    folder = tmp_path / "上交"
    folder.mkdir()
    bureau.write([Department(0)], folder)
    shutil.copy(folder / Department(0).file, folder / "又一份.xlsx")

    code, output = summed(folder, "--html", tmp_path / "汇总.html")

    assert code == 2
    assert [Path(file).name for file in list(rows_of(output))[-2:]] == [Department(0).file, "又一份.xlsx"]
    assert not {TOTAL, COMPARABLE} & {*rows_of(output)}
    assert [title for title, (_, table) in rankings(output).items() if table] == ["各部门的错误条数"]
