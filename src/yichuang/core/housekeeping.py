"""What is kept for a while and then forgotten: kept answers, dead workers' rows. Never the log."""

from __future__ import annotations

from datetime import datetime, timedelta

from yichuang.core.models import Heartbeat, KeptAnswer

ANSWERS_KEPT = timedelta(days=7)
HEARTBEATS_KEPT = timedelta(days=1)


def sweep(at: datetime) -> int:
    """Forget what is past its time. Returns how many rows went."""
    answers, _ = KeptAnswer.objects.filter(created_at__lt=at - ANSWERS_KEPT).delete()
    workers, _ = Heartbeat.objects.filter(beat_at__lt=at - HEARTBEATS_KEPT).delete()
    return answers + workers
