"""What the platform does by itself: lights, deemed acceptance, warnings and lapse of corrections, new calendars."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from yichuang.cases.commands.acceptance import deem_accepted, lapse, warn_lapse
from yichuang.cases.commands.acting import acting
from yichuang.cases.models import Case
from yichuang.cases.rules import clock
from yichuang.cases.rules.delivery import light_up
from yichuang.cases.rules.facts import LIGHTS, day
from yichuang.core.actor import Actor, system
from yichuang.core.events import Event
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


def recompute(division: str, *, by: Actor, at: datetime, after: str = "") -> int:
    """Every open case under the calendar as it is now; old and new dates are recorded. How many moved.

    In batches of short transactions, by number, from `after` on: it may be stopped and taken up again, and nobody waits.
    """
    moved = 0
    while True:
        rows = Case.objects.filter(open=True, number__gt=after).order_by("number")
        if division:
            rows = rows.filter(division=division)
        numbers = list(rows.values_list("number", flat=True)[:BATCH])
        if not numbers:
            return moved
        for number in numbers:
            after = number
            moved += reschedule(number, by=by, at=at)


def reschedule(number: str, *, by: Actor, at: datetime) -> bool:
    """One case under today's calendar: case.rescheduled when a date moved; nothing is written when none did."""
    with transaction.atomic(), acting(number, by=by, at=at, parts=True) as act:
        if not act.case.open:
            return False
        before = act.facts
        after = clock.dues(before, act.now)
        was, now = _dates(clock.block(before)), _dates(clock.block(after))
        if was == now:
            return False
        data = {"calendar": act.now.calendar.version, "was": was, "now": now, "clock": clock.block(after)}
        act.write(Event("case.rescheduled", data))
    return True


def _dates(block: dict[str, Any]) -> dict[str, Any]:
    kept = ("acceptance_due_on", "statutory_due_on", "promised_due_on", "delivery_due_on", "provisional")
    return {name: block[name] for name in kept}
