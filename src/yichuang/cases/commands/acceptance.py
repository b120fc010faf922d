"""Acceptance and what stands in its place (行政许可法 32)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from yichuang.cases.commands import papers
from yichuang.cases.commands.acting import Act, acting
from yichuang.cases.models import Case, CaseMaterial
from yichuang.cases.rules import acceptance as rules
from yichuang.cases.rules import checklist, decision
from yichuang.cases.rules.checklist import Checked
from yichuang.cases.rules.machine import permit
from yichuang.core.actor import Actor

Ticks = Mapping[str, Sequence[str]]
Paper = Mapping[str, int]


def _checked(
    act: Act, ticks: Ticks, paper: Paper, deferred: Mapping[str, date]
) -> tuple[dict[str, CaseMaterial], tuple[Checked, ...]]:
    """The stored checklist, and what it is with what the clerk has just found."""
    rows = papers.materials_of(act.case)
    hand = papers.hand_of(rows)
    for code in (*ticks, *paper, *deferred):
        if code not in hand:
            raise papers.unknown_material(code)
    for code, points in ticks.items():
        hand[code] = replace(hand[code], ticks=tuple(points))
    for code, copies in paper.items():
        hand[code] = replace(hand[code], copies=copies)
    for code, on in deferred.items():
        hand[code] = replace(hand[code], deferred=on)
    return rows, checklist.check(act.version, act.form().values, hand)


def _accept(act: Act, ticks: Ticks, paper: Paper, deferred: Mapping[str, date], note: str, verb: str) -> None:
    rows, lines = _checked(act, ticks, paper, deferred)
    act.case.parts_ = act.case.saved_ = ((), ())  # a case that is not accepted has no steps and no suspensions
    event = rules.accept(
        act.facts, act.now, act.version, values=act.form().values, lines=lines, deferred=deferred, verb=verb
    )
    agreed = [[rows[code].name, on.isoformat()] for code, on in deferred.items()]
    statement = {"note": note.strip()} if note.strip() else None
    act.write(event, statement=statement, document="acceptance", body={"deferred": agreed})
    papers.check_off(rows, lines, paper, act.now.by.ref, act.now.at)


def accept(
    number: str,
    *,
    ticks: Ticks | None = None,
    paper: Paper | None = None,
    deferred: Mapping[str, date] | None = None,
    note: str = "",
    by: Actor,
    at: datetime,
) -> Case:
    """受理. ticks: check points found in order; paper: copies that came on paper; deferred: 容缺 materials and the day by
    which they follow. Raises Refusal 404, 403, 409 "case.wrong_state", 422 "case.materials_incomplete"."""
    with acting(number, by=by, at=at) as act:
        permit(act.facts, "accept", by)
        _accept(act, ticks or {}, paper or {}, deferred or {}, note, "accept")
    return act.case


def accept_and_decide(
    number: str, *, ticks: Ticks | None = None, paper: Paper | None = None, note: str = "", by: Actor, at: datetime
) -> Case:
    """当场受理并办结 (行政许可法 34): a 即办件 is accepted and granted in one act. Refusals as `accept`, 409 "case.not_instant"."""
    with acting(number, by=by, at=at) as act:
        permit(act.facts, "accept_and_decide", by)
        _accept(act, ticks or {}, paper or {}, {}, note, "accept_and_decide")
        act.write(decision.grant_at_once(act.facts, act.now), document="grant", body={"opinion": note.strip()})
    return act.case


def request_correction(
    number: str,
    *,
    points: Sequence[Mapping[str, str]],
    due_on: date | None = None,
    reason: str = "",
    by: Actor,
    at: datetime,
) -> Case:
    """一次性告知补正. points: {"material": code | "field": path, "what": words}; every lacking material must be among them.
    due_on: by default the department's days from today. reason: needed for a second notice, which the head is told of.
    Raises Refusal 404, 403, 409, 422 "case.correction"."""
    with acting(number, by=by, at=at) as act:
        permit(act.facts, "request_correction", by)
        rows, lines = _checked(act, {}, {}, {})
        event = rules.request_correction(
            act.facts, act.now, act.version, points=points, lines=lines, due_on=due_on, reason=reason
        )
        told = [[_about(act, rows, p), p["what"].strip()] for p in points]
        act.write(
            event,
            statement={"points": [dict(p) for p in points], "reason": reason.strip()},
            document="correction",
            body={"points": told, "due_on": event.data["due_on"], "reason": reason.strip()},
        )
        if event.data["repeat"]:
            act.notify_staff("second_correction", f"{act.case.number} 二次补正：{reason.strip()}", handler=False)
    return act.case


def _about(act: Act, rows: Mapping[str, CaseMaterial], point: Mapping[str, str]) -> str:
    """What a point concerns, in words: the material's or the field's name."""
    if point.get("material"):
        return rows[point["material"]].name
    field = act.version.form.field(point.get("field", ""))
    return f"申请表“{field.label}”" if field is not None else "申请内容"


def decline(number: str, *, reasons: str, basis: str = "", by: Actor, at: datetime) -> Case:
    """不予受理, with reasons in writing. Raises Refusal 404, 403, 409, 422."""
    with acting(number, by=by, at=at) as act:
        event = rules.decline(act.facts, act.now, reasons=reasons)
        said = {"reasons": reasons.strip(), "basis": basis.strip()}
        act.write(event, statement=said, document="declination", body={**said, "to": ""})
    return act.case


def redirect(number: str, *, to: str, reasons: str = "", by: Actor, at: datetime) -> Case:
    """不予受理并告知有权机关: not this organ's power. Raises Refusal 404, 403, 409, 422."""
    with acting(number, by=by, at=at) as act:
        event = rules.redirect(act.facts, act.now, to=to)
        said = {"reasons": reasons.strip(), "to": to.strip()}
        act.write(event, statement=said, document="declination", body={**said, "basis": ""})
    return act.case


def deem_accepted(number: str, *, by: Actor, at: datetime) -> Case:
    """逾期视为受理 (行政许可法 32): by the sweep, once five working days have passed; told to handler and head."""
    with acting(number, by=by, at=at) as act:
        act.case.parts_ = act.case.saved_ = ((), ())
        *flags, event = rules.deem_accepted(act.facts, act.now, act.version, values=act.form().values)
        act.write(event, before=flags, document="acceptance", body={"deemed": True, "deferred": []})
        act.notify_staff("deemed_accepted", f"{act.case.number} 超过受理期限，已依法视为受理")
    return act.case


def warn_lapse(number: str, *, by: Actor, at: datetime) -> Case:
    """提醒补正, by the sweep."""
    with acting(number, by=by, at=at) as act:
        act.write(rules.warn_lapse(act.facts, act.now))
    return act.case


def lapse(number: str, *, by: Actor, at: datetime) -> Case:
    """逾期未补正，按撤回处理, by the sweep, after two warnings."""
    with acting(number, by=by, at=at) as act:
        event = rules.lapse(act.facts, act.now)
        act.write(event, document="withdrawal", body={"lapsed": True, "reason": "逾期未补正"})
    return act.case
