"""An editor changes a draft: the finding appears while they type, they mend it, add a material, save and compare."""

from __future__ import annotations

from playwright.sync_api import expect as see


def test_a_draft_is_edited_and_what_is_wrong_is_told_at_once(visitor, look, site):
    editor = visitor("desktop", "shixiang")
    editor.goto("/desk/catalogue/?state=published&q=小餐饮")
    editor.locator("#list a").first.click()
    name = editor.locator("h1").inner_text()
    editor.get_by_role("link", name="第 1 版").click()
    editor.get_by_role("button", name="起草新版").click()
    editor.get_by_role("link", name="编辑", exact=True).click()
    see(editor.locator("h1")).to_have_text("编辑草稿")
    look(editor, "editor")
    statutory = int(editor.input_value("[name=anticipate_day]"))
    promised = editor.input_value("[name=promise_day]")

    editor.fill("[name=promise_day]", str(statutory + 10))
    words = f"承诺时限{statutory + 10}天长于法定时限{statutory}天"
    see(editor.locator("#findings")).to_contain_text(words)
    see(editor.locator("#findings")).to_contain_text("行政许可法》第四十二条")
    see(editor.locator("[data-said=promise_day]")).to_contain_text(words)
    see(editor.locator("#ed-counts")).to_contain_text("错误 1")
    look(editor, "editor-finding")
    editor.locator("#findings li", has_text=words).get_by_role("link", name="去修改").click()
    editor.fill("[name=promise_day]", promised)
    see(editor.locator("#findings")).not_to_contain_text(words)
    see(editor.locator("[data-said=promise_day]")).to_be_empty()

    rows = editor.locator("#s-materials .ed-row")
    before = rows.count()
    editor.get_by_role("button", name="加一项申请材料").click()
    see(rows).to_have_count(before + 1)
    see(editor.locator("#findings")).to_contain_text(f"第{before + 1}项材料没有名称")
    rows.last.get_by_label("材料名称").fill("食品安全自查记录")
    see(editor.locator("#findings")).not_to_contain_text("没有名称")
    rows.last.get_by_role("button", name="上移").click()
    see(rows.nth(before - 1).locator("> summary")).to_contain_text("食品安全自查记录")
    editor.get_by_role("button", name="保存", exact=True).click()
    see(editor.locator("#yc-toasts")).to_contain_text("已保存")
    see(rows.nth(before - 1).locator("> summary")).to_contain_text("食品安全自查记录")

    asked = """
from yichuang.catalogue.models import Material
print(Material.objects.get(material_name="食品安全自查记录", version__state="draft").version.item.name)"""
    assert site.ask(asked) == name
    phone = visitor("phone", "shixiang")
    phone.goto(editor.url)
    look(phone, "editor")

    editor.get_by_role("button", name="保存并查看").click()
    editor.get_by_role("link", name="与上一版比较").click()
    see(editor.locator(".cmp-row.cmp-added")).to_contain_text("食品安全自查记录")
    look(editor, "compare")
    phone.goto(editor.url)
    look(phone, "compare")


def test_two_editors_at_once_and_a_new_item(visitor, look, expect):
    expect("409")
    expect("422")
    editor, other = visitor("desktop", "shixiang"), visitor("phone", "shixiang")
    editor.goto("/desk/catalogue/new/")
    editor.get_by_role("button", name="新建并填写").click()
    see(editor.locator(".yc-errors")).to_contain_text("请填写事项名称")
    look(editor, "new-item")
    editor.fill("[name=task_name]", "露天咖啡座备案")
    editor.locator("[name=department]").select_option(label="阎良区行政审批服务局")
    editor.locator("[name=task_type]").select_option(label="其他行政权力")
    editor.get_by_label("法人").check()
    editor.fill("[name=local_task_code]", "610114-NEW-1")
    editor.get_by_role("button", name="新建并填写").click()
    see(editor.locator("h1")).to_have_text("编辑草稿")

    other.goto(editor.url)
    other.fill("[name=summary]", "我写的一句话")
    editor.fill("[name=summary]", "别人写的一句话")
    editor.get_by_role("button", name="保存", exact=True).click()
    see(editor.locator("#yc-toasts")).to_contain_text("已保存")
    other.get_by_role("button", name="保存", exact=True).click()
    conflict = other.locator(".ed-conflict")
    see(conflict).to_contain_text("别人写的一句话")
    see(conflict).to_contain_text("我写的一句话")
    see(other.locator("[name=summary]")).to_have_value("我写的一句话")
    look(other, "editor-conflict")
    conflict.get_by_role("button", name="按我的内容保存").click()
    see(other.locator("#yc-toasts")).to_contain_text("已保存")
    see(other.locator("[name=summary]")).to_have_value("我写的一句话")
