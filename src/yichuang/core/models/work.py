"""Who works and what is due: the worker's own rows."""

from __future__ import annotations

from django.db import models


class Heartbeat(models.Model):
    """A worker that lives: its row goes when it stops cleanly, and grows stale when it is killed."""

    worker = models.CharField(max_length=64, primary_key=True)
    host = models.CharField(max_length=80)
    process = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField(db_index=True)


class ScheduleRun(models.Model):
    """The last run of a sweep. One of many workers holds it at a time: the one whose UPDATE set `held_by`."""

    name = models.CharField(max_length=60, primary_key=True)
    due_at = models.DateTimeField()
    held_by = models.CharField(max_length=64, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    touched = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
