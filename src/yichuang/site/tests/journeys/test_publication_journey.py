"""A version's way into force: an unlisted certificate stops it, listed with its basis it goes on; another person reviews it; what
was accepted before stays under the version it began under."""

from __future__ import annotations

import re

from playwright.sync_api import expect as see

ITEM = "教师资格认定"  # no other journey applies for it
CERTIFICATE = "师德表现证明"
ACCEPTED = f"""
from random import Random
from django.utils import timezone
from yichuang.cases import commands as cases
from yichuang.catalogue import queries
from yichuang.catalogue.models import Item
from yichuang.identity.models import Account, Applicant
from yichuang.identity.queries import actor_of_account
from yichuang.site.demo import invent
at = timezone.localtime()
version = queries.current(Item.objects.get(name="{ITEM}").pk)
clerk = actor_of_account(Account.objects.get(username="chuangkou"), at)
who = Applicant.objects.filter(kind="person").first()
values = invent.answers(version, {{}}, Random(1), at.date())
brought = {{m.code: {{"copies": 1, "paper": True, "ticks": list(m.points)}} for m in version.materials_for(values) if m.required}}
case = cases.intake(version.id, applicant=who, values=values, materials=brought, point="610114",
    contact={{"name": who.name, "phone": who.phone}}, delivery={{"way": "counter"}}, accept=True, by=clerk, at=at)
print(case.number, case.state)"""
HELD = """
from yichuang.cases.models import Case
case = Case.objects.select_related("version").get(number="{}")
print(case.version.number, case.version.state, case.version.materials.filter(material_name="{}").count())"""


def test_an_unlisted_certificate_stops_a_version_and_two_people_bring_it_into_force(visitor, look, expect, site):
    expect("422")
    number, state = site.ask(ACCEPTED).split()
    assert state == "accepted"

    editor = visitor("desktop", "shixiang")
    editor.goto(f"/desk/catalogue/?state=published&q={ITEM}")
    editor.locator("#list a", has_text=ITEM).first.click()
    guide = f"/items/{re.search(r'/catalogue/([0-9]+)/', editor.url)[1]}/"
    editor.get_by_role("link", name="第 1 版").click()
    editor.get_by_role("button", name="起草新版").click()
    draft = editor.url
    editor.get_by_role("link", name="编辑", exact=True).click()
    editor.get_by_role("button", name="加一项申请材料").click()
    row = editor.locator("#s-materials .ed-row").last
    row.get_by_label("材料名称").fill(CERTIFICATE)
    see(editor.locator("#findings")).to_contain_text(f"“{CERTIFICATE}”是证明，没有列入证明事项清单")
    editor.get_by_role("button", name="保存并查看").click()
    see(editor.locator("main")).to_contain_text("改正前不能送审")
    see(editor.get_by_role("button", name="送法制审核")).to_have_count(0)
    look(editor, "version-refused")

    editor.goto("/desk/listed/certificates/new/")
    for name, words in {
        "code": "610114-ZM-901",
        "name": CERTIFICATE,
        "purpose": "核实申请人的思想品德",
        "law": "中华人民共和国教师法",
        "article": "第十条",
        "issuer": "所在单位或者街道办事处",
    }.items():
        editor.fill(f"main [name={name}]", words)
    editor.get_by_label("法律", exact=True).check()
    editor.get_by_label("部门核验").check()
    editor.locator("main form button[type=submit]").last.click()
    see(editor.locator("#yc-toasts")).to_contain_text("已列入清单")

    editor.goto(draft)
    editor.get_by_role("button", name="送法制审核").click()
    see(editor.locator(".yc-errors")).to_contain_text("修改说明")
    editor.get_by_label("修改说明").fill("增加一项证明，已列入证明事项清单。")
    editor.get_by_role("button", name="送法制审核").click()
    see(editor.locator("#yc-toasts")).to_contain_text("已送法制审核")
    see(editor.get_by_role("link", name="编辑", exact=True)).to_have_count(0)
    see(editor.get_by_role("button", name="审核通过")).to_have_count(0)

    citizen = visitor("phone")
    citizen.goto(guide)
    see(citizen.locator("main")).not_to_contain_text(CERTIFICATE)

    reviewer = visitor("desktop", "fazhi")
    reviewer.goto("/desk/catalogue/reviews/")
    look(reviewer, "reviews")
    told = reviewer.locator("section", has_text=ITEM).last
    see(told).to_contain_text(CERTIFICATE)
    told.get_by_role("link", name="打开审核").click()
    reviewer.get_by_label("审核意见").fill("依据充分。")
    reviewer.get_by_role("button", name="审核通过").click()
    see(reviewer.locator("#yc-toasts")).to_contain_text("已发布，公众即刻可见")

    citizen.goto(guide)
    see(citizen.locator("main")).to_contain_text(CERTIFICATE)
    look(citizen, "guide-new-version")
    assert site.ask(HELD.format(number, CERTIFICATE)) == "1 retired 0"
    handler = visitor("desktop", "chuangkou")
    handler.goto(f"/desk/cases/{number}/")
    see(handler.locator("main")).not_to_contain_text(CERTIFICATE)
    assert site.command("log", "verify").returncode == 0
