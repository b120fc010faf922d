"""Verbs of publicity. Each is one transaction and at least one event."""

from yichuang.publicity.commands.making import complete, record, reschedule
from yichuang.publicity.commands.publishing import exported, publish, warn_due, withdraw, withhold
from yichuang.publicity.commands.pushing import mend, push, receive

__all__ = [
    "complete",
    "exported",
    "mend",
    "publish",
    "push",
    "receive",
    "record",
    "reschedule",
    "warn_due",
    "withdraw",
    "withhold",
]
