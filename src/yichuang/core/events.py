"""An event before and after it is written: plain values, for rules."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson

JSON = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """What happened. kind: "case.accepted". data: JSON-able, no personal data (records are named by id with a salted
    digest). at: when it happened (aware); actor: ref of who did it; both are stamped when it is recorded."""

    kind: str
    data: JSON = field(default_factory=dict)
    at: datetime | None = None
    actor: str = ""
    seq: int = 0


def canonical(value: Any) -> str:
    """The one text of a JSON value: keys sorted, no spaces, dates in ISO form, moments in UTC."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z).decode()


def moment(value: datetime) -> str:
    """UTC with microseconds, always of the same length: what is digested."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


ALGORITHM = "sm3" if "sm3" in hashlib.algorithms_available else "sha256"


def digest(text: str | bytes, algorithm: str = ALGORITHM) -> str:
    """Hex digest, SM3 (GB/T 32905) where the system's OpenSSL has it, else SHA-256."""
    return hashlib.new(algorithm, text.encode() if isinstance(text, str) else text).hexdigest()


def link(
    previous: str,
    stream: str,
    seq: int,
    kind: str,
    actor: str,
    at: str,
    recorded: str,
    data: str,
    algorithm: str = ALGORITHM,
) -> str:
    """The digest that chains an event to the one before it in its stream."""
    return digest("\n".join((previous, stream, str(seq), kind, actor, at, recorded, data)), algorithm)
