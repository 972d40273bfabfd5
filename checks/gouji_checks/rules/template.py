"""Rules about a template that was given out and has come back: whose it is, which one it was, what was done to it."""

from collections.abc import Iterator

from gouji_checks.altered import OTHER, TYPED
from gouji_checks.finding import Finding
from gouji_checks.returned import Returned, info_cell
from gouji_checks.rules.rule import MOST_CELLS, found, rule
from gouji_templates import __version__
from gouji_templates.content import CODE, DEPARTMENT, FINGERPRINT, FORM, VERSION

_GIVEN_OUT = "发放要求：用发给本部门的模板填报"


@rule(
    "T01",
    "部门与发放时不一致",
    "warning",
    _GIVEN_OUT,
    "核对是不是拿了别的部门的模板；部门确已更名的，告诉发放单位更新名单",
)
def another_department(returned: Returned) -> Iterator[Finding]:
    """发放模板时，部门名称和编码除了写在“基本信息”里，还存在文件属性中。两处不一致，多半是拿别的部门的文件改的。

    好：部门名称和编码没有改动
    坏：基本信息 部门名称 = 另一个局
    坏：基本信息 部门编码 = 002
    """
    pairs = ((DEPARTMENT, "department"), (CODE, "code"))
    for field, name in pairs:
        now, then = getattr(returned.sheet, name), getattr(returned.file, name)
        if now and then and now != then:
            words = f"基本信息里的{field}是“{now}”，发放时是“{then}”"
            yield found(words, info_cell(returned.book, field), stated=now, expected=then)


@rule("T02", "模板信息被改动", "warning", _GIVEN_OUT, "把“基本信息”里的表样、模板版本和模板指纹改回原样")
def retyped_template(returned: Returned) -> Iterator[Finding]:
    """表样、模板版本和模板指纹用来认出是哪一份模板，不由部门填写。

    好：这三行没有改动
    坏：基本信息 模板版本 = 9.9
    坏：基本信息 模板指纹 =
    """
    for field, name in ((FORM, "form"), (VERSION, "version"), (FINGERPRINT, "fingerprint")):
        now, then = getattr(returned.sheet, name), getattr(returned.file, name)
        if then and now != then:
            words = f"基本信息里的{field}是“{now}”，发放时是“{then}”"
            yield found(words, info_cell(returned.book, field), stated=now, expected=then)


@rule(
    "T03",
    "不是现行的模板",
    "warning",
    _GIVEN_OUT,
    "换用现行的模板重新填报，或用发放时的表样和勾稽关系核对（--form、--relations）",
)
def another_template(returned: Returned) -> Iterator[Finding]:
    """模板指纹由表样和勾稽关系算出，两者有任何改动，指纹就不同。指纹不同的模板，公式与现在的规定可能不一致，
    因此不核对公式有没有被改动；数字仍按现行规定核对。

    好：模板按现行的表样和勾稽关系生成
    坏：模板 模板指纹 = 0123456789abcdef
    """
    stamp, form = returned.stamp, returned.book.form
    if stamp.form != form.id:
        words = f"这是表样“{stamp.form}”的模板，现在按“{form.id}”核对，没有核对公式是否被改动"
        yield found(words, info_cell(returned.book, FORM), stated=stamp.form, expected=form.id)
    elif stamp.fingerprint != returned.fingerprint:
        words = "发放这份模板以后，表样或勾稽关系有了改动，没有核对公式是否被改动"
        yield found(
            words, info_cell(returned.book, FINGERPRINT), stated=stamp.fingerprint, expected=returned.fingerprint
        )


@rule("T04", "模板版本不同", "info", _GIVEN_OUT, "数字不受影响；下次发放时换用新的模板")
def another_version(returned: Returned) -> Iterator[Finding]:
    """模板由另一个版本的程序生成，公式的写法可能不同，因此不核对公式有没有被改动。

    好：模板由同一版本的程序生成
    坏：模板 模板版本 = 0.0.1
    """
    version = returned.stamp.version
    if version != __version__ and returned.stamp.fingerprint == returned.fingerprint:
        age = "旧版" if _number(version) < _number(__version__) else "新版"
        words = f"模板由{age}程序（{version}）生成，本程序是 {__version__}，没有核对公式是否被改动"
        yield found(words, info_cell(returned.book, VERSION), stated=version, expected=__version__)


@rule("T05", "公式被改成了数", "warning", _GIVEN_OUT, "从发给本部门的模板里把这些格的公式复制回来，不要在灰色格里填数")
def typed_over(returned: Returned) -> Iterator[Finding]:
    """灰色格里的合计和带入的数由公式算出。改成手填的数以后，别的数再变，它就不会跟着变。
    手填的数与公式应得的数一致（或只差四舍五入）的，只作说明；不一致的才是问题。

    好：灰色格都是公式
    坏：改成数 表5[总计].基本支出 = 672.20
    坏：改成数 表5[总计].基本支出 = 1.00
    """
    for right, severity, words in ((False, "", "与应得的数不符"), (True, "info", "数没有错")):
        yield from _by_table(returned, TYPED, right, severity, f"应由公式得出，现在没有公式，{words}")


@rule("T06", "公式被改成了别的公式", "warning", _GIVEN_OUT, "从发给本部门的模板里把这些格的公式复制回来")
def another_formula(returned: Returned) -> Iterator[Finding]:
    """灰色格里的公式不是模板原来的。即使现在得数没有错，别的数再变时也可能算错。

    好：公式没有改动
    坏：改公式 表5[总计].基本支出 = 672.20+0 → 672.20
    """
    for right, words in ((False, "得数与应得的不符"), (True, "得数没有错")):
        yield from _by_table(returned, OTHER, right, "", f"不是模板原来的公式，{words}")


@rule("T07", "勾稽关系表被改动", "warning", _GIVEN_OUT, "换用发给本部门的模板；本次核对不受影响，结果以这里为准")
def altered_sheet(returned: Returned) -> Iterator[Finding]:
    """“勾稽关系”和隐藏的“勾稽计算”两张表里的公式不由部门改动。改动过的，那里显示的“全部相符”就不可信。

    好：两张表都在，没有改动
    坏：删工作表 勾稽关系
    坏：改单元格 勾稽关系!A2 = 全部相符
    """
    for sheet, cells in returned.sheets:
        if cells:
            yield found(f"工作表“{sheet}”有 {len(cells)} 个公式被改动，它显示的结果不可信", *cells[:MOST_CELLS])
        else:
            yield found(f"工作表“{sheet}”不见了，或已损坏")


def _by_table(returned: Returned, kind: str, right: bool, severity: str, words: str) -> Iterator[Finding]:
    tables: dict[str, list[str]] = {}
    for change in returned.cells:
        if (change.kind, change.right) == (kind, right):
            tables.setdefault(change.cell.partition("!")[0], []).append(change.cell)
    for sheet, cells in tables.items():
        listed = "、".join(cell.partition("!")[2] for cell in cells[:MOST_CELLS])
        more = f"等 {len(cells)} 格" if len(cells) > 1 else ""
        yield found(f"{sheet} {listed}{more}{words}", *cells[:MOST_CELLS], severity=severity)


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


RULES = (
    another_department, retyped_template, another_template, another_version, typed_over, another_formula, altered_sheet,
)  # fmt: skip
