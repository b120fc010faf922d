"""What is kept for a while and then forgotten: kept answers, entries of the shared cache, dead workers' rows, finished tasks. Never the log."""

from __future__ import annotations

from datetime import datetime, timedelta

from django_tasks_db.models import DBTaskResult

from yichuang.core import documents
from yichuang.core.models import Heartbeat, KeptAnswer, SharedEntry

ANSWERS_KEPT = timedelta(days=7)
HEARTBEATS_KEPT = timedelta(days=1)
TASKS_KEPT = timedelta(days=30)
DOCUMENTS_KEPT = timedelta(days=30)
"""Made documents that nobody asks for any more: they are made anew when somebody does."""


def sweep(at: datetime) -> int:
    """Forget what is past its time. Returns how many rows and files went."""
    answers, _ = KeptAnswer.objects.filter(created_at__lt=at - ANSWERS_KEPT).delete()
    workers, _ = Heartbeat.objects.filter(beat_at__lt=at - HEARTBEATS_KEPT).delete()
    tasks, _ = DBTaskResult.objects.finished().filter(finished_at__lt=at - TASKS_KEPT).delete()
    entries, _ = SharedEntry.objects.filter(expires_at__lte=at.timestamp()).delete()
    return answers + workers + tasks + entries + documents.forget(at - DOCUMENTS_KEPT)
