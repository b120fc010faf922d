"""What each verb needs: its function returns the Event, or raises a Refusal that names the basis and what to do instead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from yichuang.catalogue.rules.adjustment.machine import (
    ANSWERS,
    LIST,
    MOST_DAYS,
    OPENNESS,
    OPINION_DAYS,
    SAME,
    Facts,
    Transition,
    overdue,
    permit,
)
from yichuang.catalogue.rules.adjustment.shapes import shaped
from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.refusal import Refusal


def propose(data: dict[str, Any], by: Actor) -> Event:
    """A new adjustment. data: title, basis, reason, lines, as `shaped` gives them. Raises Refusal 403, 422."""
    by.require("catalogue_editor")
    return Event("adjustment.proposed", shaped(data))


def revise(facts: Facts, data: dict[str, Any], by: Actor) -> Event:
    arrow = permit(facts, "revise", by)
    return Event("adjustment.revised", {**shaped(data), "state": _to(facts, arrow)})


def ask(facts: Facts, departments: Sequence[int], due_on: date, by: Actor) -> Event:
    """Raises Refusal 422 when there is no power to adjust or nobody to ask."""
    permit(facts, "ask", by)
    if not facts.lines:
        raise _wrong("adjustment.no_lines", "还没有列明要调整的事项。", "请先添加至少一个事项。", {})
    if not departments:
        raise _wrong(
            "adjustment.nobody_asked",
            "没有选择征求意见的部门。",
            "请至少选择一个有关部门。",
            {"departments": "请至少选择一个部门"},
        )
    return Event("adjustment.opinions_asked", {"departments": list(departments), "due_on": due_on.isoformat()})


def due_days(days: int) -> int:
    """Working days given for opinions, 1 to 30. Raises Refusal 422."""
    if not 1 <= days <= MOST_DAYS:
        raise _wrong(
            "adjustment.days",
            f"征求意见的期限应为1至{MOST_DAYS}个工作日。",
            f"请填写1至{MOST_DAYS}之间的整数，一般为{OPINION_DAYS}。",
            {"days": f"请填写1至{MOST_DAYS}"},
        )
    return days


def answer(facts: Facts, department: int | None, answer: str, words: str, by: Actor) -> Event:
    """A department's opinion; a later answer takes the place of the first while opinions are asked."""
    permit(facts, "answer", by, department=department)
    if answer not in ANSWERS:
        raise _wrong("adjustment.answer", "请选择意见。", "请选择同意、有修改意见或不同意。", {"answer": "请选择意见"})
    if answer != "agree" and not words.strip():
        raise _wrong(
            "adjustment.words", "不同意或有修改意见的，要写明内容。", "请填写意见内容。", {"words": "请填写意见内容"}
        )
    return Event("adjustment.opinion_given", {"department": department, "answer": answer, "words": words.strip()})


def note_overdue(facts: Facts, note: str, today: date, by: Actor) -> Event:
    """That departments let the day pass. Raises Refusal 409 when none has, 422 without words."""
    permit(facts, "note_overdue", by)
    late = [o.department for o in overdue(facts, today)]
    if not late:
        raise Refusal(
            "adjustment.not_overdue",
            "没有逾期未答复的部门。",
            _waiting(facts, today) or "意见已经齐了，请送合法性审查。",
            law=LIST,
        )
    if not note.strip():
        raise _wrong("adjustment.note", "要写明催办情况。", "请填写催办的时间和方式。", {"note": "请填写催办情况"})
    return Event("adjustment.overdue_noted", {"departments": late, "note": note.strip()})


def send(facts: Facts, summary: str, today: date, by: Actor) -> Event:
    """To 合法性审查. summary: what became of the opinions, needed when not all agree. Raises Refusal 409, 422."""
    permit(facts, "send", by)
    if not facts.lines:
        raise _wrong("adjustment.no_lines", "还没有列明要调整的事项。", "请先添加至少一个事项。", {})
    if not facts.opinions or not all(o.settled for o in facts.opinions):
        raise Refusal(
            "adjustment.opinions_open",
            "征求意见还没有结束，不能送合法性审查。",
            _waiting(facts, today) or "请先征求有关部门的意见。",
            law=LIST,
        )
    if any(o.answer in ("amend", "disagree") for o in facts.opinions) and not summary.strip():
        raise _wrong(
            "adjustment.summary",
            "有部门提出不同意见，要写明采纳情况。",
            "请逐条写明采纳与否和理由。",
            {"summary": "请写明意见采纳情况"},
        )
    return Event("adjustment.sent_to_legal", {"summary": summary.strip()})


def clear(facts: Facts, words: str, by: Actor) -> Event:
    permit(facts, "clear", by)
    return Event("adjustment.legal_passed", {"words": words.strip()})


def give_back(facts: Facts, reasons: str, by: Actor) -> Event:
    permit(facts, "return", by)
    return Event("adjustment.legal_returned", {"reason": _reasons(reasons)})


def approve(facts: Facts, number: str, on: date, today: date, by: Actor) -> Event:
    """The government's approval. number: of its document. on: its date, today or before."""
    permit(facts, "approve", by)
    number = _number(number, "批准文件的文号")
    if on > today:
        raise _wrong(
            "adjustment.date", "批准日期还没有到。", "请按批准文件填写日期。", {"approved_on": "批准日期不能晚于今天"}
        )
    return Event("adjustment.approved", {"number": number, "on": on.isoformat()})


def disapprove(facts: Facts, reasons: str, by: Actor) -> Event:
    permit(facts, "disapprove", by)
    return Event("adjustment.not_approved", {"reason": _reasons(reasons)})


def publish(facts: Facts, number: str, on: date, effective_on: date, today: date, by: Actor) -> Event:
    """Raises Refusal 422: a day to come, before the approval, in force before it is published."""
    permit(facts, "publish", by)
    number = _number(number, "公布文件的文号")
    wrong: dict[str, str] = {}
    if on > today:
        wrong["published_on"] = "公布日期不能晚于今天"
    elif facts.approved_on and on < facts.approved_on:
        wrong["published_on"] = "公布日期不能早于批准日期"
    if effective_on < on:
        wrong["effective_on"] = "生效日期不能早于公布日期"
    if wrong:
        raise Refusal(
            "adjustment.date",
            f"{'；'.join(wrong.values())}。",
            "请按公布文件改正日期。",
            law=OPENNESS,
            fields=wrong,
            status=422,
        )
    return Event(
        "adjustment.published", {"number": number, "on": on.isoformat(), "effective_on": effective_on.isoformat()}
    )


def effect(facts: Facts, lines: list[dict[str, Any]], today: date, by: Actor) -> Event:
    """lines: {"line", "item", "way", "before", "after"} of each power, the versions by id. Raises Refusal 409 too early."""
    due(facts, today, by)
    return Event("adjustment.effected", {"lines": lines})


def due(facts: Facts, today: date, by: Actor) -> None:
    """Raises Refusal unless the adjustment may take effect today."""
    permit(facts, "effect", by)
    if facts.effective_on is None or facts.effective_on > today:
        day = facts.effective_on.isoformat() if facts.effective_on else ""
        raise Refusal(
            "adjustment.not_yet",
            f"生效日期{day}还没有到。",
            "到生效日期由系统自动生效，不需要操作。",
            law=LIST,
        )


def fail(troubles: list[dict[str, Any]]) -> Event:
    """Why it could not take effect: {"line", "name", "what", "next"} of each power in trouble; nothing was done."""
    return Event("adjustment.effect_failed", {"troubles": troubles})


def withdraw(facts: Facts, reason: str, by: Actor) -> Event:
    permit(facts, "withdraw", by)
    return Event("adjustment.withdrawn", {"reason": _reasons(reason)})


def recorded(data: dict[str, Any], number: str, approval: str, on: date, effective_on: date, today: date) -> Event:
    """An adjustment of the past, entered whole."""
    number = _number(number, "公布文件的文号")
    if on > today or effective_on > today or effective_on < on:
        raise _wrong(
            "adjustment.date",
            "补录的调整，公布日期和生效日期都应是过去的，且生效不早于公布。",
            "请按当时的文件填写；还没有生效的调整请按程序办理。",
            {"effective_on": "请按当时的文件填写"},
        )
    told = shaped(data)
    if not told["lines"]:
        raise _wrong("adjustment.no_lines", "还没有列明调整的事项。", "请列明至少一个事项。", {})
    days = {"on": on.isoformat(), "effective_on": effective_on.isoformat()}
    return Event("adjustment.recorded", {**told, "number": number, "approval": approval.strip(), **days})


def _to(facts: Facts, arrow: Transition) -> str:
    return facts.state if arrow.to == SAME else arrow.to


def _waiting(facts: Facts, today: date) -> str:
    """Whom one waits for, in words."""
    late = [o.name for o in overdue(facts, today)]
    waited = [o.name for o in facts.opinions if not o.settled and o.due_on >= today]
    if late:
        return f"{'、'.join(late)}逾期未答复，请先记明催办情况。"
    if waited:
        day = max(o.due_on for o in facts.opinions if not o.settled)
        return f"请等{'、'.join(waited)}在{day.isoformat()}前答复。"
    return ""


def _reasons(reason: str) -> str:
    if not reason.strip():
        raise _wrong(
            "adjustment.reason", "要写明理由。", "请填写理由，拟订人和公众监督都据此了解。", {"reason": "请填写理由"}
        )
    return reason.strip()


def _number(number: str, label: str) -> str:
    if not number.strip():
        raise _wrong(
            "adjustment.number",
            f"要填写{label}。",
            f"请填写{label}，例如“阎政发〔2026〕1号”。",
            {"number": f"请填写{label}"},
        )
    return number.strip()


def _wrong(code: str, message: str, next_step: str, fields: dict[str, str]) -> Refusal:
    return Refusal(code, message, next_step, law=LIST, fields=fields, status=422)
