"""What publicity does when something below happens: database only, in the same transaction."""

from __future__ import annotations

from datetime import datetime

from yichuang.cases.models import Case
from yichuang.cases.queries import form_of
from yichuang.cases.rules.facts import day
from yichuang.catalogue import queries as catalogue
from yichuang.catalogue.rules.form import FormDefinition
from yichuang.core import calendar
from yichuang.core.actor import Actor, system
from yichuang.core.events import Event
from yichuang.core.models import Logged
from yichuang.licences.models import Licence
from yichuang.publicity import commands
from yichuang.publicity.commands.making import Decided, Issued


def decided(row: Logged | None, event: Event, _by: Actor) -> None:
    """case.granted: a licence decision must be public within 7 working days. Other kinds of acts are not 双公示."""
    case = _case(row)
    version = catalogue.version(case.version_id)
    if not version.is_licence:
        return
    at = _at(event)
    document = event.data.get("document") or {}
    commands.record(
        Decided(
            case_number=case.number,
            division=case.division,
            department=case.department,
            item_id=case.item_id,
            item_name=version.name,
            applicant=case.applicant,
            document_name=document.get("title", "") or "准予行政许可决定书",
            decision_number=document.get("number", "") or case.decision_number,
            decided_on=day(at),
            licensed=case.licensed,
            category=version.publicity.category,
            content=version.publicity.content,
            withhold=version.publicity.withhold,
            values=_words(case, version.form),
        ),
        calendar=calendar.current(),
        by=_own(case),
        at=at,
    )


def issued(row: Logged | None, event: Event, _by: Actor) -> None:
    """case.issued: the licence enters the record, which goes public."""
    case = _case(row)
    made = None
    if event.data.get("licence"):
        licence = case.licence if case.licence_id == event.data.get("licence_id") else None
        licence = licence or Licence.objects.get(identifier=event.data["licence"])
        made = Issued(
            identifier=licence.identifier,
            name=licence.name,
            number=licence.number,
            valid_from=licence.effective_on,
            valid_to=licence.expires_on,
        )
    commands.complete(
        case.number,
        made,
        by=_own(case),
        at=_at(event),
        department=case.department,
        applicant=case.applicant,
    )


def calendar_changed(_row: Logged | None, event: Event, by: Actor) -> None:
    """calendar.changed: what is not public yet is counted anew."""
    commands.reschedule(calendar.current(), by=system("calendar", by.division), at=_at(event))


def _words(case: Case, form: FormDefinition) -> dict[str, str]:
    """The form's answers by path ("group.field") and by the field alone, as a person reads them, for the item's template
    of 许可内容."""
    answers = form_of(case)
    words: dict[str, str] = {}
    for group, field in form.walk():
        held = answers.values.get(group.code) if answers else None
        rows = held if isinstance(held, list) else [held or {}]
        shown = [field.shown(row[field.code]) for row in rows if row.get(field.code) not in (None, "", [])]
        if shown:
            words[f"{group.code}.{field.code}"] = "、".join(shown)
            words.setdefault(field.code, "、".join(shown))
    return words


def _case(row: Logged | None) -> Case:
    if not isinstance(row, Case):
        raise TypeError("this reaction follows events of a case")
    return row


def _own(case: Case) -> Actor:
    return system("publicity", case.division)


def _at(event: Event) -> datetime:
    if event.at is None:
        raise ValueError("a reaction follows a recorded event")
    return event.at
