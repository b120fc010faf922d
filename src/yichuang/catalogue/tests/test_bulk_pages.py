"""One change to many items at the desk: choose, look, start, send, approve."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from yichuang.catalogue import queries
from yichuang.catalogue.models import Item, ItemVersion
from yichuang.catalogue.tests import given
from yichuang.catalogue.tests.test_editor_pages import signed_in
from yichuang.core import jobs
from yichuang.core.models import File, Job, LogEvent
from yichuang.core.tests.counting import pinned

pytestmark = pytest.mark.django_db
BULK = "/desk/catalogue/bulk/"
PHONE = {"c0-kind": "replace", "c0-element": "link_way", "c0-target": "029-86200000", "c0-value": "029-86209999"}


@pytest.fixture
def editor():
    return signed_in()[0]


def text(response, status=200):
    assert response.status_code == status, response.content.decode()[:3000]
    return response.content.decode()


def previewed(client, items, **change):
    answer = client.post(BULK, {"item": items, **(change or PHONE)})
    assert answer.status_code == 302, text(answer)
    return answer["Location"]


def worked():
    job = Job.objects.latest("pk")
    jobs.run.call(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.message
    return job


def test_items_are_chosen_by_what_they_are_and_by_codes(editor):
    one, two = (
        given.published_item(task_name="甲许可"),
        given.published_item(task_name="乙登记", task_type="07", catalog_code="000723023000"),
    )
    given.published_item(task_name="丙许可", department="区民政局")
    empty = text(editor.get(BULK))
    assert "甲许可" not in empty
    assert "粘贴编码" in empty
    found = text(editor.get(BULK, {"type": "07"}))
    assert ("乙登记" in found, "甲许可" in found) == (True, False)
    assert re.search(rf'value="{two.item_id}" id="i{two.item_id}" checked', found)
    assert " checked" not in text(editor.get(BULK, {"type": "07", "tick": "none"}))
    assert "甲许可" in text(editor.get(BULK, {"list": "licence"}))
    assert "乙登记" not in text(editor.get(BULK, {"list": "licence"}))
    assert "甲许可" in text(editor.get(BULK, {"q": "甲许可"}))
    answer = editor.post(BULK, {"codes": f"{one.item_code}，{two.item_code}\n{one.item_code}", **PHONE})
    told = text(editor.get(answer["Location"]))
    assert ("甲许可" in told, "乙登记" in told) == (True, True)
    lacking = text(editor.post(BULK, {"codes": f"{one.item_code} X-404", **PHONE}), 422)
    assert "没有这些编码的事项：X-404" in lacking
    assert "批量修改" in text(editor.get("/desk/catalogue/"))


def test_the_whole_way_from_choice_to_force(editor):
    items = [given.published_item(task_name=f"第{n}号许可").item_id for n in range(3)]
    before = ItemVersion.objects.count()
    where = previewed(editor, items)
    told = text(editor.get(where))
    assert told.count("<del>029-86200000</del>") == 3
    assert ItemVersion.objects.count() == before
    wrong = text(editor.post(where, {"item": items, "reason": " "}), 422)
    assert "请填写修改理由" in wrong
    assert "请至少选择一个事项" in text(editor.post(where, {"reason": "电话改号"}), 422)
    assert not Job.objects.exists()
    done = editor.post(where, {"item": items[:2], "reason": "电话改号"})["Location"]
    assert "排队中" in text(editor.get(done))
    job = worked()
    assert job.result == {"updated": 2}
    assert f'href="{done}"' in text(editor.get(BULK)), "found again"
    told = text(editor.get(done))
    assert ("第0号许可" in told, "第2号许可" in told, "2 份草稿还没有送审" in told) == (True, False, True)
    assert "请填写修改说明" in text(editor.post(f"{done}send/", {"note": ""}), 422)
    assert editor.post(f"{done}send/", {"note": "电话改号"}).status_code == 302
    worked()
    assert "还没有送审" not in text(editor.get(done))
    drafts = list(ItemVersion.objects.filter(stage="submitted").values_list("pk", flat=True))
    assert len(drafts) == 2
    second = signed_in("法审核", "legal_reviewer")[0]
    page = text(second.get("/desk/catalogue/reviews/"))
    assert page.count('name="version"') == 2
    none = second.post("/desk/catalogue/reviews/approve/", {"opinion": "合法"}, follow=True)
    assert "请先勾选" in text(none)
    told = text(
        second.post("/desk/catalogue/reviews/approve/", {"version": [*drafts, 999_999], "opinion": "合法"}, follow=True)
    )
    assert "已通过2个版本" in told
    assert [queries.in_force(pk).link_way for pk in items] == ["029-86209999"] * 2 + ["029-86200000"]
    assert LogEvent.objects.filter(kind="version.approved").count() == 2
    again = text(second.post("/desk/catalogue/reviews/approve/", {"version": drafts, "opinion": ""}, follow=True))
    assert "已发布，现在不能审核通过" in again


def test_a_change_that_is_wrong_is_told_at_its_field(editor):
    pk = given.published_item().item_id
    cases = {
        "请填写要换掉的文字": {**PHONE, "c0-target": ""},
        "应为0至9999的整数": {"c0-kind": "set", "c0-element": "promise_day", "c0-value": "-1"},
        "不能这样批量修改": {"c0-kind": "add", "c0-element": "link_way", "c0-value": "x"},
        "请至少写一项改动": {},
        "请填写新条号": {"c1-kind": "cite", "c1-law": "甲法", "c1-article": "第一条", "c1-new_law": "乙法"},
        "法规库中没有“乙法”": {
            "c2-kind": "cite", "c2-law": "甲法", "c2-article": "第一条", "c2-new_law": "乙法", "c2-new_article": "第二条",
        },
    }  # fmt: skip
    for words, change in cases.items():
        told = text(editor.post(BULK, {"item": [pk], **change}), 422)
        assert words in told, words
    assert "请至少选择一个事项" in text(editor.post(BULK, PHONE), 422)
    assert not File.objects.filter(owner__startswith="catalogue-bulk").exists()
    assert text(editor.post(BULK, {"item": [pk], "c0-kind": "set", "c0-element": "colour"}), 422)


def test_what_is_left_out_is_listed(editor):
    facts = given.published_item(link_way="12345")
    told = text(editor.get(previewed(editor, [facts.item_id])))
    assert "没有变化" in told
    assert "没有可以改动的事项" in told


def test_two_editors_at_once(editor):
    facts = given.published_item()
    where = previewed(editor, [facts.item_id])
    item = Item.objects.get(pk=facts.item_id)
    content = queries.content(queries.in_force(item.pk))
    given.commands.draft_version(item, {**content, "promise_day": 6}, by=given.by_system(), at=given.AT)
    done = editor.post(where, {"item": [item.pk], "reason": "改号"})["Location"]
    worked()
    told = text(editor.get(done))
    assert "预览之后已有变动" in told
    assert item.code in told
    assert ItemVersion.objects.get(item=item, state="draft").link_way == "029-86200000"


def test_the_pages_are_for_editors_and_ones_own(editor):
    facts = given.published_item()
    where = previewed(editor, [facts.item_id])
    done = editor.post(where, {"item": [facts.item_id], "reason": "改号"})["Location"]
    other = signed_in("别人")[0]
    assert other.get(where).status_code == other.get(done).status_code == 404
    assert other.post(f"{done}send/", {"note": "x"}).status_code == 404
    approve = "/desk/catalogue/reviews/approve/"
    for role in ("head", "handler", "auditor", "legal_reviewer", "window_clerk"):
        client = signed_in("某某", role)[0]
        for method, path in (("get", BULK), ("post", BULK), ("get", where), ("get", done), ("post", f"{done}send/")):
            assert getattr(client, method)(path).status_code == 403, (role, path)
        assert client.post(approve).status_code == (302 if role == "legal_reviewer" else 403)
    assert editor.post(approve).status_code == 403
    assert 'name="version"' not in text(editor.get("/desk/catalogue/reviews/"))
    for path in (BULK, where, done):
        assert Client().get(path).status_code == 302
    assert editor.get(f"{done}send/").status_code == 405
    assert editor.get(approve).status_code in (403, 405)


@pytest.mark.parametrize("many", [2, 25])
def test_what_the_pages_cost_does_not_grow(editor, many):
    items = [given.published_item(task_name=f"第{n}号许可").item_id for n in range(many)]
    text(editor.get(BULK))
    pinned("catalogue.bulk", lambda: text(editor.get(BULK, {"type": "01"})))
    where = previewed(editor, items)
    pinned("catalogue.bulk_preview", lambda: text(editor.get(where)))
    done = editor.post(where, {"item": items, "reason": "改号"})["Location"]
    worked()
    pinned("catalogue.bulk_done", lambda: text(editor.get(done)))
