"""The model district's stages of life."""

from __future__ import annotations

import pytest

from yichuang.catalogue.models import SituationItem
from yichuang.catalogue.tests import given
from yichuang.core.models import LogEvent
from yichuang.site.demo import life_stages

pytestmark = pytest.mark.django_db


def test_the_model_stages_are_entered_as_far_as_their_items_are_there():
    situations = life_stages.contents()["situations"]
    known = situations[0]["items"][:2]
    for code in known:
        given.published_item(local_task_code=code)
    assert life_stages.enter(given.by_system(), given.AT) == sum(bool(set(known) & set(s["items"])) for s in situations)
    rows = SituationItem.objects.filter(situation__code=situations[0]["code"]).order_by("position")
    assert list(rows.values_list("item__code", flat=True)) == known
    before = LogEvent.objects.count()
    life_stages.enter(given.by_system(), given.AT)
    assert LogEvent.objects.count() == before


def test_the_model_stages_are_whole():
    held = life_stages.contents()
    people = {s["code"] for s in held["stages"] if s["audience"] == "person"}
    mine = [s for s in held["situations"] if s["stage"] in people]
    assert {s["stage"] for s in held["situations"]} == {s["code"] for s in held["stages"]}
    assert (len(people), len(mine)) == (11, 26)
    assert len({code for s in mine for code in s["items"]}) == 129
