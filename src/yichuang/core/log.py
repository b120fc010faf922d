"""Writing the log: the only door through which a row changes.

`record(row, event, by=, at=)` applies the event to the row, saves it, appends the event to the row's chain and runs
the reactions of `site/wiring.py`, all in the caller's transaction. `writing(row, by=, at=)` does it for events of which
one follows from the row as another left it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import TypeVar

from django.conf import settings
from django.db import IntegrityError, connection
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.functional import Promise

from yichuang.core import compiled
from yichuang.core.actor import Actor
from yichuang.core.events import ALGORITHM, Event, canonical, link, moment
from yichuang.core.models.log import LogEvent, Logged
from yichuang.core.refusal import Refusal

Reaction = Callable[[Logged | None, Event, Actor], None]
Sentence = Callable[[Event, str], str]
"""An event, and the name of who did it -> how it reads."""
Row = TypeVar("Row", bound=Logged)
AnyRow = TypeVar("AnyRow", bound=Model)
BATCH = 200


@cache
def wiring() -> dict[str, tuple[Reaction, ...]]:
    """kind -> reactions, from the literal table of the module named in settings."""
    table: dict[str, tuple[Reaction, ...]] = import_module(settings.YICHUANG_WIRING).REACTIONS
    return table


def record(row: Row, *events: Event, by: Actor, at: datetime) -> Row:
    """Apply, save, append, react: inside the caller's transaction, with the row locked by the caller.

    Several events are several lines of the log and one UPDATE. A new row (no primary key yet) is inserted.
    Raises Refusal 409 "log.conflict" when somebody else wrote to the stream meanwhile.
    """
    with writing(row, by=by, at=at) as write:
        for event in events:
            write(event)
    return row


@contextmanager
def writing(row: Logged, *, by: Actor, at: datetime) -> Iterator[Callable[[Event], Event]]:
    """`record`, event by event: `write(event)` applies it to the row at once; the lines of the log, the one UPDATE and
    the reactions follow at the end of the block, in that order. Nothing is written when the block raises."""
    if not connection.in_atomic_block:
        raise RuntimeError("log.writing belongs in the transaction of a command")
    stamped: list[Event] = []

    def write(event: Event) -> Event:
        row.seq += 1
        done = Event(event.kind, event.data, at, by.ref, row.seq)
        row.apply(done)
        stamped.append(done)
        return done

    yield write
    if not stamped:
        return
    inserted = row.pk is None and row.stream_field == "pk"
    if inserted:
        row.save()  # the stream is named by the key that the database gives
    lines = []
    for done in stamped:
        line = _line(row.stream, done, previous=row.head, by=by, division=getattr(row, "division", "") or by.division)
        row.head = line.digest
        lines.append(line)
    _insert(lines)
    row.save(update_fields=["head"] if inserted else row.changed())
    for done in stamped:
        _react(row, done, by)


def record_new(pairs: Sequence[tuple[Row, Event]], *, by: Actor, at: datetime) -> list[Row]:
    """`record` for many new rows of one kind, each with its first event, in a handful of statements (imports).

    Inside the caller's transaction: all of them or none. Raises Refusal 409 "log.conflict" as `record` does."""
    if not connection.in_atomic_block:
        raise RuntimeError("log.record_new belongs in the transaction of a command")
    if not pairs:
        return []
    rows = [row for row, _ in pairs]
    stamped = [replace(event, at=at, actor=by.ref, seq=1) for _, event in pairs]
    for row, done in zip(rows, stamped, strict=True):
        row.seq = 1
        row.apply(done)
    table = type(rows[0])._default_manager
    if rows[0].stream_field == "pk":
        table.bulk_create(rows, batch_size=BATCH)  # the streams are named by the keys that the database gives
    lines = []
    for row, done in zip(rows, stamped, strict=True):
        line = _line(row.stream, done, previous="", by=by, division=getattr(row, "division", "") or by.division)
        row.head = line.digest
        lines.append(line)
    _insert(lines)
    if rows[0].stream_field == "pk":
        table.bulk_create(rows, batch_size=BATCH, update_conflicts=True, unique_fields=["pk"], update_fields=["head"])
    else:
        table.bulk_create(rows, batch_size=BATCH)
    for row, done in zip(rows, stamped, strict=True):
        _react(row, done, by)
    return rows


def record_each(pairs: Sequence[tuple[Row, Event]], *, by: Actor, at: datetime) -> list[Row]:
    """`record` for many rows that are there, each with one more event, in a handful of statements (recomputations).

    Inside the caller's transaction, with the rows locked by the caller: all of them or none. Writes the rows' own columns
    (a `save` of theirs that writes more is not called). Raises Refusal 409 "log.conflict" as `record` does."""
    if not connection.in_atomic_block:
        raise RuntimeError("log.record_each belongs in the transaction of a command")
    if not pairs:
        return []
    rows, lines, stamped = [row for row, _ in pairs], [], []
    for row, event in pairs:
        row.seq += 1
        done = replace(event, at=at, actor=by.ref, seq=row.seq)
        row.apply(done)
        line = _line(row.stream, done, previous=row.head, by=by, division=getattr(row, "division", "") or by.division)
        row.head = line.digest
        lines.append(line)
        stamped.append(done)
    _insert(lines)
    columns = [f.name for f in type(rows[0])._meta.concrete_fields if not f.primary_key]
    type(rows[0])._default_manager.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=["pk"], update_fields=columns
    )
    for row, done in zip(rows, stamped, strict=True):
        _react(row, done, by)
    return rows


def append(stream: str, event: Event, *, by: Actor, at: datetime) -> LogEvent:
    """Append to a stream that has no row of its own (accesses, imports, runs). Inside the caller's transaction."""
    last = compiled.one(_last_of, stream)
    seq, previous = (last.seq, last.digest) if last is not None else (0, "")
    done = replace(event, at=at, actor=by.ref, seq=seq + 1)
    line = _line(stream, done, previous=previous, by=by, division=by.division)
    _insert([line])
    _react(None, done, by)
    return line


def _last_of(stream: str) -> QuerySet[LogEvent]:
    return LogEvent.objects.filter(stream=stream).order_by("-seq")[:1]


def _line(stream: str, event: Event, *, previous: str, by: Actor, division: str) -> LogEvent:
    if event.at is None:
        raise ValueError("an event is stamped before it is written")
    now = timezone.now()
    data = canonical(event.data if not by.standing_in_for else {**event.data, "standing_in_for": by.standing_in_for})
    return LogEvent(
        stream=stream,
        seq=event.seq,
        kind=event.kind,
        division=division,
        actor=event.actor,
        actor_name=by.name,
        data=data,
        occurred_at=event.at,
        recorded_at=now,
        algorithm=ALGORITHM,
        digest=link(previous, stream, event.seq, event.kind, event.actor, moment(event.at), moment(now), data),
    )


def _insert(lines: Iterable[LogEvent]) -> None:
    try:
        LogEvent.objects.bulk_create(lines)
    except IntegrityError as clash:
        raise Refusal(
            "log.conflict", "您办理的同时，他人已先行办理了这一事项。", "请刷新页面，查看最新情况后再办理。", status=409
        ) from clash


def _react(row: Logged | None, event: Event, by: Actor) -> None:
    for reaction in wiring().get(event.kind, ()):
        reaction(row, event, by)


def lock(rows: type[AnyRow], **lookup: str | int) -> AnyRow:
    """The row, locked for this transaction (PostgreSQL; on SQLite the transaction itself is exclusive). Raises the
    model's DoesNotExist."""
    found: AnyRow | None = compiled.one(_locking(rows, *lookup), *lookup.values())
    if found is None:
        raise rows.DoesNotExist(f"no {rows.__name__} with {', '.join(lookup)} as asked")  # type: ignore[attr-defined]
    return found


@cache
def _locking(rows: type[AnyRow], *names: str) -> Callable[..., QuerySet[AnyRow]]:
    def locked(*values: str | int) -> QuerySet[AnyRow]:
        queryset = rows._default_manager.filter(**dict(zip(names, values, strict=True)))
        return queryset.select_for_update(of=("self",)) if connection.features.has_select_for_update else queryset

    return locked


@cache
def words() -> tuple[Mapping[str, str | Promise], Mapping[str, str | Promise], Mapping[str, Sentence]]:
    """How the log reads: names of kinds of events, names of objects, sentences. From the wiring."""
    table = import_module(settings.YICHUANG_WIRING)
    return table.KINDS, table.OBJECTS, table.SENTENCES


READERS = ("auditor", "security_administrator")


def lines(
    actor: Actor,
    *,
    stream: str | Sequence[str] = "",
    kind: str = "",
    by: str = "",
    begin: datetime | None = None,
    end: datetime | None = None,
) -> QuerySet[LogEvent]:
    """The log of the actor's division. stream (or one of several), kind, by: exact; kind "case" is every "case.…"; by: a ref or a name.

    Refusal 403 for who is no reader.
    """
    if not actor.has_any(READERS):
        actor.require("auditor")
    rows = LogEvent.objects.filter(division=actor.division)
    if stream:
        rows = rows.filter(stream=stream) if isinstance(stream, str) else rows.filter(stream__in=stream)
    if kind:
        rows = rows.filter(kind=kind) if "." in kind else rows.filter(kind__startswith=f"{kind}.")
    if by:
        rows = rows.filter(actor=by) if ":" in by else rows.filter(actor_name=by)
    if begin is not None:
        rows = rows.filter(occurred_at__gte=begin)
    if end is not None:
        rows = rows.filter(occurred_at__lt=end)
    return rows
