"""The daily seal: once a day is over, a Merkle root over the heads of the streams that moved, chained to the seal before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import structlog
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from yichuang.core.events import ALGORITHM
from yichuang.core.models import LogEvent, Seal, SealLeaf
from yichuang.core.refusal import Refusal
from yichuang.core.rules import seal as rules
from yichuang.core.rules.seal import Head

GRACE = timedelta(minutes=5)
"""After midnight, so that transactions of the day have ended. A later one is caught by the next seal."""
OVERLAP = timedelta(days=2)
"""How far back a seal looks for events that an earlier one could not see yet."""

logger = structlog.get_logger(__name__)


def sweep(at: datetime) -> int:
    """Seal every finished day that has none. Returns how many seals were made. Run by the worker."""
    made = 0
    for day in _days_to_seal(at):
        try:
            made += seal_day(day, at=at) is not None
        except IntegrityError:  # another process made this very seal
            logger.info("seal.made_elsewhere", day=day.isoformat())
    return made


def _days_to_seal(at: datetime) -> Iterator[date]:
    last = Seal.objects.order_by("-day").values_list("day", flat=True).first()
    if last is None:
        first = LogEvent.objects.order_by("recorded_at").values_list("recorded_at", flat=True).first()
        if first is None:
            return
        last = timezone.localtime(first).date() - timedelta(days=1)
    day = last + timedelta(days=1)
    while _end(day) + GRACE <= at:
        yield day
        day += timedelta(days=1)


def _end(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def seal_day(day: date, *, at: datetime) -> Seal | None:
    """Seal one day: every stream whose head, of events recorded before the day's end, is not under a seal yet.

    None when no stream moved. ValueError for a day that is not over, or not after the last seal's.
    """
    end = _end(day)
    if at < end:
        raise ValueError(f"{day} is not over")
    with transaction.atomic():
        previous = Seal.objects.order_by("-day").first()
        if previous is not None and previous.day >= day:
            raise ValueError(f"{day} is not after the last seal, {previous.day}")
        heads = list(_moved(_end(previous.day) - OVERLAP if previous else None, end))
        if not heads:
            return None
        root = rules.root((head.bytes() for head in heads), ALGORITHM)
        before = previous.digest if previous else ""
        seal = Seal.objects.create(
            day=day,
            root=root,
            previous=before,
            digest=rules.chained(day, root, len(heads), before, ALGORITHM),
            streams=len(heads),
            algorithm=ALGORITHM,
            sealed_at=at,
        )
        SealLeaf.objects.bulk_create(
            (
                SealLeaf(seal=seal, position=position, stream=head.stream, seq=head.seq, digest=head.digest)
                for position, head in enumerate(heads)
            ),
            batch_size=5000,
        )
    logger.info("seal.made", day=day.isoformat(), streams=len(heads), root=root)
    return seal


_MOVED = """
SELECT e.stream, e.seq, e.digest
FROM (SELECT stream, MAX(seq) AS seq FROM core_logevent WHERE recorded_at < %s {since} GROUP BY stream) h
JOIN core_logevent e ON e.stream = h.stream AND e.seq = h.seq
WHERE NOT EXISTS (SELECT 1 FROM core_sealleaf l WHERE l.stream = h.stream AND l.seq >= h.seq)
ORDER BY e.stream, e.seq
"""


def _moved(since: datetime | None, end: datetime) -> Iterator[Head]:
    """Heads of streams with events recorded before `end` that are not under a seal yet, in the order of the tree."""
    parameters = [connection.ops.adapt_datetimefield_value(end)]
    if since is not None:
        parameters.append(connection.ops.adapt_datetimefield_value(since))
    with connection.cursor() as cursor:
        cursor.execute(_MOVED.format(since="AND recorded_at >= %s" if since else ""), parameters)
        while rows := cursor.fetchmany(5000):
            for stream, seq, digest in rows:
                yield Head(stream, seq, digest)


def published(*, before: date | None = None, size: int = 400) -> list[Seal]:
    """Seals, the latest first, for everyone to keep. before: older than this day."""
    seals = Seal.objects.order_by("-day")
    if before is not None:
        seals = seals.filter(day__lt=before)
    return list(seals[:size])


@dataclass(frozen=True, slots=True)
class Proof:
    """That the head of a stream is under a seal: with leaf, position, size and path anyone computes the root."""

    seal: Seal
    head: Head
    position: int
    path: tuple[str, ...]


def proof(stream: str, day: date | None = None) -> Proof:
    """The proof for the stream's head under the seal of a day (the latest that holds it). Refusal 404 "seal.none"."""
    leaves = SealLeaf.objects.filter(stream=stream).select_related("seal").order_by("-seal__day")
    leaf = (leaves.filter(seal__day=day) if day else leaves).first()
    if leaf is None:
        raise Refusal(
            "seal.none",
            f"没有包含 {stream} 的封印。",
            "当日的记录在次日零时后封印；请核对流的名称和日期。",
            status=404,
        )
    rows = leaf.seal.leaves.order_by("position").values_list("stream", "seq", "digest")
    heads = [Head(*row) for row in rows]
    path = rules.path([head.bytes() for head in heads], leaf.position, leaf.seal.algorithm)
    return Proof(leaf.seal, heads[leaf.position], leaf.position, tuple(path))
