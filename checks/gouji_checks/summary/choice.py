"""Which workbooks of a folder belong together, and why the others are left out of the tables over all departments."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from gouji_checks.summary.record import Record
from gouji_templates.wording import fold

UNREADABLE, REPEATED, OTHER_YEAR, NAMELESS = "不能核对", "重复", "年度不同", "没有写明部门"
SHALLOW, FAULTY = "科目不全", "有错误"
GRAVE = frozenset({UNREADABLE, REPEATED, OTHER_YEAR, NAMELESS})
"""Why a folder is not in order itself, whatever its workbooks hold. Such a file is nowhere counted as a department."""

WITHOUT_LAST_YEAR = "没有采用上年工作簿"
"""What is said of files whose last year is not known from another workbook."""

_MOST_NAMED = 3
"""So many other workbooks of a department are named; the rest are counted."""


class Row(NamedTuple):
    """A file and what is known of it; the record comes without its findings and parts."""

    file: str
    record: Record

    @property
    def name(self) -> str:
        """Whose it is, or the file where it does not say."""
        return self.record.department or self.file


class Left(NamedTuple):
    """A file that is left out, or without last year; what kind of reason there is and the reason in words."""

    row: Row
    kind: str
    reason: str


class Choice(NamedTuple):
    """The year that the workbooks are of, the numbers of those that count as departments, in sums, rankings and charts,
    of those among them that the tables over all departments are made of, and what these leave out."""

    year: str
    counted: tuple[int, ...]
    taken: tuple[int, ...]
    left: tuple[Left, ...]

    @property
    def uncounted(self) -> list[Left]:
        """The files that could be checked, but count nowhere: their figures would be there twice, are of another year
        or of nobody."""
        return [each for each in self.left if each.kind in GRAVE - {UNREADABLE}]


class YearError(Exception):
    """As many workbooks are of one year as of another; str() is a Chinese sentence."""


def choose(rows: Sequence[Row], *, everything: bool) -> Choice:
    """Who is added up: readable workbooks of the year that most are of, one of each department, without errors, or
    with them where `everything` is wanted. Of two workbooks of one department neither is taken.

    Raises YearError if no year is that of most.
    """
    year = _year(rows)
    repeated = _repeated(rows, year)
    left: list[Left] = []
    taken: list[int] = []
    for number, row in enumerate(rows):
        record = row.record
        if record.status == "unreadable":
            left.append(Left(row, UNREADABLE, record.message))
        elif record.year not in ("", year):
            left.append(Left(row, OTHER_YEAR, f"这是 {record.year} 年的工作簿，其他是 {year} 年的"))
        elif not (record.department or record.code):
            left.append(Left(row, NAMELESS, "没有部门名称和编码，不知是哪个部门的，也看不出有没有重复；请补填后再汇总"))
        elif number in repeated:
            others = [rows[other].file for other in repeated[number] if other != number]
            more = f"等 {len(others)} 个工作簿" if len(others) > _MOST_NAMED else ""
            named = "、".join(others[:_MOST_NAMED])
            left.append(Left(row, REPEATED, f"与“{named}”{more}是同一个部门，请只留一份"))
        elif record.errors and not everything:
            left.append(Left(row, FAULTY, f"有 {record.errors} 条错误，改正后再汇总；要一并汇总请加 --all"))
        elif record.shallow:
            left.append(Left(row, SHALLOW, f"{'、'.join(record.shallow)}下没有列到最细一级科目，不能与其他部门相加"))
        else:
            taken.append(number)
    grave = {each.row.file for each in left if each.kind in GRAVE}
    counted = [number for number, row in enumerate(rows) if row.file not in grave]
    return Choice(year, tuple(counted), tuple(taken), tuple(left))


def _year(rows: Sequence[Row]) -> str:
    years = Counter(row.record.year for row in rows if row.record.year)
    ranked = years.most_common(2)
    if len(ranked) == 2 and ranked[0][1] == ranked[1][1]:
        counts = "、".join(f"{year} 年的 {count} 个" for year, count in sorted(years.items()))
        raise YearError(f"工作簿不是同一年度的（{counts}），分不出以哪一年为准，请分开汇总")
    return ranked[0][0] if ranked else ""


def _repeated(rows: Sequence[Row], year: str) -> dict[int, list[int]]:
    """By number the workbooks that are of one department, itself among them: of one code, or one name."""
    groups: dict[int, list[int]] = {}
    first: dict[tuple[str, str], int] = {}
    for number, (_, record) in enumerate(rows):
        if record.status == "unreadable" or record.year not in ("", year):
            continue
        group = [number]
        for key in (("编码", fold(record.code)), ("名称", fold(record.department))):
            if key[1] and (other := first.setdefault(key, number)) != number:
                group = sorted({*group, *groups[other]})
        for member in group:
            groups[member] = group
    return {number: group for number, group in groups.items() if len(group) > 1}


def by_kind(left: Sequence[Left]) -> dict[str, list[Left]]:
    """The files left out, by the kind of reason."""
    kinds: defaultdict[str, list[Left]] = defaultdict(list)
    for each in left:
        kinds[each.kind].append(each)
    return dict(kinds)
