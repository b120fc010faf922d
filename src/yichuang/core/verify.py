"""Proving the log: chains, seals, and that replaying the events gives the rows. Reads only.

Events are read in the order of their streams, through a server-side cursor, as the very texts that were digested; a
stream is checked when it is complete and handed on to replay in batches. Memory does not grow with the log.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import import_module
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson
from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat

from yichuang.core.events import Event
from yichuang.core.jobs import Progress
from yichuang.core.models import LogEvent, Logged, Seal, SealLeaf
from yichuang.core.refusal import Refusal
from yichuang.core.rules import seal as seal_rules
from yichuang.core.rules.seal import Head

BATCH = 500
"""Streams replayed together: one query for their rows."""


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing wrong with a stream ("seal:2026-11-24" for a seal). seq: the event, 0 when none is meant.

    code: stable: altered, gap, missing_start, row_changed, row_missing, row_unlogged, row_behind, replay_failed,
    seal_leaf, seal_root, seal_chain.
    """

    stream: str
    seq: int
    code: str
    what: str

    def __str__(self) -> str:
        return (
            f"{self.stream} 第 {self.seq} 条 / event {self.seq}: {self.what}"
            if self.seq
            else f"{self.stream}: {self.what}"
        )


Replay = Callable[[Mapping[str, Sequence[Event]], Mapping[str, Logged]], Iterable[Fault]]
"""A package's own comparison: a batch of complete streams of one kind, with their events, and the rows that replaying
them gave (where streams of the kind have rows) -> what is wrong."""


@dataclass
class Result:
    events: int = 0
    streams: int = 0
    rows: int = 0
    seals: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not self.faults


@cache
def replays() -> Mapping[str, Replay]:
    """Kind of stream -> further comparison, from the literal table of the module named in settings."""
    table: Mapping[str, Replay] = import_module(settings.YICHUANG_WIRING).REPLAYS
    return table


def logged_models() -> dict[str, type[Logged]]:
    """Kind of stream -> the model whose rows follow it."""
    return {m.stream_kind: m for m in apps.get_models() if issubclass(m, Logged)}


def verify(stream: str | None = None) -> Result:
    """Check one stream, or the whole log with its seals. The first fault of each broken stream is in the result.

    Everything is read in one snapshot, so that acts under way do not look like faults.
    """
    result = Result()
    broken: set[str] = set()

    def tell(fault: Fault) -> None:
        if fault.stream not in broken:
            broken.add(fault.stream)
            result.faults.append(fault)

    with _snapshot():
        rows = logged_models()
        for kind, batch in _batches(_chains(stream, result, tell), {*rows, *replays()}):
            whole = {name: [_event(line) for line in lines] for name, lines in batch.items() if name not in broken}
            made: dict[str, Logged] = {}
            if kind in rows:
                result.rows += len(batch)
                heads = {name: batch[name][-1][8] for name in whole}
                for fault in replay(rows[kind], whole, heads, made):
                    tell(fault)
            if kind in replays():
                for fault in replays()[kind](whole, made):
                    tell(fault)
        for kind, model in rows.items():
            for fault in unlogged(kind, model, stream):
                tell(fault)
        if stream is None:
            for fault in seals(result):
                tell(fault)
        else:
            for fault in _leaves(SealLeaf.objects.filter(stream=stream)):
                tell(fault)
    return result


class _snapshot:  # noqa: N801 - reads as a verb phrase: with _snapshot()
    """A read-only transaction that sees one moment (PostgreSQL: repeatable read). Inside another one: as it is."""

    def __enter__(self) -> None:
        self.outer = connection.in_atomic_block
        self.atomic = transaction.atomic()
        self.mode = getattr(connection, "transaction_mode", None)
        if connection.vendor == "sqlite" and not self.outer:
            connection.ensure_connection()
            self.mode = connection.transaction_mode  # type: ignore[attr-defined]  # of the SQLite wrapper only
            connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]  # a reader, writers go on beside
        self.atomic.__enter__()
        if connection.vendor == "postgresql" and not self.outer:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def __exit__(self, *error: Any) -> None:
        self.atomic.__exit__(*error)
        if connection.vendor == "sqlite" and not self.outer:
            connection.transaction_mode = self.mode  # type: ignore[attr-defined]  # as above


# --- chains -----------------------------------------------------------------------------------------------------

Line = tuple[str, int, str, str, str, str, str, str, str]
"""stream, seq, kind, actor, occurred, recorded, data, algorithm, digest: texts as digested."""

_COLUMNS = "stream, seq, kind, actor, {occurred}, {recorded}, data, algorithm, digest"
_UTC = "to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"


def _lines(stream: str | None) -> Iterator[Line]:
    """All events in the order of their streams. COLLATE "C" on PostgreSQL is the order of the index."""
    where, parameters = ("WHERE stream = %s", [stream]) if stream else ("", [])
    if connection.vendor == "sqlite":
        columns = _COLUMNS.format(occurred="occurred_at", recorded="recorded_at")
        sql = f"SELECT {columns} FROM core_logevent {where} ORDER BY stream, seq"  # noqa: S608 - no value in the text
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            while rows := cursor.fetchmany(2000):
                for s, n, kind, actor, occurred, recorded, data, algorithm, digest in rows:
                    yield s, n, kind, actor, _iso(occurred), _iso(recorded), data, algorithm, digest
        return
    columns = _COLUMNS.format(occurred=_UTC.format("occurred_at"), recorded=_UTC.format("recorded_at"))
    sql = f"SELECT {columns} FROM core_logevent {where} ORDER BY stream, seq"  # noqa: S608 - no value in the text
    connection.ensure_connection()
    with connection.connection.cursor(name="yichuang_verify") as cursor:
        cursor.execute(sql, parameters)
        while rows := cursor.fetchmany(5000):
            yield from rows


def _iso(stored: Any) -> str:
    """SQLite's text of a moment ("2026-11-24 01:02:03[.000004]") in the form that is digested."""
    text = stored if isinstance(stored, str) else str(stored)
    if len(text) == 26:
        return f"{text[:10]}T{text[11:]}Z"
    return f"{text[:10]}T{text[11:19]}.{text[20:]:0<6}Z"


def _chains(stream: str | None, result: Result, tell: Callable[[Fault], None]) -> Iterator[tuple[str, list[Line]]]:
    """Each stream with its events, its chain checked on the way."""
    for name, group in groupby(_lines(stream), key=itemgetter(0)):
        lines = list(group)
        result.streams += 1
        result.events += len(lines)
        fault = chain(name, lines)
        if fault is not None:
            tell(fault)
        yield name, lines


def chain(stream: str, lines: Sequence[Line]) -> Fault | None:
    """The first fault of a chain: a number left out, or a digest that its line does not give."""
    previous, expected, new, last = "", 1, None, ""
    for _stream, seq, kind, actor, occurred, recorded, data, algorithm, digest in lines:
        if seq != expected:
            code, missing = (
                ("missing_start", "起始记录缺失 / first") if expected == 1 else ("gap", "其前记录缺失 / the")
            )
            return Fault(stream, expected, code, f"{missing} event is missing (next is {seq})")
        if algorithm != last:
            try:
                new, last = hashlib.new(algorithm), algorithm
            except ValueError:
                return Fault(stream, seq, "altered", f"未知摘要算法 / unknown algorithm {algorithm!r}")
        made = new.copy()  # type: ignore[union-attr]  # set in the first turn, as "" is no algorithm
        made.update(
            f"{previous}\n{stream}\n{seq}\n{kind}\n{actor}\n{occurred}\n{recorded}\n{data}".encode(
                "utf-8", "surrogatepass"
            )
        )
        if made.hexdigest() != digest:
            return Fault(stream, seq, "altered", f"记录内容与摘要不符 / event {kind!r} does not give its digest")
        previous, expected = digest, seq + 1
    return None


# --- replay -----------------------------------------------------------------------------------------------------


def _batches(chains: Iterator[tuple[str, list[Line]]], kinds: set[str]) -> Iterator[tuple[str, dict[str, list[Line]]]]:
    """Streams of the kinds that are replayed, BATCH at a time, one kind in each."""
    open_: dict[str, dict[str, list[Line]]] = {}
    for name, lines in chains:
        kind = name.partition(":")[0]
        if kind not in kinds:
            continue
        batch = open_.setdefault(kind, {})
        batch[name] = lines
        if len(batch) >= BATCH:
            yield kind, open_.pop(kind)
    yield from open_.items()


def _event(line: Line) -> Event:
    return Event(
        kind=line[2], data=orjson.loads(line[6]), at=datetime.fromisoformat(line[4]), actor=line[3], seq=line[1]
    )


def replay(
    model: type[Logged], batch: Mapping[str, Sequence[Event]], heads: Mapping[str, str], made: dict[str, Logged]
) -> Iterator[Fault]:
    """Replay each stream to a fresh row, kept in `made`, and compare it with the stored one."""
    key: Any = model._meta.pk if model.stream_field == "pk" else model._meta.get_field(model.stream_field)
    fields = [_column(model, name) for name in model.replayed]
    keys = [name.partition(":")[2] for name in batch]
    columns = ["seq", "head", *(f.attname for f in fields)]
    stored = {
        str(row[0]): row[1:]
        for row in model._base_manager.filter(**{f"{key.name}__in": keys}).values_list(key.attname, *columns)
    }
    for name, events in batch.items():
        row = stored.get(name.partition(":")[2])
        last = events[-1].seq
        if row is None:
            yield Fault(name, last, "row_missing", "对应的数据行不存在 / the row is gone")
            continue
        if (row[0], row[1]) != (last, heads[name]):
            what = f"数据行停在第 {row[0]} 条 / the row is at event {row[0]}, the log ends with {last}"
            yield Fault(name, min(row[0], last) + 1 if row[0] != last else last, "row_behind", what)
            continue
        try:
            fresh = made[name] = model.replay(events)
        except Exception:  # noqa: BLE001 - whatever apply does with a bad event, it is this stream's fault
            yield _broken(model, name, events)
            continue
        fault = _differs(name, last, fresh, fields, row[2:])
        if fault is not None:
            yield fault


def _column(model: type[Logged], name: str) -> models.Field[Any, Any]:
    for f in model._meta.concrete_fields:
        if name in (f.name, f.attname):
            return f
    raise LookupError(f"{model.__name__}.replayed names {name!r}, which is no column")


def _differs(
    name: str, last: int, fresh: Logged, fields: Sequence[models.Field[Any, Any]], stored: Sequence[Any]
) -> Fault | None:
    for f, is_ in zip(fields, stored, strict=True):
        must = getattr(fresh, f.attname)
        if must != is_ and f.to_python(must) != is_:
            what = f"字段 {f.attname} 被改动 / column differs: 库中 {is_!r}, 按记录应为 {must!r}"
            return Fault(name, last, "row_changed", what)
    return None


def _broken(model: type[Logged], name: str, events: Sequence[Event]) -> Fault:
    """The event at which replaying stops."""
    fresh = model()
    for event in events:
        fresh.seq = event.seq
        try:
            fresh.apply(event)
        except Exception as broken:  # noqa: BLE001 - as above
            what = f"无法重放 / cannot be replayed: {type(broken).__name__}: {broken}"
            return Fault(name, event.seq, "replay_failed", what)
    return Fault(name, events[-1].seq, "replay_failed", "无法重放 / cannot be replayed")


def unlogged(kind: str, model: type[Logged], stream: str | None = None) -> Iterator[Fault]:
    """Rows of which the log knows nothing: put in behind it, or their whole stream was taken away."""
    key = "pk" if model.stream_field == "pk" else model.stream_field
    rows = model._base_manager.annotate(
        of=Concat(Value(f"{kind}:"), Cast(key, CharField(max_length=80)), output_field=CharField(max_length=80))
    )
    if model.begins_unlogged:
        rows = rows.exclude(seq=0, head="")
    if stream is not None:
        rows = rows.filter(of=stream)
    for name in rows.filter(~Exists(LogEvent.objects.filter(stream=OuterRef("of")))).values_list("of", flat=True)[
        :1000
    ]:
        yield Fault(name, 1, "row_unlogged", "数据行没有任何记录 / the row has no event")


# --- seals ------------------------------------------------------------------------------------------------------


def seals(result: Result) -> Iterator[Fault]:
    """Each seal chained to the one before, its root recomputed, each leaf found in the log."""
    previous = ""
    for seal in Seal.objects.order_by("day"):
        result.seals += 1
        name = f"seal:{seal.day.isoformat()}"
        if seal.previous != previous:
            yield Fault(name, 0, "seal_chain", "与前一日封印不衔接 / not chained to the seal before")
        previous = seal.digest
        own = seal_rules.chained(seal.day, seal.root, seal.streams, seal.previous, seal.algorithm)
        if own != seal.digest:
            yield Fault(name, 0, "seal_chain", "封印摘要不符 / its digest does not match")
        leaves = SealLeaf.objects.filter(seal=seal).order_by("position")
        made = seal_rules.root(
            (Head(*leaf).bytes() for leaf in leaves.values_list("stream", "seq", "digest").iterator(5000)),
            seal.algorithm,
        )
        if made != seal.root:
            yield Fault(name, 0, "seal_root", "封印根值不符 / the root does not follow from its leaves")
    yield from _leaves(SealLeaf.objects.all())


def _leaves(leaves: models.QuerySet[SealLeaf]) -> Iterator[Fault]:
    """Leaves whose event is not in the log with that digest."""
    there = LogEvent.objects.filter(stream=OuterRef("stream"), seq=OuterRef("seq"), digest=OuterRef("digest"))
    gone = leaves.filter(~Exists(there)).order_by("stream", "seq").values_list("stream", "seq", "seal__day")
    for stream, seq, day in gone.iterator(2000):
        what = f"与 {day.isoformat()} 的封印不符 / not the event that was sealed on {day.isoformat()}"
        yield Fault(stream, seq, "seal_leaf", what)


# --- as long work ------------------------------------------------------------------------------------------------


def job(progress: Progress) -> None:
    """`verify` of the whole log, started from the desk: the faults are the job's rejected rows."""
    result = verify()
    progress.expect(result.events)
    progress.advance(result.events)
    for fault in result.faults:
        progress.reject(fault.stream, str(fault))
    progress.result(events=result.events, streams=result.streams, rows=result.rows, seals=result.seals)
    if result.faults:
        raise Refusal(
            "log.broken",
            f"核验发现 {len(result.faults)} 处不符。",
            "请保全数据库现状，立即报告安全管理员，并与已公布的每日封印对照。",
        )
