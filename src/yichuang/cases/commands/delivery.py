"""After the decision: licence or document, delivery, slips of the pen, archive (行政许可法 39, 44)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from yichuang.cases.commands.acting import Act, acting
from yichuang.cases.models import Case, Document
from yichuang.cases.rules import delivery as rules
from yichuang.cases.rules.face import Line, face
from yichuang.cases.rules.facts import WAYS
from yichuang.core import compiled
from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.refusal import Refusal
from yichuang.licences import commands as licences


def issue(number: str, *, details: Mapping[str, Any] | None = None, by: Actor, at: datetime) -> Case:
    """制证: issues the licence (`licences.commands.issue`), or makes the decision document the result.

    details: what the licence's face says, field code -> value; what is not given comes from the form and the applicant.
    Raises Refusal 404, 403, 409 "case.issued", and what licences refuses (422).
    """
    with acting(number, by=by, at=at) as act:
        rules.check_issue(act.facts, act.now)
        version, case = act.version, act.case
        if version.licence is None:
            event = rules.issue(act.facts, act.now, licence_id=None, licence="")
        else:
            kind, shown = version.licence, face_of(act, details or {})
            starts = act.now.today
            licence = licences.issue(
                type_code=kind.type_code,
                name=kind.name,
                holder=case.applicant,
                issuer=case.department,
                division=case.division,
                details={line.code: line.value for line in shown},
                labels={line.code: line.label for line in shown},
                effective_on=starts,
                expires_on=rules.last_day(starts, kind.validity_months),
                source=case.stream,
                by=by,
                at=at,
            )
            case.licence = licence  # what follows from the event finds it at hand
            event = rules.issue(act.facts, act.now, licence_id=licence.pk, licence=licence.identifier)
        act.write(event)
    return act.case


def face_of(act: Act, given: Mapping[str, Any]) -> tuple[Line, ...]:
    """The licence's face: as given by code, else from what was declared and from who the applicant is."""
    declared = act.form()
    lines = face(act.version, declared.values, declared.content.get("applicant", {}))
    return tuple(line._replace(value=str(given.get(line.code) or line.value)) for line in lines)


def deliver(
    number: str,
    *,
    way: str,
    recipient: str = "",
    recipient_id: str = "",
    tracking: str = "",
    note: str = "",
    by: Actor,
    at: datetime,
) -> Case:
    """送达: at the counter (recipient named), by post (tracking number), or electronically; the case closes.
    Raises Refusal 404, 403, 409 "case.not_issued", 422 "case.delivery"."""
    with acting(number, by=by, at=at) as act:
        event = rules.deliver(act.facts, act.now, way=way, recipient=recipient, tracking=tracking)
        _serve(act, event, way, recipient, recipient_id, tracking, note)
    return act.case


def deliver_notice(
    number: str,
    *,
    way: str,
    recipient: str = "",
    recipient_id: str = "",
    tracking: str = "",
    note: str = "",
    by: Actor,
    at: datetime,
) -> Case:
    """送达通知文书 of a case that ended without a decision. Refusals as `deliver`."""
    with acting(number, by=by, at=at) as act:
        event = rules.deliver_notice(act.facts, act.now, way=way, recipient=recipient, tracking=tracking)
        _serve(act, event, way, recipient, recipient_id, tracking, note)
    return act.case


SERVED = {
    "granted": ("grant",),
    "refused": ("refusal",),
    "declined": ("declination",),
    "withdrawn": ("withdrawal",),
    "terminated": ("termination",),
}


def _documents_of(case: int) -> QuerySet[Document]:
    return Document.objects.filter(case=case)


def _serve(act: Act, event: Event, way: str, recipient: str, recipient_id: str, tracking: str, note: str) -> None:
    kinds = SERVED[act.case.state]
    served = [d for d in compiled.rows(_documents_of, act.case.pk) if d.kind in kinds]
    said = {
        "way": way,
        "recipient": recipient.strip(),
        "recipient_id": recipient_id.strip(),
        "tracking": tracking.strip(),
        "note": note.strip(),
    }
    body = {**said, "way": WAYS[way], "documents": [[d.get_kind_display(), d.number] for d in served]}
    act.write(event, statement=said, document="service", body=body)
    Document.objects.filter(pk__in=[d.pk for d in served]).update(served_at=act.now.at, served_way=way)


def correct_clerical(number: str, *, document_id: int, was: str, now: str, by: Actor, at: datetime) -> Case:
    """更正笔误 in a document of the case. Raises Refusal 404, 403, 409, 422."""
    with acting(number, by=by, at=at) as act:
        document = Document.objects.filter(pk=document_id, case=act.case).first()
        if document is None:
            raise Refusal(
                "case.document",
                "本件没有这份文书。",
                "请从文书列表中选择。",
                fields={"document_id": "请重新选择"},
                status=422,
            )
        event = rules.correct_clerical(act.facts, act.now, of=document.number, was=was, reads=now)
        said = {"of": document.number, "was": was.strip(), "now": now.strip()}
        body = {**said, "title": document.get_kind_display()}
        act.write(event, statement=said, document="clerical", body=body)
    return act.case


def archive(number: str, *, by: Actor, at: datetime) -> Case:
    """归档. Raises Refusal 404, 403, 409."""
    with acting(number, by=by, at=at) as act:
        act.write(rules.archive(act.facts, act.now))
    return act.case
