"""A law is revised: the editor enters its new text, exactly the items that rest on what changed ask to be looked at, and the
public reads the new version."""

from __future__ import annotations

import json

from django.utils import timezone
from playwright.sync_api import expect as see

LAW = "中华人民共和国食品安全法"
HELD = f"""
import json
from yichuang.catalogue.models import Citation, Law
from yichuang.catalogue.rules.laws import spans
law = Law.objects.get(name="{LAW}")
articles = [[a.label, a.summary] for a in law.versions.order_by("-position").first().articles.order_by("position")]
cited = [[c.version.item.name, c.article] for c in Citation.objects.filter(law=law, version__state="published")]
print(json.dumps([articles, cited]))"""


def test_a_revised_law_asks_for_exactly_the_items_that_rest_on_what_changed(visitor, look, expect, site, tmp_path):
    expect("422")
    articles, cited = json.loads(site.ask(HELD))
    changed = cited[0][1]
    touched = sorted({item for item, article in cited if article == changed})
    untouched = {item for item, _ in cited} - set(touched)
    assert changed in [label for label, _ in articles]
    assert untouched
    lines = [f"# {LAW}", "文号：主席令第99号", f"施行日期：{timezone.localdate():%Y年%m月%d日}", ""]
    for label, summary in articles:
        lines += [label, f"> {summary}{'（本次修改）' if label == changed else ''}"]
    before = tmp_path / "before.md"
    before.write_text("\n".join(lines).replace("（本次修改）", ""), encoding="utf-8")

    editor = visitor("desktop", "shixiang")
    editor.goto(f"/desk/laws/?q={LAW}")
    editor.locator("#list a", has_text=LAW).click()
    editor.get_by_role("link", name="录入新版本").click()
    wrong = tmp_path / "wrong.md"
    wrong.write_text("# 中华人民共和国公司法\n第一条 甲\n", encoding="utf-8")
    editor.set_input_files("[name=file]", wrong)
    editor.get_by_role("button", name="预览").click()
    see(editor.locator("#bad")).to_contain_text("有 1 行需要改正")
    text = tmp_path / "new.md"
    text.write_text("\n".join(lines), encoding="gb18030")
    editor.set_input_files("[name=file]", text)
    editor.get_by_role("button", name="预览").click()
    see(editor.locator(".yc-note").first).to_contain_text("GB 18030")
    look(editor, "law-preview")
    named = editor.locator("[aria-labelledby=touches] tbody tr td:first-child").all_inner_texts()
    assert sorted(named) == touched
    editor.get_by_role("button", name="确认录入").click()
    see(editor.locator("#yc-toasts")).to_contain_text(f"交办 {len(touched)} 项核对")

    asked = editor.goto("/desk/laws/reviews/")
    assert asked is not None
    rows = editor.locator("#list tbody tr", has_text=LAW)
    assert sorted(rows.locator("td:first-child").all_inner_texts()) == touched
    look(editor, "law-tasks")
    rows.first.locator("a").first.click()
    editor.get_by_label("不需修改").check()
    editor.get_by_role("button", name="提交答复").click()
    see(editor.locator(".yc-errors")).to_contain_text("请写明为什么不需修改")
    editor.get_by_label("理由").fill("修改的是文字表述，事项要素不变。")
    editor.get_by_role("button", name="提交答复").click()
    see(editor.locator("#yc-toasts")).to_contain_text("已答复")
    look(editor, "law-task")

    citizen = visitor("phone")
    citizen.goto(f"/laws/?q={LAW}")
    citizen.locator("main a", has_text=LAW).first.click()
    see(citizen.locator("main")).to_contain_text("主席令第99号")
    see(citizen.locator("main")).to_contain_text(touched[0])
    look(citizen, "law")
