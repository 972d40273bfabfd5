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
    *("app", "book", "books", "caller", "sheet", "sheets", "names", "tables"),
    *("name", "names", "value", "options", "address", "row", "column", "shape", "used_range", "range", "expand"),
    # Both engines have these from xlwings itself, which only works out addresses.
    *("rows", "columns", "count"),
    *("clear", "clear_contents", "clear_formats", "autofit", "select", "activate", "merge", "add", "delete", "copy"),
    *("visible", "font", "borders", "add_note", "note", "add_hyperlink", "conditional_formats", "data_validation"),
    *("add_cell_value", "add_custom", "add_color_scale", "add_data_bar", "add_icon_set", "set_list", "set_rule"),
}
"""Members that may be read or called."""

WRITTEN = {
    *("value", "name", "visible", "color", "formula", "number_format", "wrap_text"),
    *("bold", "italic", "size", "line_style", "weight"),
}
"""Members that may be set; the remote engine can't tell most of them again."""


@cache
def members() -> set[str]:
    """Every public member of these classes."""
    return {name for kind in CLASSES for name in vars(kind) if not name.startswith("_")}


def strays(source: str) -> list[str]:
    """Members used in a module that are not shared, as line and name; nothing for one that does not import xlwings,
    and so can't annotate a parameter with anything of it.

    A name counts on whatever it is used, for the types are not known: such a module does without list.sort, str.find.
    """
    tree = ast.parse(source)
    if not any("xlwings" in name for node in ast.walk(tree) for name in _imported(node)):
        return []
    added_to = {node.target for node in ast.walk(tree) if isinstance(node, ast.AugAssign)}
    return [
        f"{node.lineno}: {node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in members() - (READ if isinstance(node.ctx, ast.Load) or node in added_to else WRITTEN)
    ]


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


@pytest.mark.parametrize("path", sorted(ADDIN.glob("*.py")), ids=lambda path: path.stem)
def test_the_addin_uses_only_members_that_both_engines_have(path: Path) -> None:
    assert strays(path.read_text(encoding="utf-8")) == []


STRAYS = {
    "a fill read": ("colour = book.sheets[0].range('A1').color", ["2: color"]),
    "a formula read": ("print(cell.formula)", ["2: formula"]),
    "Excel itself": ("book.api.HasVBProject", ["2: api"]),
    "hidden rows": ("if cell.rows.hidden: pass", ["2: hidden"]),
    "saving": ("book.save('x.xlsx')", ["2: save"]),
    "a width set": ("sheet.range('A:A').column_width = 9", ["2: column_width"]),
    "added to what is there": ("cell.color += 1", ["2: color"]),
    "a merged area": ("cell.merge_area.value = 1", ["2: merge_area"]),
    "the status bar": ("book.app.status_bar = '…'", ["2: status_bar"]),
    "shared members": ("sheet.used_range.options(ndim=2).value; cell.color = 1; cell.font.bold = True", []),
}


@pytest.mark.parametrize(("statement", "expected"), STRAYS.values(), ids=STRAYS)
def test_a_member_that_only_one_engine_has_is_found(statement: str, expected: list[str]) -> None:
    assert strays(f"import xlwings as xw\n{statement}\n") == expected


def test_a_module_without_xlwings_may_call_its_own_what_it_likes() -> None:
    assert strays("text.api.save()\n") == []


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


@pytest.mark.parametrize("kind", ["Book", "Sheet", "Range"])
def test_what_may_be_read_is_there_in_the_remote_engine(kind: str) -> None:
    raising = {name for name, raises in remote(kind).items() if raises}

    assert raising & READ == set()


def test_the_remote_engine_is_known_to_refuse_formats() -> None:
    raising = {name for name, raises in remote("Range").items() if raises}

    assert {"color", "formula", "number_format", "wrap_text", "merge_area", "row_hidden"} <= raising
