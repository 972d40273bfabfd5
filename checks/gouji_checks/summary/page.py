"""The summary as one page of HTML that holds all it shows and may not reach for anything else."""

import json
import re
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template
from typing import Any

_FOLDER = Path(__file__).parent
_SCRIPTS = ("page_table.js", "page_filters.js", "page_charts.js", "page_head.js", "page.js")
_DEPARTMENT = (
    *(
        "file",
        "department",
        "code",
        "year",
        "status",
        "errors",
        "warnings",
        "unchecked",
        "version",
        "not_counted",
        "income",
        "spending",
    ),
    *(f"{name}{part}" for name in ("three_public", "operating") for part in ("", "_before", "_change", "_rate")),
)
_FINDING = (
    *("department", "file", "table", "sheet", "cell", "rule", "severity", "message"),
    *("stated", "expected", "difference", "allowed", "advice", "suspect"),
)
# What would end the script element, what an old parser takes for a line's end, and halves of characters, which a
# file's name may hold but UTF-8 cannot.
_UNSAFE = re.compile("[<>&\u2028\u2029\ud800-\udfff]")


def page(data: dict[str, Any]) -> str:
    """The page; the same data make the same text.

    `data` holds `title`, `when`, `gouji` (version), `form`, `from_zero` (how growth from zero is stated, without its
    full stop); `departments`, one for each workbook: counts are numbers, figures texts in 万元, rates texts in percent,
    "" what is not known, a figure that the form does not compare is not there, and `not_counted` says in a word or two
    why a workbook counts in no total and no ranking, "" where it counts; `findings`, whose `relation` is None or has
    `title` and `formula`; `unreadable`, each with `file` and `message`; and, where there are any, `uncounted`, how many
    workbooks count nowhere, `left_out`, the files that the tables over all departments leave out, each with `file`,
    `kind` and `reason`, `without_last_year`, those for which no workbook of last year was used, likewise and with the
    `department`, and `unread_last_year`, a sentence for each workbook of last year that can't be read.
    """
    style = _read("page.css")
    script = "".join(map(_read, _SCRIPTS))
    findings = (
        {**finding, "title": relation.get("title", ""), "formula": relation.get("formula", "")}
        for finding in data["findings"]
        for relation in [finding["relation"] or {}]
    )
    held = {
        **{name: data[name] for name in ("title", "when", "gouji", "form", "from_zero")},
        "uncounted": data.get("uncounted", ""),
        "departments": _packed(data["departments"], _DEPARTMENT),
        "findings": _packed(findings, (*_FINDING, "title", "formula")),
        "unreadable": [{name: item[name] for name in ("file", "message")} for item in data["unreadable"]],
        "left_out": [{name: item[name] for name in ("file", "kind", "reason")} for item in data.get("left_out", ())],
        "without_last_year": [
            {name: item[name] for name in ("department", "file", "kind", "reason")}
            for item in data.get("without_last_year", ())
        ],
        "unread_last_year": list(data.get("unread_last_year", ())),
    }
    return Template(_read("page.html")).substitute(
        title=escape(data["title"]).encode(errors="replace").decode(),
        # Only this very script and style, and nothing from anywhere, should a workbook's text ever become markup.
        policy=f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; "
        "base-uri 'none'; form-action 'none'",
        style=style,
        script=script,
        data=_embedded(held),
    )


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _packed(rows: Iterable[dict[str, Any]], keys: tuple[str, ...]) -> dict[str, Any]:
    """Rows as places in a list of values: advice and relations recur in every department, and a page gets mailed."""
    values: dict[Any, int] = {}
    packed = [[values.setdefault(row.get(key, ""), len(values)) for key in keys] for row in rows]
    return {"keys": keys, "values": list(values), "rows": packed}


def _embedded(held: dict[str, Any]) -> str:
    text = json.dumps(held, ensure_ascii=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)
