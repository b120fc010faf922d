"""What the platform does by itself: lights, deemed acceptance, warnings and lapse of corrections, new calendars."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import connection, transaction
from django.db.models import prefetch_related_objects

from yichuang.cases.commands.acceptance import deem_accepted, lapse, warn_lapse
from yichuang.cases.commands.acting import acting, thresholds
from yichuang.cases.models import Case
from yichuang.cases.rules import clock
from yichuang.cases.rules.delivery import light_up
from yichuang.cases.rules.facts import LIGHTS, day
from yichuang.core import log
from yichuang.core.actor import Actor, system
from yichuang.core.calendar import current
from yichuang.core.refusal import Refusal

BATCH = 200


def attend(at: datetime, *, most: int = 100_000) -> int:
    """Every open case whose day has come: light it, warn, deem it accepted, let it lapse. How many acts were done.

    Each case in a transaction of its own; one that somebody else has just dealt with is passed over.
    """
    done, last = 0, 0
    while done < most:
        due = Case.objects.filter(open=True, attention_on__lte=day(at), pk__gt=last).order_by("pk")
        rows = list(due.values_list("pk", "number", "division", "state")[:BATCH])
        if not rows:
            return done
        for pk, number, division, state in rows:
            last = pk
            by = system("sweep", division)
            try:
                done += _correcting(number, by, at) if state == "correcting" else _lit(number, by, at)
            except Refusal:
                continue  # its state has changed since it was listed
    return done


def _correcting(number: str, by: Actor, at: datetime) -> int:
    case = Case.objects.get(number=number)
    if case.correction_due_on and day(at) > case.correction_due_on and case.lapse_warnings >= 2:
        lapse(number, by=by, at=at)
    else:
        warn_lapse(number, by=by, at=at)
    return 1


def _lit(number: str, by: Actor, at: datetime) -> int:
    """Record the light once and tell handler and head; past the day of acceptance, deem it accepted."""
    with acting(number, by=by, at=at, parts=True) as act:
        facts = clock.dues(act.facts, act.now)
        if facts.state != "received" or facts.light != "overdue":
            colour = facts.light
            if colour in ("", "green") or clock.flag(facts, colour) in facts.flags:
                return 0
            act.write(light_up(facts, act.now, colour=colour))
            act.notify_staff("light", f"{act.case.number} {act.case.title}：{LIGHTS[colour]}")
            return 1
    deem_accepted(number, by=by, at=at)
    return 1


def recompute(division: str, *, by: Actor, at: datetime, advance: Callable[[int], None] = lambda _done: None) -> int:
    """Every open case (of the division; of all, when it is "") under the calendar as it is now; old and new dates are
    recorded. How many moved.

    In batches of short transactions. Stopped and begun again it goes on where it was: what has moved moves no more.
    """
    moved, after = 0, 0
    while True:
        with transaction.atomic():
            rows = _locked(division, after)
            if not rows:
                return moved
            after = rows[-1].pk
            calendar = current()
            pairs = []
            for case in rows:
                now = clock.Moment(by, at, calendar, thresholds(case.department))
                event = clock.reschedule(case.facts(), now)
                if event is not None:
                    pairs.append((case, event))
            log.record_each(pairs, by=by, at=at)
            moved += len(pairs)
        advance(len(rows))


def _locked(division: str, after: int) -> list[Case]:
    """The next open cases, locked, with what their clocks depend on. 1 query, two more where there were suspensions."""
    rows = Case.objects.filter(open=True, pk__gt=after).select_related("department__clock_rule").order_by("pk")
    if division:
        rows = rows.filter(division=division)
    if connection.features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    found = list(rows[:BATCH])
    stopped = [case for case in found if case.specials]
    if stopped:
        prefetch_related_objects(stopped, "steps", "suspensions")
    for case in stopped:
        case.load_parts()
    return found


def open_cases(division: str) -> int:
    """How many there are to recompute."""
    rows = Case.objects.filter(open=True)
    return (rows.filter(division=division) if division else rows).count()
