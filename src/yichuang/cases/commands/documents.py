"""Documents (文书): made with the act, numbered and sealed; rendered as PDF when somebody first needs the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from yichuang.cases.models import Case, Document
from yichuang.cases.rules import clock, numbering
from yichuang.cases.rules.apply import apply
from yichuang.cases.rules.clock import Moment
from yichuang.cases.rules.wording import Organ, Told, official
from yichuang.core import documents as rendering
from yichuang.core import files, log, numbers, personal
from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.models import File

TEMPLATE = "core/official"
CLOCKED: dict[str, tuple[str, ...]] = {
    "receipt": ("acceptance",),
    "acceptance": ("promised", "statutory"),
    "special": ("promised", "statutory"),
    "extension": ("promised", "statutory"),
    "grant": ("delivery",),
}
"""Which periods a document states, in the short form of their explanation."""


def issue_document(case: Case, now: Moment, kind: str, seq: int, event: Event, body: Mapping[str, Any]) -> Document:
    """A document of the case, numbered and sealed, not yet saved. The receipt's number is the case's own.

    The serial is taken inside the transaction: an organ's numbers of one kind and year have no gaps.
    """
    organ, year = case.department, now.today.year
    number = case.number or event.data["number"]
    if kind == "receipt":
        if event.kind != "case.submitted":
            number = f"{number}-{seq}"  # received anew after a correction
    else:
        serial = numbers.take(numbering.document_scope(organ.pk, kind, year))
        prefix = organ.document_prefix or organ.short_name or organ.name
        number = numbering.document_number(prefix, Document.WORDS[kind], year, serial)
    paper = Document(seq=seq, kind=kind, number=number, department=organ, issued_at=now.at)
    paper.content = _content(case, now, paper, event, body)
    paper.seal()
    return paper


def name_of(document: Document) -> dict[str, str]:
    """A document as an event names it."""
    return {
        "kind": document.kind,
        "number": document.number,
        "digest": document.digest,
        "title": document.get_kind_display(),
    }


def _content(case: Case, now: Moment, paper: Document, event: Event, body: Mapping[str, Any]) -> dict[str, Any]:
    """Everything the paper says, as of now: names and addresses may change later, the document does not."""
    organ, applicant = case.department, case.applicant
    after = apply(case.facts(), replace(event, at=now.at, actor=now.by.ref))
    lines: tuple[tuple[str, str], ...] = ()
    if paper.kind in CLOCKED:
        told = clock.explain(after, now.calendar, now.today, now.thresholds)
        lines = tuple((line.title, line.text) for key in CLOCKED[paper.kind] if (line := told.line(key)))
    number = personal.mask_id(applicant.id_number) if applicant.kind == "person" else applicant.id_number
    return official(
        paper.kind,
        Told(
            number=paper.number,
            title=paper.get_kind_display(),
            on=now.today.isoformat(),
            organ=Organ(
                organ.name,
                organ.seal_name,
                organ.phone,
                organ.address,
                organ.complaint_phone,
                organ.review_organ,
                organ.court,
            ),
            case_number=after.number,
            item=case.title,
            applicant=applicant.name,
            natural=applicant.kind == "person",
            identity=f"{applicant.get_id_kind_display()} {number}",
            agent=case.agent.name if case.agent else "",
            received_on=after.received_on.isoformat() if after.received_on else "",
            accepted_on=after.accepted_on.isoformat() if after.accepted_on else "",
            clock=lines,
            link=f"{settings.YICHUANG.base_url}/my/cases/{after.number}/",
        ),
        body,
    )


def render(document_id: int, *, by: Actor, at: datetime) -> File:
    """The PDF of a document: made when first needed, outside any transaction, then kept and its digest logged.

    Who may see the document is asked before (`queries.documents_for`). Two who need it at once get the same file.
    """
    document = Document.objects.select_related("file", "case").get(pk=document_id)
    if document.file is not None:
        return document.file
    pdf = rendering.render(TEMPLATE, document.content)
    with transaction.atomic():
        case = log.lock(Case, pk=document.case_id)
        document = Document.objects.select_related("file").get(pk=document_id)
        if document.file is not None:
            return document.file
        name = f"{document.get_kind_display()}{document.number}.pdf"
        file = files.keep(pdf, name, "application/pdf", owner=case.stream, by=by, at=at, division=case.division)
        document.file = file
        document.save(update_fields=["file"])
        done = {"kind": document.kind, "number": document.number, "file": file.pk, "digest": file.digest}
        log.record(case, Event("case.document_rendered", done), by=by, at=at)
    return file
