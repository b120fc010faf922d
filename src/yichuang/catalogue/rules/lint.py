"""Is an item's content lawful and consistent? Pure checks over the one shape (rules.content); each finding names the
law and how to mend it. Errors stop publication.

A check is a function (content, context) -> findings, listed in CHECKS; a new rule is a new function and a line there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from yichuang.catalogue.rules import checks_elements as elements
from yichuang.catalogue.rules import checks_listed as listed
from yichuang.catalogue.rules import checks_lists as lists
from yichuang.catalogue.rules import checks_parts as parts
from yichuang.catalogue.rules import checks_situations as situations
from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules.checks_elements import missing
from yichuang.catalogue.rules.findings import ERROR, Context, Finding

__all__ = ["CHECKS", "Context", "Finding", "check", "errors", "missing"]

Check = Callable[[shape.Content, Context], Iterable[Finding]]


def check(content: shape.Content, context: Context | None = None) -> list[Finding]:
    """All findings, errors first, in the order of the checks. Takes a content in any degree of completeness that has the shape;
    raises content.Malformed otherwise."""
    full = shape.normalise(content)
    found = [finding for one in CHECKS for finding in one(full, context or Context())]
    return sorted(found, key=lambda f: f.severity != ERROR)


def errors(findings: Iterable[Finding]) -> list[Finding]:
    return [f for f in findings if f.severity == ERROR]


CHECKS: tuple[Check, ...] = (
    elements.complete,
    elements.codes,
    elements.basis,
    elements.safety,
    elements.periods,
    elements.visits,
    elements.fees,
    parts.materials,
    parts.steps,
    parts.form,
    parts.result,
    parts.wording,
    lists.handlings,
    lists.filings,
    lists.merged,
    listed.certificates,
    listed.intermediaries,
    situations.situations,
)
