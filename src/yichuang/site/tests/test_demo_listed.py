"""The model district's items ask for nothing that is not listed, and it keeps 76 intermediary services."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from yichuang.catalogue.models import Certificate, Intermediary
from yichuang.catalogue.rules.checks_listed import attests, find
from yichuang.core.actor import system
from yichuang.site.demo import district, listed, model


def materials() -> Iterator[tuple[str, Any]]:
    """Item and material; the material by its name alone where the district's items say no more."""
    for item in (*model.briefs(), *district.shorts()):
        for one in item["materials"]:
            yield item.get("name") or item["task_name"], one


def test_every_certificate_that_an_item_asks_for_is_listed():
    known = {name: one["code"] for one in listed.certificates() for name in (one["name"], *one["names"])}
    asked = [
        (item, name)
        for item, one in materials()
        for name in [one if isinstance(one, str) else one["material_name"]]
        if attests(name) and (isinstance(one, str) or not one.get("exempt"))
    ]
    assert asked
    assert [pair for pair in asked if find(known, pair[1]) is None] == []


@pytest.mark.django_db
def test_what_is_listed_is_entered_once():
    by = system("demo", "610114")
    for _ in range(2):
        listed.enter(by, timezone.localtime())
        assert Certificate.objects.count() == len(listed.certificates()) >= 25
        assert Intermediary.objects.count() == 76
