"""Is it well? The process, the database with its migrations, a living worker; and the figures of what waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event

import structlog
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Max, Min

from yichuang.core.models import Heartbeat, Job, Message

logger = structlog.get_logger(__name__)
FRESH = timedelta(seconds=30)
_migrated = False


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold. what: one line on why it does not."""

    name: str
    well: bool
    what: str = ""


def checks(at: datetime) -> list[Check]:
    """Database, migrations, worker: in this order, later ones only when the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return [Check("database", False, str(error).splitlines()[0])]
    found = [Check("database", True)]
    missing = _unapplied()
    found.append(Check("migrations", not missing, f"{missing} not applied" if missing else ""))
    if missing:
        return found
    beat = Heartbeat.objects.aggregate(at=Max("beat_at"))["at"]
    fresh = beat is not None and at - beat <= FRESH
    found.append(Check("worker", fresh, "" if fresh else f"last heartbeat: {beat.isoformat() if beat else 'never'}"))
    return found


def _unapplied() -> int:
    """How many migrations the database lacks. Once all are there they stay, so a process looks until then."""
    global _migrated
    if _migrated:
        return 0
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    _migrated = missing == 0
    return missing


def wait_until_migrated(stopping: Event) -> bool:
    """For a worker that starts before the database is ready: look every two seconds. False when told to stop."""
    told = False
    while not stopping.is_set():
        try:
            missing = _unapplied()
        except DatabaseError as error:
            missing = -1
            connection.close()
            reason = str(error).splitlines()[0]
        else:
            reason = f"{missing} migrations not applied: run `yichuang migrate`"
        if not missing:
            return True
        if not told:
            logger.warning("worker.waits", reason=reason)
            told = True
        stopping.wait(2.0)
    return False


@dataclass(frozen=True, slots=True)
class Figures:
    """What waits, now. Ages in seconds, 0 when nothing waits; heartbeat None when no worker ever beat."""

    outbox: dict[tuple[str, str], int]
    outbox_oldest: float
    jobs: dict[str, int]
    workers: int
    heartbeat: float | None


def figures(at: datetime) -> Figures:
    """Read from the database: the same whichever process is asked. Sent messages are not counted (they only grow)."""
    backlog: dict[tuple[str, str], int] = {}
    for state in (Message.PENDING, Message.DEAD):  # each has its own small index
        counted = Message.objects.filter(state=state).order_by().values_list("adapter").annotate(n=Count("id"))
        backlog |= {(adapter, state): n for adapter, n in counted}
    oldest = Message.objects.filter(state=Message.PENDING).aggregate(at=Min("created_at"))["at"]
    open_jobs = Job.objects.filter(state__in=[Job.WAITING, Job.RUNNING])
    beats = Heartbeat.objects.filter(beat_at__gt=at - FRESH)
    last = Heartbeat.objects.aggregate(at=Max("beat_at"))["at"]
    return Figures(
        outbox=backlog,
        outbox_oldest=(at - oldest).total_seconds() if oldest else 0.0,
        jobs=dict(open_jobs.order_by().values_list("state").annotate(n=Count("id"))),
        workers=beats.count(),
        heartbeat=(at - last).total_seconds() if last else None,
    )
