"""When to try again: waits that double, spread so that many failures do not come back at one moment."""

from __future__ import annotations

from datetime import datetime, timedelta

FIRST = timedelta(seconds=5)
LONGEST = timedelta(hours=6)
ATTEMPTS = 24  # with these waits: a day and a half to three days


def wait(attempts: int, spread: float) -> timedelta:
    """How long to wait after `attempts` (1 and more) failures. spread: 0 <= spread < 1, chance from outside.

    The full wait doubles from FIRST up to LONGEST; a half of it is certain, the other half is spread.
    """
    if attempts < 1:
        raise ValueError("attempts starts at 1")
    full = min(FIRST * 2 ** min(attempts - 1, 20), LONGEST)
    waited: timedelta = full / 2 + full / 2 * spread
    return waited


def next_try(attempts: int, at: datetime, spread: float, *, most: int = ATTEMPTS) -> datetime | None:
    """The moment of the next try, or None when it has been tried often enough and becomes a dead letter."""
    return None if attempts >= most else at + wait(attempts, spread)
