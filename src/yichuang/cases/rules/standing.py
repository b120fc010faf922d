"""Which verbs are open to a person now: what a page offers. Each verb's own rule still says the last word."""

from __future__ import annotations

from collections.abc import Callable

from yichuang.cases.rules.decision import deciders
from yichuang.cases.rules.facts import CaseFacts
from yichuang.cases.rules.machine import Transition, open_arrows, roles_of
from yichuang.cases.rules.review import examined_by, final_step, has_review
from yichuang.core.actor import Actor


def open_to(facts: CaseFacts, by: Actor) -> tuple[Transition, ...]:
    """The arrows that this person may take, in the order of the machine. facts: with steps."""
    return tuple(arrow for arrow in open_arrows(facts.state) if _open(facts, by, arrow))


def _open(facts: CaseFacts, by: Actor, arrow: Transition) -> bool:
    own = _BY_STEP.get(arrow.verb)
    if own is not None:
        return own(facts, by)
    if not roles_of(facts, by) & set(arrow.roles):
        return False
    also = _ALSO.get(arrow.verb)
    return also is None or also(facts)


def _pass(facts: CaseFacts, by: Actor) -> bool:
    final = final_step(facts)
    return any(
        s.state == "open" and (final is None or s.code != final.code) and _theirs(facts, by, s.code)
        for s in facts.steps
    )


def _return(facts: CaseFacts, by: Actor) -> bool:
    return any(
        s.state == "open"
        and s.role != "handler"
        and _theirs(facts, by, s.code)
        and any(e.state == "passed" and e.group < s.group for e in facts.steps)
        for s in facts.steps
    )


def _theirs(facts: CaseFacts, by: Actor, code: str) -> bool:
    step = facts.step(code)
    if step is None or step.role not in roles_of(facts, by, step):
        return False
    if step.role == "handler":
        own = step.department_id == facts.department_id
        return not own or not facts.handler or facts.handler in (by.ref, *by.standing_in_for.split(","))
    return _not_the_handler(facts, by)


def _not_the_handler(facts: CaseFacts, by: Actor) -> bool:
    return not has_review(facts) or by.ref not in examined_by(facts)


def _decide(facts: CaseFacts, by: Actor) -> bool:
    final = final_step(facts)
    if any(s.required and s.state != "passed" and s is not final for s in facts.steps):
        return False
    roles, scopes = deciders(facts)
    return by.has_any(roles, *scopes) and by.division in ("", facts.division) and _not_the_handler(facts, by)


_BY_STEP: dict[str, Callable[[CaseFacts, Actor], bool]] = {
    "pass_step": _pass,
    "return_step": _return,
    "grant": lambda facts, by: not facts.deferred and _decide(facts, by),
    "refuse": _decide,
}
_ALSO: dict[str, Callable[[CaseFacts], bool]] = {
    "accept_and_decide": lambda facts: facts.instant,
    "issue": lambda facts: facts.issued_at is None,
    "deliver": lambda facts: facts.state == "refused" or facts.issued_at is not None,
    "deliver_notice": lambda facts: facts.delivered_at is None,
    "extend": lambda facts: not facts.extended_days,
    "supply": lambda facts: bool(facts.deferred),
}
