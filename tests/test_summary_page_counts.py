"""The summary's page: who counts in its totals and rankings, what can be chosen, and that it fits a phone."""

import pytest

from tests.overview import overview
from tests.shown import Open, rows, text

LONG = "新疆维吾尔自治区克孜勒苏柯尔克孜自治州阿合奇县哈拉奇乡人民政府农业（畜牧业）发展服务中心" + "W" * 40


def test_workbooks_that_count_nowhere_are_in_no_total_and_no_ranking(opened: Open) -> None:
    data = overview(12, 60)
    largest = max(data["departments"], key=lambda one: float(one["three_public"]))
    worst = max(data["departments"], key=lambda one: one["errors"])
    for one in (largest, worst):
        one["not_counted"] = "重复"
    data["uncounted"] = "重复 2 个"
    counted = [one for one in data["departments"] if "not_counted" not in one]

    tab = opened(data)

    totals = text(tab, "#totals").split()
    broken = [one for one in counted if one["errors"]]
    assert totals[:2] == [str(len(counted)), "部门"]
    assert totals[2] == str(len(broken))
    shown = [int(number) for number in totals if number.isdigit()]
    assert shown[-2:] == [sum(one[key] for one in counted) for key in ("errors", "warnings")]
    known = [one for one in counted if one["three_public_change"]]
    assert f"“三公”经费（{len(known)} 个部门" in text(tab, "#whole")
    assert "以上各数和排名不计：重复 2 个。" in text(tab, "#whole")
    most = sorted(counted, key=lambda one: -float(one["three_public"]))[:8]
    drawn = "[...document.querySelectorAll('#largest .figure')].map(item => item.textContent)"
    assert tab.run(drawn) == [one["three_public"] for one in most]
    assert text(tab, "#untied").count(" 条错误") == min(5, len(broken))
    assert worst["department"] not in text(tab, "#untied")
    # They are there to be looked at, and say why.
    assert [row[1] for row in rows(tab, "departments")].count("－ 重复") == 2
    tab.click("#totals button")
    assert {row[0] for row in rows(tab, "departments")} == {one["department"] for one in counted}
    tab.choose("[data-state=status]", "uncounted")
    assert {row[0] for row in rows(tab, "departments")} == {largest["department"], worst["department"]}
    tab.choose("[data-state=status]", "error")
    assert len(rows(tab, "departments")) == len(broken)


def test_the_only_workbook_of_a_department_that_counts_goes_by_its_name(opened: Open) -> None:
    data = overview(3, 0)
    first, second, third = data["departments"]
    second |= {"department": first["department"], "not_counted": "年度不同"}
    tab = opened(data)

    shown = {row[0] for row in rows(tab, "departments")}

    assert shown == {first["department"], f"{second['file']}（{first['department']}）", third["department"]}


def test_nothing_can_be_chosen_that_there_never_is(opened: Open) -> None:
    tab = opened(overview(4, 40))
    options = "[...document.querySelector('[data-state={}]').options].map(option => option.value)"

    assert tab.run(options.format("severity")) == ["", "error", "warning"]
    assert "uncounted" not in tab.run(options.format("status"))


@pytest.mark.parametrize("width", [390, 820, 1366])
def test_nothing_reaches_over_the_edge(opened: Open, width: int) -> None:
    data = overview(9, 40)
    file = f"上交/{LONG}/{LONG}.xlsx"
    for item in data["departments"] + data["findings"]:
        item["department"] = f"{LONG}{item['department']}"
    data |= {"title": f"2025年{LONG}部门预算公开汇总", "uncounted": "重复 2 个、年度不同 1 个、没有写明部门 1 个"}
    reasons = {"department": LONG, "file": file, "kind": "重复", "reason": f"与“{file}”是同一个部门，请只留一份"}
    data |= {
        "left_out": [reasons],
        "without_last_year": [reasons],
        "unread_last_year": [f"上年工作簿 {file}：已损坏。"],
    }
    data["unreadable"] = [{"file": file, "message": f"{LONG}打不开。"}]
    data["departments"][0]["income"] = "123456789012.34"
    tab = opened(data, "#open=0", width=width)
    over = (
        "[...document.querySelectorAll('body *')].filter(item => !item.closest('.scroll table, svg')"
        " && item.getBoundingClientRect().right > innerWidth + 1).map(item => item.outerHTML.slice(0, 120))"
    )

    assert tab.run(over) == []
    tab.click("#close")
    assert tab.run("document.documentElement.scrollWidth") == width
    assert tab.run(over) == []
