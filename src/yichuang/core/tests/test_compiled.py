"""Compiled reads answer as their querysets do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from yichuang.core import compiled, log, outbox
from yichuang.core.actor import system
from yichuang.core.events import Event
from yichuang.core.models import LogEvent, Message, Seal, SealLeaf

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def leaves_of(stream: str, at_least: int) -> QuerySet[SealLeaf]:
    return SealLeaf.objects.select_related("seal").filter(stream=stream, seq__gte=at_least).order_by("-seq")


def doubled(stream: str) -> QuerySet[LogEvent]:
    return LogEvent.objects.filter(stream=stream) | LogEvent.objects.filter(kind=stream)


def shortened(stream: str) -> QuerySet[LogEvent]:
    return LogEvent.objects.filter(stream=stream[:1])


def about(stream: str) -> QuerySet[Message]:
    return Message.objects.filter(about=stream)


@pytest.fixture
def sealed() -> Seal:
    seal = Seal.objects.create(
        day=NOW.date(), root="r", digest="d", streams=3, algorithm="sm3", sealed_at=NOW + timedelta(hours=1)
    )
    for seq in (1, 2, 3):
        SealLeaf.objects.create(seal=seal, position=seq, stream="case:x", seq=seq, digest=f"d{seq}")
    return seal


def test_the_same_rows_in_the_same_order_with_what_is_joined(sealed):
    found = compiled.rows(leaves_of, "case:x", 2)
    assert found == list(leaves_of("case:x", 2))
    with CaptureQueriesContext(connection) as queries:
        assert [leaf.seal.sealed_at for leaf in found] == [sealed.sealed_at] * 2
        assert found[0].seal.day == NOW.date()
    assert len(queries) == 0, "what is joined is at hand"


def test_other_values_are_other_rows_by_the_same_statement(sealed):
    assert [leaf.seq for leaf in compiled.rows(leaves_of, "case:x", 1)] == [3, 2, 1]
    assert [leaf.seq for leaf in compiled.rows(leaves_of, "case:x", 3)] == [3]
    assert compiled.rows(leaves_of, "case:y", 1) == []
    assert compiled.one(leaves_of, "case:x", 1).seq == 3
    assert compiled.one(leaves_of, "case:x", 4) is None


def test_what_is_read_can_be_changed_and_saved():
    with transaction.atomic():
        outbox.enqueue("sms", "k", {"notice": 1}, about="case:x", at=NOW)
    message = compiled.one(about, "case:x")
    assert message.payload == {"notice": 1}, "values are read as their columns are"
    message.payload = {"notice": 2}
    message.save()
    assert compiled.one(about, "case:x").payload == {"notice": 2}


def test_a_quote_in_a_value_is_a_value(sealed):
    assert compiled.rows(leaves_of, "case:x' OR '1'='1", 1) == []


@pytest.mark.parametrize("make", [doubled, shortened])
def test_a_value_that_is_not_in_the_statement_once_as_it_is_is_a_mistake_of_the_program(make):
    with pytest.raises(RuntimeError, match="once"):
        compiled.rows(make, "case:x")


def test_a_value_of_another_kind_is_a_mistake_of_the_program():
    with pytest.raises(ValueError, match="NoneType"):
        compiled.rows(leaves_of, None, 1)


def test_a_row_is_locked_by_any_of_its_columns_and_missing_as_the_model_says(sealed):
    with transaction.atomic():
        assert log.lock(SealLeaf, stream="case:x", seq=2).digest == "d2"
        with pytest.raises(SealLeaf.DoesNotExist):
            log.lock(SealLeaf, stream="case:x", seq=9)
    with transaction.atomic():
        log.append("case:x", Event("a.b"), by=system("test", "610114"), at=NOW)
        log.append("case:x", Event("a.b"), by=system("test", "610114"), at=NOW)
    assert list(LogEvent.objects.filter(stream="case:x").order_by("seq").values_list("seq", flat=True)) == [1, 2]
