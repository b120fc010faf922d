"""A person reads a guide to the end: where to go, on a map and by distance; the forms, the sample of what is got."""

from __future__ import annotations

import re

from playwright.sync_api import expect as see


def guide_of(page, name="公共场所卫生许可"):
    page.goto(f"/search/?q={name}")
    page.get_by_role("link", name=name).first.click()
    see(page.get_by_role("heading", level=1)).to_contain_text(name)


def test_the_nearest_point_is_found_without_telling_anybody_where_one_is(page, look):
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 34.7065, "longitude": 109.2825})
    guide_of(page)
    names = page.locator(".hall-name")
    see(names.first).to_contain_text("阎良区政务大厅")
    see(page.get_by_role("region", name="服务点地图")).to_be_visible()
    page.wait_for_load_state("networkidle")  # the map has its boundary by then
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("button", name="按离我远近排列").click()
    see(names.first).to_contain_text(re.compile(r"关山街道便民服务中心\s*约 \d+ 米"))
    left = [url for url in asked if not url.endswith("/result.png")]  # the picture below comes into sight
    assert left == [], "the position stays on the device"
    page.get_by_role("button", name="阎良区政务大厅").click()
    see(page.locator(".leaflet-popup").get_by_role("link", name="阎良区政务大厅")).to_be_visible()
    look(page, "guide-points")


def test_all_points_of_the_district(page, look):
    page.goto("/points/")
    see(page.get_by_role("heading", level=1)).to_have_text("服务点")
    see(page.get_by_role("button", name="北屯街道便民服务中心")).to_be_visible()
    look(page, "points")


def test_a_refused_position_changes_nothing(phone):
    phone.goto("/points/")
    phone.get_by_role("button", name="按离我远近排列").click()
    see(phone.get_by_role("status").filter(has_text="没有得到您的位置")).to_be_visible()
    see(phone.locator(".hall-name").first).to_contain_text("阎良区政务大厅")


def test_forms_and_the_sample_are_there_to_take(desktop):
    guide_of(desktop)
    for name in ("空白申请表", "填写样例"):
        address = desktop.get_by_role("link", name=name, exact=True).first.get_attribute("href")
        answer = desktop.request.get(address)
        assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    picture = desktop.get_by_role("img", name="公共场所卫生许可证样本")
    picture.scroll_into_view_if_needed()
    see(picture).to_have_js_property("complete", True)
    assert picture.evaluate("picture => picture.naturalWidth") > 1000
    law = desktop.locator(".cat-law details").first
    law.locator("summary").click()
    see(law).to_contain_text("条文大意")
    see(law).to_contain_text("国家法律法规数据库")


def test_points_read_without_script(browser, site):
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/points/")
    see(page.locator(".hall-name").first).to_contain_text("阎良区政务大厅")
    see(page.locator(".hall-map-frame")).to_be_hidden()
    see(page.get_by_role("button", name="按离我远近排列")).to_be_hidden()
    guide_of(page)
    page.get_by_role("link", name="可以现场办理的服务点").click()
    see(page.locator(".hall-name").first).to_contain_text("阎良区政务大厅")
    context.close()
