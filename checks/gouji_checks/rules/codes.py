"""Rules about 科目: codes, names, order, parents. They need a sheet's texts only, not its figures."""

from collections.abc import Iterator

from gouji_checks.finding import Finding, column_letters
from gouji_checks.rules.rule import found, rule
from gouji_checks.skeleton import PROJECT, Part, Row, Skeleton
from gouji_templates.classification import Codes, Subject
from gouji_templates.form import CODED, LEVELS
from gouji_templates.wording import fold

_SUBJECTS = "政府收支分类科目"


def _coded(skeleton: Skeleton) -> Iterator[tuple[Part, list[Row]]]:
    for part in skeleton.parts:
        if part.side.block.kind in CODED:
            yield part, [row for row in part.rows if row.key[:1].isdigit()]


def _cell(skeleton: Skeleton, part: Part, row: Row) -> str:
    return f"{skeleton.sheet}!{column_letters(part.side.start)}{row.line + 1}"


def _subject(part: Part, row: Row, codes: Codes) -> Subject | None:
    return codes[part.side.block.classification or ""].get(row.key)


@rule("C01", "科目编码未收录", "info", _SUBJECTS, "请对照当年的《政府收支分类科目》核实；可用 --codes 提供完整的科目表")
def unlisted(skeleton: Skeleton, codes: Codes) -> Iterator[Finding]:
    """本程序收录的科目不全，未收录不等于错误，只提请核实。用 --codes 提供了完整的科目表时，表中没有的编码按错误报告。

    好：改编码 表5[2011350] = 2011301
    坏：改编码 表5[2011350] = 2011377
    """
    for part, rows in _coded(skeleton):
        complete = codes[part.side.block.classification or ""].get("*")
        for row in rows:
            if _subject(part, row, codes) is None:
                where = "科目表中没有这个编码" if complete else "本程序未收录这个编码，请核实"
                severity = "error" if complete else ""
                yield found(f"{skeleton.table.id}“{row.title}”：{where}", _cell(skeleton, part, row), severity=severity)


@rule("C02", "科目名称与编码不符", "error", _SUBJECTS, "核对编码和名称，以当年的《政府收支分类科目》为准")
def wrong_name(skeleton: Skeleton, codes: Codes) -> Iterator[Finding]:
    """编码和名称要对得上。名称经公开件证实的科目，不符是错误；凭旧资料收录的，只提请核实。

    好：改名称 表5[2011301] = 行政运行
    坏：改名称 表5[2011301] = 事业运行
    """
    for part, rows in _coded(skeleton):
        for row in rows:
            subject = _subject(part, row, codes)
            if subject is None or not row.name or row.name == subject.name or fold(row.name) == fold(subject.name):
                continue
            severity = "error" if subject.confirmed else "info"
            words = f"{skeleton.table.id}科目 {row.key} 写的是“{row.name}”，应为“{subject.name}”"
            if subject.also and fold(subject.also) == fold(row.name):
                severity, words = "warning", f"{words}（“{row.name}”是旧名或他处的写法，请核实）"
            elif not subject.confirmed:
                words = f"{skeleton.table.id}科目 {row.key} 写的是“{row.name}”，本程序收录的是“{subject.name}”，请核实"
            yield found(words, _cell(skeleton, part, row), stated=row.name, expected=subject.name, severity=severity)


@rule("C03", "缺少上级科目行", "error", f"{_SUBJECTS}：类、款、项逐级列示", "补上上级科目的一行，或核对这一行的编码")
def no_parent(skeleton: Skeleton, codes: Codes) -> Iterator[Finding]:
    """项级科目上面要有它的款和类，款级科目上面要有它的类。编码打错一位，常表现为找不到上级。

    好：表5 中 201、20113、2011301 都有
    坏：删行 表5[20113]
    坏：改编码 表5[2011350] = 2011450
    """
    for part, rows in _coded(skeleton):
        keys = {row.key for row in rows}
        reported: set[str] = set()
        for row in rows:
            for length in CODED[part.side.block.kind]:
                parent = row.key[:length]
                if length < len(row.key) and parent not in keys and parent not in reported:
                    reported.add(parent)
                    named = codes[part.side.block.classification or ""].get(parent)
                    title = f"{parent} {named.name}" if named else parent
                    yield found(
                        f"{skeleton.table.id}有“{row.title}”，没有它的上级“{title}”", _cell(skeleton, part, row)
                    )


@rule("C04", "科目没有按编码排列", "warning", f"{_SUBJECTS}：按编码顺序列示", "按科目编码从小到大排列")
def out_of_order(skeleton: Skeleton, codes: Codes) -> Iterator[Finding]:
    """科目按编码从小到大排列，便于各表对照。次序不影响核对。

    好：行按编码排列
    坏：移行 表5[2011350]
    """
    for part, rows in _coded(skeleton):
        if part.side.block.kind == "projects":
            continue
        last = ""
        for row in rows:
            if row.key < last:
                yield found(f"{skeleton.table.id}“{row.title}”排在 {last} 之后", _cell(skeleton, part, row))
            last = max(last, row.key)


@rule("C05", "科目重复", "error", f"{_SUBJECTS}：一个科目只列一行", "合并成一行，或改正编码；表7 的项目改正项目名称")
def repeated(skeleton: Skeleton, codes: Codes) -> Iterator[Finding]:
    """同一个科目在一张表里只列一行；表7 同一单位、同一科目下的项目名称不能相同。重复的行会被重复计入合计。

    好：每个科目一行
    坏：重复行 表5[2011350]
    """
    for part, rows in _coded(skeleton):
        projects = part.side.block.kind == "projects"
        units = [row.line for row in part.rows if row.level == "单位"]
        seen: dict[tuple[int, str, str], Row] = {}
        for row in rows:
            unit = sum(line < row.line for line in units) if projects else 0
            key = (unit, row.key, fold(row.project))
            if key in seen:
                first = _cell(skeleton, part, seen[key])
                yield found(f"{skeleton.table.id}“{row.title}”重复", _cell(skeleton, part, row), first)
            seen.setdefault(key, row)


@rule(
    "C06",
    "科目没有列到最细一级",
    "error",
    "预算法实施条例第六条：功能分类公开到项，基本支出的经济分类公开到款",
    "补上下级科目的行",
)
def not_to_the_leaf(skeleton: Skeleton, codes: Codes) -> Iterator[Finding]:
    """功能分类要公开到项，表6 的经济分类要公开到款，不能只列到类或款。

    好：表5 列到项
    坏：删行 表5[2150805]
    """
    for part, rows in _coded(skeleton):
        lengths = CODED[part.side.block.kind]
        inner = {row.key[:length] for row in rows for length in lengths if length < len(row.key)}
        for row in rows:
            if len(row.key) < lengths[-1] and row.key not in inner:
                level = LEVELS[len(lengths) - 1]
                yield found(f"{skeleton.table.id}“{row.title}”下没有列到{level}", _cell(skeleton, part, row))


@rule("C07", "有编码没有名称", "warning", _SUBJECTS, "补上科目名称")
def no_name(skeleton: Skeleton, codes: Codes) -> Iterator[Finding]:
    """每个科目编码后面要写科目名称；表7 的项级行要写项目名称。

    好：改名称 表5[2011301] = 行政运行
    坏：改名称 表5[2011301] =
    """
    for part, rows in _coded(skeleton):
        for row in rows:
            if not row.name:
                yield found(f"{skeleton.table.id}科目 {row.key} 没有名称", _cell(skeleton, part, row))
            elif row.level == PROJECT and not row.project:
                yield found(f"{skeleton.table.id}“{row.title}”没有项目名称", _cell(skeleton, part, row))


RULES = (unlisted, wrong_name, no_parent, out_of_order, repeated, not_to_the_leaf, no_name)
