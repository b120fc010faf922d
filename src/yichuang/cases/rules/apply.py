"""(facts, event) -> facts: the one place that says what an event does to a case. Used by every command and by replay."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from yichuang.cases.rules.facts import FINAL, CaseFacts, Step, Suspension, day
from yichuang.core.events import Event

Data = Mapping[str, Any]
_CLOCK_DATES = (
    "acceptance_due_on",
    "statutory_due_on",
    "promised_due_on",
    "delivery_due_on",
    "due_on",
    "moving_from",
    "attention_on",
)
_SUBMITTED = (
    "number",
    "division",
    "item_id",
    "version_id",
    "department_id",
    "point",
    "channel",
    "applicant_id",
    "agent_id",
    "instant",
    "licensed",
    "acceptance_days",
    "statutory_days",
    "statutory_type",
    "promised_days",
    "promised_type",
)


def apply(facts: CaseFacts, event: Event) -> CaseFacts:
    """The facts after the event. Raises KeyError for a kind that no rule makes."""
    after = _APPLY[event.kind](facts, event.data, event)
    clock = event.data.get("clock")
    if clock is not None:
        dates: dict[str, Any] = {name: _date(clock.get(name)) for name in _CLOCK_DATES}
        after = after.but(
            **dates,
            provisional=clock.get("provisional", False),
            moving=clock.get("moving", False),
            light=clock.get("light", ""),
        )
    if after.state in FINAL and after.closed_at is None:
        after = after.but(closed_at=event.at)
    return after


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _submitted(facts: CaseFacts, data: Data, event: Event) -> CaseFacts:
    named = {name: data[name] for name in _SUBMITTED}
    return facts.but(**named, handling=data.get("handling", ""), state="received", received_at=event.at)


def _opened(data: Data, event: Event) -> tuple[Step, ...]:
    """The steps that acceptance brings, as the event names them; the first group is open."""
    steps = tuple(Step(**{**s, "staff": ()}) for s in data.get("steps", ()))
    return _open_next(steps, event)


def _open_next(steps: tuple[Step, ...], event: Event) -> tuple[Step, ...]:
    """Open the next group, when every required step of the groups before it has passed."""
    if any(s.state == "open" and s.required for s in steps):
        return steps
    waiting = [s.group for s in steps if s.state == "waiting"]
    if not waiting or event.at is None:
        return steps
    group, on = min(waiting), day(event.at)
    return tuple(
        replace(s, state="open", opened_on=on) if s.group == group and s.state == "waiting" else s for s in steps
    )


def _accepted(facts: CaseFacts, data: Data, event: Event) -> CaseFacts:
    return facts.but(
        state="accepted",
        accepted_at=event.at,
        handler_id=data.get("handler_id", facts.handler_id),
        deferred=tuple(data.get("deferred", {}).items()),
        steps=_opened(data, event),
    )


def _deemed(facts: CaseFacts, data: Data, event: Event) -> CaseFacts:
    return facts.but(state="accepted", accepted_at=facts.received_at, deemed=True, steps=_opened(data, event))


def _correction(facts: CaseFacts, data: Data, event: Event) -> CaseFacts:
    return facts.but(
        state="correcting",
        corrections=facts.corrections + 1,
        correction_due_on=_date(data["due_on"]),
        lapse_warnings=0,
        warned_on=None,
    )


def _resubmitted(facts: CaseFacts, data: Data, event: Event) -> CaseFacts:
    return facts.but(
        state="received",
        received_at=event.at,
        correction_due_on=None,
        handling=data.get("handling", facts.handling),
        promised_days=data.get("promised_days", facts.promised_days),
    )


def _warned(facts: CaseFacts, data: Data, event: Event) -> CaseFacts:
    on = day(event.at) if event.at else None
    return facts.but(lapse_warnings=facts.lapse_warnings + 1, warned_on=on)


def _to(state: str) -> Callable[[CaseFacts, Data, Event], CaseFacts]:
    def move(facts: CaseFacts, data: Data, event: Event) -> CaseFacts:
        return facts.but(state=state)

    return move


def _same(facts: CaseFacts, data: Data, event: Event) -> CaseFacts:
    return facts


def _assigned(facts: CaseFacts, data: Data, event: Event) -> CaseFacts:
    return facts.but(handler_id=data["handler_id"])


def _step_passed(facts: CaseFacts, data: Data, event: Event) -> CaseFacts:
    steps = _pass(facts.steps, data["step"], data, event)
    return facts.but(steps=steps, handler_id=data.get("handler_id", facts.handler_id))


def _pass(steps: tuple[Step, ...], code: str, data: Data, event: Event) -> tuple[Step, ...]:
    done = tuple(
        replace(
            s,
            state="passed",
            conclusion=data.get("conclusion", ""),
            by=event.actor,
            staff=tuple(data.get("staff", ())),
            done_on=day(event.at) if event.at else None,
        )
        if s.code == code
        else s
        for s in steps
    )
    return _open_next(done, event)


def _step_returned(facts: CaseFacts, data: Data, event: Event) -> CaseFacts:
    """The named step opens again; everything of later groups, and the step that sent it back, waits."""
    target = next(s for s in facts.steps if s.code == data["to"])
    on = day(event.at) if event.at else None

    def after(s: Step) -> Step:
        if s.code == target.code:
            return replace(
                s, state="open", round=s.round + 1, conclusion="", by="", staff=(), opened_on=on, done_on=None
            )
        if s.group > target.group and s.state in ("open", "passed"):
            again = s.round + 1 if s.state == "passed" else s.round
            return replace(
                s, state="waiting", round=again, conclusion="", by="", staff=(), opened_on=None, done_on=None
            )
        return s

    return facts.but(steps=tuple(after(s) for s in facts.steps))


def _special_started(facts: CaseFacts, data: Data, event: Event) -> CaseFacts:
    suspension = Suspension(data["no"], data["special"], data["needed_days"], date.fromisoformat(data["started_on"]))
    return facts.but(state="suspended", suspensions=(*facts.suspensions, suspension))


def _special_ended(facts: CaseFacts, data: Data, event: Event) -> CaseFacts:
    ended = date.fromisoformat(data["ended_on"])
    suspensions = tuple(replace(s, ended_on=ended) if s.no == data["no"] else s for s in facts.suspensions)
    running = any(s.ended_on is None for s in suspensions)
    return facts.but(state="suspended" if running else "accepted", suspensions=suspensions)


def _extended(facts: CaseFacts, data: Data, event: Event) -> CaseFacts:
    return facts.but(extended_days=data["days"])


def _decided(decision: str) -> Callable[[CaseFacts, Data, Event], CaseFacts]:
    def decide(facts: CaseFacts, data: Data, event: Event) -> CaseFacts:
        steps = _pass(facts.steps, data["step"], {"conclusion": decision}, event) if data.get("step") else facts.steps
        return facts.but(
            state=decision,
            decision=decision,
            decided_at=event.at,
            decision_number=data.get("document", {}).get("number", ""),
            steps=steps,
            handler_id=data.get("handler_id", facts.handler_id),
        )

    return decide


def _issued(facts: CaseFacts, data: Data, event: Event) -> CaseFacts:
    return facts.but(issued_at=event.at, licence_id=data.get("licence_id"))


def _delivered(facts: CaseFacts, data: Data, event: Event) -> CaseFacts:
    return facts.but(state="closed", delivered_at=event.at)


def _notice_delivered(facts: CaseFacts, data: Data, event: Event) -> CaseFacts:
    return facts.but(delivered_at=event.at)


def _supplied(facts: CaseFacts, data: Data, event: Event) -> CaseFacts:
    return facts.but(deferred=tuple((code, on) for code, on in facts.deferred if code != data["material"]))


def _flagged(facts: CaseFacts, data: Data, event: Event) -> CaseFacts:
    return facts.but(flags=(*facts.flags, data["flag"]))


_APPLY: dict[str, Callable[[CaseFacts, Data, Event], CaseFacts]] = {
    "case.submitted": _submitted,
    "case.accepted": _accepted,
    "case.deemed_accepted": _deemed,
    "case.correction_requested": _correction,
    "case.resubmitted": _resubmitted,
    "case.lapse_warned": _warned,
    "case.lapsed": _to("withdrawn"),
    "case.declined": _to("declined"),
    "case.redirected": _to("declined"),
    "case.withdrawn": _to("withdrawn"),
    "case.assigned": _assigned,
    "case.step_passed": _step_passed,
    "case.step_returned": _step_returned,
    "case.deferred_supplied": _supplied,
    "case.special_started": _special_started,
    "case.special_ended": _special_ended,
    "case.extended": _extended,
    "case.granted": _decided("granted"),
    "case.refused": _decided("refused"),
    "case.terminated": _to("terminated"),
    "case.issued": _issued,
    "case.delivered": _delivered,
    "case.notice_delivered": _notice_delivered,
    "case.clerical_corrected": _same,
    "case.archived": _to("archived"),
    "case.flagged": _flagged,
    "case.rescheduled": _same,
    "case.document_rendered": _same,
    "case.erased": _same,
}
KINDS = tuple(_APPLY)
NEEDS_PARTS = frozenset(
    {
        "case.accepted",
        "case.deemed_accepted",
        "case.step_passed",
        "case.step_returned",
        "case.special_started",
        "case.special_ended",
        "case.granted",
        "case.refused",
    }
)
