"""The editor at the desk: who may, what is kept, what is told, what it costs."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from yichuang.catalogue import commands, queries
from yichuang.catalogue.commands.writing import digest_of
from yichuang.catalogue.models import Item, ItemVersion
from yichuang.catalogue.tests import given
from yichuang.core.models import LogEvent
from yichuang.core.refusal import Refusal
from yichuang.core.tests.counting import pinned

pytestmark = pytest.mark.django_db
AT = given.AT


class Fields(HTMLParser):
    """What a browser sends of the form `edit` when nothing is touched."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self.inside = False
        self.area = self.select = ""
        self.options: list[tuple[str, bool]] = []
        self.feed(text)

    def put(self, name: str | None, value: str) -> None:
        if name:
            self.sent.setdefault(name, []).append(value)

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        if tag == "form":
            self.inside = a.get("id") == "edit"
        if not self.inside:
            return
        if tag == "input" and (a.get("type") not in ("radio", "checkbox") or "checked" in a):
            self.put(a.get("name"), a.get("value") or "")
        elif tag == "textarea":
            self.area, self.text = a["name"], ""
        elif tag == "select":
            self.select, self.options = a["name"], []
        elif tag == "option" and self.select:
            self.options.append((a.get("value") or "", "selected" in a))

    def handle_data(self, data):
        if self.area:
            self.text += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self.area:
            self.put(self.area, self.text.removeprefix("\n").removeprefix("\r\n"))
            self.area = ""
        elif tag == "select" and self.select:
            chosen = [v for v, selected in self.options if selected] or [v for v, _ in self.options[:1]]
            self.put(self.select, chosen[-1])
            self.select = ""
        elif tag == "form":
            self.inside = False


def at(version, name="edit"):
    return f"/desk/catalogue/versions/{version.pk}/{name}/"


def opened(client, version):
    response = client.get(at(version))
    assert response.status_code == 200, response.content.decode()[:2000]
    return Fields(response.content.decode()).sent


def content_of(version):
    return queries.content(queries.whole().get(pk=version.pk))


def signed_in(name="周目录", role="catalogue_editor", department="阎良区行政审批服务局", whole=False):
    staff, who = given.identity.staff(
        name, roles=(role,), department=given.identity.department(department), whole_division=whole
    )
    client = Client()
    client.force_login(staff.account)
    return client, who


@pytest.fixture
def editor():
    return signed_in()[0]


def test_opening_and_saving_changes_nothing(editor):
    content = given.content()
    content["materials"][1] |= {
        "when": {"field": "place.name", "eq": "x"},
        "example_guid": "a" * 64,
        "remark": "一\n二",
    }
    content["summary"] = "  ".join(("一句", "“话” & <b>"))
    content["deliveries"] = ["electronic", "counter"]
    draft = commands.create_item(content, division=given.DIVISION, by=given.by_system(), at=AT)
    before = LogEvent.objects.count()
    answer = editor.post(at(draft), opened(editor, draft))
    assert (answer.status_code, answer["Location"]) == (302, at(draft))
    draft.refresh_from_db()
    assert draft.digest == digest_of(content)
    assert LogEvent.objects.count() == before


def test_what_is_typed_is_saved(editor):
    draft = given.draft()
    sent = opened(editor, draft) | {
        "promise_day": ["4"], "is_express": ["0"], "aliases": ["甲\r\n乙、丙\r\n"], "materials.1.page_num": ["3"],
        "licence.validity_months": ["12"], "materials.1.when.field": ["place.name"], "materials.1.when.value": ["宾馆"],
        "deliveries": ["", "counter"], "then": ["look"],
    }  # fmt: skip
    answer = editor.post(at(draft), sent)
    assert answer["Location"] == f"/desk/catalogue/versions/{draft.pk}/"
    made = content_of(draft)
    assert (made["promise_day"], made["is_express"], made["aliases"]) == (4, False, ["甲", "乙、丙"])
    assert (made["materials"][1]["page_num"], made["licence"]["validity_months"]) == (3, 12)
    assert made["materials"][1]["when"] == {"field": "place.name", "eq": "宾馆"}
    assert made["deliveries"] == ["counter"]
    assert made["form"] == given.FORM
    assert LogEvent.objects.filter(stream=draft.stream, kind="version.revised").count() == 1


def test_wrong_input_is_drawn_again_and_nothing_is_lost(editor):
    draft = given.draft()
    sent = opened(editor, draft) | {"promise_day": ["五"], "summary": ["改过的一句话"], "materials.0.page_num": ["-1"]}
    answer = editor.post(at(draft), sent)
    told = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#e-promise_day"' in told
    assert 'id="e-promise_day_error"' in told
    assert 'id="e-materials.0.page_num_error"' in told
    again = Fields(told).sent
    assert {k: again[k] for k in ("promise_day", "summary", "materials.0.page_num")} == {
        k: sent[k] for k in ("promise_day", "summary", "materials.0.page_num")
    }
    assert content_of(draft)["summary"] != "改过的一句话"
    assert editor.post(at(draft), again | {"promise_day": ["5"], "materials.0.page_num": ["1"]}).status_code == 302
    assert content_of(draft)["summary"] == "改过的一句话"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"materials.1.code": ["m1"]}, "编码“m1”重复"),
        ({"task_name": [""]}, "缺少事项名称"),
        ({"department": ["没有这个局"]}, "不在本地部门中"),
        ({"local_task_code": ["X-1"]}, "与事项|应为"),
        ({"task_type": ["99"]}, "不在代码表中"),
        ({"is_fee": ["也许"]}, "应为“是”或“否”"),
    ],
)
def test_what_the_command_refuses_is_told_on_the_page(editor, change, words):
    draft = given.draft()
    answer = editor.post(at(draft), opened(editor, draft) | change)
    assert answer.status_code == 422
    assert re.search(words, answer.content.decode())
    draft.refresh_from_db()
    assert draft.seq == 1


def test_the_second_of_two_sees_what_the_first_did_and_may_insist():
    (first, _), (second, _) = signed_in("甲目录"), signed_in("乙目录")
    draft = given.draft()
    one, two = opened(first, draft), opened(second, draft)
    assert first.post(at(draft), one | {"promise_day": ["4"], "summary": ["甲写的"]}).status_code == 302
    answer = second.post(at(draft), two | {"summary": ["乙写的"]})
    told = answer.content.decode()
    assert answer.status_code == 409
    assert "甲目录" in told
    assert re.search(r"甲写的</td>\s*<td[^>]*>乙写的", told)
    assert "承诺办结时限" in told
    assert content_of(draft)["summary"] == "甲写的"
    again = Fields(told).sent
    assert again["summary"] == ["乙写的"]
    assert again["digest"] != two["digest"]
    third = first.post(at(draft), opened(first, draft) | {"link_way": ["029-1"]})
    assert third.status_code == 302
    assert second.post(at(draft), again).status_code == 409, (
        "the new digest stands for what was shown, not for any later"
    )
    again = Fields(second.post(at(draft), again).content.decode()).sent
    assert second.post(at(draft), again).status_code == 302
    made = content_of(draft)
    assert (made["summary"], made["promise_day"], made["link_way"]) == ("乙写的", 5, "029-86200000")


def test_a_form_without_its_digest_does_not_overwrite(editor):
    draft = given.draft()
    sent = opened(editor, draft) | {"promise_day": ["4"]}
    del sent["digest"]
    assert editor.post(at(draft), sent).status_code == 409
    assert content_of(draft)["promise_day"] == 5


def test_the_command_compares_the_digest_only_when_told():
    draft = given.draft()
    by = given.by_system()
    read = draft.digest
    made = commands.revise_draft(draft.pk, content_of(draft) | {"promise_day": 4}, digest=read, by=by, at=AT)
    same = commands.revise_draft(draft.pk, content_of(draft), digest=read, by=by, at=AT)
    assert same.digest == made.digest
    with pytest.raises(Refusal) as no:
        commands.revise_draft(draft.pk, content_of(draft) | {"promise_day": 3}, digest=read, by=by, at=AT)
    assert (no.value.code, no.value.status) == ("catalogue.changed_meanwhile", 409)
    assert content_of(draft)["promise_day"] == 4
    commands.revise_draft(draft.pk, content_of(draft) | {"promise_day": 3}, by=by, at=AT)
    assert content_of(draft)["promise_day"] == 3


def test_a_draft_published_meanwhile_keeps_what_was_typed_on_the_page(editor):
    draft = given.draft()
    sent = opened(editor, draft) | {"summary": ["晚了一步"]}
    commands.publish_version(draft.pk, by=given.by_system(), at=AT)
    answer = editor.post(at(draft), sent)
    assert answer.status_code == 409
    assert "晚了一步" in answer.content.decode()
    assert content_of(draft)["summary"] != "晚了一步"
    assert editor.get(at(draft)).status_code == 409


def test_rows_are_added_and_taken_away_without_saving(editor):
    draft = given.draft()
    sent = opened(editor, draft) | {"summary": ["没有保存"]}
    told = editor.post(at(draft), sent | {"do": ["materials.add"]}).content.decode()
    grown = Fields(told).sent
    assert (grown["materials.2.code"], grown["summary"]) == (["m3"], ["没有保存"])
    assert len(content_of(draft)["materials"]) == 2
    part = editor.post(at(draft), grown | {"do": ["materials.0.remove"]}, headers={"HX-Request": "true"})
    assert "recheck" in part["HX-Trigger-After-Settle"]
    section = part.content.decode()
    assert section.lstrip().startswith("<section")
    assert section.count('name="materials.row"') == 3
    assert "公共场所卫生许可申请表" not in section
    saved = grown | {"materials.row": ["", "2", "1"], "materials.2.material_name": ["承诺书"]}
    assert editor.post(at(draft), saved).status_code == 302
    assert [m["material_name"] for m in content_of(draft)["materials"]] == ["承诺书", "公共场所卫生检测报告"]


@pytest.mark.parametrize("do", ["materials.99.remove", "colour.add", "materials.0.burn", "form.add"])
def test_an_unknown_row_is_told_and_nothing_is_lost(editor, do):
    draft = given.draft()
    sent = opened(editor, draft) | {"summary": ["没有保存"], "do": [do]}
    answer = editor.post(at(draft), sent)
    assert answer.status_code == 422
    assert Fields(answer.content.decode()).sent["summary"] == ["没有保存"]
    assert editor.post(at(draft), sent, headers={"HX-Request": "true"}).status_code == 422
    draft.refresh_from_db()
    assert draft.seq == 1


def test_a_check_finds_and_saves_nothing(editor):
    other = given.draft(task_name="别的许可")
    draft = given.draft()
    sent = opened(editor, draft) | {"promise_day": ["30"], "materials.0.material_name": [""]}
    answer = editor.post(at(draft, "check"), sent)
    told = answer.content.decode()
    assert "承诺时限30天长于法定时限20天" in told
    assert "第四十二条" in told
    assert 'data-element="materials.0.material_name"' in told
    assert 'href="#at-promise_day"' in told
    assert "承诺办结时限</li>" in told, "what is typed and not saved"
    assert "<html" not in told
    draft.refresh_from_db()
    assert draft.seq == 1
    taken = sent | {"local_task_code": [other.local_task_code], "task_code": ["1" * 31]}
    assert "已由“别的许可”使用" in editor.post(at(draft, "check"), taken).content.decode()
    unread = editor.post(at(draft, "check"), sent | {"promise_day": ["五"]}).content.decode()
    assert "应为整数" in unread
    assert "第1项材料没有名称" in unread
    commands.revise_draft(draft.pk, content_of(draft) | {"promise_day": 4}, by=given.by_system(), at=AT)
    assert "有人在您打开之后改动" in editor.post(at(draft, "check"), sent).content.decode()


def test_without_script_the_page_checks_too(editor):
    draft = given.draft()
    answer = editor.post(at(draft), opened(editor, draft) | {"promise_day": ["30"], "do": ["check"]})
    assert answer.status_code == 200
    assert answer.content.decode().count("承诺时限30天长于法定时限20天") >= 2, "in the panel and beside the element"


def test_who_may_edit(editor):
    draft = given.draft()
    reader, _ = signed_in("某某", "handler")
    stranger, _ = signed_in("外局", department="区民政局")
    assert Client().get(at(draft)).status_code == 302
    for client in (reader, stranger):
        assert client.get(at(draft)).status_code == 403
        for name in ("edit", "check"):
            assert client.post(at(draft, name), {"promise_day": "1"}).status_code == 403
    assert editor.get("/desk/catalogue/versions/999999/edit/").status_code == 404
    assert editor.get(at(draft, "check")).status_code == 405
    assert at(draft) in editor.get(f"/desk/catalogue/versions/{draft.pk}/").content.decode()
    assert at(draft) in editor.get(f"/desk/catalogue/{draft.item_id}/").content.decode()
    assert at(draft) not in stranger.get(f"/desk/catalogue/versions/{draft.pk}/").content.decode()


NEW = {
    "task_name": "新的许可", "department": "阎良区行政审批服务局", "task_type": "01", "main_audience": "legal",
    "local_task_code": "NEW-1", "task_code": "", "catalog_code": "",
}  # fmt: skip


def test_a_new_item_opens_in_the_editor(editor):
    given.identity.department("区民政局")
    assert "区民政局" not in editor.get("/desk/catalogue/new/").content.decode()
    answer = editor.post("/desk/catalogue/new/", NEW)
    made = ItemVersion.objects.get()
    assert answer["Location"] == at(made)
    assert (made.task_name, made.item.code, made.state) == ("新的许可", "NEW-1", "draft")
    sent = opened(editor, made)
    assert sent["main_audience"] == ["legal"]
    assert editor.post(at(made), sent | {"summary": ["第一句"]}).status_code == 302


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"department": "区民政局"}, ""),
        ({"local_task_code": ""}, "缺少地方实施编码"),
        ({"local_task_code": "OLD-1"}, "已有事项使用"),
        ({"task_name": ""}, "请填写事项名称"),
        ({"task_type": "99"}, ""),
    ],
)
def test_a_new_item_that_cannot_be(editor, change, words):
    given.identity.department("区民政局")
    given.draft(local_task_code="OLD-1")
    answer = editor.post("/desk/catalogue/new/", NEW | change)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Item.objects.count() == 1
    assert signed_in("某某", "handler")[0].get("/desk/catalogue/new/").status_code == 403


# -- comparison -------------------------------------------------------------------------------------------------------


def test_the_comparison_shows_all_or_only_what_differs(editor):
    facts = given.published_item()
    content = queries.content(queries.whole().get(pk=facts.id))
    content["materials"] = [
        content["materials"][1],
        {**content["materials"][1], "code": "m3", "material_name": "平面图"},
    ]
    commands.draft_version(Item.objects.get(pk=facts.item_id), content, by=given.by_system(), at=AT)
    path = f"/desk/catalogue/{facts.item_id}/compare/"
    told = editor.get(path).content.decode()
    for words in ("2 处不同", "平面图", "公共场所卫生许可申请表", "新增", "删去"):
        assert words in told, words
    assert "<del>" in told
    assert "<ins>" in told
    assert "办理地点" not in told
    assert "办理地点" in editor.get(f"{path}?all=1").content.decode()


# -- cost -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("many", [2, 20])
def test_what_the_editor_costs_does_not_grow(editor, many):
    content = given.content()
    content["materials"] = [content["materials"][1] | {"code": f"m{n}"} for n in range(many)]
    content["citations"] = [content["citations"][0] | {"law": f"第{n}条例"} for n in range(many)]
    for n in range(many):
        given.draft(task_name=f"第{n}号许可")
    draft = commands.create_item(content, division=given.DIVISION, by=given.by_system(), at=AT)
    sent = opened(editor, draft)
    pinned("catalogue.edit", lambda: editor.get(at(draft)))
    pinned("catalogue.edit_check", lambda: editor.post(at(draft, "check"), sent))
    pinned("catalogue.edit_row", lambda: editor.post(at(draft), sent | {"do": ["materials.add"]}))
    commands.publish_version(draft.pk, by=given.by_system(), at=AT)
    commands.draft_version(
        Item.objects.get(pk=draft.item_id), content | {"promise_day": 4}, by=given.by_system(), at=AT
    )
    pinned("catalogue.compare", lambda: editor.get(f"/desk/catalogue/{draft.item_id}/compare/"))
