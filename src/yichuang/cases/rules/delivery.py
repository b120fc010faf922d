"""After the decision: the licence or document, its delivery, slips of the pen, the archive (行政许可法 39, 44)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from yichuang.cases.rules.acceptance import need
from yichuang.cases.rules.clock import Moment, flag, timed
from yichuang.cases.rules.facts import WAYS, CaseFacts
from yichuang.cases.rules.machine import permit
from yichuang.core.events import Event
from yichuang.core.refusal import Refusal


def check_issue(facts: CaseFacts, now: Moment) -> None:
    """May the licence or the document be made now? Raises Refusal."""
    permit(facts, "issue", now.by)
    if facts.issued_at is not None:
        raise Refusal("case.issued", "证照或者决定文书已经制作。", "可以直接送达。")


def last_day(starts: date, months: int) -> date | None:
    """The last day on which a licence of so many months is valid: the day before the same day `months` on (on the 31st:
    before the month's end). None: without end. Rest days do not matter: a licence expires by the calendar."""
    if not months:
        return None
    years, month = divmod(starts.month - 1 + months, 12)
    year = starts.year + years
    return date(year, month + 1, min(starts.day, monthrange(year, month + 1)[1])) - timedelta(days=1)


def issue(facts: CaseFacts, now: Moment, *, licence_id: int | None, licence: str) -> Event:
    """case.issued. licence: its identifier, "" where the decision document is the result."""
    check_issue(facts, now)
    return timed(facts, Event("case.issued", {"licence_id": licence_id, "licence": licence}), now)


def _served(way: str, recipient: str, tracking: str) -> dict[str, Any]:
    faults: dict[str, str] = {}
    if way not in WAYS:
        faults["way"] = f"送达方式：{'、'.join(WAYS.values())}"
    if way == "counter" and not recipient.strip():
        faults["recipient"] = "窗口领取的，请登记领取人姓名"
    if way == "post" and not tracking.strip():
        faults["tracking"] = "邮寄送达的，请填写运单号"
    if faults:
        raise Refusal(
            "case.delivery",
            f"送达登记不完整：{'；'.join(faults.values())}。",
            "请补充后再提交。",
            law="行政许可法第四十四条",
            fields=faults,
            status=422,
        )
    return {"way": way, "tracking": tracking.strip() if way == "post" else ""}


def deliver(facts: CaseFacts, now: Moment, *, way: str, recipient: str, tracking: str) -> Event:
    """case.delivered: handed over at the counter, posted with a tracking number, or sent electronically; the case closes."""
    permit(facts, "deliver", now.by)
    if facts.state == "granted" and facts.issued_at is None:
        raise Refusal("case.not_issued", "证照或者决定文书尚未制作。", "请先办理“制证”，再送达。")
    return timed(facts, Event("case.delivered", _served(way, recipient, tracking)), now)


def deliver_notice(facts: CaseFacts, now: Moment, *, way: str, recipient: str, tracking: str) -> Event:
    """case.notice_delivered: of a case that ended without a decision."""
    permit(facts, "deliver_notice", now.by)
    if facts.delivered_at is not None:
        raise Refusal("case.delivered", "通知文书已经送达。", "无须重复送达。")
    return Event("case.notice_delivered", _served(way, recipient, tracking))


def correct_clerical(facts: CaseFacts, now: Moment, *, of: str, was: str, reads: str) -> Event:
    """case.clerical_corrected: a slip of the pen in a document, put right by another document."""
    permit(facts, "correct_clerical", now.by)
    need(was, "was", "请写明更正前的内容")
    need(reads, "now", "请写明更正后的内容")
    if was.strip() == reads.strip():
        raise Refusal(
            "case.clerical",
            "更正前后的内容相同。",
            "请核对需要更正的内容。",
            fields={"now": "与更正前相同"},
            status=422,
        )
    return Event("case.clerical_corrected", {"of": of})


def archive(facts: CaseFacts, now: Moment) -> Event:
    """case.archived: the file is closed for good."""
    permit(facts, "archive", now.by)
    return timed(facts, Event("case.archived", {}), now)


def light_up(facts: CaseFacts, now: Moment, *, colour: str) -> Event:
    """case.flagged: a light, recorded once with its time. facts: with the clock of today (`clock.dues`)."""
    permit(facts, "flag", now.by)
    due_on = facts.due_on.isoformat() if facts.due_on else ""
    return timed(facts, Event("case.flagged", {"flag": flag(facts, colour), "light": colour, "due_on": due_on}), now)
