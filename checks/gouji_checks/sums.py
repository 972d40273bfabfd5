"""Many sums over signed cells, laid out one behind the other and added up in one go."""

from collections.abc import Sequence
from itertools import accumulate, chain
from operator import itemgetter, sub

Layers = Sequence[Sequence[int]]
"""The first cell of every sum, the second of every sum, and so on."""


class Sums:
    """Sums of figures out of a vector of packed amounts; a cell is a place in it."""

    def __init__(self) -> None:
        self._cells: list[int] = []
        self._ends = [0]

    def add(self, layers: Layers, count: int) -> None:
        """So many sums more, each of as many cells as there are layers."""
        end, each = self._ends[-1], len(layers)
        self._cells += chain.from_iterable(zip(*layers, strict=True))
        self._ends += range(end + each, end + each * count + 1, each) if each else [end] * count

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> list[int]:
        """The cells of one sum."""
        return self._cells[self._ends[number] : self._ends[number + 1]]

    def of(self, vector: list[int]) -> list[int]:
        """All the sums: a sum is what the total of all cells gains by its own."""
        # The further places make a tuple of what is taken out, however few cells and sums there are.
        running = list(accumulate(itemgetter(*self._cells, 0, 0)(vector), initial=0))
        at_ends = itemgetter(*self._ends, 0)(running)
        return list(map(sub, at_ends[1:-1], at_ends))

    def one(self, number: int, vector: list[int]) -> int:
        """One sum."""
        return sum([vector[cell] for cell in self[number]])
