"""Refs name rows in the log: "staff:12", "applicant:9"."""

from __future__ import annotations


def pk_of(ref: str) -> int:
    """The number in a ref, 0 where there is none ("anonymous:")."""
    number = ref.rpartition(":")[2]
    return int(number) if number.isdigit() else 0
