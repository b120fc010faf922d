"""A citizen on a phone applies; the clerk accepts at the desk; the citizen sees it."""

from __future__ import annotations

import re

from playwright.sync_api import expect as see

from yichuang.site.demo import invent


def test_a_citizen_applies_on_a_phone_and_the_clerk_accepts(visitor, look, site):
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
    assert site.command("log", "verify").returncode == 0
