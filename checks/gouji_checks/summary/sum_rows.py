"""The sums below the departments' rows: formulas that follow the filter, and compare only like with like."""

from collections.abc import Iterator, Sequence

import pandas as pd
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from gouji_checks.summary import frames
from gouji_checks.summary.overview import Overview
from gouji_templates.styles import NAME, Styles, put

TOTAL, COMPARABLE = "合计（随筛选变化）", "其中有上年数的"

_HELPER = "（有上年数的）"


class _Compared:
    """The columns of a figure that is compared with last year: ranges of its amounts, and these themselves."""

    def __init__(self, heading: str, frame: pd.DataFrame, ranges: dict[str, str]) -> None:
        self.headings = (heading, f"{heading}{frames.BEFORE}", f"{heading}{frames.CHANGE}")
        self.helper = ranges[f"{heading}{_HELPER}"]
        self.now, self.before, self.change = (ranges[each] for each in self.headings)
        self._frame = frame

    @property
    def known(self) -> "pd.Series[bool]":
        """Which departments have both years."""
        found: pd.Series[bool] = self._frame[self.headings[2]].notna()
        return found

    @property
    def whole(self) -> bool:
        """Whether those that have one year have the other."""
        return all(bool((self._frame[each].notna() == self.known).all()) for each in self.headings[:2])

    def sums(self) -> dict[str, float]:
        """What the departments with both years come to, by column."""
        return {each: _sum(self._frame.loc[self.known, each]) for each in self.headings}


def helpers(overview: Overview) -> list[str]:
    """The headings of the columns that `with_helpers` adds."""
    return [f"{figure.heading}{_HELPER}" for figure in overview.shown if figure.compared]


def with_helpers(frame: pd.DataFrame, overview: Overview) -> pd.DataFrame:
    """The departments with a column more for each compared figure, to be hidden: this year's amounts of those that have
    last year's as well. Without it the sums could not follow the filter but by functions that recalculate always."""
    frame = frame.copy()
    for figure in overview.shown:
        if figure.compared:
            both = frame[figure.heading].where(frame[f"{figure.heading}{frames.CHANGE}"].notna())
            frame.insert(list(frame.columns).index(frames.FILE), f"{figure.heading}{_HELPER}", both)
    return frame


def write(
    sheet: Worksheet, styles: Styles, overview: Overview, frame: pd.DataFrame, top: int, counts: Sequence[str]
) -> int:
    """Writes the sums of a frame `with_helpers` whose first row is `top`; gives the row below them. Last year and the
    change are blank where not all have last year: those that have it get a line of their own."""
    below = top + len(frame)
    if frame.empty:
        return below
    places = {heading: column for column, heading in enumerate(frame.columns)}
    ranges = {heading: xl_range(top, column, below - 1, column) for heading, column in places.items()}
    compared = [_Compared(figure.heading, frame, ranges) for figure in overview.shown if figure.compared]
    put(sheet, below, places[frames.DEPARTMENT], TOTAL, styles(NAME, border=0))
    for heading in (*counts, *(figure.heading for figure in overview.shown)):
        # Without a look of its own a cell has its column's.
        sheet.write_formula(below, places[heading], f"={_subtotal(ranges[heading])}", None, _sum(frame[heading]))
    for each in compared:
        for heading, formula, value in _whole(each):
            sheet.write_formula(below, places[heading], formula, None, value)
    if all(each.whole or not each.known.any() for each in compared):
        return below + 1
    put(sheet, below + 1, places[frames.DEPARTMENT], COMPARABLE, styles(NAME, border=0))
    for each in compared:
        for heading, formula, value in _comparable(each):
            sheet.write_formula(below + 1, places[heading], formula, None, value)
    return below + 2


def _whole(each: _Compared) -> Iterator[tuple[str, str, float | str]]:
    """Last year and the change of all departments, where all of them have both."""
    now, before, change = map(_count, (each.now, each.before, each.change))
    sums = each.sums() if each.whole and each.known.any() else {}
    for heading, cells in zip(each.headings[1:], (each.before, each.change), strict=True):
        formula = f'=IF(AND({change}>0,{change}={now},{change}={before}),{_subtotal(cells)},"")'
        yield heading, formula, sums.get(heading, "")


def _comparable(each: _Compared) -> Iterator[tuple[str, str, float | str]]:
    """Both years and the change of the departments that have both; this year's less last year's is the change."""
    now, change = _subtotal(each.helper), _subtotal(each.change)
    sums = each.sums() if each.known.any() else {}
    for heading, sum_ in zip(each.headings, (now, f"ROUND({now}-{change},2)", change), strict=True):
        yield heading, f'=IF({_count(each.change)}>0,{sum_},"")', sums.get(heading, "")


def _sum(amounts: "pd.Series[float]") -> float:
    return round(float(pd.to_numeric(amounts).sum()), 2)


def _subtotal(cells: str) -> str:
    return f"SUBTOTAL(109,{cells})"


def _count(cells: str) -> str:
    return f"SUBTOTAL(102,{cells})"
