"""校验 on mutated workbooks lists what the command line says of their files, address by address."""

from itertools import islice
from pathlib import Path
from random import Random

from gouji_addin.buttons import validate
from gouji_checks.source import FileSource
from gouji_templates.form import load
from samples.build import SAMPLE, SAMPLES
from tests.clicks import noon, told_by_the_command_line, told_by_the_sheet
from tests.draft import made
from tests.excel import Excel
from tests.mutate import mutations
from tests.office import Values
from tests.test_book_source import Hidden, write_rows


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
