"""Builders for tests of licences and of the packages above."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from yichuang.core.actor import Actor, system
from yichuang.identity.models import Applicant, Department
from yichuang.identity.tests import given as identity
from yichuang.licences import commands
from yichuang.licences.models import Licence

TYPE = "11100000000013338W022"
AT = identity.AT


def by_system() -> Actor:
    return system("cases", identity.DIVISION)


def licence(
    holder: Applicant | None = None,
    *,
    issuer: Department | None = None,
    name: str = "公共场所卫生许可证",
    type_code: str = TYPE,
    details: dict[str, Any] | None = None,
    effective_on: date | None = None,
    expires_on: date | None = date(2030, 3, 1),
    source: str = "case:610114-20260302-000001-X",
    by: Actor | None = None,
    at: datetime = AT,
    signed: bool = False,
) -> Licence:
    """A licence in force for four years, sealed where `signed`."""
    made = commands.issue(
        type_code=type_code,
        name=name,
        holder=holder or identity.organisation()[0],
        issuer=issuer or identity.department(),
        division=identity.DIVISION,
        details=details if details is not None else {"address": "西安市阎良区凤凰路12号", "scope": "理发店"},
        effective_on=effective_on or at.date(),
        expires_on=expires_on,
        source=source,
        by=by or by_system(),
        at=at,
    )
    return commands.sign(made.identifier, by=by_system(), at=at + timedelta(minutes=1)) if signed else made
