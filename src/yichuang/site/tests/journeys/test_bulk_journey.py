"""One change to several items, from the choice to the approval together; a citizen who follows one of them is told."""

from __future__ import annotations

import re
import time

from playwright.sync_api import expect as see

ITEMS = ("烟花爆竹经营（零售）许可", "危险化学品经营许可")  # no other journey touches them
PHONE = "029-86209999（演示）"


def test_a_change_to_several_items_is_foreseen_approved_together_and_told_to_who_follows(visitor, look, site, expect):
    expect("422")
    citizen = visitor("phone", "zhangsan")
    citizen.goto(f"/search/?q={ITEMS[0]}")
    citizen.get_by_role("link", name=ITEMS[0]).first.click()
    guide = citizen.url
    citizen.get_by_role("button", name="关注", exact=True).click()
    see(citizen.get_by_role("button", name="取消关注")).to_be_visible()
    citizen.goto("/my/follows/")
    see(citizen.locator("main")).to_contain_text(ITEMS[0])
    look(citizen, "follows")

    editor = visitor("desktop", "shixiang")
    editor.goto("/desk/catalogue/")
    editor.get_by_role("link", name="批量修改").first.click()
    codes = []
    for name in ITEMS:
        editor.goto(f"/desk/catalogue/bulk/?q={name}")
        codes.append(re.search(r"610114-[A-Z]{2}-\d{4}", editor.locator("tbody tr", has_text=name).inner_text())[0])
    editor.goto("/desk/catalogue/bulk/")
    editor.get_by_label("事项编码").fill("\n".join([*codes, "没有的编码"]))
    editor.locator("[name=c0-kind]").select_option(label="改为一个值")
    editor.locator("[name=c0-element]").select_option(label="咨询方式")
    editor.locator("[name=c0-value]").fill(PHONE)
    look(editor, "bulk-choose")
    editor.get_by_role("button", name="预览").click()
    see(editor.locator("main")).to_contain_text("没有的编码")
    editor.get_by_label("事项编码").fill("\n".join(codes))
    editor.get_by_role("button", name="预览").click()
    see(editor.locator("main")).to_contain_text("还没有改动任何事项")
    see(editor.locator("main ins").first).to_have_text(PHONE)
    look(editor, "bulk-preview")
    editor.get_by_label("修改理由").fill("咨询电话统一改号")
    editor.get_by_role("button", name="写成草稿").click()
    see(editor.get_by_role("button", name="送法制审核")).to_be_visible(timeout=30_000)
    look(editor, "bulk-done")
    editor.get_by_label("修改说明").fill("咨询电话统一改号")
    editor.get_by_role("button", name="送法制审核").click()
    editor.wait_for_load_state()

    reviewer = visitor("desktop", "fazhi")
    for _ in range(30):
        reviewer.goto("/desk/catalogue/reviews/")
        cards = [reviewer.locator(".cat-review", has_text=name) for name in ITEMS]
        if all(card.count() for card in cards):
            break
        time.sleep(1)
    for card in cards:
        card.get_by_label("一并通过").check()
    look(reviewer, "reviews-together")
    reviewer.locator("#together textarea").fill("改号属实，同意。")
    reviewer.locator("#together button[type=submit]").click()
    see(reviewer.locator("body")).to_contain_text("已通过2个版本")

    citizen.goto(guide)
    see(citizen.locator("body")).to_contain_text(PHONE)
    for _ in range(30):
        citizen.goto("/my/inbox/")
        if ITEMS[0] in citizen.inner_text("main"):
            break
        time.sleep(1)
    see(citizen.locator("main")).to_contain_text(ITEMS[0])
    look(citizen, "notice-of-change")
    assert site.command("log", "verify").returncode == 0
