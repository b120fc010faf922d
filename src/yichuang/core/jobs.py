"""Long work: started by a person, run by the worker, its progress seen and found again.

`site.wiring.JOBS` is a literal table, kind -> function(progress, **arguments). The function tells its progress and
what it rejected; it takes its own transactions. When a worker dies in the middle, another one starts the function again
from the beginning (a job repeats without harm: imports are idempotent), up to ATTEMPTS times.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from yichuang.core import log
from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.models import File, Job
from yichuang.core.refusal import Refusal

FIGURES = {
    "created": _("新增"),
    "updated": _("更新"),
    "submitted": _("送审"),
    "unchanged": _("未变"),
    "moved": _("到期日变动"),
    "events": _("记录"),
    "streams": _("对象"),
    "rows": _("数据行"),
    "seals": _("封印"),
}
"""What the figures of `Progress.result` are called on the page."""
ATTEMPTS = 3
REJECTED_KEPT = 10_000

logger = structlog.get_logger(__name__)


class Progress:
    """What a job's function tells while it works. Writes at most twice a second."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._written = time.monotonic()

    @property
    def by(self) -> str:
        """The ref of the person who started it ("staff:12")."""
        return self.job.by

    def expect(self, total: int) -> None:
        """How many there are in all."""
        self.job.total = total
        self._write(now=True)

    def advance(self, count: int = 1) -> None:
        self.job.done += count
        self._write()

    def say(self, message: str) -> None:
        """One line on what it is doing."""
        self.job.message = message[:500]
        self._write(now=True)

    def reject(self, row: int | str, reason: str) -> None:
        """A row that does not go in, and why (the first 10,000 are kept)."""
        if len(self.job.rejected) < REJECTED_KEPT:
            self.job.rejected.append({"row": row, "reason": reason})
        self._write()

    def result(self, *, file: File | None = None, **figures: Any) -> None:
        """What came out: a file to take away, figures to show."""
        self.job.result_file = file or self.job.result_file
        self.job.result |= figures

    def _write(self, *, now: bool = False) -> None:
        if now or time.monotonic() - self._written >= 0.5:
            self._written = time.monotonic()
            self.job.save(update_fields=["done", "total", "message", "rejected"])


Work = Callable[..., None]


@cache
def kinds() -> Mapping[str, Work]:
    """kind -> function, from the literal table of the module named in settings."""
    table: Mapping[str, Work] = import_module(settings.YICHUANG_WIRING).JOBS
    return table


def start(kind: str, label: str, *, by: Actor, at: datetime, **arguments: Any) -> Job:
    """Begin long work. kind: of `site.wiring.JOBS`. label: what the person reads. arguments: JSON-able, given to the
    function. Raises ValueError for a kind that nobody wired. The start is told in the log."""
    if kind not in kinds():
        raise ValueError(f"no job {kind!r} in JOBS")
    with transaction.atomic():
        job = Job.objects.create(
            kind=kind,
            label=label[:200],
            arguments=arguments,
            by=by.ref,
            by_name=by.name,
            division=by.division,
            created_at=at,
        )
        log.append(f"job:{job.pk}", Event("job.started", {"kind": kind}), by=by, at=at)
        job.task = str(run.enqueue(job.pk).id)
        job.save(update_fields=["task"])
    return job


@task()
def run(job_id: int) -> None:
    """The worker's part: one job from its beginning to its end. A failure is the job's state, not the worker's."""
    job = Job.objects.get(pk=job_id)
    if job.over:
        return
    job.state, job.started_at = Job.RUNNING, timezone.now()
    job.done = job.total = 0
    job.rejected, job.result, job.message = [], {}, ""
    job.save()
    progress = Progress(job)
    try:
        kinds()[job.kind](progress, **job.arguments)
    except Refusal as no:
        _end(job, Job.FAILED, str(no))
    except Exception as broken:  # told to the person, with the trace in the operator's log
        logger.exception("job.failed", job=job.pk, kind=job.kind)
        _end(job, Job.FAILED, f"办理中出错：{type(broken).__name__}。请稍后重试，或联系系统管理员并告知编号 {job.pk}。")
    else:
        _end(job, Job.DONE, job.message)


def _end(job: Job, state: str, message: str) -> None:
    job.state, job.message, job.finished_at = state, message[:500], timezone.now()
    job.save()


def abandon(job_id: int) -> None:
    """Its workers died too often: the job is failed, and says so."""
    Job.objects.filter(pk=job_id).exclude(state__in=[Job.DONE, Job.FAILED]).update(
        state=Job.FAILED, message="办理程序多次中断。请稍后重新发起，或联系系统管理员。", finished_at=timezone.now()
    )


def job_for(actor: Actor, job_id: int) -> Job:
    """The one gate: one's own, or any of the division for a system administrator. Refusal 404 else."""
    job = jobs_of(actor).select_related("result_file").filter(pk=job_id).first()
    if job is None:
        raise Refusal("job.unknown", "没有这项任务。", "请返回任务列表查看您发起的任务。", status=404)
    return job


def jobs_of(actor: Actor) -> QuerySet[Job]:
    """What `job_for` opens, the latest first."""
    mine = Q(by=actor.ref)
    if actor.has("system_administrator"):
        mine |= Q(division__in=[actor.division, ""])
    return Job.objects.filter(mine).order_by("-id")
