"""What the platform does with licences by itself."""

from __future__ import annotations

from datetime import datetime

from yichuang.core.actor import system
from yichuang.licences import authority, commands


def expire(at: datetime) -> int:
    """Mark the licences whose last day has passed."""
    authority.prepare()
    return commands.expire_due(at, by=system("sweep"))
