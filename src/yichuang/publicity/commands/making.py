"""A public record comes to be with the decision, and is completed by the licence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from yichuang.core import compiled, log
from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.rules.workdays import Calendar
from yichuang.identity.models import Applicant, Department
from yichuang.publicity.commands import building
from yichuang.publicity.commands.publishing import publish_row
from yichuang.publicity.models import PublicRecord
from yichuang.publicity.rules import publish as rules
from yichuang.publicity.rules import record as standard


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision to grant, as `cases` tells it. licensed: a licence follows. withhold: what the item says of
    showing its results. content: template of 许可内容; values: what its places are filled with."""

    case_number: str
    division: str
    department: Department
    item_id: int
    item_name: str
    applicant: Applicant
    document_name: str
    decision_number: str
    decided_on: date
    licensed: bool
    category: str
    content: str
    withhold: str
    values: Mapping[str, str]


def record(decided: Decided, *, calendar: Calendar, by: Actor, at: datetime) -> PublicRecord:
    """公示记录: due on day 7; withheld at once where the item says so on a lawful ground; public at once when no
    licence is to follow. A case has one record: a second call returns it."""
    with transaction.atomic(savepoint=False):
        there = compiled.one(_of_case, decided.case_number)
        if there is not None:
            return there
        reason = rules.reason_of(decided.withhold)
        due_on = rules.due(calendar, decided.decided_on)
        row = PublicRecord(
            item_name=decided.item_name,
            applicant=decided.applicant,
            department=decided.department,
            document_name=decided.document_name,
            decision_number=decided.decision_number,
            category=decided.category or "普通",
            decided_on=decided.decided_on,
            content=_content(decided),
            note=decided.withhold if reason else "",
        )
        told = building.rebuild(row, _today(at))
        data = {
            "division": decided.division,
            "case_number": decided.case_number,
            "department_id": decided.department.pk,
            "item_id": decided.item_id,
            "applicant_id": decided.applicant.pk,
            "licensed": decided.licensed,
            "held": reason == "unclear",
            "withheld": "" if reason == "unclear" else reason,
            "document_name": decided.document_name,
            "decision_number": decided.decision_number,
            "category": row.category,
            "decided_on": decided.decided_on.isoformat(),
            "due_on": due_on.isoformat(),
            "provisional": calendar.provisional(due_on),
            **told,
        }
        log.record(row, Event("publicity.recorded", data), by=by, at=at)
        if row.state == rules.PENDING and not row.licensed and not row.held:
            with log.writing(row, by=by, at=at) as write:
                publish_row(row, write, by=by, at=at)
    return row


def _of_case(number: str) -> QuerySet[PublicRecord]:
    return PublicRecord.objects.filter(case_number=number)


@dataclass(frozen=True, slots=True)
class Issued:
    """The licence that a decision led to."""

    identifier: str
    name: str
    number: str
    valid_from: date
    valid_to: date | None


def complete(
    case_number: str,
    issued: Issued | None,
    *,
    by: Actor,
    at: datetime,
    department: Department | None = None,
    applicant: Applicant | None = None,
) -> PublicRecord | None:
    """The licence is made: its name, number and term enter the record, which is published unless withheld or held back.
    issued None: the result was handed out without a licence. None when the case has no record (nothing to publish).

    department, applicant: the record's own, where the caller has them at hand."""
    with transaction.atomic(savepoint=False):
        try:
            row = log.lock(PublicRecord, case_number=case_number)
        except PublicRecord.DoesNotExist:
            return None
        if department is not None and department.pk == row.department_id:
            row.department = department
        if applicant is not None and applicant.pk == row.applicant_id:
            row.applicant = applicant
        with log.writing(row, by=by, at=at) as write:
            if issued is not None and row.licence != issued.identifier:
                row.licence, row.licence_name, row.licence_number = issued.identifier, issued.name, issued.number
                row.valid_from, row.valid_to = issued.valid_from, issued.valid_to
                told = building.rebuild(row, _today(at))
                data = {
                    "licence": issued.identifier,
                    "licence_name": issued.name,
                    "licence_number": issued.number,
                    "valid_from": issued.valid_from.isoformat(),
                    "valid_to": issued.valid_to.isoformat() if issued.valid_to else None,
                    **told,
                }
                write(Event("publicity.completed", data))
            if row.state == rules.PENDING and not row.held and row.facts().complete:
                publish_row(row, write, by=by, at=at)
    return row


def reschedule(calendar: Calendar, *, by: Actor, at: datetime) -> int:
    """A calendar was changed: the due dates of what is not public yet, counted anew. Returns how many moved."""
    moved = 0
    with transaction.atomic():
        for pk in PublicRecord.objects.filter(state=rules.PENDING).order_by("id").values_list("pk", flat=True):
            row = log.lock(PublicRecord, pk=pk)
            due_on = rules.due(calendar, row.decided_on)
            provisional = calendar.provisional(due_on)
            if (due_on, provisional) != (row.due_on, row.provisional):
                data = {"was": row.due_on.isoformat(), "now": due_on.isoformat(), "provisional": provisional}
                log.record(row, Event("publicity.rescheduled", data), by=by, at=at)
                moved += 1
    return moved


def _content(decided: Decided) -> str:
    values = {
        **decided.values,
        "item": decided.item_name,
        "applicant": "申请人" if decided.applicant.kind == "person" else decided.applicant.name,
        "number": decided.decision_number,
    }
    return standard.content(decided.content, values, f"准予{decided.item_name}。")


def _today(at: datetime) -> date:
    return timezone.localtime(at).date()
