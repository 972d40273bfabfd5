"""The summary's page in a real browser, opened from disk: sorted, filtered, clicked, typed at, linked to."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.overview import overview
from tests.shown import Open, headings, rows, sort, text

HEAD = {"title": "汇总", "when": "", "gouji": "1", "form": "", "from_zero": ""}


@pytest.mark.parametrize("key", ["income", "three_public_before", "three_public_change", "operating_rate", "warnings"])
def test_figures_are_sorted_as_numbers_both_ways_and_blanks_stay_last(opened: Open, key: str) -> None:
    data = overview(16, 60)
    tab = opened(data)
    order = (
        *("department", "status", "errors", "warnings", "unchecked", "income", "spending", "three_public"),
        *("three_public_before", "three_public_change", "three_public_rate", "operating", "operating_before"),
        *("operating_change", "operating_rate"),
    )
    known = [item for item in data["departments"] if item[key] != ""]
    blank = [item["department"] for item in data["departments"] if item[key] == ""]
    by_key = [sorted(known, key=lambda item: float(item[key]), reverse=reverse) for reverse in (True, False)]
    expected = [[item["department"] for item in half] + blank for half in by_key]
    # Equals and blanks stay as they came, whichever way.
    found = []
    for direction in ("descending", "ascending"):
        assert sort(tab, "departments", order.index(key)) == direction
        found.append([row[0] for row in rows(tab, "departments")])

    assert expected == found
    assert tab.run("document.querySelectorAll('#departments-table [aria-sort]:not([aria-sort=none])').length") == 1


def test_every_column_of_both_tables_sorts(opened: Open) -> None:
    tab = opened(overview(12, 40))

    for name in ("departments", "findings"):
        count = len(rows(tab, name))
        for column, heading in enumerate(headings(tab, name)):
            orders = set()
            for _ in range(2):
                orders.add(sort(tab, name, column))
                seen = [row[column] for row in rows(tab, name)]
                assert count == len(seen)
                assert seen == sorted(seen, key=lambda shown: shown == "—"), heading
            assert {"ascending", "descending"} == orders


def test_filters_combine_and_the_count_says_how_many(opened: Open) -> None:
    data = overview(3, 4000)
    tab = opened(data)
    left = data["findings"]
    name = data["departments"][2]["department"]
    tab.run("document.querySelector('[data-state=q]').focus()")
    tab.type("应等于  \u3000表3!e1")

    left = [item for item in left if "应等于" in item["message"] and "表3!E1" in item["message"]]
    assert text(tab, "#findings .count") == f"显示 {len(left):,} / 共 4,000 条"
    for key, value in (("department", name), ("severity", "error"), ("rule", "X17"), ("table", "表10")):
        tab.choose(f"[data-state={key}]", value)
        before, left = left, [item for item in left if item[key] == value]
        assert 0 < len(left) < len(before)
        assert text(tab, "#findings .count") == f"显示 {len(left)} / 共 4,000 条"
    assert {(f"表10!{item['cell']}", item["message"]) for item in left} == {
        (row[2], row[4]) for row in rows(tab, "findings")
    }
    tab.click("#findings .reset")
    assert text(tab, "#findings .count") == "显示 4,000 / 共 4,000 条"


@pytest.mark.parametrize(
    ("status", "belongs"),
    [
        ("error", lambda item: item["errors"] > 0),
        ("clean", lambda item: item["errors"] == 0),
        ("unchecked", lambda item: item["unchecked"] > 0),
        ("grown", lambda item: item["three_public_change"][:1] not in ("", "-")),
        ("incomparable", lambda item: item["three_public_change"] == ""),
    ],
)
def test_departments_are_filtered_by_status_and_text(
    opened: Open, status: str, belongs: Callable[[dict[str, Any]], bool]
) -> None:
    data = overview(40, 30)
    tab = opened(data)
    tab.choose("[data-state=status]", status)
    tab.run("document.querySelector('[data-state=dq]').focus()")
    tab.type("教育")

    expected = {item["department"] for item in data["departments"] if belongs(item) and "教育" in item["department"]}
    assert expected == {row[0] for row in rows(tab, "departments")}


def test_a_click_leads_from_the_department_to_the_finding_to_its_cell_and_relation(opened: Open) -> None:
    data = overview(8, 80)
    tab = opened(data, "#severity=error&rule=X09")
    tab.click("#departments-table tbody tr[id]")
    name = rows(tab, "departments")[0][0]
    mine = [item for item in data["findings"] if item["department"] == name]

    assert tab.run("document.querySelector('[data-state=department]').value") == name
    assert len(rows(tab, "findings")) == len(mine)  # what was chosen before would hide some of them
    tab.click("#findings-table tbody tr[id]")
    first = next(item for item in mine if item["severity"] == "error")
    shown = text(tab, "#detail")
    for expected in (
        f"{first['sheet']}!{first['cell']}",
        *first["relation"].values(),
        *(first[key] for key in ("message", "advice", "file", "suspect")),
        f"{first['stated']} 万元",
        f"{first['expected']} 万元",
    ):
        assert expected.removeprefix("疑似 ") in shown
    assert "× 错误" in shown


def test_everything_is_reached_by_tab_and_the_list_by_arrows(opened: Open) -> None:
    tab = opened(overview(12, 50))
    every = tab.run(
        "(() => { let i = 0; for (const item of document.querySelectorAll('button, input, select, table'))"
        " if (item.offsetParent) item.dataset.stop = i++; return i; })()"
    )
    reached = []
    for _ in range(every):
        tab.press("Tab")
        reached.append(tab.run("document.activeElement.dataset.stop"))
        assert tab.run("document.activeElement.matches(':focus-visible')")

    assert [str(number) for number in range(every)] == reached
    tab.run("document.querySelector('#findings-table').focus()")
    tab.press("ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp", "Enter")
    third = rows(tab, "findings")[2]
    assert third[2] == text(tab, "#detail .place")
    assert tab.run("document.activeElement.id") == "detail"
    tab.press("Tab", "Tab", "Enter")  # 上一条, 下一条
    fourth = rows(tab, "findings")[3]
    assert fourth[2] == text(tab, "#detail .place")
    assert fourth[2] == tab.run("document.querySelector('#findings-table tr[aria-selected=true]').cells[2].innerText")
    tab.press("Escape")
    assert tab.run("document.querySelector('#detail').hidden")
    assert tab.run("document.activeElement.id") == "findings-table"
    tab.press("Enter")
    assert fourth[2] == text(tab, "#detail .place")
    tab.press("Escape", "End", "Enter")
    assert rows(tab, "findings")[-1][2] == text(tab, "#detail .place")


def test_the_address_brings_back_what_was_shown_and_back_undoes(opened: Open) -> None:
    data = overview(6, 200)
    tab = opened(data)
    tab.choose("[data-state=table]", "表3")
    sort(tab, "findings", 2)
    sort(tab, "findings", 2)
    tab.run("document.querySelector('[data-state=dq]').focus()")
    tab.type("教育")
    tab.click("#findings-table tbody tr[id]")
    tab.wait("location.hash.includes('open=') && location.hash.includes('dq=')")
    here = {name: rows(tab, name) for name in ("departments", "findings")} | {"detail": text(tab, "#detail")}

    other = opened(data, tab.run("location.hash"))
    assert here == {name: rows(other, name) for name in ("departments", "findings")} | {
        "detail": text(other, "#detail")
    }
    for _ in range(4):
        tab.run("new Promise(done => { addEventListener('popstate', () => done(), {once: true}); history.back(); })")
    assert tab.run("document.querySelector('#detail').hidden")
    assert text(tab, "#findings .count") == "显示 200 / 共 200 条"


def test_an_address_that_makes_no_sense_is_as_none(opened: Open) -> None:
    tab = opened(overview(6, 20), "#department=无此局&fsort=constructor&status=x&open=999&severity=%00&dsort=-")

    assert text(tab, "#findings .count") == "显示 20 / 共 20 条"
    assert text(tab, "#departments .count") == "显示 6 / 共 6 条"
    assert tab.run("document.querySelector('#detail').hidden")
    assert tab.seen.complaints == []


def test_the_head_counts_what_there_is_and_ranks_it(opened: Open) -> None:
    data = overview(40, 60)
    tab = opened(data)
    broken = [item for item in data["departments"] if item["errors"]]
    most = sorted(data["departments"], key=lambda item: -float(item["three_public"]))[:8]
    totals = text(tab, "#totals").split()

    assert ["40", "部门", str(len(broken)), "×", "有错误的部门", str(40 - len(broken))] == totals[:6]
    assert [item["three_public"] for item in most] == tab.run(
        "[...document.querySelectorAll('#largest .figure')].map(item => item.textContent)"
    )
    described = tab.run("document.getElementById('changes-description').textContent")
    assert described.count("；") == 7
    assert described.endswith("（万元）")
    tab.click("#untied .names button")
    assert len(rows(tab, "findings")) == sum(
        item["department"] == max(broken, key=lambda department: department["errors"])["department"]
        for item in data["findings"]
    )


def test_without_departments_last_year_or_findings_the_page_says_so(opened: Open) -> None:
    tab = opened(HEAD | {"departments": [], "findings": [], "unreadable": []})
    whole = text(tab, "body")

    assert "没有可比的上年数" in whole
    assert "没有符合条件的记录" in whole
    assert "显示 0 / 共 0 条" in whole
    assert not re.search("NaN|undefined|null|Infinity", whole)
    assert tab.run("document.querySelector('#unreadable').hidden && document.querySelector('#left-out').hidden")
    tab.press("Tab", "Tab", "Tab", "Tab", "Enter")
    assert tab.seen.complaints == []


def test_two_workbooks_of_one_department_are_told_apart(opened: Open) -> None:
    data = overview(4, 40)
    for item in data["departments"] + data["findings"]:
        if item["file"][5:8] in ("001", "003"):
            item["department"] = "甲局"
    files = [data["departments"][number]["file"] for number in (0, 2)]
    data["left_out"] = [{"file": file, "kind": "重复", "reason": "请只留一份"} for file in files]
    tab = opened(data)

    assert {f"{file}（甲局）" for file in files} <= {row[0] for row in rows(tab, "departments")}
    tab.choose("[data-state=department]", f"{files[1]}（甲局）")
    assert len(rows(tab, "findings")) == sum(item["file"] == files[1] for item in data["findings"])
    assert all(f"{file} 重复：请只留一份" in text(tab, "#left-out") for file in files)


def test_figures_that_the_form_does_not_compare_are_blank(opened: Open) -> None:
    data = overview(4, 10)
    for item in data["departments"]:
        for key in [key for key in item if key.startswith(("three_public", "operating", "income"))]:
            del item[key]
    tab = opened(data)

    assert all(row[5] == "—" and row[7:15] == ["—"] * 8 for row in rows(tab, "departments"))
    assert not re.search("NaN|undefined|null", text(tab, "body"))
    assert tab.seen.complaints == []


def test_growth_from_nothing_is_said_to_be_called_what_it_is_called(opened: Open) -> None:
    data = overview(3, 0)
    note = "上年为零、本年有数的，增长率按 100.00% 列示"
    assert note not in text(opened(data), "#whole")
    data["departments"][1] |= {"operating": "3.00", "operating_before": "0.00", "operating_change": "3.00"}
    data["departments"][1]["operating_rate"] = "100.00"

    assert note in text(opened(data), "#whole")
