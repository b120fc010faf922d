"""Whose turn it is: the roles that have something to do with a case now. What worklists are made of."""

from __future__ import annotations

from yichuang.cases.rules.facts import CaseFacts

ROLES = ("window_clerk", "handler", "reviewer", "head")


def awaits(facts: CaseFacts) -> frozenset[str]:
    """Roles of the case's own department. Steps of other departments are theirs (`CaseStep.joint`)."""
    if facts.state == "received":
        return frozenset({"window_clerk", "handler"})
    if facts.state == "accepted":
        if not facts.steps:
            return frozenset({"handler"})
        return frozenset(s.role for s in facts.steps if s.state == "open" and s.department_id == facts.department_id)
    if facts.state == "suspended":
        return frozenset({"handler"})
    if facts.state == "granted":
        return frozenset({"window_clerk"}) if facts.issued_at else frozenset({"window_clerk", "handler"})
    if facts.state == "refused":
        return frozenset({"window_clerk"})
    return frozenset()
