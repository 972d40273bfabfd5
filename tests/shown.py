"""What the summary's page shows in a browser, and how its headings are clicked."""

from collections.abc import Callable

from tests.browser import Page

Open = Callable[..., Page]
"""Opens the page of some data: what the fixture `opened` gives."""


def rows(tab: Page, name: str) -> list[list[str]]:
    """The texts of the rows that a table holds."""
    found: list[list[str]] = tab.run(
        f"[...document.querySelectorAll('#{name}-table tbody tr[id]')]"
        ".map(row => [...row.cells].map(cell => cell.innerText))"
    )
    return found


def text(tab: Page, selector: str) -> str:
    found: str = tab.run(f"document.querySelector('{selector}').innerText")
    return found


def headings(tab: Page, name: str) -> list[str]:
    """The columns in order; a heading over several is not one."""
    found: list[str] = tab.run(
        f"[...document.querySelectorAll('#{name}-table thead th button')]"
        ".sort((a, b) => a.parentElement.ariaColIndex - b.parentElement.ariaColIndex).map(item => item.firstChild.data)"
    )
    return found


def sort(tab: Page, name: str, column: int) -> str:
    """Clicks the heading of a column, counted from 0; how it is sorted now."""
    heading = f"document.querySelector('#{name}-table th[aria-colindex=\"{column + 1}\"]')"
    tab.run(f"{heading}.firstChild.click()")
    found: str = tab.run(f"{heading}.getAttribute('aria-sort')")
    return found
