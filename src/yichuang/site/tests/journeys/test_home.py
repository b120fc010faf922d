"""A visitor on the home page: searches in everyday words, switches language and text size, moves by keyboard."""

from __future__ import annotations

from playwright.sync_api import expect as see


def test_a_visitor_finds_what_they_need(page, look):
    page.goto("/")
    see(page.get_by_role("heading", level=1)).to_have_text("您想办什么事？")
    look(page, "home")
    page.get_by_role("searchbox").fill("开理发店")
    page.get_by_role("button", name="搜索").click()
    see(page.get_by_role("link", name="公共场所卫生许可").first).to_be_visible()
    look(page, "search")
    page.get_by_role("link", name="公共场所卫生许可").first.click()
    see(page.get_by_role("heading", level=1)).to_contain_text("公共场所卫生许可")
    look(page, "guide")


def test_an_everyday_situation_leads_to_its_items(phone):
    phone.goto("/")
    for name in phone.locator(".yc-situations a").all_inner_texts():
        phone.goto("/")
        phone.get_by_role("link", name=name.strip(), exact=True).click()
        see(phone.locator("main a[href^='/items/']").first).to_be_visible()


def test_large_text_and_language_are_kept(page, look):
    page.goto("/")
    page.get_by_role("button", name="适老版").click()
    see(page.get_by_role("button", name="标准版")).to_be_visible()
    see(page.locator("html")).to_have_css("font-size", "20px")
    look(page, "home-large")
    page.goto("/accessibility/")
    see(page.locator("html")).to_have_css("font-size", "20px")
    look(page, "accessibility-large")
    page.get_by_role("button", name="English").click()
    see(page.get_by_role("heading", level=1)).to_have_text("Accessibility")
    page.goto("/")
    see(page.get_by_role("heading", level=1)).to_have_text("What do you need to do?")
    look(page, "home-english")


def test_the_first_tab_skips_to_the_content(desktop):
    desktop.goto("/")
    desktop.keyboard.press("Tab")
    see(desktop.locator(":focus")).to_have_text("跳到主要内容")
    desktop.keyboard.press("Enter")
    assert desktop.evaluate("document.activeElement.id") == "main"


def test_it_reads_at_400_percent(visitor, look):
    page = visitor("desktop")
    page.set_viewport_size({"width": 320, "height": 640})
    for path in ("/", "/accessibility/", "/privacy/", "/accounts/login/"):
        page.goto(path)
        look(page, f"zoom{path.replace('/', '-')}")


def test_what_is_not_there_says_where_to_go(page, look, expect):
    expect("404")
    page.goto("/nothing-here/")
    see(page.get_by_role("heading", level=1)).to_have_text("没有找到这个页面")
    look(page, "not-found")


def test_it_works_without_script(browser, site):
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("searchbox").fill("换身份证")
    page.get_by_role("button", name="搜索").click()
    see(page.locator("main a[href^='/items/']").first).to_be_visible()
    context.close()
