"""The summary's page by itself: texts stay texts, nothing is asked for, few rows are kept, all are printed."""

import re
import subprocess
from pathlib import Path

import pytest

from gouji_checks.summary.page import page
from tests.browser import BrowserError, Page
from tests.overview import overview
from tests.shown import Open, headings, rows, sort, text

HOSTILE = '<img src=x onerror="window.hit=1">'
CLOSING = "</script><script>window.hit=2</script><!--<script>\u2028&amp; $data ${title}"


def test_what_a_workbook_calls_itself_stays_text(opened: Open) -> None:
    data = overview(3, 12)
    for item in data["departments"] + data["findings"]:
        item["department"] = {0: HOSTILE, 1: CLOSING}.get(int(item["file"][5:8]) - 1, "甲局")
    for item in data["findings"]:
        item |= {"sheet": HOSTILE, "message": CLOSING, "advice": HOSTILE, "suspect": HOSTILE, "rule": HOSTILE}
        item["relation"] = {"title": HOSTILE, "formula": CLOSING}
    data["unreadable"] = [{"file": HOSTILE + "\udc80", "message": CLOSING}]
    data |= {"title": CLOSING, "when": HOSTILE, "form": HOSTILE, "gouji": HOSTILE}
    tab = opened(data)
    tab.click("#findings-table tbody tr[id]")

    assert {HOSTILE, "甲局"} <= {row[0] for row in rows(tab, "departments")}
    assert HOSTILE in text(tab, "#detail")
    assert tab.run("document.querySelector('#title').textContent") == CLOSING
    assert tab.run("document.title.replaceAll(/\\s/g, '')") == re.sub(r"\s", "", CLOSING)
    assert tab.run("[document.images.length, document.scripts.length, window.hit]") == [0, 2, None]
    assert tab.seen.complaints == []


def test_the_page_asks_for_nothing_and_may_not(opened: Open) -> None:
    tab = opened(overview(30, 100))
    tab.click("#findings-table tbody tr[id]")

    assert [tab.run("location.href.replace(location.hash, '')")] == tab.seen.requests
    assert tab.run("performance.getEntriesByType('resource').length") == 0
    assert tab.seen.complaints == []
    with pytest.raises(BrowserError, match="Failed to fetch"):
        tab.run("fetch('http://127.0.0.1:9/')")
    tab.run("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.hit=1\">')")
    tab.wait("performance.now() > 0")
    assert tab.run("window.hit") is None
    assert any("Content Security Policy" in said for said in tab.seen.complaints)


def test_tens_of_thousands_of_findings_keep_few_rows_in_the_page(opened: Open) -> None:
    data = overview(1000, 20_000)
    tab = opened(data)
    kept = "document.querySelectorAll('tbody tr').length"

    assert tab.run(kept) < 120
    assert text(tab, "#findings .count") == "显示 20,000 / 共 20,000 条"
    assert tab.run("document.querySelector('#findings-table').getAttribute('aria-rowcount')") == "20001"
    sort(tab, "findings", headings(tab, "findings").index("现为"))
    sort(tab, "findings", headings(tab, "findings").index("现为"))
    stated = sorted(float(item["stated"]) for item in data["findings"] if item["stated"])
    assert [f"{amount:.2f}" for amount in stated[:5]] == [row[5] for row in rows(tab, "findings")[:5]]
    tab.run("document.querySelector('#findings-table').focus()")
    tab.press("End")
    assert tab.run("document.querySelector('#findings-table tbody tr:last-child').id") == "findings-table-19999"
    tab.run("document.querySelector('#findings .scroll').scrollTop = 300000")
    tab.wait("document.querySelector('#findings-table tr[id]').ariaRowIndex < 12000")
    assert tab.run(kept) < 120


def printed(tab: Page, folder: Path) -> list[str]:
    """The text of each printed sheet, without the spaces and line ends that depend on its width."""
    tab.pdf(folder / "page.pdf")
    command = ["pdftotext", "-layout", str(folder / "page.pdf"), "-"]
    found = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout.decode()
    return [re.sub(r"\s", "", sheet) for sheet in found.split("\f")]


def test_printing_gives_all_rows_that_the_filters_leave_with_headings_on_every_sheet(
    opened: Open, tmp_path: Path
) -> None:
    data = overview(60, 300)
    tab = opened(data, "#severity=warning&status=grown")
    sheets = printed(tab, tmp_path)
    whole = "".join(sheets)
    grown = [item for item in data["departments"] if item["three_public_change"][:1] not in ("", "-")]
    warnings = [item for item in data["findings"] if item["severity"] == "warning"]
    listed = [sheet for sheet in sheets if "级别" in sheet and "差额" in sheet]

    assert "筛选：状态“三公”增长。共" in whole
    assert grown == [item for item in data["departments"] if f"{item['code']}2025" in whole]
    assert whole.count("！提示表") + whole.count("！提示克") >= len(warnings)
    assert not re.search("×错误克|·说明克", whole)
    assert len(listed) > 1
    assert all("说明" in sheet and "规则" in sheet for sheet in listed)
    # The page is as before.
    assert len(rows(tab, "findings")) < 60


def test_too_many_rows_for_paper_are_cut_and_the_sheet_says_so(opened: Open) -> None:
    tab = opened(overview(3, 2100))
    tab.run("dispatchEvent(new Event('beforeprint'))")  # the printer itself takes ten seconds over them

    kept = "document.querySelectorAll('#findings-table tbody tr[id]').length"
    assert tab.run(kept) == 2000
    tab.ask("Emulation.setEmulatedMedia", media="print")
    assert "共 2,100 条，只打印前 2,000 条；请先筛选，再分次打印。" in text(tab, "#findings .chosen")
    tab.ask("Emulation.setEmulatedMedia", media="")
    tab.run("dispatchEvent(new Event('afterprint'))")
    assert tab.run(kept) < 60


def test_the_same_data_make_the_same_page_in_one_file() -> None:
    made = page(overview(20, 100))

    assert page(overview(20, 100)) == made
    assert set(re.findall(r"https?://[^\"' ]+", made)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"<link|\bsrc=|@import|url\(", made)
