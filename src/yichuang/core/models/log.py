"""The append-only, chained log and the rows that follow it."""

from __future__ import annotations

from typing import ClassVar

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
    """

    stream_kind: ClassVar[str]
    stream_field: ClassVar[str] = "pk"
    replayed: ClassVar[tuple[str, ...]]

    seq = models.PositiveIntegerField(default=0, editable=False)
    head = models.CharField(max_length=64, default="", blank=True, editable=False)

    class Meta:
        abstract = True

    def stream_key(self) -> str:
        return str(getattr(self, self.stream_field))

    @property
    def stream(self) -> str:
        return f"{self.stream_kind}:{self.stream_key()}"

    def apply(self, event: Event) -> None:
        """Change this row in memory as the event says, from the event alone."""
        raise NotImplementedError(f"{type(self).__name__}.apply")
