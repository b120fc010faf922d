"""The application form at the desk: there and back, its buttons, what is told, who may."""

from __future__ import annotations

import copy

import pytest
from django.test import Client

from yichuang.catalogue import commands, queries
from yichuang.catalogue.models import ItemVersion
from yichuang.catalogue.rules import formgrid, formread
from yichuang.catalogue.tests import given
from yichuang.catalogue.tests.test_editor_pages import signed_in
from yichuang.core.models import LogEvent

RICH = {
    "groups": [
        {
            "code": "place",
            "title": "经营场所",
            "help": "以实际为准",
            "fields": [
                {"code": "name", "label": "名称", "type": "text", "required": True, "source": "applicant.name"},
                {
                    "code": "kind",
                    "label": "类别",
                    "type": "choice",
                    "choices": [{"value": "hotel", "label": "宾馆"}, {"value": "barber", "label": "理发店"}],
                },
                {
                    "code": "rooms",
                    "label": "客房数",
                    "type": "integer",
                    "min": 1,
                    "when": {"field": "place.kind", "eq": "hotel"},
                },
                {"code": "opened", "label": "开业日期", "type": "date", "max": "today"},
                {"code": "notes", "label": "说明", "type": "longtext", "max_length": 500},
                {"code": "card", "label": "证号", "type": "text", "source": "licence.11100000000013338W022.number"},
            ],
        },
        {
            "code": "staff",
            "title": "从业人员",
            "repeat": True,
            "min": 1,
            "max": 3,
            "when": {"field": "place.kind", "ne": "barber"},
            "fields": [{"code": "name", "label": "姓名", "type": "text", "pattern": "[^0-9]+"}],
        },
    ]
}


def there_and_back(form):
    groups = formgrid.groups_of(form)
    return formgrid.settled(formgrid.gather(formgrid.spread(groups)))


@pytest.mark.parametrize("form", [given.FORM, None, {"groups": []}])
def test_a_form_goes_to_fields_and_back(form):
    assert formread.parse(there_and_back(form)) == formread.parse(form)


def test_what_goes_there_and_back_twice_stays_as_it_is():
    rich = copy.deepcopy(RICH)
    rich["groups"][0]["fields"][2]["when"] = {"field": "place.kind", "in": ["hotel", "barber"]}
    once = there_and_back(rich)
    assert formread.parse(once) == formread.parse(rich)
    assert there_and_back(once) == once


def test_a_yes_or_no_stays_one_and_a_strange_condition_is_kept():
    form = copy.deepcopy(given.FORM)
    form["groups"][0]["fields"] += [
        {"code": "air", "label": "有空调", "type": "boolean"},
        {"code": "kind", "label": "种类", "type": "text", "when": {"field": "place.air", "eq": True}},
        {"code": "odd", "label": "怪", "type": "text", "when": {"field": "place.air", "eq": True, "ne": False}},
    ]
    made = there_and_back(form)["groups"][0]["fields"]
    assert made[3]["when"] == {"field": "place.air", "eq": True}
    assert made[4]["when"] == {"field": "place.air", "eq": True, "ne": False}


def test_a_condition_may_name_a_field_of_the_same_sitting():
    sent = formgrid.spread(formgrid.groups_of(given.FORM)) | {
        "g.0.f.line": ["0", "1", "2", "3"],
        "g.0.f.2.code": ["air"],
        "g.0.f.2.label": ["有空调"],
        "g.0.f.2.type": ["boolean"],
        "g.0.f.3.label": ["几台"],
        "g.0.f.3.type": ["integer"],
        "g.0.f.3.when.field": ["place.air"],
        "g.0.f.3.when.op": ["eq"],
        "g.0.f.3.when.value": ["是"],
    }
    assert formgrid.gather(sent)[0]["fields"][3]["when"] == {"field": "place.air", "eq": True}


def test_the_buttons_do_what_they_say():
    groups = formgrid.groups_of(given.FORM)
    more = formgrid.act(groups, "g.add")
    assert [g["code"] for g in more] == ["place", "group1"]
    assert [g["code"] for g in formgrid.act(more, "g.1.up")] == ["group1", "place"]
    fields = formgrid.act(groups, "g.0.f.add")[0]["fields"]
    assert fields[-1] == {"code": "field1", "label": "", "type": "text"}
    assert [f["code"] for f in formgrid.act(groups, "g.0.f.0.down")[0]["fields"]] == ["address", "name"]
    assert [f["code"] for f in formgrid.act(groups, "g.0.f.0.remove")[0]["fields"]] == ["address"]
    assert formgrid.act(groups, "g.0.remove") == []
    assert groups == formgrid.groups_of(given.FORM)
    for word in ("g.0.up", "g.9.remove", "g.0.f.9.up", "g.x", "h.add", "g.0.f.0.fly", "g.0.f"):
        with pytest.raises(LookupError):
            formgrid.act(groups, word)


def test_what_is_new_gets_no_code_that_something_else_has_had():
    sent = formgrid.spread(formgrid.groups_of(given.FORM)) | {"g.0.f.line": ["0", "1", "2"], "g.0.f.2.label": ["新"]}
    sent |= {"g.0.f.2.type": ["choice"], "g.0.f.2.choices": ["甲"]}
    field = formgrid.gather(sent, {"field1", "v1"})[0]["fields"][2]
    assert (field["code"], field["choices"][0]["value"]) == ("field2", "v2")
    assert formgrid.act(formgrid.groups_of(None), "g.add", {"group1"})[0]["code"] == "group2"


pages = pytest.mark.django_db


def at(version):
    return f"/desk/catalogue/versions/{version.pk}/form/"


def sent(form, version, **more):
    return formgrid.spread(formgrid.groups_of(form)) | {"digest": [version.digest]} | more


@pages
def test_opening_and_saving_changes_nothing():
    client, _ = signed_in()
    draft = given.draft()
    assert client.get(at(draft)).status_code == 200
    before = LogEvent.objects.count()
    assert client.post(at(draft), sent(given.FORM, draft)).status_code == 302
    assert LogEvent.objects.count() == before


@pages
def test_what_is_typed_is_told_saved_and_asked():
    client, _ = signed_in()
    draft = given.draft()
    more = {
        "g.0.f.line": ["0", "1", "2"],
        "g.0.f.2.label": ["有几间房"],
        "g.0.f.2.type": ["choice"],
        "g.0.f.2.choices": ["一间\n两间"],
        "g.0.f.2.required": ["1"],
    }
    looked = client.post(at(draft), sent(given.FORM, draft, **more, do=["check"])).content.decode()
    assert "没有发现问题" in looked
    assert "有未保存的修改" in looked
    lacking = client.post(at(draft), sent(given.FORM, draft, **{**more, "g.0.f.2.choices": [""]}, do=["check"]))
    assert "缺少选项" in lacking.content.decode()
    assert client.post(at(draft), sent(given.FORM, draft, **more)).status_code == 302
    field = queries.version(draft.pk).form.field("place.field1")
    assert (field.label, field.required, field.choices) == ("有几间房", True, (("v1", "一间"), ("v2", "两间")))
    paper = client.get(f"/desk/catalogue/versions/{draft.pk}/form.pdf")
    assert paper.content[:4] == b"%PDF"


@pages
def test_a_field_that_a_material_names_cannot_go_unnoticed():
    client, _ = signed_in()
    content = given.content()
    content["materials"][1]["when"] = {"field": "place.name", "ne": ""}
    draft = given.draft(materials=content["materials"])
    told = client.post(at(draft), sent(given.FORM, draft, do=["g.0.f.0.remove"])).content.decode()
    assert "指向表单中没有的字段“place.name”" in told


@pages
def test_wrong_buttons_and_two_editors_lose_nothing():
    client, _ = signed_in()
    draft = given.draft()
    kept = {"g.0.help": ["别丢"]}
    answer = client.post(at(draft), sent(given.FORM, draft, do=["g.7.up"], **kept))
    assert answer.status_code == 422
    assert "别丢" in answer.content.decode()
    assert client.post(at(draft), sent(given.FORM, draft, **{"g.0.title": ["场所"]})).status_code == 302
    stale = client.post(at(draft), sent(given.FORM, draft, **kept))
    assert stale.status_code == 409
    assert "别丢" in stale.content.decode()


@pages
def test_the_page_knows_the_codes_of_all_versions():
    client, who = signed_in()
    version = given.published_item()
    form = copy.deepcopy(given.FORM)
    form["groups"][0]["fields"].append({"code": "field1", "label": "旧", "type": "text"})
    given.revised(version, form=form)
    item = queries.item_for(who, version.item_id)
    content = {**queries.content(queries.in_force(item.pk)), "form": given.FORM}
    draft = commands.draft_version(item, content, by=who, at=given.AT)
    shown = client.post(at(draft), sent(given.FORM, draft, do=["g.0.f.add"])).content.decode()
    assert 'value="field2"' in shown


@pages
def test_who_may_write():
    draft = given.draft()
    clerk, _ = signed_in("秦窗口", "window_clerk")
    assert clerk.get(at(draft)).status_code == 200
    assert clerk.post(at(draft), sent(None, draft)).status_code == 403
    assert Client().get(at(draft)).status_code in (302, 403)
    editor, _ = signed_in("周编辑")
    row = ItemVersion.objects.get(pk=given.published_item(task_name="已公布").id)
    assert "保存" not in editor.get(at(row)).content.decode().split("<main", 1)[1]
    assert editor.post(at(row), sent(None, row)).status_code == 409
