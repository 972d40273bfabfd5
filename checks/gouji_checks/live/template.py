"""The live workbook: the tables with formulas in their derived cells, and the sheets that check them."""

from collections.abc import Mapping

from xlsxwriter.workbook import Workbook

from gouji_checks.book import Book, read_book
from gouji_checks.evaluate import Evaluation, evaluate
from gouji_checks.fingerprint import fingerprint
from gouji_checks.live.choice import write_choices
from gouji_checks.live.comparison_rows import codes_room, write_comparison_columns
from gouji_checks.live.comparison_sheet import write_comparisons
from gouji_checks.live.comparison_values import values
from gouji_checks.live.derived import formula
from gouji_checks.live.grid import Grid
from gouji_checks.live.instances import write_instances
from gouji_checks.live.marks import mark_formula, marks_of, write_marks
from gouji_checks.live.relation_sheet import write_relations
from gouji_checks.live.rows import subjects_room, write_rows
from gouji_checks.live.summary import lines
from gouji_checks.relation import Catalogue
from gouji_checks.source import read_package
from gouji_templates import workbook
from gouji_templates.content import FINGERPRINT, RELATIONS, Content, blank
from gouji_templates.form import Block
from gouji_templates.live import Spot
from gouji_templates.prior_sheet import by_code, codes_reach
from gouji_templates.styles import TEXT, Styles

__all__ = ["LiveWorkbook", "build", "given_out"]


def build(catalogue: Catalogue, content: Content) -> bytes:
    """The workbook with this content, which computes and checks itself; its derived figures must be what its formulas
    come to, for they are what an unopened workbook shows."""
    return workbook.build(catalogue.form, content, LiveWorkbook(catalogue, content))


def given_out(catalogue: Catalogue, department: str = "", year: int | None = None) -> Content:
    """The blank template as a department gets it: it says by which form and relations it was made."""
    return blank(catalogue.form, department, year)._replace(info={FINGERPRINT: fingerprint(catalogue)})


class LiveWorkbook:
    """The formulas, and what they come to for this content."""

    def __init__(self, catalogue: Catalogue, content: Content) -> None:
        self._catalogue = catalogue
        self._content = content
        self._book, self._evaluation = _evaluated(catalogue, content)
        self._marks = marks_of(self._book, self._evaluation)

    def formula(self, spot: Spot) -> str:
        """See templates.live.Live."""
        return formula(self._catalogue, spot)

    def mark(self, block: Block, row: int, top: int) -> tuple[str, str]:
        """See templates.live.Live."""
        return mark_formula(block, top), self._marks.get((block.name, row), "")

    def write_sheets(self, book: Workbook, styles: Styles, reaches: Mapping[str, int]) -> None:
        """See templates.live.Live."""
        form = self._catalogue.form
        sheet = book.add_worksheet(RELATIONS)
        rooms = [subjects_room(form, reaches), *reaches.values()]
        if form.comparison:
            rooms += [codes_reach(form, self._content), codes_room(form, self._content)]
        grid = Grid(book, styles(TEXT), max(rooms))
        cells = write_rows(grid, form, reaches)
        strips = write_instances(grid, self._catalogue, reaches, cells)
        write_marks(grid, self._catalogue, strips, cells)
        chosen = write_choices(grid, self._catalogue.relations, strips)
        write_relations(sheet, styles, self._catalogue, chosen, lines(self._book, self._evaluation))
        if form.comparison:
            coded = by_code(form.comparison)
            reach = reaches[coded.codes.table] if coded and coded.codes else 0
            sources = write_comparison_columns(grid, form, self._content, cells, reach)
            write_comparisons(book, styles, form, self._content, sources, values(self._book))
        grid.finish()


def _evaluated(catalogue: Catalogue, content: Content) -> tuple[Book, Evaluation]:
    """The content as the checks read it."""
    data = workbook.build(catalogue.form, content)
    book = read_book(read_package(data), catalogue.form)
    return book, evaluate(catalogue, book)
