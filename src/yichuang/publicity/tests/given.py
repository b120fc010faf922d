"""Builders for tests of publicity and of the packages above."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from yichuang.core import calendar
from yichuang.core.actor import Actor, system
from yichuang.identity.models import Applicant, Department
from yichuang.identity.tests import given as identity
from yichuang.publicity import commands
from yichuang.publicity.commands.making import Decided, Issued
from yichuang.publicity.models import PublicRecord

AT = identity.AT  # Monday 2026-03-02; day 7 is Wednesday 2026-03-11
_serial = iter(range(1, 100_000))


def by_system() -> Actor:
    return system("publicity", identity.DIVISION)


def officer(department: Department | None = None) -> Actor:
    return identity.staff("吴公示", ("publicity_officer",), department)[1]


def record(
    applicant: Applicant | None = None,
    *,
    department: Department | None = None,
    licensed: bool = False,
    withhold: str = "",
    category: str = "普通",
    content: str = "准予从事{scope}经营活动。",
    values: dict[str, str] | None = None,
    decided_on: date | None = None,
    item_name: str = "公共场所卫生许可",
    at: datetime = AT,
    **changes: Any,
) -> PublicRecord:
    """The record of a decision to grant; public at once unless a licence is to follow or it is withheld."""
    number = next(_serial)
    values_ = {
        "case_number": f"610114-20260302-{number:06d}-X",
        "division": identity.DIVISION,
        "department": department or identity.department(),
        "item_id": 1,
        "item_name": item_name,
        "applicant": applicant or organisation(),
        "document_name": "准予行政许可决定书",
        "decision_number": f"阎审批准〔2026〕{number}号",
        "decided_on": decided_on or at.date(),
        "licensed": licensed,
        "category": category,
        "content": content,
        "withhold": withhold,
        "values": values if values is not None else {"scope": "理发店"},
    } | changes
    return commands.record(Decided(**values_), calendar=calendar.current(), by=by_system(), at=at)


def organisation(**details: Any) -> Applicant:
    return identity.organisation(**details)[0]


def issued(row: PublicRecord, *, at: datetime = AT, valid_to: date | None = date(2030, 3, 1)) -> PublicRecord:
    """The licence of the decision was made."""
    made = Issued("1.2.156.3005.2.X", "公共场所卫生许可证", "阎卫证〔2026〕1号", at.date(), valid_to)
    done = commands.complete(row.case_number, made, by=by_system(), at=at)
    assert done is not None
    return done
