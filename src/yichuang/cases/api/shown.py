"""Rows of cases as the API gives them."""

from __future__ import annotations

from typing import Any

from yichuang.cases.api.schemas import (
    CaseDetail,
    CaseOut,
    DocumentOut,
    DraftOut,
    ExcludedOut,
    LineOut,
    MaterialOut,
    PeriodOut,
    StepOut,
    VerbOut,
)
from yichuang.cases.models import Case, Document, Draft
from yichuang.cases.queries import CasePage
from yichuang.cases.rules.clock import Line
from yichuang.core.personal import mask_name

PLAIN = (
    "number",
    "title",
    "channel",
    "state",
    "received_at",
    "accepted_at",
    "decided_at",
    "delivered_at",
    "due_on",
    "statutory_due_on",
    "promised_due_on",
    "provisional",
    "moving",
    "light",
    "instant",
    "deemed",
    "decision",
    "decision_number",
)


def _row(case: Case) -> dict[str, Any]:
    person = case.applicant.kind == "person"
    return {
        **{name: getattr(case, name) for name in PLAIN},
        "item": case.item_id,
        "state_name": case.get_state_display(),
        "department": case.department.name,
        "applicant": mask_name(case.applicant_name) if person else case.applicant_name,
        "handler": case.handler.name if case.handler else "",
    }


def case_out(case: Case) -> CaseOut:
    return CaseOut(**_row(case))


def case_detail(page: CasePage) -> CaseDetail:
    return CaseDetail(
        **_row(page.case),
        materials=[
            MaterialOut(
                code=m.code,
                name=m.name,
                need=m.need,
                state=m.state,
                copies=m.copies,
                ticks=list(m.ticks),
                files=[{"id": f.pk, "name": f.file.name, "size": f.file.size} for f in getattr(m, "live_files", [])],
            )
            for m in page.materials
            if m.applies
        ],
        steps=[
            StepOut(
                code=s.code,
                name=s.name,
                role=s.role,
                group=s.group,
                state=s.state,
                conclusion=s.conclusion,
                done_on=s.done_on,
            )
            for s in page.steps
        ],
        timeline=[
            LineOut(
                at=line.at,
                kind=line.kind,
                text=line.title,
                note=line.note,
                document=line.document.pk if line.document else None,
            )
            for line in page.timeline
        ],
        verbs=[VerbOut(verb=v.verb, name=v.label, law=v.law) for v in page.verbs],
    )


def document_out(document: Document) -> DocumentOut:
    return DocumentOut(
        id=document.pk,
        kind=document.kind,
        name=document.get_kind_display(),
        number=document.number,
        issued_at=document.issued_at,
    )


def period_out(line: Line) -> PeriodOut:
    names = (
        "key", "title", "from_what", "start", "due_on", "unit", "total", "extension", "provisional", "moving", "left",
        "running", "text",
    )  # fmt: skip
    return PeriodOut(
        **{name: getattr(line, name) for name in names},
        law=list(line.law),
        days=list(line.days),
        excluded=[ExcludedOut(first=gap.first, last=gap.last, why=gap.why) for gap in line.excluded],
    )


def draft_out(draft: Draft) -> DraftOut:
    return DraftOut(
        id=str(draft.pk),
        item=draft.item_id,
        version=draft.version_id,
        applicant=draft.applicant_id,
        values=draft.values,
        contact=draft.contact,
        delivery=draft.delivery,
        marked=draft.marked,
        revision=draft.revision,
        files=[
            {"id": f.pk, "material": f.material, "name": f.file.name, "size": f.file.size} for f in draft.files.all()
        ],
        case=draft.case.number if draft.case else None,
    )
