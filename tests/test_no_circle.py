"""No formula of the live template depends on itself: spreadsheets refuse a circle, and each finds it in its own way."""

import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl.formula import Tokenizer
from openpyxl.utils import column_index_from_string, range_boundaries

from gouji_checks.live import template
from gouji_checks.relation import load
from gouji_templates.content import CALCULATION, blank
from tests import rich

CATALOGUE = load()

Node = tuple[str, int, int]
"""A cell (sheet, row, column); a named range ("=name", 0, 0); a column of the hidden sheet, row 0, for its rows share a
formula."""

_REFERENCE = re.compile(r"(?:'?([^'!]+)'?!)?(\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)")
_COLUMN = re.compile(r"\$?([A-Z]{1,3}):\$?\1")
_NAMED = re.compile(r"'?([^'!]+)'?!\$([A-Z]+)\$(\d+):(?:INDEX\(.*,(\d+)\)|\$([A-Z]+)\$(\d+))")


class Graph:
    """What depends on what, every branch of every formula taken."""

    def __init__(self, data: bytes) -> None:
        self.edges: dict[Node, set[Node]] = {}
        with ZipFile(BytesIO(data)) as archive:
            workbook = archive.read("xl/workbook.xml").decode()
            names = re.findall(r'<definedName name="([^"]+)"[^>]*>([^<]+)<', workbook)
            self.names = {name: unescape(text) for name, text in names}
            for name, text in self.names.items():
                self.edges["=" + name, 0, 0] = set(_area_of_name(text))
            for number, sheet in enumerate(re.findall(r'<sheet name="([^"]+)"', workbook), 1):
                part = archive.read(f"xl/worksheets/sheet{number}.xml").decode()
                for cell, text in re.findall(r'<c r="([A-Z]+\d+)"[^>]*><f[^>]*>([^<]+)</f>', part):
                    column, row, _, _ = range_boundaries(cell)
                    assert row is not None
                    assert column is not None
                    self.edges.setdefault(_node(sheet, row, column), set()).update(
                        self._precedents(sheet, row, unescape(text))
                    )

    def _precedents(self, sheet: str, row: int, text: str) -> Iterator[Node]:
        for token in Tokenizer(f"={text}").items:
            if token.type != "OPERAND" or token.subtype != "RANGE":
                continue
            if token.value in self.names:
                yield "=" + token.value, 0, 0
            elif column := _COLUMN.fullmatch(token.value):
                # A roll-up looks at the rows below its own, the sentence of an empty table at those above.
                place = column_index_from_string(column[1])
                rows = range(row + 1, row + 70) if "ROW()+1" in text else range(1, row)
                yield from (_node(sheet, other, place) for other in rows)
            elif match := _REFERENCE.fullmatch(token.value):
                yield from _cells(match[1] or sheet, match[2].replace("$", ""), own=(sheet, row))
            else:
                raise AssertionError(f"{sheet} row {row}: {token.value}")

    def circle(self) -> list[Node]:
        """A chain of cells that leads back to its beginning, if there is one."""
        done: set[Node] = set()
        for start in self.edges:
            path: list[Node] = []
            open_: list[tuple[Node, Iterator[Node]]] = [(start, iter(self.edges.get(start, ())))]
            on_path = {start}
            path.append(start)
            while open_:
                node, rest = open_[-1]
                following = next(rest, None)
                if following is None:
                    done.add(node)
                    on_path.discard(node)
                    path.pop()
                    open_.pop()
                elif following in on_path:
                    return [*path[path.index(following) :], following]
                elif following not in done and following in self.edges:
                    on_path.add(following)
                    path.append(following)
                    open_.append((following, iter(self.edges[following])))
        return []


def _node(sheet: str, row: int, column: int) -> Node:
    return (sheet, 0, column) if sheet == CALCULATION else (sheet, row, column)


def _cells(sheet: str, area: str, own: tuple[str, int] = ("", 0)) -> Iterator[Node]:
    left, top, right, bottom = range_boundaries(area)
    assert left is not None and top is not None and right is not None and bottom is not None  # noqa: PT018
    for column in range(left, right + 1):
        if sheet == CALCULATION == own[0] and bottom < own[1]:
            # A column of that sheet may look at its own rows above.
            continue
        yield from {_node(sheet, row, column) for row in range(top, bottom + 1)}


def _area_of_name(text: str) -> Iterator[Node]:
    match = _NAMED.match(text)
    if match is None:
        return
    sheet, left, top, reach, right, bottom = match.groups()
    last = int(top) + int(reach) - 1 if reach else int(bottom)
    yield from _cells(sheet, f"{left}{top}:{right or left}{last}")


@pytest.mark.parametrize("name", ["blank", "full"])
def test_no_formula_depends_on_itself(name: str) -> None:
    content = blank(CATALOGUE.form) if name == "blank" else rich.content(5)

    graph = Graph(template.build(CATALOGUE, content))

    assert sum(map(len, graph.edges.values())) > 10_000
    assert graph.circle() == []


def test_a_circle_is_found() -> None:
    graph = Graph(template.build(CATALOGUE, blank(CATALOGUE.form)))
    label = next(node for node in graph.edges["=表5_类", 0, 0])

    # A label that depends on the table's figures, as the sentence of an empty table once did.
    graph.edges[label] = {("=表5_合计", 0, 0)}

    assert graph.circle() != []
