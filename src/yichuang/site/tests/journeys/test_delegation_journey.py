"""A power goes down to a street: opinions, legal review, approval, publication, effect on its day; the public list before and after
differ by that power alone."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Page
from playwright.sync_api import expect as see

POWER, NAME = "610114-CG-0102", "临时性建筑物搭建、堆放物料、占道施工审批"  # no other journey touches it
FROM, TO = "阎良区行政审批服务局", "阎良区关山街道办事处"
TODAY = "from django.utils import timezone; print(timezone.localdate().isoformat())"


def published(editor: Page) -> int:
    """The number of the newest edition of 权责清单, after what changed since is published."""
    editor.goto("/desk/lists/power/")
    button = editor.locator("main button[type=submit]")
    if button.count():
        button.first.click()
        for _ in range(60):
            editor.goto("/desk/lists/power/")
            if "没有变化" in editor.inner_text("main"):
                break
            time.sleep(1)
    return int(re.search(r"第 (\d+) 版", editor.inner_text("main"))[1])


def done(page: Page, address: str, verb: str, **fields: str) -> None:
    page.goto(address)
    box = page.locator(f"#act-{verb}")
    if box.evaluate("node => node.tagName") == "DETAILS" and box.get_attribute("open") is None:
        box.locator("summary").click()
    for name, words in fields.items():
        box.locator(f"[name$='{name}']").first.fill(words)
    box.locator("button[type=submit]").click()
    see(page.locator(f"#act-{verb}")).to_have_count(0)


def test_a_power_goes_to_a_street_and_the_lists_differ_by_it_alone(visitor, look, site):
    today = site.ask(TODAY).strip()
    editor = visitor("desktop", "shixiang")
    before = published(editor)
    editor.goto("/desk/adjustments/new/")
    editor.get_by_label("标题").fill("关于向街道下放占道审批的决定（演示）")
    editor.get_by_label("依据的文件").fill("陕西省乡镇（街道）赋权清单")
    editor.get_by_role("button", name="下一步").click()
    adjustment = editor.url
    editor.get_by_label("下放", exact=True).check()
    editor.get_by_label("事项编码").fill(POWER)
    editor.get_by_label("下放给谁").select_option(TO)
    editor.get_by_role("button", name="添加", exact=True).click()
    see(editor.locator("main")).to_contain_text(NAME)
    see(editor.locator("#act-ask").get_by_label(FROM, exact=True)).to_be_checked()  # whom it concerns is proposed
    editor.locator("#act-ask").get_by_label(TO, exact=True).uncheck()  # the model district's street has no staff
    editor.locator("#act-ask button[type=submit]").click()
    see(editor.locator("main")).to_contain_text("待答复")
    look(editor, "adjustment-asked")

    asked = visitor("desktop", "chengban")
    asked.goto(adjustment)
    asked.locator("#act-answer").get_by_label("同意", exact=True).check()
    asked.locator("#act-answer button[type=submit]").click()
    look(asked, "adjustment-answered")
    see(asked.locator("main .yc-badge-green", has_text="同意")).to_be_visible()
    done(editor, adjustment, "send")
    reviewer = visitor("desktop", "fazhi")
    done(reviewer, adjustment, "clear", words="主体、权限和程序合法。")
    done(visitor("desktop", "fuzeren"), adjustment, "approve", number="阎政函〔演示〕1号", approved_on=today)
    done(editor, adjustment, "publish", number="阎政发〔演示〕2号", published_on=today, effective_on=today)
    see(editor.locator("main")).to_contain_text("第 1 版")
    look(editor, "adjustment-in-effect")
    after = published(editor)
    assert after == before + 1

    public = visitor("phone")
    public.goto(f"/lists/power/compare/?a={before}&b={after}")
    told = public.locator("main")
    see(told).to_contain_text(NAME)
    see(told).to_contain_text(TO)
    look(public, "lists-compared")
    see(told).to_contain_text("增加 0 条，减少 0 条，变化 1 条")
    public.goto("/adjustments/")
    see(public.locator("main")).to_contain_text("阎政发〔演示〕2号")
    assert site.command("log", "verify").returncode == 0
