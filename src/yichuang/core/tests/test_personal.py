"""Accesses to personal data on the record; seals that can be forgotten."""

from __future__ import annotations

import pytest

from yichuang.core import personal
from yichuang.core.models import LogEvent
from yichuang.core.refusal import Refusal
from yichuang.core.tests.things import CLERK, NOW


@pytest.mark.django_db
def test_a_look_is_recorded_with_fields_and_purpose_but_without_the_data():
    personal.looked("applicant:9", ["phone", "id_number", "phone"], "核对13912345678", by=CLERK, at=NOW)
    row = LogEvent.objects.get(stream="personal:applicant:9")
    assert (row.kind, row.actor, row.occurred_at) == ("personal.looked", CLERK.ref, NOW)
    assert row.event().data == {"fields": ["id_number", "phone"], "why": "核对139****5678"}


@pytest.mark.django_db
@pytest.mark.parametrize("why", ["", "   "])
def test_without_a_purpose_nothing_is_shown_or_recorded(why: str):
    with pytest.raises(Refusal) as no:
        personal.looked("applicant:9", ["phone"], why, by=CLERK, at=NOW)
    assert (no.value.code, no.value.status) == ("personal.no_purpose", 422)
    assert not LogEvent.objects.filter(stream="personal:applicant:9").exists()


def test_a_seal_is_checked_with_its_salt_only():
    salt, digest = personal.seal("610114199001011234")
    assert personal.sealed("610114199001011234", salt, digest)
    assert not personal.sealed("610114199001011235", salt, digest)
    assert not personal.sealed("610114199001011234", "", digest)
    assert personal.seal("610114199001011234")[1] != digest
    assert personal.sealed(b"bytes", *personal.seal(b"bytes"))
