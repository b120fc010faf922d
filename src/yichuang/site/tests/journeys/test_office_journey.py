"""Behind the counter: the system administrator sets a point's hours, the auditor reads in the log what was done."""

from __future__ import annotations

from playwright.sync_api import expect as see


def test_hours_are_set_and_the_log_says_so(visitor, look, expect, site):
    expect("422")
    keeper = visitor("desktop", "xitong")
    keeper.goto("/desk/calendar/")
    keeper.get_by_role("link", name="查看和设定各服务点的服务时间").click()
    look(keeper, "hours")
    keeper.get_by_role("link", name="凤凰路街道便民服务中心").click()
    see(keeper.locator("h1")).to_have_text("凤凰路街道便民服务中心")
    keeper.fill("[name=every]", "8点半到12点")
    keeper.keyboard.press("Enter")
    see(keeper.locator(".yc-errors")).to_contain_text("读不懂")
    look(keeper, "hours-wrong")
    keeper.fill("[name=every]", "08:30-12:00、13:30-17:30")
    keeper.get_by_label("周五").fill("08:30-12:00")
    keeper.keyboard.press("Enter")
    see(keeper.locator("main")).to_contain_text("本服务点单独设定了服务时间")
    look(keeper, "hours-set")
    answer = site.command(
        *("clock", "minutes", "--from", "2026-11-23T08:00", "--to", "2026-11-23T18:00", "--point", "610114001")
    )
    assert "450" in answer.stdout, (answer.stdout, answer.stderr)

    for size in ("phone", "desktop"):
        auditor = visitor(size, "shenji")
        auditor.goto("/desk/log/")
        look(auditor, "log")
        auditor.get_by_label("对象").fill("610114001")
        auditor.get_by_label("事件", exact=True).select_option(label="更改服务时间")
        auditor.get_by_role("button", name="筛选").click()
        see(auditor.locator("#list")).to_contain_text("服务时间 610114001")
        see(auditor.locator("#list")).to_contain_text("席系统")
        look(auditor, "log-hours")

    keeper.goto("/desk/posts/")
    keeper.get_by_label("服务点").select_option(label="凤凰路街道便民服务中心")
    keeper.fill("[name=name]", "街道综合窗口")
    keeper.get_by_role("button", name="保存").click()
    see(keeper.locator("table")).to_contain_text("凤凰路街道便民服务中心")
    look(keeper, "posts")
