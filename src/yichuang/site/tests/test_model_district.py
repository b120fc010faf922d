"""The model district's whole catalogue makes the catalogue's figures come out of its records."""

from __future__ import annotations

from datetime import date

import pytest
from django.db.models import Q
from django.utils import timezone

from yichuang.catalogue.models import Handling, Item, ItemVersion, ListEdition
from yichuang.catalogue.queries import lint_all
from yichuang.catalogue.rules.lists import LISTS
from yichuang.reports import queries
from yichuang.site.demo import district, model

pytestmark = pytest.mark.django_db
DIVISION = "610114"


@pytest.mark.timeout(240)
def test_the_catalogue_of_the_model_district():
    district.enter(timezone.localtime(), whole=True)
    told = {t.figure.id: t.text for t in queries.figures(DIVISION, date(2021, 12, 31), "catalogue")}
    assert told | {
        "items.total": "624", "items.licences": "313", "items.filings": "91", "mobile.items": "325", "mobile.person": "194",
        "mobile.legal": "131", "online.catalogue": "581", "online.implementation": "860", "online.rate": "93.1%",
        "onenet.items": "579", "onenet.rate": "92.7%", "central.departments": "16", "central.items": "181",
        "central.material_cut": "20%", "central.time_cut": "50%以上", "clinic.before": "30", "clinic.after": "18",
        "paperless.before": "11", "paperless.after": "0", "cross.items": "467", "life.stages": "11", "life.situations": "26",
        "life.items": "129", "adjust.powers": "49", "intermediary.kept": "76", "commitment.items": "9", "commitment.departments": "5",
    } == told  # fmt: skip
    now = {t.figure.id: t.text for t in queries.figures(DIVISION, timezone.localdate(), "catalogue")}
    assert now == told, "nothing has changed since"

    published = set(ListEdition.objects.filter(number=1).values_list("code", flat=True))
    assert published == set(LISTS), "every list has content and a first edition"

    handlings = Handling.objects.filter(version__state="published")
    assert handlings.count() >= 903
    should = handlings.filter(only_online=False, exempt="")
    assert (should.count(), should.filter(is_window=True).count()) == (800, 780)
    assert handlings.filter(is_window=True).values("version__item").distinct().count() == 624

    codes = list(ItemVersion.objects.filter(state="published").values_list("catalog_code", "task_code"))
    assert {(len(base), len(task)) for base, task in codes} == {(12, 31)}
    assert len({task for _, task in codes}) == 624
    own = list(handlings.filter(implied=False).values_list("task_handle_item", flat=True))
    assert {len(code) for code in own} == {33}
    assert len(set(own)) == len(own)

    assert [one for one in lint_all(DIVISION) if one["level"] == "error"] == []
    assert not Item.objects.filter(~Q(state="published")).exists()
    waiting = ItemVersion.objects.filter(state="draft").values_list("stage", flat=True)
    assert sorted(waiting) == ["approved", "submitted", "submitted", "submitted"]
    before = ItemVersion.objects.count()
    district.enter(timezone.localtime(), whole=True)
    assert Item.objects.count() == 624, "entered once"
    assert ItemVersion.objects.count() == before


def test_no_mark_or_history_is_of_an_item_that_is_not_there():
    codes = {brief["code"] for brief in model.briefs()} | {short["local_task_code"] for short in district.shorts()}
    assert len(codes) == 624
    for name in ("marks.toml", "history.toml"):
        assert set(model.read(name)) <= codes, name
