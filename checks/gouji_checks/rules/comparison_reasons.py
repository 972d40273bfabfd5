"""Rules about the 增减原因: what changed and has none, what it had better explain, and what stands beside no change."""

from collections.abc import Iterator
from typing import NamedTuple

from gouji_checks.amount import FEN, show
from gouji_checks.compare.comparison import Line
from gouji_checks.compare.explaining import by_parts, explains, says_stayed
from gouji_checks.compare.sections import CODE, ITEM, NOW, REASON, Entry, Listed, reason_in
from gouji_checks.compare.years import Years
from gouji_checks.finding import Finding
from gouji_checks.rules.rule import MOST_CELLS, found, rule
from gouji_templates.form import Group
from gouji_templates.layout import AMONG

_THRIFT = "中央八项规定精神、《党政机关厉行节约反对浪费条例》：“三公”经费只减不增"
_EXPLAINED = "财预〔2016〕143号《地方预决算公开操作规程》：对增减变化情况作出说明"
_BEGINNING = 12
"""So many characters of a reason are enough to know it by."""


@rule("D01", "“三公”经费增长没有写原因", "warning", _THRIFT, "核对上年数；确需增长的，在“增减原因”栏写明原因")
def grown(years: Years) -> Iterator[Finding]:
    """“三公”经费只减不增，哪一项比上年增加，都要写明原因。合计和小计由其中的各项说明，不必另写。

    好：三公经费对比[财政拨款“三公”经费/公务用车运行费].增减原因 = 按编制补足两辆公务用车的运行费
    坏：三公经费对比[财政拨款“三公”经费/公务用车运行费].增减原因 =
    坏：三公经费对比[财政拨款“三公”经费/公务用车运行费].增减原因 = —
    """
    for group in years.comparison.groups:
        if group.id == years.comparison.no_growth:
            for line in _unexplained(years, group):
                if line.change and line.change > 0:
                    cell = years.cell(line, REASON)
                    words = "没有写增减原因" if cell else "请说明原因"
                    yield found(
                        f"{group.title}的“{_named(line)}”本年 {money(years, line.now)}，比上年增加 {_by(years, line)}，{words}",
                        *filter(None, (cell, line.cell)),
                        stated=money(years, line.now),
                    )._replace(difference=money(years, line.change))


@rule("D02", "有增减没有写原因", "warning", _EXPLAINED, "在“增减原因”栏逐行写明原因；没有增减的不必写")
def unexplained(years: Years) -> Iterator[Finding]:
    """与上年相比有增减的，都要写明原因，公开文字才有依据。一组只提示一次，列出缺原因的各行。
    合计和类级科目由下面的各行说明，不必另写；“三公”经费增长的另行提示（D01）。

    好：收支对比[收入预算/单位资金].增减原因 = 新增上级补助的专项
    坏：收支对比[收入预算/单位资金].增减原因 =
    坏：收支对比[收入预算/单位资金].增减原因 = 无
    """
    for group in years.comparison.groups:
        lines = [line for line in _unexplained(years, group) if not _is_growth(years, group, line)]
        cells = [(line, cell) for line in lines if (cell := years.cell(line, REASON))]
        if cells:
            shown = "、".join(
                f"{_named(line)}{'增' if (line.change or 0) > 0 else '减'} {_by(years, line)}"
                for line, _ in cells[:MOST_CELLS]
            )
            yield found(
                f"{group.title}比上年有增减、没有写原因：{shown}{_more(len(cells))}",
                *[cell for _, cell in cells[:MOST_CELLS]],
            )


@rule("D03", "增减幅度较大", "warning", _EXPLAINED, "核对本年数和上年数；原因要说清是什么事、多少钱")
def notable(years: Years) -> Iterator[Finding]:
    """增减额和增减率都超过表样规定的幅度，审核时应逐项看看原因是不是说清楚了。一组只提示一次，列出超过的各行。
    合计和类级科目由下面的各行引起的，不再另列。

    好：上年预算数[收入预算/单位资金].上年预算数 = 199.00
    坏：上年预算数[收入预算/单位资金].上年预算数 = 93.00
    """
    beyond, least = years.comparison.notable_rate, years.comparison.notable_amount
    for group in years.comparison.groups if beyond or least else ():
        every = [line for line in years.lines(group) if _is_notable(line, beyond, least)]
        ids = {line.id for line in every}
        lines = [line for line in every if not by_parts(group, line.id, ids)]
        if lines:
            shown = "；".join(_moved(years, line) for line in lines[:MOST_CELLS])
            cells = [years.cell(line, REASON) or line.cell for line in lines[:MOST_CELLS]]
            yield found(
                f"{group.title}有 {len(lines)} 行比上年增减超过 {beyond}% 且超过 {least} 万元：{shown}{_more(len(lines))}",
                *filter(None, cells),
            )


def _more(number: int) -> str:
    """What follows the lines that are named."""
    return f"等 {number} 行" if number > MOST_CELLS else ""


def _moved(years: Years, line: Line) -> str:
    """From what to what a line moved, and what the department says about it."""
    turn = "增加" if (line.change or 0) > 0 else "减少"
    reason = f"原因写的是“{_beginning(line.reason)}”" if explains(line.reason) else "没有写原因"
    return (
        f"“{_named(line)}”由 {money(years, line.before)} 变为 {money(years, line.now)}，"
        f"{turn} {_by(years, line)}，{reason}"
    )


class _Slipped(NamedTuple):
    """A reason beside no change, where it stands and what is wrong there."""

    cell: str
    reason: str
    why: str


@rule("D12", "增减原因可能写错了行", "warning", _EXPLAINED, "把原因挪到它说的那一行；没有增减的留空")
def slipped(years: Years) -> Iterator[Finding]:
    """原因要写在有增减的那一行。按科目的各行随编码排列，写了原因以后再增减科目，各行会上下移动，原因却留在原处，
    就张冠李戴了：写了原因的行没有增减，或者根本没有科目，或者类级写了而下面有增减的科目没有写，都是错位的迹象。
    行次固定的各组不会移动，只在同一组还有别的行该写没有写时提示，多半是写错了行。一组只提示一次。没有增减而写明
    “与上年持平”的，各行都写了以后合计、小计和类级另外再写的，不算写错。下面的例子里每行都写着原因，没有增减的也写了。

    好：收支对比[一般公共预算支出（按科目）/2011301].增减原因 = 调出两人
    坏：收支对比[收入预算/单位资金].增减原因 =
    坏：三公经费对比[财政拨款“三公”经费/公务用车运行费].增减原因 = —
    """
    for group in years.comparison.groups:
        lacking = [line.id for line in _unexplained(years, group) if years.cell(line, REASON)]
        misplaced = list(_slipped(years, group, lacking))
        # Lines that stay where they are lose no reason: one too many does no harm.
        if not misplaced or not (group.codes or lacking):
            continue
        shown = "、".join(
            f"{one.cell.partition('!')[2]}“{_beginning(one.reason)}”（{one.why}）" for one in misplaced[:MOST_CELLS]
        )
        moved = "，科目若有变动，原因可能已错位" if group.codes else ""
        also = f"；另有 {len(lacking)} 行有增减、没有写原因{moved}" if lacking else ""
        yield found(
            f"{group.title}的原因可能写错了行：{shown}{_more(len(misplaced))}{also}",
            *[one.cell for one in misplaced[:MOST_CELLS]],
        )


def _slipped(years: Years, group: Group, lacking: list[str]) -> Iterator[_Slipped]:
    """The reasons beside lines of a group that did not change, nor what they add up; in a group by code also those
    beside no line at all, or beside a class some of whose codes are `lacking` theirs. Nothing is said of lines whose
    change is not known."""
    changes = _changes(years, group)
    moved = {id for id, known in changes.items() if any(known)}
    for listed in years.sheets.values():
        if REASON not in listed.columns:
            continue
        for entry in listed.entries if listed.sheet.name == group.sheet else ():
            reason, cell = reason_in(entry.cells), listed.address(entry.row, REASON)
            if entry.group is not group or not explains(reason):
                continue
            if group.codes and by_parts(group, entry.id, lacking):
                yield _Slipped(cell, reason, f"{_called(entry)}下面有科目没有写")
            elif changes.get(entry.id) == {0} and not by_parts(group, entry.id, moved) and not says_stayed(reason):
                yield _Slipped(cell, reason, f"{_called(entry)}没有增减")
        if group.codes:
            yield from _beside_no_line(listed, group)


def _changes(years: Years, group: Group) -> dict[str, set[int]]:
    """By how much each line moved as far as is known: as compared, and under its own code as the sheet has it."""
    found: dict[str, set[int]] = {}
    for line in years.compared.lines:
        if line.group == group.id and line.change is not None:
            found.setdefault(line.id, set()).add(line.change)
    for listed in years.sheets.values():
        for entry in listed.entries:
            if entry.group is group:
                now, before = years.now(entry), years.before(entry)
                if now is not None and before is not None:
                    found.setdefault(entry.id, set()).add(now - before)
    return found


def _beside_no_line(listed: Listed, group: Group) -> Iterator[_Slipped]:
    """The reasons in the room for codes where nothing else stands."""
    top = listed.tops.get(group.id)
    if top is None:
        return
    end = min((other for other in listed.tops.values() if other > top), default=len(listed.sheet.rows))
    for number in range(top + 1, end):
        cells = {heading: listed.sheet.rows[number][place] for heading, place in listed.columns.items()}
        reason = reason_in(cells)
        if explains(reason) and all(cells.get(heading, "") in ("", None) for heading in (CODE, ITEM, NOW)):
            yield _Slipped(listed.address(number, REASON), reason, "这一行没有科目")


def _beginning(reason: str) -> str:
    """A reason by its first words."""
    line = " ".join(reason.split())
    return line if len(line) <= _BEGINNING else f"{line[:_BEGINNING]}…"


def _called(entry: Entry) -> str:
    """A line of a sheet as it is called there."""
    name = entry.name.removeprefix(AMONG)
    return f"{entry.id} {name}".rstrip() if entry.group.codes else name


def _unexplained(years: Years, group: Group) -> list[Line]:
    """The changed lines without a reason; a sum is explained by its parts that changed."""
    changed = [line for line in years.lines(group) if line.change]
    ids = {line.id for line in changed}
    return [line for line in changed if not explains(line.reason) and not by_parts(group, line.id, ids)]


def _is_growth(years: Years, group: Group, line: Line) -> bool:
    return group.id == years.comparison.no_growth and (line.change or 0) > 0


def _is_notable(line: Line, beyond: int, least: int) -> bool:
    """Beyond both thresholds; from zero any rate is beyond."""
    if not line.change or line.before is None:
        return False
    far = abs(line.change) * 100 > beyond * abs(line.before)
    return far and abs(line.change) > least * FEN["万元"]


def _named(line: Line) -> str:
    """A line as it is called: a code with its name, 其中： left out."""
    label = line.label.removeprefix(AMONG)
    return f"{line.id} {label}".rstrip() if line.id.isdigit() else label


def _by(years: Years, line: Line) -> str:
    """By how much a line moved, without saying which way."""
    rated = f"（{line.rate.lstrip('-')}%）" if line.rate else ""
    return f"{money(years, abs(line.change or 0))}{rated}"


def money(years: Years, amount: int | None) -> str:
    """An amount as the form prints it, nothing for none."""
    return "" if amount is None else show(amount, years.book.form.decimals)


RULES = (grown, unexplained, notable, slipped)
