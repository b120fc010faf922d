"""Long work and how far it is."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Job(models.Model):
    """An import, an export, a bulk push, a report: runs in the worker, can be left and found again.

    `rejected` lists what did not go in: [{"row": 3, "reason": "..."}]. `total` 0 means not yet known.
    """

    WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"
    STATES = [(WAITING, "排队中"), (RUNNING, "进行中"), (DONE, "已完成"), (FAILED, "未完成")]

    kind = models.CharField(max_length=60)
    label = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=80, blank=True)
    division = models.CharField(max_length=6, blank=True)
    state = models.CharField(max_length=10, choices=STATES, default=WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=500, blank=True)
    result = models.JSONField(default=dict)
    result_file = models.ForeignKey("core.File", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    rejected = models.JSONField(default=list)
    task = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["waiting", "running", "done", "failed"]), name="job_state"),
        ]
        indexes = [
            models.Index(fields=["by", "-id"], name="job_by"),
            models.Index(fields=["state"], name="job_state_index"),
        ]

    @property
    def over(self) -> bool:
        return self.state in {self.DONE, self.FAILED}

    @property
    def percent(self) -> int | None:
        """0 to 100; None while the total is unknown."""
        if self.state == self.DONE:
            return 100
        return min(100, self.done * 100 // self.total) if self.total else None
