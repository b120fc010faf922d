"""A search that finds nothing leads a citizen to a person; an editor calls back, answers, and asks one thing more in the form."""

from __future__ import annotations

import re

from playwright.sync_api import expect as see

from yichuang.site.tests.journeys.steps import begin_draft

WORDS = "火星移民签证"
ITEM = "设置大型户外广告"  # no other journey changes it


def test_what_is_not_found_is_told_called_back_and_answered(visitor, look, expect):
    expect("422")
    citizen = visitor("phone")
    citizen.goto(f"/search/?q={WORDS}")
    citizen.get_by_role("link", name="没有找到想办的事？告诉我们").click()
    see(citizen.get_by_label("您搜索的说法")).to_have_value(WORDS)
    citizen.get_by_label("联系电话").fill("12")
    citizen.get_by_role("button", name="提交", exact=True).click()
    see(citizen.locator("main")).to_contain_text("11位手机号码")
    citizen.get_by_label("您想办什么事").fill("想去火星，找谁办签证？")
    citizen.get_by_label("联系电话").fill("13900000188")
    look(citizen, "ask")
    citizen.get_by_role("button", name="提交", exact=True).click()
    see(citizen.locator("main")).to_contain_text("工作人员会在上班时间给您回电")
    citizen.go_back()
    citizen.go_forward()

    editor = visitor("desktop", "shixiang")
    editor.goto("/desk/catalogue/needs/")
    row = editor.locator("tbody tr", has_text=WORDS)
    see(row).to_contain_text("139****0188")
    look(editor, "needs")
    row.get_by_role("link").first.click()
    editor.get_by_text("查看完整电话").click()
    editor.get_by_label("查看用途").fill("回电")
    editor.get_by_role("button", name="查看（将记录在案）").click()
    see(editor.locator("main")).to_contain_text("13900000188")
    editor.get_by_label("已回电").check()
    editor.get_by_label("备注").fill("已说明本地不办")
    editor.get_by_role("button", name="登记", exact=True).click()
    editor.goto("/desk/catalogue/unanswered/")
    look(editor, "unanswered")
    editor.get_by_role("link", name=WORDS).click()
    editor.get_by_label("不归本地办理").check()
    editor.get_by_label("理由").fill("本地不办理出境签证")
    editor.get_by_label("给群众的建议").fill("请向目的地的签证机关咨询。")
    look(editor, "question")
    editor.get_by_role("button", name="提交答复").click()
    citizen.goto(f"/search/?q={WORDS}")
    see(citizen.locator("main")).to_contain_text("请向目的地的签证机关咨询")
    look(citizen, "search-answered")


def test_the_form_is_edited_page_by_page_and_seen_on_paper(visitor, look):
    editor = visitor("desktop", "shixiang")
    begin_draft(editor, ITEM)
    editor.get_by_role("link", name="编辑申请表单").click()
    page = editor.locator("#formgrid")
    page.get_by_role("button", name="加一个字段").click()
    field = page.locator("details.ed-row[open]").last
    field.get_by_label("问什么").fill("夜间是否亮灯")
    field.get_by_label("类型").select_option(label="单选")
    see(page.locator("#fg-found")).to_contain_text("缺少选项")
    field.get_by_label("选项，每行一个").fill("亮\n不亮")
    field.get_by_label("说明").click()
    see(page.locator("#fg-found")).not_to_contain_text("缺少选项")
    look(editor, "form-grid")
    page.get_by_role("button", name="保存", exact=True).click()
    see(editor.locator("body")).to_contain_text("已保存")
    see(editor.locator("#formgrid")).to_contain_text("夜间是否亮灯")
    paper = re.sub(r"form/$", "form.pdf", editor.url)
    answer = editor.request.get(paper)
    assert answer.body()[:4] == b"%PDF"
