"""A citizen on a phone applies; the clerk accepts at the desk."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from yichuang.cases.models import Case
from yichuang.catalogue.models import Item
from yichuang.core import calendar
from yichuang.site.demo import district, invent
from yichuang.site.demo.load import enter_people
from yichuang.site.tests.journeys.conftest import accessible

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db) -> None:
    calendar.seed()
    at = timezone.localtime()
    district.enter(at)
    enter_people(at)


def sign_in(page: Page, username: str) -> None:
    page.goto("/accounts/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", district.PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/accounts/login" not in url)


@pytest.mark.usefixtures("world")
def test_a_citizen_applies_on_a_phone_and_the_clerk_accepts(open_page):
    item = Item.objects.get(name="小餐饮经营许可")
    phone = open_page(phone=True)
    for url, name in (
        ("/", "home"),
        ("/search/?q=开个小饭馆", "search"),
        (f"/items/{item.pk}/", "guide"),
        ("/verify/", "verify"),
    ):
        phone.goto(url)
        accessible(phone, name)
    sign_in(phone, "zhangsan")
    phone.goto(f"/apply/{item.pk}/")
    accessible(phone, "apply-start")
    phone.locator("main form button[type=submit]").first.click()
    phone.wait_for_url("**/shop/")
    accessible(phone, "apply-form")
    phone.fill("[name='shop.name']", "好味道小吃店")
    phone.fill("[name='shop.address']", "西安市阎良区演示路1号")
    phone.fill("[name='shop.area']", "30")
    phone.locator("[name='shop.kinds']").first.check()
    phone.locator("main button[name=action][value=next]").last.click()
    phone.wait_for_url("**/hand-in/")
    accessible(phone, "apply-materials")
    for code in ("m3", "m4"):
        phone.set_input_files(
            f"#material-{code} input[type=file]",
            {"name": "scan.png", "mimeType": "image/png", "buffer": invent.picture(code)},
        )
        phone.locator(f"#material-{code}").get_by_text("scan.png").first.wait_for()
    phone.goto(phone.url.replace("hand-in", "contact-delivery"))
    accessible(phone, "apply-reach")
    phone.locator("[name='delivery.way'][value=electronic]").check()
    phone.locator("main button[name=action][value=next]").last.click()
    phone.wait_for_url("**/check-answers/")
    accessible(phone, "apply-check")
    phone.locator("[name=declared]").check()
    phone.locator("main form button[type=submit]").last.click()
    phone.wait_for_url("**/submitted/")
    accessible(phone, "submitted")
    number = Case.objects.get().number
    assert number in phone.inner_text("main")

    desk = open_page()
    sign_in(desk, "chuangkou")
    desk.goto("/desk/")
    accessible(desk, "worklist")
    desk.goto(f"/desk/cases/{number}/")
    accessible(desk, "case")
    desk.goto(f"/desk/cases/{number}/do/accept/")
    accessible(desk, "accept")
    desk.locator("#act form button[type=submit]").last.click()
    desk.wait_for_url(f"**/desk/cases/{number}/")
    assert Case.objects.get().state == "accepted"
    phone.goto(f"/my/cases/{number}/")
    accessible(phone, "my-case")
