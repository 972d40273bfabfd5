"""校验 on mutated workbooks lists what the command line says of their files, address by address."""

import io
import json
from contextlib import redirect_stdout
from itertools import islice
from pathlib import Path
from random import Random

import xlwings as xw

from gouji_addin.buttons import validate
from gouji_checks.cli import main
from gouji_checks.finding import SEVERITY_WORDS
from gouji_checks.source import FileSource
from gouji_templates.form import load
from samples.build import SAMPLE, SAMPLES
from tests.clicks import noon
from tests.draft import made
from tests.excel import Excel
from tests.mutate import mutations
from tests.office import Values
from tests.test_book_source import Hidden, write_rows
from tests.test_buttons import printed, told

COLUMNS = ("级别", "规则", "单元格", "说明", "现为", "应为", "差额", "办法", "疑似单元格", "疑似应为", "疑似情况")


def told_by_the_command_line(path: Path) -> list[tuple[str, ...]]:
    """What gouji check prints of each finding."""
    with redirect_stdout(io.StringIO()) as printed_text:
        main(["check", "--format", "json", str(path)])
    (file,) = json.loads(printed_text.getvalue())["files"]
    none = {"cell": "", "value": "", "hint": ""}
    return sorted(
        (
            *(SEVERITY_WORDS[one["severity"]], one["rule"], f"{one['sheet']}!{one['cell']}" if one["cell"] else ""),
            *(one[key] for key in ("message", "stated", "expected", "difference", "advice")),
            *((one["suspects"][0] if one["suspects"] else none)[key] for key in ("cell", "value", "hint")),
        )
        for one in file["findings"]
    )


def told_by_the_sheet(book: xw.Book) -> list[tuple[str, ...]]:
    """What 校验结果 says of each finding, in the same words."""
    rows = [row for row in told(book) if row["级别"] in SEVERITY_WORDS.values()]
    return sorted(tuple(printed(row[name]) for name in COLUMNS) for row in rows)


def hide(rows: Values, number: int) -> Hidden:
    """Rows and columns of one table, other ones for each number."""
    chance = Random(number)
    name = chance.choice(sorted(rows))
    height, width = len(rows[name]), len(rows[name][0])
    return {name: ({chance.randrange(height) for _ in range(3)}, {chance.randrange(width)})}


def test_a_hundred_mutations_give_the_findings_of_the_command_line(tmp_path: Path) -> None:
    """In every other one something is hidden as well."""
    published = {sheet.name: sheet.rows for sheet in FileSource(str(SAMPLES / SAMPLE)).read().sheets}
    addresses, hidden = 0, 0
    for number, mutation in enumerate(islice(mutations(load(), published, seed=4), 100)):
        values = {name: [list(row) for row in rows] for name, rows in published.items()}
        for edit in mutation.edits:
            made(values, edit)
        path = tmp_path / f"{number}.xlsx"
        write_rows(path, values, hide(values, number) if number % 2 else {})
        excel = Excel()
        book = excel.open(path)

        validate(book, noon)

        found = told_by_the_sheet(book)
        assert found == told_by_the_command_line(path), mutation.told
        assert not excel.messages
        addresses += len([row for row in found if row[0] == "错误" and row[2]])
        hidden += "B14" in [row[1] for row in found]
    assert addresses > 200
    assert hidden > 25
