"""Acceptance and what stands in its place: correction, declining, redirecting, and the law's own acceptance (行政许可法 32)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from yichuang.cases.rules import checklist
from yichuang.cases.rules.checklist import Checked
from yichuang.cases.rules.clock import Moment, flag, timed
from yichuang.cases.rules.facts import CaseFacts
from yichuang.cases.rules.machine import permit
from yichuang.catalogue.rules.facts import VersionFacts
from yichuang.core.events import Event
from yichuang.core.refusal import Refusal


def steps(version: VersionFacts, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The steps that acceptance brings, as the event carries them. 即办件 has none."""
    if version.instant:
        return []
    names = ("code", "name", "role", "kind", "group", "department_id", "days", "required")
    return [
        {name: getattr(s, name) for name in names if name != "department_id"}
        | {"department_id": s.department_id or version.department_id}
        for s in version.steps_for(values)
    ]


def complete(lines: Sequence[Checked], today: date, deferred: Mapping[str, date]) -> None:
    """Raises Refusal 422 unless every required material is there and every 容缺 one has a day on which it will follow."""
    faults = {f"material.{x.code}": f"缺少必要材料“{x.name}”" for x in lines if x.lacking}
    faults |= {f"material.{x.code}": f"“{x.name}”可以容缺，请约定补交日期" for x in lines if x.to_agree}
    allowed = {x.code: x for x in lines if x.need == "3" and x.applies}
    for code, on in deferred.items():
        if code not in allowed:
            faults[f"material.{code}"] = "该材料不在容缺范围内"
        elif on <= today:
            faults[f"material.{code}"] = "补交日期应在今天之后"
    if faults:
        raise Refusal(
            "case.materials_incomplete",
            f"材料尚不齐全：{'；'.join(faults.values())}。",
            "请一次性告知申请人补正全部内容，或核对后再受理。",
            law="行政许可法第三十二条",
            fields=faults,
            status=422,
        )


def accept(
    facts: CaseFacts,
    now: Moment,
    version: VersionFacts,
    *,
    values: Mapping[str, Any],
    lines: Sequence[Checked],
    deferred: Mapping[str, date],
    verb: str = "accept",
) -> Event:
    """case.accepted. The handler is whoever accepts as handler; a window clerk leaves the case to be taken."""
    permit(facts, verb, now.by)
    if verb == "accept_and_decide" and not facts.instant:
        raise Refusal(
            "case.not_instant",
            "本事项不是即办件，不能当场受理并办结。",
            "请先受理，再按环节审查、决定。",
            law="行政许可法第三十四条",
        )
    complete(lines, now.today, deferred)
    data: dict[str, Any] = {
        "steps": steps(version, values),
        "deferred": {code: on.isoformat() for code, on in deferred.items()},
        "materials": checklist.states(lines),
    }
    if _is_handler(facts, now) or verb == "accept_and_decide":
        data["handler_id"] = staff_id(now)
    return timed(facts, Event("case.accepted", data), now)


def _is_handler(facts: CaseFacts, now: Moment) -> bool:
    return now.by.is_staff and now.by.has("handler", f"department:{facts.department_id}", f"point:{facts.point}")


def staff_id(now: Moment) -> int | None:
    """The key of the member of staff who acts; None for programs."""
    return int(now.by.ref.partition(":")[2]) if now.by.is_staff else None


def request_correction(
    facts: CaseFacts,
    now: Moment,
    version: VersionFacts,
    *,
    points: Sequence[Mapping[str, str]],
    lines: Sequence[Checked],
    due_on: date | None,
    reason: str,
) -> Event:
    """case.correction_requested. Tells everything at once: each lacking material must be among the points. A second
    notice needs a reason and is marked 二次补正 (repeat)."""
    permit(facts, "request_correction", now.by)
    faults: dict[str, str] = {}
    if not points:
        faults["points"] = "请逐项写明需要补正的内容"
    named = {p.get("material", "") for p in points}
    codes = {m.code for m in version.materials}
    for n, point in enumerate(points):
        if not point.get("what", "").strip():
            faults[f"points.{n}.what"] = "请写明需要怎样补正"
        if point.get("material") and point["material"] not in codes:
            faults[f"points.{n}.material"] = "本事项没有这项材料"
        elif point.get("field") and version.form.field(point["field"]) is None:
            faults[f"points.{n}.field"] = "申请表没有这一栏"
    for line in lines:
        if line.lacking and line.code not in named:
            faults[f"material.{line.code}"] = f"“{line.name}”尚未提交，应一并告知"
    if facts.corrections and not reason.strip():
        faults["reason"] = "本件已告知过补正，再次要求补正须说明理由"
    until = due_on or now.calendar.add(now.today, now.thresholds.correction_days)
    if until <= now.today:
        faults["due_on"] = "补正期限应在今天之后"
    if faults:
        raise Refusal(
            "case.correction",
            f"补正告知不完整：{'；'.join(faults.values())}。",
            "请补充后一次性告知申请人。",
            law="行政许可法第三十二条第一款第四项",
            fields=faults,
            status=422,
        )
    data = {
        "due_on": until.isoformat(),
        "points": len(points),
        "materials": sorted(named - {""}),
        "repeat": facts.corrections > 0,
    }
    return timed(facts, Event("case.correction_requested", data), now)


def decline(facts: CaseFacts, now: Moment, *, reasons: str) -> Event:
    """case.declined: the matter needs no licence, or cannot be accepted; with reasons, dated and sealed."""
    permit(facts, "decline", now.by)
    need(reasons, "reasons", "请写明不予受理的理由")
    return timed(facts, Event("case.declined", {}), now)


def redirect(facts: CaseFacts, now: Moment, *, to: str) -> Event:
    """case.redirected: not this organ's power; whom to ask is named at once."""
    permit(facts, "redirect", now.by)
    need(to, "to", "请写明申请人应当向哪个机关申请")
    return timed(facts, Event("case.redirected", {"to": to.strip()}), now)


def deem_accepted(
    facts: CaseFacts, now: Moment, version: VersionFacts, *, values: Mapping[str, Any]
) -> tuple[Event, ...]:
    """Past five working days from receipt and nothing told: accepted as of the day of receipt, from which the decision
    clock runs. The lapse is flagged (case.flagged) before the law's answer (case.deemed_accepted)."""
    permit(facts, "deem_accepted", now.by)
    if facts.acceptance_due_on is None or now.today <= facts.acceptance_due_on:
        raise Refusal(
            "case.not_due",
            f"受理期限至{facts.acceptance_due_on}，尚未届满。",
            "期限届满而未告知的，系统将自动按视为受理处理。",
            law="行政许可法第三十二条",
        )
    data = {
        "received_on": facts.received_on.isoformat() if facts.received_on else "",
        "steps": steps(version, values),
    }
    deemed = timed(facts, Event("case.deemed_accepted", data), now)
    name = flag(facts, "overdue")
    if name in facts.flags:
        return (deemed,)
    told = {"flag": name, "light": "overdue", "due_on": facts.acceptance_due_on.isoformat()}
    return Event("case.flagged", told), deemed


def warn_lapse(facts: CaseFacts, now: Moment) -> Event:
    """case.lapse_warned: the applicant is told that the correction is running out."""
    permit(facts, "warn_lapse", now.by)
    due_on = facts.correction_due_on.isoformat() if facts.correction_due_on else ""
    return timed(facts, Event("case.lapse_warned", {"nth": facts.lapse_warnings + 1, "due_on": due_on}), now)


def lapse(facts: CaseFacts, now: Moment) -> Event:
    """case.lapsed: not corrected by the date of the notice, and warned twice: taken as withdrawn."""
    permit(facts, "lapse", now.by)
    if facts.correction_due_on is None or now.today <= facts.correction_due_on or facts.lapse_warnings < 2:
        raise Refusal("case.not_due", "补正期限尚未届满，或者尚未提醒两次。", "请在期限届满并提醒两次后再处理。")
    return timed(facts, Event("case.lapsed", {}), now)


def need(text: str, name: str, message: str) -> None:
    """Raises Refusal 422 when a text that the act needs is empty."""
    if not text.strip():
        raise Refusal("case.incomplete", f"{message}。", "请补充后再提交。", fields={name: message}, status=422)
