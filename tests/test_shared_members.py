"""The add-in uses only what Excel's own engine and the remote one share, so that it could run on a server unchanged."""

import ast
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
import xlwings as xw

ADDIN = Path(__file__).parents[1] / "addin" / "gouji_addin"

CLASSES = (
    xw.App,
    xw.Book,
    xw.Name,
    xw.Range,
    xw.Sheet,
    *[getattr(xw.main, name) for name in ("Apps", "Books", "Sheets", "Names", "Tables", "Table", "Note", "Notes")],
    *[getattr(xw.main, name) for name in ("RangeRows", "RangeColumns", "FreezePanes", "AutoFilter", "PageSetup")],
    *[getattr(xw.main, name) for name in ("Font", "Borders", "Border", "ConditionalFormats", "DataValidation")],
)
"""Whatever can be reached from a workbook through members that may be used."""

READ = {
    *("app", "book", "books", "caller", "sheet", "sheets", "names", "tables", "active", "alert"),
    *("name", "names", "value", "options", "address", "row", "column", "shape", "used_range", "range", "expand"),
    # Both engines have these from xlwings itself, which only works out addresses.
    *("rows", "columns", "count"),
    *(
        "clear",
        "clear_contents",
        "clear_formats",
        "autofit",
        "select",
        "activate",
        "merge",
        "add",
        "insert",
        "delete",
        "copy",
    ),
    *("visible", "font", "borders", "add_note", "note", "add_hyperlink", "conditional_formats", "data_validation"),
    *("add_cell_value", "add_custom", "add_color_scale", "add_data_bar", "add_icon_set", "set_list", "set_rule"),
}
"""Members that may be read or called."""

WRITTEN = {
    *("value", "name", "visible", "color", "formula", "number_format", "wrap_text"),
    *("bold", "italic", "size", "line_style", "weight", "display_alerts"),
}
"""Members that may be set; the remote engine can't tell most of them again."""

ALONE = {
    (
        "conditions",
        "api",
    ): "no member of xlwings tells of filters, shared workbooks and the style of references; elsewhere unknown",
    (
        "examined",
        "api",
    ): "xlwings has no member for links and macros, and asks for each hidden row; elsewhere they go unchecked",
    ("marks", "formula"): "of a conditional format, to tell ours from the user's: only Excel's own engine says",
    ("new_template", "open"): "of the workbooks: a server can't open a file on the user's machine",
    ("protection", "api"): "xlwings has no member for protection, and the template's sheets are protected",
    (
        "source",
        "calculate",
    ): "formulas are out of date where the user calculates by hand; a server has what was sent",
    ("source", "calculation"): "to tell, without calculating where Excel does it by itself",
    ("seen", "formula"): "what 填充 overwrites has to be known, to keep formulas that are right and to put them back",
    ("seen", "line_style"): "whether a row belongs to a table's grid",
    ("seen", "merge_cells"): "a merged cell takes no figure",
    ("seen", "number_format"): "a figure would become a text in a cell with the format of texts",
}
"""Members used, by module, that only Excel's own engine has, and what for."""

NAMESAKES = {
    ("help_page", "open"): "webbrowser",
    ("help_page", "parent"): "Path",
    ("log", "open"): "Path",
    ("log", "parent"): "Path",
    ("log", "version"): "sys",
    ("results", "index"): "tuple",
    ("change", "height"): "NewRows",
    ("compared", "group"): "Line",
    ("compared", "index"): "tuple",
    ("comparing", "notes"): "Prior",
    ("comparison_notes", "group"): "Line",
    ("comparison_notes", "notes"): "Compared",
    ("comparison_sheets", "cells"): "Line",
    ("comparison_sheets", "index"): "tuple",
    ("comparison_updating", "cells"): "Entry and Line",
    ("comparison_updating", "group"): "Entry",
    ("filled", "notes"): "Plan and Stages",
    ("filled", "text"): "Held",
    ("filling", "notes"): "Made",
    ("held", "text"): "Held",
    ("live_target", "cells"): "LiveTarget",
    ("live_target", "formula"): "Shift",
    ("live_target", "notes"): "Found",
    ("live_target", "text"): "Held",
    ("live_target", "width"): "Cells",
    ("prior_filling", "cells"): "_Entering",
    ("prior_filling", "group"): "Entry",
    ("prior_filling", "text"): "Held",
    ("restoring", "left"): "Back",
    ("restoring", "width"): "Cells",
    ("start", "update"): "dict",
}
"""What is called like a member of xlwings that is not shared, by module, and whose it is."""

OWN_FILES = {"ribbon_tab", "xlwings_vba"}
"""Modules about the add-in's own files, which the page of help is made from: they are given no workbook."""


@cache
def members() -> set[str]:
    """Every public member of these classes."""
    return {name for kind in CLASSES for name in vars(kind) if not name.startswith("_")}


def strays(source: str) -> list[tuple[int, str]]:
    """Members used in a module that are not shared, by line.

    A name counts on whatever it is used, for the types are not known.
    """
    tree = ast.parse(source)
    added_to = {node.target for node in ast.walk(tree) if isinstance(node, ast.AugAssign)}
    return [
        (node.lineno, node.attr)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in members() - (READ if isinstance(node.ctx, ast.Load) or node in added_to else WRITTEN)
    ]


@cache
def run_in_excel() -> dict[str, str]:
    """The modules of the add-in that a button needs, imported wherever, by name: their source."""
    found: dict[str, str] = {}
    waiting = ["buttons", "start"]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = (ADDIN / f"{name}.py").read_text(encoding="utf-8")
            waiting += [
                module.removeprefix("gouji_addin.")
                for node in ast.walk(ast.parse(found[name]))
                for module in _imported(node)
                if module.startswith("gouji_addin.") and module.removeprefix("gouji_addin.") not in OWN_FILES
            ]
    return found


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


@pytest.mark.parametrize("name", sorted(run_in_excel()))
def test_the_addin_uses_only_members_that_both_engines_have(name: str) -> None:
    known = {*ALONE, *NAMESAKES}

    assert [(line, member) for line, member in strays(run_in_excel()[name]) if (name, member) not in known] == []


def test_every_exception_is_needed() -> None:
    used = {(name, member) for name, source in run_in_excel().items() for _, member in strays(source)}

    assert {*ALONE, *NAMESAKES} - used == set()


def test_whatever_a_button_needs_is_looked_at() -> None:
    assert {"buttons", "frame", "marks", "message", "results", "sheets", "source", "start"} <= set(run_in_excel())


STRAYS = {
    "a fill read": ("colour = book.sheets[0].range('A1').color", ["color"]),
    "a formula read": ("print(cell.formula)", ["formula"]),
    "Excel itself": ("book.api.HasVBProject", ["api"]),
    "hidden rows": ("if cell.rows.hidden: pass", ["hidden"]),
    "saving": ("book.save('x.xlsx')", ["save"]),
    "a width set": ("sheet.range('A:A').column_width = 9", ["column_width"]),
    "added to what is there": ("cell.color += 1", ["color"]),
    "a merged area": ("cell.merge_area.value = 1", ["merge_area"]),
    "the status bar": ("book.app.status_bar = '…'", ["status_bar"]),
    "shared members": ("sheet.used_range.options(ndim=2).value; cell.color = 1; cell.font.bold = True", []),
}


@pytest.mark.parametrize(("statement", "expected"), STRAYS.values(), ids=STRAYS)
def test_a_member_that_only_one_engine_has_is_found(statement: str, expected: list[str]) -> None:
    assert [member for _, member in strays(statement)] == expected


def remote(kind: str) -> dict[str, bool]:
    """The properties of a class of the remote engine that can be read, and whether reading one only raises."""
    spec = find_spec("xlwings")
    assert spec is not None
    assert spec.origin is not None
    source = (Path(spec.origin).parent / "pro" / "_xlremote.py").read_text(encoding="utf-8")
    found = next(node for node in ast.parse(source).body if isinstance(node, ast.ClassDef) and node.name == kind)
    return {
        node.name: isinstance(node.body[0], ast.Raise)
        for node in found.body
        if isinstance(node, ast.FunctionDef)
        and any(isinstance(one, ast.Name) and one.id == "property" for one in node.decorator_list)
    }


@pytest.mark.parametrize("kind", ["App", "Book", "Sheets", "Sheet", "Range"])
def test_what_may_be_read_is_there_in_the_remote_engine(kind: str) -> None:
    raising = {name for name, raises in remote(kind).items() if raises}

    assert raising & READ == set()


def test_the_remote_engine_is_known_to_refuse_formats() -> None:
    raising = {name for name, raises in remote("Range").items() if raises}

    assert {"color", "formula", "number_format", "wrap_text", "merge_area", "row_hidden"} <= raising
