"""帮助: a page that explains the add-in, made anew at every click from the ribbon and the results it explains."""

import platform
import sys
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from string import Template

from gouji_addin.log import log_file
from gouji_addin.message import Stopped
from gouji_addin.results import HEADINGS, NAME
from gouji_addin.ribbon_tab import ButtonGroup, tab
from gouji_addin.xlwings_vba import VERSION
from gouji_checks.finding import SEVERITY_WORDS
from gouji_templates import __version__, atomic
from gouji_templates.results import FAILED, FILLS, UNCHECKED

_PAGE = Path(__file__).parent / "help" / "page.html"

COLUMNS = {
    "问题": "同一个原因引起的各行编同一个号，行数多的排在前面；空白的各是各的问题。",
    "级别": "见下表。",
    "规则": "规则的编号。运行 gouji rules 加编号，可以看它的全文和例子。",
    "单元格": "先看这一格。点一下就跳到那里。",
    "说明": "哪里对不上，两边各是多少。",
    "现为": "表里现在的数。",
    "应为": "按其他各格算出来的数。",
    "差额": "现为减去应为，正数是多了，负数是少了。",
    "疑似单元格": "最可能填错的一格，点一下就跳到那里。改它一格，同一个问题的各行都能对上。请对照底稿再改。",
    "疑似应为": "疑似单元格改成多少，各行就都对上。",
    "疑似情况": "像是怎样填错的，例如小数点错位、多写一行。",
    "办法": "怎样改。",
}
"""What each column of the sheet 校验结果 means."""

SEVERITIES = {
    SEVERITY_WORDS["error"]: ("必须改。有问题的格和疑似的格标成这个颜色。", FILLS[FAILED]),
    SEVERITY_WORDS["warning"]: ("请核对；确实如此的可以不改，但要能说明原因。有关的格标成这个颜色。", FILLS[UNCHECKED]),
    SEVERITY_WORDS["info"]: ("供参考，不标颜色。", ""),
    UNCHECKED: (
        "不等于相符：缺表、缺栏、数认不出来，或者要看文件才知道（例如模板的公式是否被改动），没法核对，“说明”里写着原因。",
        "",
    ),
}
"""What each word in 级别 asks for, and the fill of the cells it marks."""


def show(open_page: Callable[[Path], bool] | None = None) -> None:
    """Writes the page beside the log and opens it in the browser.

    Raises Stopped if it can't be written, or no browser opens it.
    """
    path = log_file().with_name("help.html")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.write(path, page().encode())
    except OSError as error:
        raise Stopped(f"使用说明写不到“{path.parent}”，请检查这个文件夹的权限和磁盘空间，再点按钮。") from error
    if not (open_page or _open)(path):
        raise Stopped(f"浏览器没有打开，请自己打开使用说明：{path}")


def page() -> str:
    """The whole page as HTML, which needs nothing from anywhere else."""
    ribbon = tab()
    return Template(_PAGE.read_text(encoding="utf-8")).substitute(
        tab=escape(ribbon.label),
        keytip=escape(ribbon.keytip),
        **{one.tag: escape(one.label) for group in ribbon.groups for one in group.buttons},
        sheet=NAME,
        buttons="\n".join(_group(group) for group in ribbon.groups),
        columns=_rows((escape(name), escape(COLUMNS[name])) for name in HEADINGS),
        severities=_rows((_marked(word, fill), escape(text)) for word, (text, fill) in SEVERITIES.items()),
        log=escape(str(log_file())),
        versions=_rows(
            (name, escape(version))
            for name, version in (
                ("gouji", __version__),
                ("xlwings", VERSION),
                ("Python", f"{platform.python_version()}，{sys.executable}"),
            )
        ),
    )


def _open(path: Path) -> bool:
    if sys.platform == "win32":
        import os

        # By its path: in an address, older programs take the bytes of Chinese letters for others.
        try:
            os.startfile(path)
        except OSError:
            return False
        return True
    import webbrowser

    return webbrowser.open(path.as_uri())


def _group(group: ButtonGroup) -> str:
    buttons = (
        f'<article class="button"><h4>{escape(one.screentip)}'
        f'<span class="keys">{escape(one.label)} <kbd>{escape(one.keytip)}</kbd></span></h4>'
        f"<p>{escape(one.supertip)}</p></article>"
        for one in group.buttons
    )
    return "\n".join((f"<h3>{escape(group.label)}</h3>", *buttons))


def _marked(word: str, fill: str) -> str:
    return f'<span class="mark" style="background:{fill}">{word}</span>' if fill else word


def _rows(rows: Iterable[tuple[str, str]]) -> str:
    """Lines of a table, each a heading and what belongs to it, as HTML."""
    return "\n".join(f'<tr><th scope="row">{name}</th><td>{text}</td></tr>' for name, text in rows)
