"""The shipped form is whole, and a mistake in a form is named by file, table and line."""

from pathlib import Path
from typing import NamedTuple

import pytest

from gouji_templates.form import DEFAULT_FORM, FORMS, FormError, Table, load
from tests.stored import EVERY_TABLE, FORM

SHIPPED = (FORMS / f"{DEFAULT_FORM}.toml").read_text(encoding="utf-8")


class Mistake(NamedTuple):
    """What the shipped form says first after this table's id, and what it says wrongly instead.

    `mark` is the beginning of the line at fault, where that is not the wrong text itself.
    """

    table: str
    right: str
    wrong: str
    mark: str = ""


MISTAKES = {
    "unknown key of the form": Mistake("", 'unit = "万元"', 'unitt = "万元"'),
    "unknown key of a table": Mistake("表3", "title = ", "titel = "),
    "unknown key of a block": Mistake("表3", "columns = [", "colums = ["),
    "unknown key of a column": Mistake("表5", '"基本支出"], width', '"基本支出"], with'),
    "unknown key of a row": Mistake("表10", '"公务接待费"', '"公务接待费", requird = true'),
    "no title": Mistake("表9", 'title = "国有资本经营预算支出情况表"\n', "", 'id = "表9"'),
    "no heading": Mistake("表6", '{ name = "人员经费", heading', '{ name = "人员经费", sum'),
    "no label": Mistake("表4", '"财政拨款", label = "一、财政拨款（补助）",', '"财政拨款",'),
    "no text column": Mistake(
        "表11", '[\n  { name = "项目", heading = ["项目"], width = 36 },\n]', "[]", "[[table.block]]"
    ),
    "a text where a number is due": Mistake("表7", '["项目名称"], width = 36', '["项目名称"], width = "36"'),
    "a text where a list is due": Mistake("表7", 'heading = ["项目支出合计"]', 'heading = "项目支出合计"'),
    "a number where a text is due": Mistake("表7", 'heading = ["其他支出"]', "heading = [7]"),
    "a text where true or false is due": Mistake("表4", "ruler = false", 'ruler = "无"'),
    "an unknown kind of rows": Mistake("表6", 'rows = "economic"', 'rows = "economics"'),
    "fixed rows that are not listed": Mistake("表3", 'rows = "functional"', 'rows = "fixed"'),
    "rows listed that are not fixed": Mistake("表10", 'rows = "fixed"', 'rows = "items"'),
    "a sum of a column that is not there": Mistake("表2", '"财政专户", "单位', '"财政专项", "单位'),
    "a sum of a row that is not there": Mistake("表10", 'sum = ["公务用车购置"', 'sum = ["购置"'),
    "a sum that is also derived": Mistake("表5", '"项目支出"] }', '"项目支出"], derived = true }'),
    "a column that sums itself": Mistake("表8", '["人员经费", "公用经费"', '["合计", "公用经费"'),
    "columns that sum each other": Mistake("表8", "width = 16 },", 'width = 16, sum = ["合计"] },', '{ name = "合计"'),
    "a column twice": Mistake("表2", "10 },\n]", '10 },\n{ name = "总计", heading = ["又"] },\n]', '["又"]'),
    "a row twice": Mistake("表10", '费" },\n]', '费" },\n{ id = "公务接待", label = "又" },\n]', '"又" }'),
    "a row in both blocks": Mistake("表4", '"支出总计", label', '"收入总计", label', '"收入总计", label = "支'),
    "two blocks with one name": Mistake("表4", 'id = "支出"', 'id = "收入"', 'id = "收入"\nrows = "classes"'),
    "a table twice": Mistake("表8", 'id = "表9"', 'id = "表8"', 'id = "表8"\ntitle = "国有'),
    "a class that is not in the classification": Mistake("", '"230"', '"299"'),
    "a takes that nothing has": Mistake("表8", 'takes = ["公用经费"]', 'takes = ["公用"]'),
    "a block's takes that nothing has": Mistake("表9", 'takes = ["国有资本经营资金"]', 'takes = ["国资"]'),
    "a row's takes that nothing has": Mistake("表10", 'takes = ["30217"]', 'takes = ["30277"]'),
    "a column that takes nothing": Mistake("表3", ', takes = ["项目支出"]', "", '{ name = "项目支出"'),
    "a row that takes nothing": Mistake("表10", ' takes = ["30231"],', "", '{ id = "公务用车运行"'),
    "a total that takes nothing": Mistake("表4", ' takes = ["财政拨款"],', "", 'total = { id = "收入总计"'),
    "an unknown key of a source": Mistake("", '"事业收入", tags = ["单位资金"]', '"事业收入", tag = ["单位资金"]'),
    "an alias twice": Mistake("", '"上级政府性基金"', '"一般财力"', '"一般财力", "政府性基金上级'),
    "a beginning twice": Mistake("", '"专项"]', '"公用"]'),
    "a kind of spending of no class": Mistake("", '["302", "310"]', '["302", "3100"]'),
}  # fmt: skip


def written(folder: Path, mistake: Mistake) -> str:
    """The text with the mistake, written to a file in this folder."""
    start = SHIPPED.index(f'id = "{mistake.table}"') if mistake.table else 0
    assert mistake.right in SHIPPED[start:]
    text = SHIPPED[:start] + SHIPPED[start:].replace(mistake.right, mistake.wrong, 1)
    (folder / "wrong.toml").write_text(text, encoding="utf-8")
    return text


def line_at_fault(text: str, mistake: Mistake) -> int:
    start = text.index(f'id = "{mistake.table}"') if mistake.table else 0
    return text.count("\n", 0, text.index(mistake.mark or mistake.wrong, start)) + 1


def refusal(path: Path) -> str:
    with pytest.raises(FormError) as caught:
        load(str(path))
    return str(caught.value)


@pytest.mark.parametrize("name", MISTAKES)
def test_mistake_is_named_by_file_table_and_line(name: str, tmp_path: Path) -> None:
    mistake = MISTAKES[name]
    text = written(tmp_path, mistake)

    where, _, what = refusal(tmp_path / "wrong.toml").partition("：")

    named = [mistake.table] if mistake.table else []
    assert where.split() == ["wrong.toml", f"第{line_at_fault(text, mistake)}行", *named]
    assert what


def test_text_that_is_not_toml_is_named_by_line(tmp_path: Path) -> None:
    mistake = Mistake("表5", 'title = "一般', 'title "一般')
    text = written(tmp_path, mistake)

    said = refusal(tmp_path / "wrong.toml")

    assert said.startswith(f"wrong.toml 第{line_at_fault(text, mistake)}行：不是正确的 TOML")


def test_form_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "北京-2025" in refusal(Path("北京-2025"))
    assert "none.toml" in refusal(tmp_path / "none.toml")


def test_form_from_a_file_is_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "same.toml").write_text(SHIPPED, encoding="utf-8")

    assert tuple(load(str(tmp_path / "same.toml"))) == tuple(FORM)


def test_form_declares_the_eleven_tables() -> None:
    assert [table.id for table in FORM.tables] == [f"表{number}" for number in range(1, 12)]


@EVERY_TABLE
def test_table_is_whole(table: Table) -> None:
    assert table.title.endswith("表")
    assert table.blocks
    for block in table.blocks:
        assert block.name == table.id + block.id
        assert all(label.heading and label.width > 0 for label in block.labels)
        assert all(column.heading and column.width > 0 for column in block.columns)
        assert len({column.heading for column in block.columns}) == len(block.columns)
        assert bool(block.rows) == (block.kind in ("fixed", "classes"))


@EVERY_TABLE
def test_empty_sentence_names_the_table_the_department_and_the_year(table: Table) -> None:
    if table.empty:
        assert table.empty.startswith("{department}{year}年")
        assert table.empty.endswith(f"，{table.title}为空表。")


def test_only_tables_that_may_be_empty_have_a_sentence() -> None:
    assert [table.id for table in FORM.tables if table.empty] == ["表8", "表9", "表11"]
