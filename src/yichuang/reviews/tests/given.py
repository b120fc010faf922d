"""Builders for tests of reviews and of the packages above."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from yichuang.core.actor import NOBODY, Actor
from yichuang.identity.models import Applicant, Department
from yichuang.identity.tests import given as identity
from yichuang.reviews import commands, queries
from yichuang.reviews.models import Invitation, Review

AT = identity.AT
_serial = iter(range(1, 100_000))


def invitation(
    *,
    phase: str = "closing",
    about: str = "",
    department: Department | None = None,
    applicant: Applicant | None = None,
    at: datetime = AT,
    **details: Any,
) -> Invitation:
    """An invitation of a case; every call of another one."""
    number = f"610114-20260302-{next(_serial):06d}-X"
    values = {
        "about": about or f"case:{number}",
        "phase": phase,
        "division": identity.DIVISION,
        "department": department or identity.department(),
        "item_name": "公共场所卫生许可",
        "item_code": "11610114MB291234563000123023000",
        "case_number": number,
        "staff_ref": "staff:1",
        "staff_name": "李窗口",
        "applicant": applicant,
        "at": at,
    } | details
    commands.invite(**values)
    return queries.invitation_to(values["about"], phase)


def review(
    level: str = "very_satisfied",
    *,
    words: str = "",
    tags: Sequence[str] = (),
    named: bool = False,
    channel: str = "mobile",
    by: Actor = NOBODY,
    at: datetime = AT,
    of: Invitation | None = None,
    **invited: Any,
) -> Review:
    """A rating of an invitation of its own."""
    held = of or invitation(at=at, **invited)
    return commands.submit(held.token, level=level, words=words, tags=tags, named=named, channel=channel, by=by, at=at)
