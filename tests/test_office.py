"""The second engine and Microsoft's validator do what the tests that lean on them expect."""

import os
import signal
from pathlib import Path
from zipfile import ZipFile

import pytest
import xlsxwriter
from openpyxl import load_workbook

from gouji_checks.check import check
from gouji_checks.source import FileSource, MemorySource
from samples.build import SAMPLE, SAMPLES, TEMPLATE
from tests import microsoft
from tests.needs import required
from tests.office import Copy, Delete, Document, Edit, Insert, Move, Office, OfficeError, Put, Type, filled

CODES = ("", "201", "20113", "2011301", "208", "20805")
AMOUNTS = (1, None, None, 339.83, None, 47.38)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Codes as text, amounts, roll-ups by name; protected, and the values it carries are not what they should be."""
    path = tmp_path / "小表.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, sums = book.add_worksheet("表5"), book.add_worksheet("算")
        text = book.add_format({"num_format": "@"})
        for row, (code, amount) in enumerate(zip(CODES, AMOUNTS, strict=True)):
            sheet.write_string(row, 0, code, text)
            if amount is not None:
                sheet.write_number(row, 1, amount)
        book.define_name("表5_码", "=表5!$A$1:INDEX(表5!$A$1:$A$100,20)")
        book.define_name("表5_合计", "=表5!$B$1:INDEX(表5!$B$1:$B$100,20)")
        sums.write_formula(0, 0, '=SUMIF(表5_码,"201*",表5_合计)', None, 7)
        sums.write_formula(0, 1, "=1/0", None, 7)
        sums.write_formula(0, 2, '=ADDRESS(ROW(INDEX(表5_合计,4)),COLUMN(表5_合计),4)&""', None, "Z9")
        sums.hide()
        sheet.protect()
    return path


def sums(document: Document) -> list[object]:
    return document.values()["算"][0]


def column(document: Document, number: int) -> list[object]:
    return [row[number] for row in document.values()["表5"]]


def test_opening_recalculates_what_the_file_says(office: Office, small: Path) -> None:
    assert sums(office.open(small)) == [339.83, "#DIV/0!", "B4"]


def test_values_are_what_a_reader_of_the_file_sees(office: Office) -> None:
    read = FileSource(str(SAMPLES / SAMPLE)).read()

    found = office.open(SAMPLES / SAMPLE).values()

    assert list(found) == [sheet.name for sheet in read.sheets]
    for sheet in read.sheets:
        assert filled(found[sheet.name]) == filled(sheet.rows), sheet.name


def test_check_of_the_recalculated_sample_is_that_of_the_file(office: Office) -> None:
    document = office.open(SAMPLES / SAMPLE)

    recalculated, stored = check(MemorySource(document.workbook())), check(FileSource(str(SAMPLES / SAMPLE)))

    assert (recalculated.findings, recalculated.ledger) == (stored.findings, stored.ledger)


@pytest.mark.parametrize(
    ("edit", "codes", "total"),
    [
        (Put("表5", 3, 1, 1.25), CODES, 1.25),
        (Put("表5", 3, 1, "1.25"), CODES, 0),
        (Put("表5", 3, 1, None), CODES, 0),
        (Type("表5", 3, 1, "1.25"), CODES, 1.25),
        (Type("表5", 3, 1, "=1+1"), CODES, 2),
        (Type("表5", 5, 0, "2019900"), (*CODES[:5], "2019900"), 387.21),
        (Type("表5", 5, 0, "0120"), (*CODES[:5], "0120"), 339.83),
        (Insert("表5", 2), (*CODES[:2], "", *CODES[2:]), 339.83),
        (Delete("表5", 2, 2), (*CODES[:2], *CODES[4:]), 0),
        (Copy("表5", 3, 1, 4), (*CODES[:4], "2011301", *CODES[4:]), 679.66),
        (Copy("表5", 3, 2, 1), (CODES[0], *CODES[3:5], *CODES[1:]), 679.66),
        (Move("表5", 3, 1, 6), (*CODES[:3], *CODES[4:], "2011301"), 339.83),
        (Move("表5", 4, 2, 1), (CODES[0], *CODES[4:], *CODES[1:4]), 339.83),
    ],
    ids=str,
)
def test_edit_is_seen_by_the_formulas_and_can_be_taken_back(
    office: Office, small: Path, edit: Edit, codes: tuple[str, ...], total: float
) -> None:
    document = office.open(small)
    before = everything(document)

    document.apply([edit])
    after = column(document, 0), sums(document)[0]
    document.revert()

    assert after == (list(codes), total)
    assert everything(document) == before


def everything(document: Document) -> tuple[object, ...]:
    return document.values(), document.names(), document.formulas("表5", "A1:B20"), document.formulas("算", "A1:C1")


def test_rows_inserted_keep_the_formats_of_the_row_above(office: Office, small: Path) -> None:
    document = office.open(small)

    document.apply([Insert("表5", 4), Type("表5", 4, 0, "0123"), Type("表5", 4, 1, "0123")])

    assert document.values()["表5"][4] == ["0123", 123.0]


def test_edits_leave_the_file_alone_and_are_saved_elsewhere(office: Office, small: Path, tmp_path: Path) -> None:
    before = small.read_bytes()
    document = office.open(small)
    document.apply([Put("表5", 3, 1, 1.25)])

    document.save(tmp_path / "saved.xlsx")

    assert small.read_bytes() == before
    assert FileSource(str(tmp_path / "saved.xlsx")).read().sheets[1].rows[0][0] == 1.25
    assert document.workbook().sheets[1].visible is False


def test_converting_recalculates_and_keeps_protection(office: Office, small: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()

    (converted,) = office.convert([small], folder)

    assert FileSource(str(converted)).read().sheets[1].rows[0][0] == 339.83
    assert load_workbook(converted)["表5"].protection.sheet


def test_pdf_has_a_page_for_every_table(office: Office, tmp_path: Path) -> None:
    path = office.pdf(TEMPLATE, tmp_path)

    assert path.read_bytes().count(b"/Type/Page/") >= 11


def test_what_is_no_workbook_is_refused_and_the_next_one_opens(office: Office, small: Path, tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("not a workbook")

    with pytest.raises(OfficeError, match=r"notes\.txt as a workbook"):
        office.open(text)

    assert sums(office.open(small))[0] == 339.83


def test_document_that_another_one_replaced_says_so(office: Office, small: Path) -> None:
    first = office.open(small)
    office.open(small)

    with pytest.raises(OfficeError, match="no longer open"):
        first.values()


def test_libreoffice_that_died_is_named_and_started_again(small: Path) -> None:
    with Office() as office:
        document = office.open(small)
        for pid, name in members(office):
            if name == "soffice.bin":
                os.kill(pid, signal.SIGKILL)

        with pytest.raises(OfficeError, match="LibreOffice ended at values"):
            document.values()
        with pytest.raises(OfficeError, match="no longer open"):
            document.values()

        assert sums(office.open(small))[0] == 339.83


def test_libreoffice_that_hangs_is_ended_after_a_while(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Office() as office:
        document = office.open(small)
        group = members(office)
        for pid, _ in group:
            os.kill(pid, signal.SIGSTOP)
        monkeypatch.setattr("tests.office.ANSWER", 0.5)

        with pytest.raises(OfficeError, match="did not answer within"):
            document.values()

        assert [pid for pid, _ in group if alive(pid)] == []


def test_no_process_and_no_profile_is_left_behind(small: Path) -> None:
    with Office() as office:
        office.open(small)
        group, profile = members(office), office.profile
        assert {"soffice.bin"} < {name for _, name in group}

    assert [pid for pid, _ in group if alive(pid)] == []
    assert profile is not None
    assert not profile.exists()


def members(office: Office) -> list[tuple[int, str]]:
    """The processes of this LibreOffice by number and name: the server's whole group."""
    numbers = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    return [(pid, stat[0]) for pid in numbers if (stat := status(pid)) and stat[2] == str(office.group)]


def alive(pid: int) -> bool:
    """Whether the process runs; one that has ended and waits for its parent to look does not."""
    stat = status(pid)
    return stat is not None and stat[1] != "Z"


def status(pid: int) -> tuple[str, str, str] | None:
    """A process's name, state and group, or None if there is no such process."""
    try:
        name, _, rest = Path(f"/proc/{pid}/stat").read_text().partition("(")[2].rpartition(")")
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, _, group = rest.split()[:3]
    return name, state, group


@pytest.mark.parametrize("name", [TEMPLATE, SAMPLES / SAMPLE], ids=lambda path: path.stem)
def test_microsofts_validator_finds_nothing(name: Path) -> None:
    assert microsoft.findings(name) == []


def test_microsofts_validator_names_what_is_wrong(small: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.xlsx"
    with ZipFile(small) as source, ZipFile(broken, "w") as target:
        for part in source.namelist():
            content = source.read(part)
            if part == "xl/worksheets/sheet1.xml":
                content = content.replace(b"<sheetData>", b"<sheetDatum/><sheetData>")
            target.writestr(part, content)

    (found,) = microsoft.findings(broken)

    assert "sheetDatum" in found
    assert found.startswith("/xl/worksheets/sheet1.xml")


def test_what_is_missing_fails_in_ci_and_is_skipped_with_its_reason_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="soffice"):
        required("soffice is missing")

    monkeypatch.delenv("CI")
    with pytest.raises(pytest.skip.Exception, match="soffice"):
        required("soffice is missing")

    required("")
