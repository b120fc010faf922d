"""Tables of the mechanisms. Import from here."""

from yichuang.core.models.calendar import CalendarDay, CalendarVersion, CalendarYear, ServiceHours
from yichuang.core.models.files import File
from yichuang.core.models.idempotency import KeptAnswer
from yichuang.core.models.jobs import Job
from yichuang.core.models.log import LogEvent, Logged, Seal, SealLeaf
from yichuang.core.models.numbers import Counter
from yichuang.core.models.outbox import Message
from yichuang.core.models.shared import SharedEntry
from yichuang.core.models.work import Heartbeat, ScheduleRun

__all__ = [
    "CalendarDay",
    "CalendarVersion",
    "CalendarYear",
    "Counter",
    "File",
    "Heartbeat",
    "Job",
    "KeptAnswer",
    "LogEvent",
    "Logged",
    "Message",
    "ScheduleRun",
    "Seal",
    "SealLeaf",
    "ServiceHours",
    "SharedEntry",
]
