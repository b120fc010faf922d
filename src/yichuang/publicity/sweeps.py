"""What the platform does with public records by itself."""

from __future__ import annotations

from datetime import datetime

from yichuang.core import calendar
from yichuang.publicity import commands


def warn(at: datetime) -> int:
    """Tell of decisions that are near their due date, or past it, and not public yet."""
    return commands.warn_due(at, calendar.current())
