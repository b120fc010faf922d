"""The model district's adjustments of powers: 49 since 2020, entered once."""

from __future__ import annotations

from datetime import date

import pytest

from yichuang.catalogue import queries
from yichuang.catalogue.models import AdjustmentLine
from yichuang.catalogue.tests import given
from yichuang.core.verify import verify
from yichuang.identity.tests.given import AT
from yichuang.site.demo import adjustments

pytestmark = pytest.mark.django_db


def test_the_model_district_has_49_powers_adjusted_since_2020():
    facts = given.published_item(task_name="劳务派遣经营许可")
    by = given.by_system()
    assert adjustments.enter(by, AT) == 49
    assert queries.powers_adjusted(given.DIVISION, date(2020, 1, 1), AT.date()) == 49
    linked = AdjustmentLine.objects.get(name="劳务派遣经营许可")
    assert (linked.item_id, linked.way) == (facts.item_id, "take_over")
    assert adjustments.enter(by, AT) == 0, "entered once"
    assert verify().clean


def test_every_document_of_the_district_is_marked_as_invented():
    for one in adjustments.contents()["adjustments"]:
        assert "（演示）" in one["title"]
        assert "（演示）" in one["number"]
        assert "（演示）" in one["approval"]
        assert one["published_on"] <= one["effective_on"]
