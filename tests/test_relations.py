"""The catalogue of relations is whole, and a mistake in it is said in one Chinese sentence that says where."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from gouji_checks import catalogue
from gouji_checks.formula import FormulaError, parse
from gouji_checks.relation import RELATIONS, Relation, load
from gouji_checks.rules import BOOK_RULES, TEXT_RULES
from gouji_checks.rules.comparison import RULES as COMPARISON_RULES
from gouji_checks.rules.template import RULES as TEMPLATE_RULES
from gouji_templates.form import DEFAULT_FORM, Block, FormError, Table
from tests.stored import EVERY_TABLE, FORM

SHIPPED = (RELATIONS / f"{DEFAULT_FORM}.toml").read_text(encoding="utf-8")
CATALOGUE = load()
EVERY_RELATION = pytest.mark.parametrize("relation", CATALOGUE.relations, ids=lambda relation: relation.id)

FAMILIES = {
    "income": "X01 X02 X03 X04 X05 X06 X07 X08 X09 X10 X11 X12",
    "spending": "X14 X15 X16 X17",
    "fiscal": "X20 X21 X22 X23 X24 X25 X26 X27 X28 X29 X30 X31 X32",
    "general budget": "X33 X34 X38 X39 X40",
    "funds and state capital": "X35 X36",
    "money that is not fiscal": "X41 X42 X43",
    "carried over": "X44 X45 X46 X47",
    "三公": "S01 S02 S03 S04 S05 S06 S07",
    "人员经费 and 公用经费 of 表6": "P01 P02 P03 P04",
    "function against economic kind": "E01 E02 E03 E04 E05",
}
"""The relations between tables that rules.md asks for, by what they are about."""


@pytest.mark.parametrize("about", FAMILIES)
def test_every_family_of_relations_is_there(about: str) -> None:
    ids = [relation.id for relation in CATALOGUE.relations]

    assert [id for id in FAMILIES[about].split() if id not in ids] == []


@EVERY_TABLE
def test_table_adds_up_across_and_down(table: Table) -> None:
    number = table.id.removeprefix("表")
    families = {relation.id.partition(".")[0] for relation in CATALOGUE.relations if "." in relation.id}

    # 表1 has one column of figures on each side: nothing to add across.
    assert {f"H{number}", f"Z{number}"} - families == ({"H1"} if table.id == "表1" else set())


@EVERY_RELATION
def test_relation_reads_as_a_reviewer_would_say_it(relation: Relation) -> None:
    assert parse(relation.formula.text, FORM) == relation.formula
    assert relation.severity in ("error", "warning")
    for text in (relation.title, relation.basis, relation.advice):
        assert re.search("[一-鿿]", text)


@pytest.mark.parametrize("block", FORM.blocks, ids=lambda block: block.name)
def test_every_derived_cell_is_filled(block: Block) -> None:
    filled = [relation.formula.left[0] for relation in CATALOGUE.relations if relation.fills]
    columns = {term.column for term in filled if term.block == block and term.row[:1] == "每"}
    rows = {term.row for term in filled if term.block == block}

    derived = [i for i, column in enumerate(block.columns) if column.derived or column.sum or block.derived]
    assert None in columns or set(derived) <= columns
    specs = block.specs
    roll_up = {"每上级"} & rows
    assert [s.id for s in specs if (s.derived or s.sum) and s.id not in rows and not roll_up] == []


RIGHT = "表5[总计].基本支出 = 表6[总计].合计"


def test_formula_is_read_whatever_its_spaces() -> None:
    assert parse(RIGHT.replace(" ", ""), FORM)[1:] == parse(f"  {RIGHT} ", FORM)[1:] == parse(RIGHT, FORM)[1:]


@pytest.mark.parametrize(
    ("formula", "at", "says"),
    [
        ("表5[总计].基本支出 = 表66[总计].合计", "表66", "没有表66"),
        ("表5[总计].基本支出 = 表6[小计].合计", "表6", "没有“小计”这样的行"),
        ("表5[20113x].基本支出 = 表6[总计].合计", "表5", "没有“20113x”这样的行"),
        ("表6[30101].合计 = 表6[3010101].合计", "表6[3010101]", "没有“3010101”这样的行"),
        ("表6[每项].合计 = 表5[每项].合计", "表6", "没有“每项”这样的行"),
        ("表5[总计].本支出 = 表6[总计].合计", "表5", "没有“本支出”栏，只有：合计、基本支出、项目支出"),
        ("表5[总计].基本支出 表6[总计].合计", "表6", "少了运算符号"),
        ("表5[总计].基本支出 = = 表6[总计].合计", "= 表6", "不应有“=”"),
        ("表5[总计].基本支出 = 表6[总计].合计 = 0", "= 0", "不应有“=”"),
        ("= 表6[总计].合计", "=", "不应有“=”"),
        ("表5[总计].基本支出 = + 表6[总计].合计", "+", "前少了一项"),
        ("表5[总计].基本支出 = 表6[总计].合计 ++ 表7[总计].合计", "+ 表7", "前少了一项"),
        ("表5[总计].基本支出 = 表6[总计].合计 +", None, "少了一项"),
        ("表5[总计].基本支出 =", None, "少了一项"),
        ("表5[总计].基本支出 + 表6[总计].合计", None, "="),
        ("", None, "="),
        ("表5[总计].基本支出 = 表6[总计].合计 × 2", "× 2", "读不懂"),
        ("表5[总计]基本支出 = 表6[总计].合计", "表5", "读不懂"),
        ("基本支出等于合计", "基本", "读不懂"),
        ("表5[总计].基本支出 = 100", "100", "读不懂"),
        ("表5[每类].合计 = 表3[每款].合计", None, "每款、每类"),
        ("表5[总计].每栏 = 表3[总计].合计", None, "每栏"),
        ("表5[总计].每栏 = 表5[其下级].每栏", None, "其下级"),
    ],
)
def test_mistake_in_a_formula_is_one_sentence_that_says_where(formula: str, at: str | None, says: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(formula, FORM)

    said = str(caught.value)
    assert said.startswith(f"公式“{formula}”")
    assert says in said
    if at is not None:
        position = formula.rindex(at) + 1
        assert f"第 {position} 个字符" in said


def with_relation(folder: Path, **changes: str | bool) -> Path:
    """A catalogue file: the shipped one and one relation more, or one that is changed."""
    keys: dict[str, str | bool] = {
        **dict.fromkeys(("title", "basis", "advice"), "试"),
        "id": "T01",
        "formula": RIGHT,
        "severity": "error",
        **changes,
    }
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in keys.items() if value != ""]
    path = folder / "more.toml"
    path.write_text(SHIPPED + "\n[[relation]]\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def refusal(path: Path) -> str:
    with pytest.raises((FormError, FormulaError)) as caught:
        load(DEFAULT_FORM, str(path))
    return str(caught.value)


def test_relation_of_ones_own_is_added_and_listed(tmp_path: Path) -> None:
    own = load(DEFAULT_FORM, str(with_relation(tmp_path)))

    assert own.relations[-1].id == "T01"
    assert "T01" in catalogue.as_text(catalogue.entries(own))
    assert "T01" in catalogue.as_markdown(catalogue.entries(own))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"formula": "表5[总计].基本支出 = 表66[总计].合计"}, "没有表66"),
        ({"formula": "表5[总计].基本支出 ≠ 表6[总计].合计"}, "只能用 =、≤、≥"),
        ({"severity": "fatal"}, "severity 只能是 error、warning、info"),
        ({"advice": ""}, "缺少“advice”"),
        ({"formulas": RIGHT}, "不认识的键“formulas”"),
        ({"id": "X38"}, "编号重复"),
        ({"title": True}, "title"),
        ({"when": True}, "when"),
        ({"fills": "true"}, "fills"),
        ({"when": "表2[总计].总计 ≥ 0"}, "前置条件"),
        ({"when": "表2[每行].总计 = 0"}, "前置条件"),
        ({"formula": "表5[总计].项目支出 ≤ 表7[总计].项目支出合计", "fills": True}, "fills = true"),
        ({"formula": "表5[总计].合计 - 表5[总计].基本支出 = 表7[总计].项目支出合计", "fills": True}, "fills = true"),
    ],
)
def test_mistake_in_a_relation_is_named_by_file_line_and_id(
    changes: dict[str, str | bool], says: str, tmp_path: Path
) -> None:
    path = with_relation(tmp_path, **changes)
    id = changes.get("id", "T01")
    lines = path.read_text(encoding="utf-8").splitlines()
    line = len(lines) - lines[::-1].index(f'id = "{id}"')

    said = refusal(path)

    assert said.startswith(f"more.toml 第{line}行 {id}：")
    assert says in said


def test_single_bracket_is_named(tmp_path: Path) -> None:
    path = with_relation(tmp_path)
    path.write_text(
        path.read_text(encoding="utf-8").partition("[[relation]]")[0] + '[relation]\nid = "T01"\n', encoding="utf-8"
    )

    assert refusal(path) == "more.toml：每条关系应写作 [[relation]]"


@pytest.mark.parametrize(
    "formula",
    [
        "表3[每项].基本支出 = 表5[每项].基本支出",
        "表2[总计].单位资金 = 表1[单位资金].预算数",
        "表5[每项].基本支出 = 表5[每项].合计 - 表5[每项].项目支出",
    ],
)
def test_entered_cell_is_not_filled(formula: str, tmp_path: Path) -> None:
    path = with_relation(tmp_path, formula=formula, fills=True)

    said = refusal(path)

    assert said.startswith("more.toml T01：表样没有把")
    assert formula.split(" = ")[0] in said


def test_cell_is_not_filled_twice(tmp_path: Path) -> None:
    path = with_relation(tmp_path, formula="表1[一般财力].预算数 = 表5[总计].合计", fills=True)

    assert refusal(path).endswith("已由 X03 带入")


def test_derived_cell_that_no_relation_fills_is_named(tmp_path: Path) -> None:
    path = tmp_path / "less.toml"
    path.write_text(SHIPPED.replace("fills = true\n", "", 1), encoding="utf-8")

    assert "“其中：一般财力”行" in refusal(path)


IDS = [rule.id for rule in (*BOOK_RULES, *TEXT_RULES, *TEMPLATE_RULES, *COMPARISON_RULES)] + [
    relation.id for relation in CATALOGUE.relations
]


def natural(id: str) -> tuple[int, ...]:
    """By family, then by the numbers in the id: B02 before B10, Z1.9 before Z1.10."""
    return ([*catalogue.FAMILIES].index(id[0]), *map(int, re.findall(r"\d+", id)))


ENTRIES = catalogue.entries(CATALOGUE)


def test_list_as_text_has_every_rule_and_relation_once() -> None:
    listed = re.findall(r"^  ([A-Z]\d\S*) ", catalogue.as_text(ENTRIES), re.MULTILINE)

    assert Counter(listed) == Counter(IDS)


def test_list_as_markdown_has_every_rule_and_relation_once() -> None:
    listed = re.findall(r"^\| ([A-Z]\d\S*) \|", catalogue.as_markdown(ENTRIES), re.MULTILINE)

    assert Counter(listed) == Counter(IDS)


def test_list_as_objects_has_every_rule_and_relation_once() -> None:
    listed = json.loads(json.dumps(catalogue.as_objects(ENTRIES), ensure_ascii=False))

    assert Counter(entry["id"] for entry in listed) == Counter(IDS)
    assert {entry["id"]: entry["formula"] for entry in listed if entry["formula"]} == {
        relation.id: relation.formula.text for relation in CATALOGUE.relations
    }


def test_list_goes_by_family() -> None:
    families = [entry.id[0] for entry in ENTRIES]

    assert list(dict.fromkeys(families)) == list(catalogue.FAMILIES)
    assert [entry.id for entry in ENTRIES] == sorted(IDS, key=natural)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_one_entry_says_everything_about_it(entry: catalogue.Entry) -> None:
    said = catalogue.as_text([entry])

    assert said.startswith(f"{entry.id} {entry.title}\n")
    for part in (entry.formula, entry.when, entry.basis, entry.advice, entry.page):
        assert part in said
