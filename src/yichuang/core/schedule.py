"""Sweeps: what the platform does by itself every so many minutes, once however many workers there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module

import structlog
from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from yichuang.core.models import ScheduleRun

HOLD = timedelta(minutes=5)
"""How long a sweep is a dead worker's; a living one prolongs it at every heartbeat."""

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Sweep:
    """name: stable. function(at) -> how many rows it touched; takes its own transactions, may be run again at any
    time. every_minutes: from start to start."""

    name: str
    function: Callable[[datetime], int]
    every_minutes: int


@cache
def sweeps() -> Sequence[Sweep]:
    """The literal table of the module named in settings."""
    table: Sequence[Sweep] = import_module(settings.YICHUANG_WIRING).SCHEDULE
    return table


def run_due(worker: str, at: datetime, go_on: Callable[[], bool] = lambda: True) -> int:
    """Run every sweep that is due and that no other worker holds. Returns how many ran."""
    table = sweeps()
    known = {row.name: row for row in ScheduleRun.objects.all()}
    missing = [sweep.name for sweep in table if sweep.name not in known]
    if missing:
        ScheduleRun.objects.bulk_create([ScheduleRun(name=name, due_at=at) for name in missing], ignore_conflicts=True)
    ran = 0
    for sweep in table:
        row = known.get(sweep.name)
        due = row is None or (row.due_at <= at and (row.held_until is None or row.held_until <= at))
        if due and go_on() and _hold(sweep, worker, at):
            _run(sweep, worker)
            ran += 1
    return ran


def _hold(sweep: Sweep, worker: str, at: datetime) -> bool:
    """True for the one worker whose UPDATE found the row due and free."""
    free = Q(held_until__isnull=True) | Q(held_until__lte=at)
    return bool(
        ScheduleRun.objects.filter(free, name=sweep.name, due_at__lte=at).update(
            held_by=worker, held_until=at + HOLD, started_at=at, due_at=at + timedelta(minutes=sweep.every_minutes)
        )
    )


def _run(sweep: Sweep, worker: str) -> None:
    row = ScheduleRun.objects.filter(name=sweep.name, held_by=worker)
    try:
        touched = sweep.function(timezone.localtime())
    except Exception as broken:  # one broken sweep does not stop the others; it is told and tried again
        logger.exception("sweep.failed", sweep=sweep.name)
        row.update(
            held_by="",
            held_until=None,
            finished_at=timezone.now(),
            failures=F("failures") + 1,
            last_error=f"{type(broken).__name__}: {broken}"[:500],
        )
        return
    row.update(held_by="", held_until=None, finished_at=timezone.now(), failures=0, last_error="", touched=touched)
    if touched:
        logger.info("sweep.done", sweep=sweep.name, touched=touched)


def prolong(worker: str, at: datetime) -> None:
    """The worker lives: what it holds stays its own."""
    ScheduleRun.objects.filter(held_by=worker).update(held_until=at + HOLD)
