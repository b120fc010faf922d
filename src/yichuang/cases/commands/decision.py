"""Deciding, and the ways a case ends without a decision (行政许可法 38, 78)."""

from __future__ import annotations

from datetime import datetime

from yichuang.cases.commands import bars
from yichuang.cases.commands.acting import Act, acting
from yichuang.cases.models import Case
from yichuang.cases.rules import decision as rules
from yichuang.cases.rules.facts import GROUNDS
from yichuang.core.actor import Actor


def grant(number: str, *, opinion: str = "", by: Actor, at: datetime) -> Case:
    """准予许可: passes the deciding step and makes the decision in writing. Raises Refusal 404, 403, 409, 422."""
    with acting(number, by=by, at=at, parts=True) as act:
        event = rules.grant(act.facts, act.now, opinion=opinion)
        act.write(event, statement=_said(opinion=opinion), document="grant", body={"opinion": opinion.strip()})
    return act.case


def refuse(
    number: str,
    *,
    reasons: str,
    basis: str = "",
    false_statement: bool = False,
    bar: bool = False,
    by: Actor,
    at: datetime,
) -> Case:
    """不予许可: with reasons, basis and remedies. false_statement: material facts were hidden or false (第七十八条). Where the
    item directly concerns public safety, health, life or property, the applicant is then barred from it for a year: the
    case's version says whether it does; bar: declared by the decider, for a version that does not say.
    Raises Refusal 404, 403, 409, 422."""
    with acting(number, by=by, at=at, parts=True) as act:
        event = rules.refuse(act.facts, act.now, reasons=reasons, false_statement=false_statement)
        barred = bars.for_false_statement(act.case, declared=bar, now=act.now) if false_statement else None
        body = {
            "reasons": reasons.strip(),
            "basis": basis.strip(),
            "false_statement": false_statement,
            "barred_until": barred.ends_on.isoformat() if barred else "",
        }
        act.write(event, statement=_said(reasons=reasons, basis=basis), document="refusal", body=body)
    return act.case


def withdraw(number: str, *, reason: str = "", by: Actor, at: datetime) -> Case:
    """撤回申请, by the applicant (at the window: on their written word). Raises Refusal 404, 403, 409."""
    with acting(number, by=by, at=at, parts=True) as act:
        _end(act, reason)
    return act.case


def _end(act: Act, reason: str) -> None:
    act.write(
        rules.withdraw(act.facts, act.now),
        statement=_said(reason=reason),
        document="withdrawal",
        body={"lapsed": False, "reason": reason.strip()},
    )


def terminate(number: str, *, ground: str, reasons: str, by: Actor, at: datetime) -> Case:
    """终止办理. ground: of `rules.facts.GROUNDS`. Raises Refusal 404, 403, 409, 422 "case.ground"."""
    with acting(number, by=by, at=at, parts=True) as act:
        event = rules.terminate(act.facts, act.now, ground=ground, reasons=reasons)
        body = {"ground": GROUNDS[ground], "reasons": reasons.strip()}
        act.write(event, statement=_said(reasons=reasons), document="termination", body=body)
    return act.case


def _said(**words: str) -> dict[str, str] | None:
    """A statement of what was written; None when nothing was."""
    said = {name: text.strip() for name, text in words.items() if text.strip()}
    return said or None
