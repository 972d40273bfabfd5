"""What RunPython imports before all else: xlwings without what it offers to data science, and an end to waiting.

On Windows xlwings would end every Excel in which it finds no window of a workbook when Python ends, by force: also one
that shows a file in Protected View, or another user's on a server. A button starts no Excel, so none is ended.

Left to itself, importing xlwings imports numpy, pandas, polars and matplotlib wherever they are installed, which takes
many times as long as all that a button does. xlwings takes a package that is not there for one that it need not
support, so each is hidden from it while it is imported, and can be imported afterwards by whoever needs it. Without
cryptography it doesn't look for a licence, for which it would ask the opened workbook.

Only the process that RunPython starts imports this module: no other code in it could miss xlwings' support of them.
"""

import atexit
import io
import locale
import sys

HIDDEN = ("numpy", "pandas", "polars", "matplotlib", "PIL", "plotly", "jinja2", "mistune", "cryptography")

_MOST_ATTEMPTS = 10_000
"""How often a call is repeated that Excel refuses while a cell is edited or a dialogue is open: some seconds."""


def _import_xlwings() -> None:
    hidden = [name for name in HIDDEN if name not in sys.modules]
    # None in place of a module makes its import raise ModuleNotFoundError.
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        import xlwings  # noqa: F401
    finally:
        for name in hidden:
            del sys.modules[name]
    windows = sys.modules.get("xlwings._xlwindows")
    if windows:
        # It would try for ever, and Excel would wait for it.
        vars(windows)["N_COM_ATTEMPTS"] = _MOST_ATTEMPTS
        atexit.unregister(vars(windows)["cleanup"])
        _write_for_vba()


def _write_for_vba() -> None:
    """VBA reads what Python wrote in the system's code page, of which UTF-8 mode, the default from 3.15 on, knows
    nothing."""
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(encoding=locale.getencoding(), errors="backslashreplace")


_import_xlwings()
