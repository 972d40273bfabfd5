"""Last year's codes brought to this year's, where a 科目 was given another code."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from gouji_checks.compare.prior import Figure
from gouji_checks.compare.stated import total
from gouji_templates.renames import Rename, load


class Matched(NamedTuple):
    """Last year's figures by this year's codes; which codes took over from which, and those that nothing took over."""

    figures: dict[str, Figure]
    notes: tuple[str, ...]
    vanished: tuple[str, ...]


def matched(before: Mapping[str, Figure], now: Collection[str], renames: tuple[Rename, ...] | None = None) -> Matched:
    """Every old code that is gone while its new one is there adds to the new one; all others stay as they are."""
    known = load() if renames is None else renames
    kept: dict[str, list[tuple[str, Figure]]] = {}
    confidence: dict[str, str] = {}
    for code, figure in before.items():
        target = code
        if code not in now:
            for rename in known:
                if (new := rename.now(code)) and new in now:
                    target, confidence[new] = new, rename.confidence
                    break
        kept.setdefault(target, []).append((code, figure))
    figures = {code: _together(code, parts) for code, parts in kept.items()}
    notes = []
    for new, sure in confidence.items():
        old = "、".join(code for code, _ in kept[new] if code != new)
        notes.append(f"科目调整：上年的 {old} 并入本年的 {new} 对比（对应关系的可信度 {sure}），请核对")
    return Matched(figures, tuple(notes), tuple(code for code in figures if code not in now))


def _together(code: str, parts: list[tuple[str, Figure]]) -> Figure:
    if len(parts) == 1:
        return parts[0][1]
    names = [figure.name for own, figure in parts if own == code]
    return Figure(
        total([figure.amounts for _, figure in parts]),
        "；".join(dict.fromkeys(figure.origin for _, figure in parts if figure.origin)),
        "",
        names[0] if names else "",
    )
