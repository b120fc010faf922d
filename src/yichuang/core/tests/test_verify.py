"""`verify` is clean when nothing was touched, and names the first wrong event of each stream when something was."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, transaction

from yichuang.core import log, seal, triggers, verify
from yichuang.core.events import ALGORITHM, Event, link, moment
from yichuang.core.models import LogEvent, Seal, SealLeaf
from yichuang.core.tests import things
from yichuang.core.tests.things import CLERK, NOW, Thing
from yichuang.core.verify import Fault

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world(db, monkeypatch):
    """Two things with three events each, a stream without a row, all sealed."""
    monkeypatch.setattr(verify, "logged_models", lambda: {"thing": Thing})
    monkeypatch.setattr(verify, "replays", dict)
    with things.table():
        with monkeypatch.context() as then:
            then.setattr(log.timezone, "now", lambda: NOW)
            for number in ("T-1", "T-2"):
                things.open_thing(number)
                things.count_thing(number, 2)
                things.close_thing(number)
            with transaction.atomic():
                log.append("run:1", Event("run.started"), by=CLERK, at=NOW)
        seal.sweep(NOW + timedelta(days=1))
        yield


@contextmanager
def behind():
    """Somebody with the database's password, who drops the triggers and puts them back."""
    triggers.drop(connection)
    yield
    triggers.create(connection)


def faults() -> list[tuple[str, int, str]]:
    return [(f.stream, f.seq, f.code) for f in verify.verify().faults]


def test_what_nobody_touched_is_clean():
    result = verify.verify()
    assert result.clean
    assert (result.events, result.streams, result.rows, result.seals) == (7, 3, 2, 1)


def test_one_stream_alone():
    result = verify.verify("thing:T-2")
    assert result.clean
    assert (result.events, result.streams, result.rows) == (3, 1, 1)


def test_altered_data_is_found_at_its_event():
    with behind():
        LogEvent.objects.filter(stream="thing:T-1", seq=2).update(data='{"by":20}')
    assert faults() == [("thing:T-1", 2, "altered")]
    assert not verify.verify("thing:T-1").clean
    assert verify.verify("thing:T-2").clean


@pytest.mark.parametrize(
    "changes",
    [
        {"actor": "staff:9"},
        {"kind": "thing.closed"},
        {"occurred_at": NOW + timedelta(microseconds=1)},
        {"recorded_at": NOW - timedelta(days=1)},
        {"algorithm": "none"},
        {"algorithm": "sha256" if ALGORITHM == "sm3" else "sm3"},
    ],
)
def test_every_part_of_an_event_is_under_its_digest(changes):
    with behind():
        LogEvent.objects.filter(stream="thing:T-1", seq=2).update(**changes)
    assert faults() == [("thing:T-1", 2, "altered")]


@pytest.mark.parametrize(("seq", "code"), [(1, "missing_start"), (2, "gap")])
def test_a_deleted_event_is_a_gap(seq, code):
    with behind():
        LogEvent.objects.filter(stream="thing:T-1", seq=seq).delete()
    assert faults() == [("thing:T-1", seq, code)]


def test_a_deleted_last_event_is_missed_by_row_and_seal():
    with behind():
        LogEvent.objects.filter(stream="thing:T-1", seq=3).delete()
        LogEvent.objects.filter(stream="run:1").delete()
    assert faults() == [("thing:T-1", 3, "row_behind"), ("run:1", 1, "seal_leaf")]


def test_a_whole_stream_deleted_leaves_its_row_unlogged():
    with behind():
        LogEvent.objects.filter(stream="thing:T-1").delete()
    assert faults() == [("thing:T-1", 1, "row_unlogged")]


def test_a_row_changed_behind_the_log():
    Thing._base_manager.filter(number="T-2").update(count=5)
    (fault,) = verify.verify().faults
    assert (fault.stream, fault.seq, fault.code) == ("thing:T-2", 3, "row_changed")
    assert "count" in fault.what
    assert "5" in fault.what


def test_a_row_deleted_behind_the_log():
    Thing._base_manager.filter(number="T-2").delete()
    assert faults() == [("thing:T-2", 3, "row_missing")]


def test_a_row_put_in_behind_the_log():
    Thing._base_manager.create(number="T-9", state="open")
    assert faults() == [("thing:T-9", 1, "row_unlogged")]


def test_a_whole_history_rewritten_with_fresh_digests_is_betrayed_by_the_seal():
    with behind():
        previous = ""
        for line in LogEvent.objects.filter(stream="thing:T-1").order_by("seq"):
            line.data = line.data.replace('"by":2', '"by":3')
            line.digest = previous = link(
                previous, line.stream, line.seq, line.kind, line.actor, moment(line.occurred_at),
                moment(line.recorded_at), line.data, line.algorithm,
            )  # fmt: skip
            line.save()
        Thing._base_manager.filter(number="T-1").update(count=3, head=previous)
    assert faults() == [("thing:T-1", 3, "seal_leaf")]


def test_a_seal_rewritten_too_does_not_follow_from_its_leaves():
    with behind():
        SealLeaf.objects.filter(stream="run:1").delete()
    assert ("seal:2026-03-02", 0, "seal_root") in faults()
    with behind():
        Seal.objects.update(streams=2)
    assert ("seal:2026-03-02", 0, "seal_chain") in faults()


def test_a_seal_taken_out_breaks_the_chain_of_seals():
    with transaction.atomic():
        log.append("run:1", Event("run.ended"), by=CLERK, at=NOW)
    LogEvent.objects.filter(seq=2, stream="run:1")
    seal.sweep(LogEvent.objects.latest("recorded_at").recorded_at + timedelta(days=1))
    assert verify.verify().clean
    with behind():
        first = Seal.objects.order_by("day")[0]
        first.leaves.all().delete()
        first.delete()
    assert [code for _, _, code in faults()] == ["seal_chain"]


def test_an_event_that_cannot_be_replayed_names_itself():
    thing = Thing._base_manager.get(number="T-1")
    thing.apply = lambda event: None  # a program of another version wrote it
    with transaction.atomic():
        log.record(thing, Event("thing.vanished"), by=CLERK, at=NOW)
    assert faults() == [("thing:T-1", 4, "replay_failed")]


def test_a_package_may_compare_further(monkeypatch):
    seen = {}

    def further(batch, _rows):
        seen.update(batch)
        for stream, events in batch.items():
            if len(events) == 1:
                yield Fault(stream, 1, "run_unfinished", "never ended")

    monkeypatch.setattr(verify, "replays", lambda: {"run": further})
    assert faults() == [("run:1", 1, "run_unfinished")]
    assert [event.kind for event in seen["run:1"]] == ["run.started"]


def test_only_the_first_fault_of_a_stream_is_told():
    with behind():
        LogEvent.objects.filter(stream="thing:T-1", seq=2).update(data='{"by":20}')
        LogEvent.objects.filter(stream="thing:T-1", seq=3).update(data='{"x":1}')
    Thing._base_manager.filter(number="T-1").update(count=7)
    assert faults() == [("thing:T-1", 2, "altered")]


def test_many_streams_are_replayed_in_batches(monkeypatch):
    monkeypatch.setattr(verify, "BATCH", 2)
    for n in range(5):
        things.open_thing(f"U-{n}")
    result = verify.verify()
    assert result.clean
    assert result.rows == 7
