"""证照分离: what a reform changed, told from versions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from yichuang.catalogue import commands
from yichuang.catalogue.tests import given
from yichuang.core.refusal import Refusal
from yichuang.reports import queries

pytestmark = pytest.mark.django_db
TODAY = given.AT.date()
LATER = given.AT + timedelta(days=40)


def reformed():
    """An item whose period and materials were cut when it went over to notice and commitment, and was worded anew since."""
    old = given.published_item(promise_day=12)
    first = given.content()["materials"][:1]
    new = given.revised(old, at=LATER, promise_day=5, materials=first, reform_way="3", is_commitment=True)
    return given.revised(new, at=LATER + timedelta(days=1), summary="换一种说法")


def test_each_way_holds_its_items_with_what_they_were_before():
    new = reformed()
    given.published_item(reform_way="4")
    given.published_item()
    assert [way.name for way in queries.reform(given.DIVISION, TODAY)] == ["优化审批服务"]
    ways = {way.name: way for way in queries.reform(given.DIVISION, (LATER + timedelta(days=1)).date())}
    assert {name: len(way.items) for name, way in ways.items()} == {"实行告知承诺": 1, "优化审批服务": 1}
    one = ways["实行告知承诺"].items[0]
    assert one.version.pk == new.id
    assert one.before is not None
    assert (one.before.days_then, one.before.days_now) == (12, 5)
    assert (one.before.materials_then, one.before.materials_now) == (2, 1)
    assert ways["优化审批服务"].items[0].before is None
    assert (ways["实行告知承诺"].told, ways["优化审批服务"].told) == (1, 0)
    assert queries.reform("610115", LATER.date()) == []


def test_the_way_of_an_item_leaves_out_what_changed_nothing():
    new = reformed()
    item, stages = queries.reform_history(given.DIVISION, new.item_id)
    assert item.pk == new.item_id
    told = [(s.version.number, s.way, s.version.promise_day, s.materials, sorted(s.changed)) for s in stages]
    assert told == [(2, "实行告知承诺", 5, 1, ["days", "materials", "way"]), (1, "", 12, 2, [])]


def test_an_item_that_was_never_reformed_has_no_page(client):
    plain = given.published_item()
    for item in (plain.item_id, 999_999):
        with pytest.raises(Refusal) as no:
            queries.reform_history(given.DIVISION, item)
        assert no.value.status == 404
        assert client.get(f"/reform/{item}/").status_code == 404


def test_the_pages_tell_it(client):
    new = reformed()
    told = client.get(f"/reform/?on={(LATER + timedelta(days=1)).date()}").content.decode()
    assert new.name in told
    assert "原 12 天" in told
    assert "原 2 份" in told
    assert f"/reform/{new.item_id}/" in told
    assert "没有实行改革的事项" in client.get(f"/reform/?on={TODAY - timedelta(days=1)}").content.decode()
    assert client.get("/reform/?on=yesterday").status_code == 422
    history = client.get(f"/reform/{new.item_id}/").content.decode()
    assert history.count("改变") == 3
    assert "12 个工作日" in history


@pytest.mark.parametrize("many", [1, 9])
def test_the_page_costs_the_same_for_few_and_for_many(many, django_assert_num_queries):
    for _ in range(many):
        reformed()
    with django_assert_num_queries(3):
        queries.reform(given.DIVISION, (LATER + timedelta(days=1)).date())


def test_the_reform_list_holds_exactly_the_reformed(client):
    new = reformed()
    given.published_item()
    edition = commands.publish_edition("reform", division=given.DIVISION, by=given.by_system(), at=LATER)
    assert edition is not None
    assert [row.cells[1] for row in edition.rows.all()] == [new.name]
