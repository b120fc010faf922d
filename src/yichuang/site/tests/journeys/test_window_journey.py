"""At the window: a company's licence from the counter to the counter, and somebody who was never here before.

The clerk works by keyboard wherever that is the quicker way: Enter sends, Ctrl+Enter sends a long form.
"""

from __future__ import annotations

import re
from random import Random

from playwright.sync_api import Page
from playwright.sync_api import expect as see

from yichuang.core import qr
from yichuang.site.demo import invent
from yichuang.site.tests.journeys.steps import act

COMPANY = "西安晨星宾馆有限公司（演示）"
PHONES = (
    "from yichuang.reviews.models import Invitation\nprint(Invitation.objects.get(about='case:{}', phase='{}').token)"
)


def scan(code: str) -> dict[str, object]:
    return {"name": f"{code}.png", "mimeType": "image/png", "buffer": invent.picture(code)}


def photographed(page: Page, site, number: str, phase: str) -> str:
    """The address that a telephone reads from the receipt: the code that is drawn there must be this address's."""
    token = site.ask(PHONES.format(number, phase))
    address = f"{site.url}/rate/{token}/?from=qr"
    drawn = page.locator(".cases-slip-codes .cases-qr", has_text="评价").locator("svg path").last.get_attribute("d")
    assert f'd="{drawn}"' in qr.svg(address, scale=0), "the code on the receipt leads elsewhere"
    return address


def test_a_company_s_licence_from_counter_to_counter(visitor, look, expect, site, credit):
    expect("422")  # a form with a gap, shown again with what is wrong
    number_of_company = site.ask(
        f"from yichuang.identity.models import Applicant\nprint(Applicant.objects.get(name={COMPANY!r}).id_number)"
    )
    clerk = visitor("desktop", "chuangkou")
    clerk.goto("/desk/intake/")
    look(clerk, "window-intake")
    see(clerk.locator("#q")).to_be_focused()
    clerk.keyboard.type("开理发店")
    see(clerk.locator("#found").get_by_role("link", name="公共场所卫生许可").first).to_be_visible()
    look(clerk, "window-found")
    clerk.keyboard.press("ArrowDown")
    see(clerk.locator("#found").get_by_role("link", name="公共场所卫生许可").first).to_be_focused()
    clerk.keyboard.press("Enter")
    see(clerk.locator("[name=id_number]")).to_be_focused()
    look(clerk, "window-who")
    clerk.keyboard.type(number_of_company)
    clerk.keyboard.press("Enter")
    see(clerk.locator("main")).to_contain_text(COMPANY)
    look(clerk, "window-form")
    see(clerk.locator("[name='place.name']")).to_have_value(COMPANY)
    see(clerk.locator("[name='place.kind']").first).to_be_focused()
    clerk.keyboard.press("Space")
    see(clerk.locator("[name='place.kind'][value=住宿场所]")).to_be_checked()
    clerk.fill("[name='place.scope']", "住宿")
    clerk.fill("[name='place.area']", "860")
    clerk.fill("[name='people.staff_count']", "12")
    clerk.keyboard.press("Control+Enter")
    see(clerk.locator(".yc-errors")).to_contain_text("持有效健康合格证明人数")
    look(clerk, "window-form-wrong")
    clerk.fill("[name='people.health_certified']", "12")
    for code in ("m3", "m4", "m5"):
        row = clerk.locator(f"tr[data-material]:has([name='file.{code}'])")
        row.locator("[data-tick-all]").click()
        see(row.locator("[data-copies]")).not_to_have_value("")
        row.locator("input[type=file]").set_input_files(scan(code))
    look(clerk, "window-form-full")
    clerk.keyboard.press("Control+Enter")
    clerk.wait_for_url("**/intake/done/**")
    number = re.search(r"/done/([^/]+)/", clerk.url).group(1)
    see(clerk.locator("main")).to_contain_text("已受理")
    see(clerk.locator(".cases-slip")).to_contain_text(number)
    see(clerk.get_by_role("link", name="下一位：同一事项")).to_be_focused()
    see(clerk.locator(".cases-slip-codes svg")).to_have_count(2)
    look(clerk, "window-receipt")
    service = photographed(clerk, site, number, "service")
    voucher = clerk.get_by_role("link", name="受理通知书")
    paper = clerk.request.get(voucher.get_attribute("href"))
    assert paper.headers["content-type"] == "application/pdf"
    assert paper.body().startswith(b"%PDF")

    handler, reviewer = visitor("desktop", "chengban"), visitor("desktop", "shenhe")
    handler.goto("/desk/")
    look(handler, "window-handler-list")
    handler.goto(f"/desk/cases/{number}/")
    look(handler, "window-handler-case")
    handler.goto(f"/desk/cases/{number}/do/pass_step/")
    look(handler, "window-pass-step")
    act(handler, number, "pass_step", "布局、设施和检测报告符合要求，拟同意。")
    act(reviewer, number, "pass_step", "复核无误。")
    reviewer.goto(f"/desk/cases/{number}/do/grant/")
    look(reviewer, "window-grant")
    act(reviewer, number, "grant", "同意。")
    handler.goto(f"/desk/cases/{number}/do/issue/")
    look(handler, "window-issue")
    act(handler, number, "issue")

    clerk.goto(f"/desk/cases/{number}/do/deliver/")
    look(clerk, "window-deliver")
    see(clerk.locator("#act [name=tracking]")).to_be_hidden()
    see(clerk.locator("#act [name=way][value=counter]")).to_be_checked()
    clerk.fill("#act [name=recipient]", "")
    clerk.locator("#act [data-send-button]").click()
    see(clerk.locator("#act .yc-errors")).to_contain_text("领取人")
    look(clerk, "window-deliver-wrong")
    clerk.fill("#act [name=recipient]", "李四（演示）")
    clerk.keyboard.press("Control+Enter")
    clerk.wait_for_url(f"**/desk/cases/{number}/")
    see(clerk.locator("main")).to_contain_text("已办结")
    see(clerk.locator("main")).to_contain_text("以窗口领取方式送达")
    look(clerk, "window-closed")

    stranger = visitor("phone")
    identifier = re.search(r"1\.2\.156\.3005\.2\.[\w.]+", clerk.inner_text("main")).group(0)
    stranger.goto("/verify/")
    stranger.fill("[name=identifier]", identifier)
    stranger.locator("main form button[type=submit]").first.click()
    see(stranger.locator("main")).to_contain_text("证照有效")
    look(stranger, "window-verified")
    stranger.goto("/results/?q=晨星宾馆")
    see(stranger.locator("main")).to_contain_text("公共场所卫生许可")
    look(stranger, "window-results")

    record = credit.record_of(COMPANY)
    assert record["XK_XDR_MC"] == COMPANY
    assert record["XK_NR"] == f"准予{COMPANY}在西安市阎良区凤凰路街道演示路18号从事住宿场所（宾馆、旅店、招待所）经营"
    assert record["XK_XDR_LB"] == "法人及非法人组织"
    assert record["XK_XDR_SHXYM"] == number_of_company
    assert record["XK_XDR_ZJHM"] == ""
    assert record["XK_XKZS"] == "公共场所卫生许可证"
    assert record["XK_WSH"] in clerk.inner_text("main")
    assert record["XK_XKJG"] == "阎良区行政审批服务局"
    assert record["XK_ZT"] == "1"
    assert record["XK_YXQZ"] < record["XK_YXQZI"]
    see(stranger.locator("main")).to_contain_text(record["XK_WSH"])

    phone = visitor("phone")
    phone.goto(service)
    look(phone, "window-rate")
    phone.locator("[name=level][value=satisfied]").check()
    phone.locator("main form button[type=submit]").last.click()
    see(phone.locator("main")).to_contain_text("谢谢")
    look(phone, "window-rated")
    phone.goto(service)
    see(phone.locator("main [name=level]")).to_have_count(0)

    assert site.command("log", "verify").returncode == 0
    sent = [line for line in credit.lines() if line["record"]["XK_XDR_MC"] == COMPANY]
    assert len(sent) == 1, "each record goes out once"


def test_somebody_who_was_never_here_before(visitor, look, expect, site):
    clerk = visitor("desktop", "chuangkou")
    clerk.goto("/desk/intake/?q=小餐饮经营许可")
    clerk.locator("#found").get_by_role("link", name="小餐饮经营许可").first.click()
    clerk.fill("[name=id_number]", "610114199001010008")
    expect("422")
    clerk.keyboard.press("Enter")
    see(clerk.locator(".yc-errors")).to_be_visible()
    look(clerk, "window-who-wrong")
    clerk.fill("[name=id_number]", invent.citizen_id(Random(77)))
    clerk.keyboard.press("Enter")
    see(clerk.locator("main")).to_contain_text("没有登记过")
    see(clerk.locator("[name=name]")).to_be_focused()
    look(clerk, "window-new")
    clerk.keyboard.type("赵六（演示）")
    clerk.fill("[name=phone]", "19000000066")
    clerk.fill("[name=address]", "西安市阎良区演示路6号")
    clerk.keyboard.press("Enter")
    see(clerk.locator("[name='shop.owner']")).to_have_value("赵六（演示）")
    clerk.fill("[name='shop.name']", "赵六面馆")
    clerk.fill("[name='shop.address']", "西安市阎良区演示路6号")
    clerk.fill("[name='shop.area']", "28")
    clerk.locator("[name='shop.kinds'][value=面食小吃]").check()
    row = clerk.locator("tr[data-material]:has([name='file.m3'])")
    row.locator("[data-tick-all]").click()
    clerk.locator("[name=outcome][value=correct]").check()
    what = clerk.locator("[name='what.m4']")
    see(what).to_be_visible()
    what.fill("缺四处场所照片，请补交。")
    look(clerk, "window-correct")
    clerk.keyboard.press("Control+Enter")
    clerk.wait_for_url("**/intake/done/**")
    see(clerk.locator("main")).to_contain_text("补正")
    look(clerk, "window-receipt-correct")
    number = re.search(r"/done/([^/]+)/", clerk.url).group(1)

    clerk.goto(f"/desk/cases/{number}/")
    look(clerk, "window-case-correct")
    assert site.command("log", "verify").returncode == 0
