"""A citizen on a phone applies; the desk accepts, reviews, grants, issues and delivers; anybody verifies; the citizen rates."""

from __future__ import annotations

import re

from playwright.sync_api import expect as see

from yichuang.site.demo import invent
from yichuang.site.tests.journeys.steps import act


def test_from_a_phone_to_the_published_licence_and_the_rating(visitor, look, site, credit):
    phone = visitor("phone", "zhangsan")
    phone.goto("/search/?q=开个小饭馆")
    phone.get_by_role("link", name="小餐饮经营许可").first.click()
    item = re.search(r"/items/(\d+)/", phone.url).group(1)
    for path, name in (("/", "home-signed-in"), ("/verify/", "verify"), (f"/apply/{item}/", "apply-start")):
        phone.goto(path)
        look(phone, name)
    phone.locator("main form button[type=submit]").first.click()
    phone.wait_for_url("**/shop/")
    look(phone, "apply-form")
    phone.fill("[name='shop.name']", "好味道小吃店")
    phone.fill("[name='shop.address']", "西安市阎良区演示路1号")
    phone.fill("[name='shop.area']", "30")
    phone.locator("[name='shop.kinds']").first.check()
    phone.locator("main button[name=action][value=next]").last.click()
    phone.wait_for_url("**/hand-in/")
    look(phone, "apply-materials")
    for code in ("m3", "m4"):
        scan = {"name": "scan.png", "mimeType": "image/png", "buffer": invent.picture(code)}
        phone.set_input_files(f"#material-{code} input[type=file]", scan)
        see(phone.locator(f"#material-{code}").get_by_text("scan.png").first).to_be_visible()
    phone.goto(phone.url.replace("hand-in", "contact-delivery"))
    look(phone, "apply-reach")
    phone.locator("[name='delivery.way'][value=electronic]").check()
    phone.locator("main button[name=action][value=next]").last.click()
    phone.wait_for_url("**/check-answers/")
    look(phone, "apply-check")
    phone.locator("[name=declared]").check()
    phone.locator("main form button[type=submit]").last.click()
    phone.wait_for_url("**/submitted/")
    look(phone, "submitted")
    number = re.search(r"/my/cases/([^/]+)/", phone.url).group(1)
    see(phone.locator("main")).to_contain_text(number)

    desk = visitor("desktop", "chuangkou")
    desk.goto("/desk/")
    look(desk, "worklist")
    desk.goto(f"/desk/cases/{number}/")
    look(desk, "case")
    desk.goto(f"/desk/cases/{number}/do/accept/")
    look(desk, "accept")
    desk.locator("#act form button[type=submit]").last.click()
    desk.wait_for_url(f"**/desk/cases/{number}/")

    phone.goto(f"/my/cases/{number}/")
    see(phone.locator("main")).to_contain_text("已受理")
    look(phone, "my-case")

    handler, reviewer = visitor("desktop", "chengban"), visitor("desktop", "shenhe")
    act(handler, number, "pass_step", "符合条件，拟同意。")
    act(reviewer, number, "grant", "同意。")
    act(handler, number, "issue")
    act(desk, number, "deliver")
    look(desk, "closed")

    phone.goto("/my/licences/")
    look(phone, "licences")
    phone.locator("main a[href*='/my/licences/1.2.156']").first.click()
    look(phone, "licence")
    identifier = re.search(r"1\.2\.156\.3005\.2\.[\w.]+", phone.inner_text("main")).group(0)
    stranger = visitor("phone")
    stranger.goto("/verify/")
    stranger.fill("[name=identifier]", identifier)
    stranger.locator("main form button[type=submit]").first.click()
    see(stranger.locator("main")).to_contain_text("证照有效")
    look(stranger, "verified")
    stranger.goto("/results/?q=小餐饮")
    see(stranger.locator("main")).to_contain_text("小餐饮经营许可")
    look(stranger, "results")

    record = credit.record_of("好味道小吃店")
    assert record["XK_NR"] == "准予好味道小吃店在西安市阎良区演示路1号从事小餐饮经营：热食"
    assert record["XK_XDR_MC"] == "张三（演示）"
    assert record["XK_XDR_LB"] == "自然人"
    assert record["XK_XDR_ZJLX"] == "身份证"
    assert record["XK_XKBH"] != ""
    assert record["XK_WSH"] in stranger.inner_text("main")
    assert record["XK_XDR_ZJHM"] not in stranger.content(), "the platform is told the number, the public is not"

    phone.goto(f"/my/cases/{number}/")
    phone.locator("main a[href^='/rate/']").first.click()
    look(phone, "rate")
    phone.locator("[name=level][value=very_satisfied]").check()
    phone.locator("main form button[type=submit]").last.click()
    see(phone.locator("main")).to_contain_text("谢谢")
    look(phone, "rated")
    assert site.command("log", "verify").returncode == 0
    assert len([line for line in credit.lines() if "好味道小吃店" in line["record"]["XK_NR"]]) == 1, "sent once"
