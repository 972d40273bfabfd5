"""Last year's figures carried into a workbook that is made for this year."""

from gouji_checks.compare.prior import Key, Prior, Whose
from gouji_checks.compare.reading import last_year
from gouji_checks.complete import to_figure
from gouji_templates.content import PriorFigure
from gouji_templates.form import Form
from gouji_templates.wording import fold


def prior_for(path: str, form: Form, year: int, department: str, code: str = "", kind: str = "") -> Prior:
    """What the department's workbook of the year before says; raises Unreadable for one that can't be read or is not
    that."""
    return last_year(path, Whose(fold(department), fold(code), str(year), kind), form)


def carried(prior: Prior, form: Form) -> dict[Key, PriorFigure]:
    """The figures as a workbook's content has them."""
    return {
        key: PriorFigure(tuple([to_figure(amount, form) for amount in figure.amounts]), figure.origin)
        for key, figure in prior.figures.items()
    }
