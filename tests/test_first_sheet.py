"""What is typed on the first sheet, and the texts of the other sheets that follow it."""

from pathlib import Path

from openpyxl import load_workbook

from gouji_templates import __version__, workbook
from gouji_templates.content import blank, line_of
from gouji_templates.form import Table
from gouji_templates.layout import lay_out
from samples.build import TEMPLATE
from tests.office import Office
from tests.stored import BOTH, EVERY_TABLE, FORM, STORED, rows, sheet_of, table_of


def test_first_sheet_tells_who_when_and_which_template() -> None:
    fields = [row[:2] for row in rows(STORED["sample"][0], FORM.info_sheet)[2:]]

    assert fields == [
        ["部门名称", "克孜勒苏柯尔克孜自治州工业和信息化局"],
        ["部门编码", ""],
        ["预算年度", 2025],
        ["单位性质", "行政单位"],
        ["编制人数", 28],
        ["在职人数", 28],
        ["退休人数", 43],
        ["离休人数", 1],
        ["公务用车实有数", ""],
        ["公务用车购置数", ""],
        ["机关运行经费", ""],
        ["表样", FORM.id],
        ["模板版本", __version__],
        ["模板指纹", ""],
    ]


def test_first_sheet_refuses_wrong_entries() -> None:
    rules = sheet_of("template", FORM.info_sheet).data_validations.dataValidation

    assert [(str(rule.sqref), rule.type, rule.formula1) for rule in rules] == [
        ("B5", "whole", "0"),
        ("B6", "list", '"' + ",".join(FORM.unit_kinds) + '"'),
        ("B7", "whole", "0"),
        ("B8", "whole", "0"),
        ("B9", "whole", "0"),
        ("B10", "whole", "0"),
        ("B11", "whole", "0"),
        ("B12", "whole", "0"),
        ("B13", "decimal", "0"),
    ]


@BOTH
@EVERY_TABLE
def test_department_line_is_taken_from_the_first_sheet(name: str, table: Table) -> None:
    path, content = STORED[name]

    assert sheet_of(name, table.id)["A3"].value == '="编制部门："&基本信息!$B$3'
    assert [text for text in rows(path, table.id)[2] if text] == [
        f"编制部门：{content.department}",
        "单位：万元",
    ]


def test_empty_tables_of_the_sample_carry_their_sentence_alone() -> None:
    below = {id: rows(STORED["sample"][0], id)[lay_out(table_of(id)).first_row :] for id in ("表8", "表11")}

    assert {id: [[text for text in row if text != ""] for row in lines] for id, lines in below.items()} == {
        "表8": [
            [
                "克孜勒苏柯尔克孜自治州工业和信息化局2025年没有使用政府性基金预算拨款安排的支出，政府性基金预算支出情况表为空表。"
            ]
        ],
        "表11": [
            ["克孜勒苏柯尔克孜自治州工业和信息化局2025年没有上年结转结余预算安排的支出，上年结转结余情况明细表为空表。"]
        ],
    }


def test_template_shows_the_sentence_while_a_table_is_empty() -> None:
    last = [sheet_of("template", id)[f"A{sheet_of('template', id).max_row}"].value for id in ("表8", "表11")]
    shown = [rows(TEMPLATE, id)[-1][0] for id in ("表8", "表11")]

    assert last == [
        '=IF(COUNTA(INDEX(A:A,ROW(A$7)+2):INDEX(A:A,ROW()-1))=0,基本信息!$B$3&基本信息!$B$5&"年没有使用政府性基金预算拨款安排的支出，政府性基金预算支出情况表为空表。","")',
        '=IF(COUNTA(INDEX(A:A,ROW(A$7)+2):INDEX(A:A,ROW()-1))=0,基本信息!$B$3&基本信息!$B$5&"年没有上年结转结余预算安排的支出，上年结转结余情况明细表为空表。","")',
    ]
    assert shown == [
        "2025年没有使用政府性基金预算拨款安排的支出，政府性基金预算支出情况表为空表。",
        "2025年没有上年结转结余预算安排的支出，上年结转结余情况明细表为空表。",
    ]


def test_department_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    workbook.write(path, FORM, blank(FORM, "=1+1", 2026))
    cells = load_workbook(path)[FORM.info_sheet]

    assert (cells["B3"].data_type, cells["B3"].value, cells["B5"].value) == ("s", "=1+1", 2026)


def test_libreoffice_computes_what_was_cached(tmp_path: Path, office: Office) -> None:
    """Department and a code put in afterwards, so that every cached text is out of date."""
    table = table_of("表8")
    path = tmp_path / "a.xlsx"
    book = load_workbook(TEMPLATE)
    book[FORM.info_sheet]["B3"] = "某局"
    book["表8"].cell(lay_out(table).first_row + 2, 1, "212")
    book.save(path)
    (computed_book,) = office.convert([path], tmp_path / "out")
    computed = {id: rows(computed_book, id) for id in ("表8", "表9")}

    assert [sheet[2][0] for sheet in computed.values()] == ["编制部门：某局"] * 2
    assert [[row[0] for row in sheet if "空表" in str(row[0])] for sheet in computed.values()] == [
        [],
        ["某局2025年没有使用国有资本经营预算拨款安排的支出，国有资本经营预算支出情况表为空表。"],
    ]


def test_a_line_named_in_a_table_hides_its_sentence(tmp_path: Path) -> None:
    content = blank(FORM)
    content.lines["表8"][1] = line_of(table_of("表8").blocks[0], code="212")
    workbook.write(tmp_path / "a.xlsx", FORM, content)

    assert rows(tmp_path / "a.xlsx", "表8")[-1][0] == ""
