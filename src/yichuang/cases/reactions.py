"""What cases does when something below happens."""

from __future__ import annotations

from django.utils import timezone

from yichuang.cases import commands
from yichuang.core import jobs
from yichuang.core.actor import Actor, system
from yichuang.core.events import Event
from yichuang.core.models import Logged

RECOMPUTE = "cases.recompute"


def calendar_changed(_row: Logged | None, event: Event, by: Actor) -> None:
    """calendar.changed: open cases are computed anew in the worker, so that nobody waits for it. The calendar is the
    country's: whoever entered it, the cases of every division move."""
    assert event.at is not None
    jobs.start(RECOMPUTE, "按新日历重算在办件期限", by=by, at=event.at)


def applicant_erased(_row: Logged | None, event: Event, by: Actor) -> None:
    """applicant.erased: drafts, files and letters go with the person; what the law keeps stays until its time."""
    assert event.at is not None
    commands.forget_applicant(event.data["applicant"], by=by, at=event.at)


def recompute(progress: jobs.Progress) -> None:
    """The job: every open case under the calendar as it is now."""
    progress.expect(commands.open_cases(""))
    moved = commands.recompute("", by=system("calendar"), at=timezone.localtime(), advance=progress.advance)
    progress.say(f"重算完成：{moved}件的期限有变化。")
    progress.result(moved=moved)
