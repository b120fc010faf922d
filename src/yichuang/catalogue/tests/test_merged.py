"""多证合一: an item names the registration that carries it; lint, the guide, the list and the desk know it."""

from __future__ import annotations

import pytest

from yichuang.catalogue import commands, queries
from yichuang.catalogue.models import ItemVersion
from yichuang.catalogue.rules import lint
from yichuang.catalogue.rules.lists import LISTS
from yichuang.catalogue.tests import given
from yichuang.core.refusal import Refusal
from yichuang.core.tests.counting import pinned

AT, BY = given.AT, given.by_system()


def found(carriers: dict[str, str] | None, **elements: str) -> set[str]:
    content = {**given.CONTENT, "local_task_code": "X-1", **elements}
    return {f.code for f in lint.check(content, lint.Context(carriers=carriers)) if f.code.startswith("merged")}


def test_lint_wants_an_item_in_force_that_is_another():
    assert found({}, merged_into="X-2") == {"merged.carrier"}
    assert found({"X-2": "公司设立登记"}, merged_into="X-2") == set()
    assert found(None, merged_into="X-2") == set(), "an import of many tells of it afterwards"
    assert found({"X-1": "自己"}, merged_into="X-1") == {"merged.itself"}
    assert found({}) == set()


@pytest.fixture
def carrier(db):
    return given.published_item(task_name="公司设立登记", task_type="07", concerns_safety=None, catalog_code="")


def merged(carrier, **more):
    return given.published_item(task_name="公章刻制备案", merged_into=carrier.item_code, **more)


def rows() -> list[dict[str, str]]:
    one = LISTS["merged"]
    return [dict(zip(one.headings, cells, strict=True)) for _, cells in queries.list_rows(one, given.DIVISION)]


def test_a_version_that_names_no_item_in_force_is_refused(carrier):
    for code in ("610114-NONE", given.draft().item.code):
        version = given.draft(merged_into=code)
        with pytest.raises(Refusal) as no:
            commands.publish_version(version.pk, by=BY, at=AT)
        assert "merged_into" in no.value.fields
    assert merged(carrier)


def test_what_is_carried_by_an_item_that_retired_is_found(carrier):
    item = merged(carrier)
    assert not [f for f in queries.lint_all() if f["rule"].startswith("merged")]
    commands.retire_version(carrier.id, reason="取消", by=BY, at=AT)
    assert [(f["item"], f["rule"]) for f in queries.lint_all() if f["rule"].startswith("merged")] == [
        (item.item_id, "merged.carrier")
    ]
    assert queries.guide(item.item_id).carrier is None
    assert rows() == []


def test_the_list_names_what_each_is_merged_into(carrier):
    merged(carrier)
    (row,) = rows()
    assert (row["事项名称"], row["并入的事项"]) == ("公章刻制备案", "公司设立登记")
    assert commands.publish_edition("merged", division=given.DIVISION, by=BY, at=AT).count == 1


def test_the_list_costs_the_same_for_a_few_and_for_many(carrier):
    for n in (1, 6):
        for _ in range(n):
            merged(carrier)
        pinned("catalogue.list_merged", rows)


def test_the_guide_leads_to_the_registration(carrier, client):
    item = merged(carrier)
    told = client.get(f"/items/{item.item_id}/").content.decode()
    assert "已纳入“多证合一”" in told
    assert f'<a href="/items/{carrier.item_id}/">公司设立登记</a>' in told
    assert "多证合一" not in client.get(f"/items/{carrier.item_id}/").content.decode()
    facts = queries.sheet(queries.guide(item.item_id))["sections"][0]["facts"]
    assert ["多证合一", "办理“公司设立登记”时一并填报，不用再单独办理"] in facts


@pytest.mark.django_db
def test_it_is_an_element_as_others_are(client):
    version = given.draft(merged_into="610114-SJ-0302")
    assert queries.content(queries.whole().get(pk=version.pk))["merged_into"] == "610114-SJ-0302"
    assert "merged_into" in queries.export_names()
    editor = given.identity.staff("周目录", roles=("catalogue_editor",), department=version.department)[0]
    client.force_login(editor.account)
    page = client.get(f"/desk/catalogue/versions/{version.pk}/edit/").content.decode()
    assert 'name="merged_into"' in page
    assert "不存在或不在用" in page


@pytest.mark.django_db
def test_the_database_keeps_it_once_published(carrier):
    item = merged(carrier)
    with pytest.raises(Exception, match="immutable"):
        ItemVersion.objects.filter(pk=item.id).update(merged_into="")
