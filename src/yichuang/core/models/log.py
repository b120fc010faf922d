"""The append-only, chained log and the rows that follow it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, ClassVar, Self

from django.db import models

from yichuang.core.events import Event


class LogEvent(models.Model):
    """One line of the log. Never updated, never deleted: triggers forbid it on both databases.

    `data` is canonical JSON text, so that the digest is over the very bytes that are stored.
    """

    stream = models.CharField(max_length=80)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=60)
    division = models.CharField(max_length=6, blank=True)
    actor = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=80, blank=True)
    data = models.TextField()
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    algorithm = models.CharField(max_length=10)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="log_stream_seq")]
        indexes = [
            models.Index(fields=["kind", "occurred_at"], name="log_kind_time"),
            models.Index(fields=["recorded_at"], name="log_recorded"),
        ]

    def event(self) -> Event:
        import orjson

        return Event(kind=self.kind, data=orjson.loads(self.data), at=self.occurred_at, actor=self.actor, seq=self.seq)


class Seal(models.Model):
    """The day's seal: a Merkle root over the heads of the streams that moved, chained to the seal before.

    `digest` covers day, root, count and the digest of the seal before (`previous`): who kept one published digest can
    prove any alteration of what was recorded up to that day.
    """

    day = models.DateField(unique=True)
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    streams = models.PositiveIntegerField()
    algorithm = models.CharField(max_length=10)
    sealed_at = models.DateTimeField()


class SealLeaf(models.Model):
    """A head under a seal, in the order of the tree."""

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="leaves")
    position = models.PositiveIntegerField()
    stream = models.CharField(max_length=80)
    seq = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seal", "position"], name="seal_leaf_position")]
        indexes = [models.Index(fields=["stream", "seal"], name="seal_leaf_stream")]


class Logged(models.Model):
    """A row that changes only by `apply(event)`, and whose stream in the log tells how it came to be.

    A subclass sets `stream_kind` ("case"), `replayed` (names of the columns that replay must reproduce) and writes
    `apply`. `stream_field` names the column whose value comes after the colon ("number"): by default the primary key.
    `begins_unlogged`: a row may be there, as a name that others point to, before its first event (seq 0).
    """

    stream_kind: ClassVar[str]
    stream_field: ClassVar[str] = "pk"
    replayed: ClassVar[tuple[str, ...]]
    begins_unlogged: ClassVar[bool] = False

    seq = models.PositiveIntegerField(default=0, editable=False)
    head = models.CharField(max_length=64, default="", blank=True, editable=False)

    loaded_: dict[str, Any] | None = None
    """The columns as the database has them, when that is known."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        self.loaded_ = {
            f.attname: self.__dict__[f.attname] for f in self._meta.concrete_fields if f.attname in self.__dict__
        }

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any]) -> Self:
        row = super().from_db(db, field_names, values)
        row.loaded_ = dict(zip(field_names, values, strict=False))
        return row

    def refresh_from_db(self, using: str | None = None, fields: Any = None, from_queryset: Any = None) -> None:
        super().refresh_from_db(using, fields, from_queryset)
        self.loaded_ = None

    def changed(self) -> Sequence[str] | None:
        """The columns that differ from the database's, by name, for `update_fields`; None when that is not known (a new
        row). A column that holds a list or an object counts as changed: it may have been changed in place."""
        if self.loaded_ is None:
            return None
        here, known = self.__dict__, self.loaded_
        return [
            name
            for name in (f.attname for f in self._meta.concrete_fields if f.attname in here)
            if name not in known or isinstance(here[name], list | dict) or here[name] != known[name]
        ]

    def stream_key(self) -> str:
        return str(getattr(self, self.stream_field))

    @property
    def stream(self) -> str:
        return f"{self.stream_kind}:{self.stream_key()}"

    @classmethod
    def replay(cls, events: Iterable[Event]) -> Self:
        """A fresh row as these events of one stream, from the first on, make it."""
        row = cls()
        for event in events:
            row.seq = event.seq
            row.apply(event)
        return row

    def apply(self, event: Event) -> None:
        """Change this row in memory as the event says, from the event alone."""
        raise NotImplementedError(f"{type(self).__name__}.apply")
