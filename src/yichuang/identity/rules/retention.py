"""What is kept of a person who asked to be erased, and why: told to them before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Stay:
    """what stays, why, until when (None: as long as the reason lasts), by which law."""

    what: str
    why: str
    until: date | None
    law: str
