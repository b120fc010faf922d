"""Recording: one act is one transaction that changes the row and tells the log."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from yichuang.core import log
from yichuang.core.events import Event, link, moment
from yichuang.core.models import LogEvent
from yichuang.core.refusal import Refusal
from yichuang.core.tests import things
from yichuang.core.tests.things import CLERK, NOW, Thing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def thing_table(db):
    with things.table():
        yield


def test_an_act_changes_the_row_and_chains_its_event():
    things.open_thing()
    things.count_thing(by_how_many=3)
    thing = things.close_thing()
    stored = Thing._base_manager.get(number="T-1")
    assert (stored.state, stored.count, stored.seq, stored.head) == ("closed", 3, 3, thing.head)
    lines = list(LogEvent.objects.filter(stream="thing:T-1").order_by("seq"))
    assert [line.kind for line in lines] == ["thing.opened", "thing.counted", "thing.closed"]
    previous = ""
    for line in lines:
        assert line.digest == link(
            previous, line.stream, line.seq, line.kind, line.actor, moment(line.occurred_at), moment(line.recorded_at),
            line.data, line.algorithm,
        )  # fmt: skip
        previous = line.digest
    assert lines[0].division == "610114"
    assert lines[0].actor_name == "王办理"


def test_a_refusal_leaves_no_trace():
    things.open_thing()
    things.close_thing()
    before = (LogEvent.objects.count(), Thing._base_manager.values().get())
    with pytest.raises(Refusal, match="已经关闭"):
        things.close_thing()
    assert (LogEvent.objects.count(), Thing._base_manager.values().get()) == before


def test_two_writers_of_one_stream_one_wins_and_the_other_is_told():
    things.open_thing()
    stale = Thing._base_manager.get(number="T-1")
    things.count_thing()
    with pytest.raises(Refusal) as told, transaction.atomic():
        log.record(stale, Event("thing.closed"), by=CLERK, at=NOW)
    assert told.value.code == "log.conflict"
    assert Thing._base_manager.get(number="T-1").state == "open"


@pytest.mark.django_db(transaction=True)
def test_recording_outside_a_transaction_is_a_mistake_of_the_program(transactional_db):
    with pytest.raises(RuntimeError, match="transaction"):
        log.record(Thing(), Event("thing.opened", {}), by=CLERK, at=NOW)


def test_who_stands_in_is_told():
    deputy = replace(CLERK, standing_in_for="staff:9")
    things.open_thing(by=deputy)
    assert '"standing_in_for":"staff:9"' in LogEvent.objects.get().data


def test_reactions_run_in_the_same_transaction(monkeypatch):
    heard = []

    def stumble(row, event, by):
        heard.append((row.number, event.kind, event.seq, by.ref))
        raise Refusal("reaction.no", "不行。", "改一下。")

    monkeypatch.setattr(log, "wiring", lambda: {"thing.opened": (stumble,)})
    with pytest.raises(Refusal, match="不行"):
        things.open_thing()
    assert heard == [("T-1", "thing.opened", 1, "staff:1")]
    assert not LogEvent.objects.exists()
    assert not Thing._base_manager.exists()


def test_what_follows_from_the_row_as_the_event_before_left_it_is_one_update():
    things.open_thing()
    with transaction.atomic():
        thing = log.lock(Thing, number="T-1")
        with CaptureQueriesContext(connection) as queries, log.writing(thing, by=CLERK, at=NOW) as write:
            write(Event("thing.counted", {"by": 2}))
            write(Event("thing.counted", {"by": thing.count}))
    assert [q["sql"].split()[0] for q in queries] == ["INSERT", "UPDATE"]
    stored = Thing._base_manager.get(number="T-1")
    assert (stored.count, stored.seq) == (4, 3)


def test_nothing_is_written_of_a_block_that_raises():
    things.open_thing()

    def act():
        with transaction.atomic(), log.writing(log.lock(Thing, number="T-1"), by=CLERK, at=NOW) as write:
            write(Event("thing.closed"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    assert Thing._base_manager.get(number="T-1").state == "open"
    assert LogEvent.objects.filter(stream="thing:T-1").count() == 1


def test_only_the_columns_that_differ_are_written():
    things.open_thing()
    with transaction.atomic():
        thing = log.lock(Thing, number="T-1")
        thing.due_on = date(2026, 3, 10)  # set beside the event, as commands may
        with CaptureQueriesContext(connection) as queries:
            log.record(thing, Event("thing.counted", {"by": 1}), by=CLERK, at=NOW)
    (update,) = [q["sql"] for q in queries if q["sql"].startswith("UPDATE")]
    columns = update.partition(" WHERE ")[0]
    assert [name for name in ("seq", "head", "due_on", "count") if f'"{name}"' not in columns] == []
    assert [name for name in ("number", "state", "opened_at") if f'"{name}"' in columns] == []
    assert Thing._base_manager.get(number="T-1").due_on == date(2026, 3, 10)


def test_a_row_that_was_read_again_is_written_whole():
    thing = things.open_thing()
    things.count_thing()
    thing.refresh_from_db()
    thing.state = "open"
    assert thing.changed() is None
    thing.save()
    assert thing.changed() == []
    thing.state = "closed"
    assert thing.changed() == ["state"]
    thing.refresh_from_db(fields=["state"])
    assert thing.changed() is None, "what is known of the other columns may be old"
