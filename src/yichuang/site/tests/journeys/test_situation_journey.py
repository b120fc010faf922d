"""情形引导: a citizen on a phone answers one question and brings nothing; the window asks the same; an editor mends the grid."""

from __future__ import annotations

import re

from playwright.sync_api import expect as see

from yichuang.site.tests.journeys.steps import begin_draft

ITEM = "个体工商户设立登记"  # no other journey applies for it


def test_a_citizen_answers_one_question_and_is_asked_for_no_more_than_it_takes(visitor, look):
    phone = visitor("phone", "zhangsan")
    phone.goto("/search/?q=网店办执照")
    phone.goto(f"/search/?q={ITEM}")
    phone.get_by_role("link", name=ITEM).first.click()
    asked = phone.locator("#situation")
    asked.get_by_label("租用、借用房屋").check()
    see(asked).to_contain_text("经营场所使用相关文件")
    see(asked.locator(".cat-ticked")).to_contain_text("经营场所使用相关文件")
    asked.get_by_label("只在网上经营，用网络经营场所登记").check()
    see(asked.locator(".cat-crossed")).to_contain_text("由网络交易平台提供网店信息")
    see(asked).to_contain_text("不用带材料")
    look(phone, "guide-situation")
    asked.get_by_role("link", name="按这种情形在线申请").click()
    see(phone.locator("main")).to_contain_text("按您选的情形")
    look(phone, "apply-start-situation")
    phone.locator("main form button[type=submit]").first.click()
    phone.wait_for_url("**/shop/")
    phone.go_back()
    phone.go_forward()
    for name, words in {
        "name": "阎良区演示网店",
        "address": "网络经营场所：演示平台一号店",
        "scope": "通过网络销售日用百货",
    }.items():
        phone.fill(f"[name='shop.{name}']", words)
    phone.get_by_label("个人经营").check()
    phone.locator("main button[name=action][value=next]").last.click()
    phone.wait_for_url("**/hand-in/")
    see(phone.locator("main")).not_to_contain_text("经营场所使用相关文件")
    phone.goto(phone.url.replace("hand-in", "situation"))
    see(phone.get_by_label("只在网上经营，用网络经营场所登记")).to_be_checked()
    look(phone, "apply-situation")
    phone.goto(phone.url.replace("situation", "contact-delivery"))
    phone.locator("[name='delivery.way']").first.check()
    phone.locator("main button[name=action][value=next]").last.click()
    phone.wait_for_url("**/check-answers/")
    see(phone.locator("main")).to_contain_text("只在网上经营")
    phone.locator("[name=declared]").check()
    phone.locator("main form button[type=submit]").last.click()
    phone.wait_for_url("**/submitted/")
    number = re.search(r"/my/cases/([^/]+)/", phone.url)[1]
    clerk = visitor("desktop", "chuangkou")
    clerk.goto(f"/desk/cases/{number}/")
    see(clerk.locator("main")).to_contain_text("只在网上经营")
    see(clerk.locator("main")).not_to_contain_text("经营场所使用相关文件")


def test_the_window_shows_only_what_the_situation_asks(visitor, look):
    clerk = visitor("desktop", "chuangkou")
    clerk.goto(f"/desk/intake/?q={ITEM}")
    clerk.locator("#found a", has_text=ITEM).first.click()
    clerk.fill("[name=id_number]", "610114199003070011")
    clerk.locator("main form button[type=submit]").first.click()
    if clerk.locator("[name=name]").count():
        clerk.fill("[name=name]", "窗口演示人")
        clerk.fill("[name=phone]", "13900000077")
        clerk.locator("main form button[type=submit]").first.click()
    row = clerk.locator("[data-material]", has_text="经营场所使用相关文件")
    see(row).to_be_visible()
    clerk.get_by_label("自有房屋").check()
    see(row).to_be_hidden()
    clerk.get_by_label("租用、借用房屋").check()
    see(row).to_be_visible()
    look(clerk, "intake-situation")


def test_an_editor_writes_the_grid_and_its_examples_watch_over_it(visitor, look):
    editor = visitor("desktop", "shixiang")
    begin_draft(editor, ITEM)
    editor.get_by_role("link", name="编辑情形引导").click()
    page = editor.locator("#situations")
    see(page).to_contain_text("没有发现问题：3 种情形各有一行")
    page.get_by_label("选项，每行一个").fill(
        "own=自有房屋\nrented=租用、借用房屋\nnetwork=只在网上经营\nmarket=集中市场内的摊位"
    )
    page.get_by_role("button", name="按改过的选项更新决策表").click()
    see(page).to_contain_text("有1种回答没有对应的行")
    look(editor, "situations-lacking")
    page.get_by_role("button", name="补齐没有行的情形").click()
    see(page.locator("tbody tr")).to_have_count(4)
    see(page).to_contain_text("没有发现问题：4 种情形各有一行")
    page.get_by_label("不用交“经营场所使用相关文件”的理由").nth(3).fill("由市场开办者统一提供")
    page.locator("[name='try.premises']").select_option("market")
    see(page).to_contain_text("符合第 4 行")
    page.get_by_label("用例名称").fill("市场摊位")
    page.get_by_role("button", name="把这个结果存为用例").click()
    see(page).to_contain_text("市场摊位")
    page.get_by_label("不用交“经营场所使用相关文件”的理由").nth(0).fill("")
    page.get_by_label("用例名称").click()
    see(page).to_contain_text("用例“自家铺面”的结果与存下的不同：所需材料")
    look(editor, "situations-example-fails")
    page.get_by_role("button", name="改为现在的结果").click()
    see(page).to_contain_text("没有发现问题")
    page.get_by_role("button", name="保存", exact=True).click()
    see(editor.locator("body")).to_contain_text("已保存")
    see(editor.locator("#situations")).to_contain_text("市场摊位")
    look(editor, "situations-saved")
