"""Everything about one case, in a number of queries that does not depend on how much happened to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from yichuang.cases.models import (
    Bar,
    Case,
    CaseForm,
    CaseMaterial,
    CaseStep,
    CaseSuspension,
    Document,
    MaterialFile,
    Statement,
)
from yichuang.cases.queries.gate import case_for
from yichuang.cases.queries.standing import barred
from yichuang.cases.rules import clock, sentences
from yichuang.cases.rules.clock import DEFAULT, Explained, Thresholds
from yichuang.cases.rules.facts import WAYS
from yichuang.cases.rules.machine import ROLES, VERBS, roles_of
from yichuang.cases.rules.standing import open_to
from yichuang.catalogue import queries as catalogue
from yichuang.catalogue.rules.facts import VersionFacts
from yichuang.core import calendar, compiled
from yichuang.core.actor import Actor
from yichuang.core.models import LogEvent
from yichuang.identity.models import Agency
from yichuang.identity.queries import letters_of

QUIET_FOR_APPLICANTS = ("case.flagged", "case.rescheduled", "case.document_rendered", "case.assigned")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline: a sentence, who, what was written, the document that it produced."""

    at: datetime
    title: str
    who: str
    note: str
    document: Document | None
    kind: str
    seq: int


@dataclass(frozen=True, slots=True)
class OpenVerb:
    """A verb that is open to this actor now."""

    verb: str
    label: str
    roles: tuple[str, ...]
    law: str
    document: str


@dataclass(frozen=True, slots=True)
class CasePage:
    case: Case
    version: VersionFacts
    form: CaseForm | None
    materials: list[CaseMaterial]
    steps: list[CaseStep]
    suspensions: list[CaseSuspension]
    documents: list[Document]
    timeline: list[Line]
    clock: Explained
    verbs: tuple[OpenVerb, ...]
    roles: frozenset[str]
    bar: Bar | None
    letters: list[Agency]

    @property
    def handling(self) -> str:
        """The 业务办理项 that the applicant's situation told, "" for the item itself."""
        return next((h.name for h in self.version.handlings if h.key and h.key == self.case.handling), "")


def form_of(case: Case) -> CaseForm | None:
    """What was declared last. 1 query."""
    return compiled.one(_forms_of, case.pk)


def _forms_of(case: int) -> QuerySet[CaseForm]:
    return CaseForm.objects.filter(case=case).order_by("-seq")[:1]


def thresholds_of(case: Case) -> Thresholds:
    rule = getattr(case.department, "clock_rule", None)
    if rule is None:
        return DEFAULT
    return Thresholds(
        rule.yellow_share,
        rule.yellow_least,
        rule.correction_days,
        tuple(rule.lapse_warn_days) or DEFAULT.lapse_warn_days,
    )


def explain(case: Case, on: date) -> Explained:
    """Every date of the case with its reasons, as of that day. 2 queries unless the parts are there."""
    case.load_parts()
    return clock.explain(case.facts(), calendar.current(), on, thresholds_of(case))


def correction_points(case: Case) -> list[dict[str, Any]]:
    """What the last correction asked for: [{"material" or "field", "what"}]. 1 query."""
    events = LogEvent.objects.filter(stream=case.stream, kind="case.correction_requested").order_by("-seq")
    seq = events.values_list("seq", flat=True).first()
    said = Statement.objects.filter(case=case, seq=seq).first() if seq else None
    return list(said.content.get("points", [])) if said else []


def delivery_of(case: Case) -> dict[str, str]:
    """How the result was delivered: {"way": in words, "tracking"}. 1 query."""
    row = LogEvent.objects.filter(stream=case.stream, kind="case.delivered").order_by("-seq").first()
    data = row.event().data if row else {}
    return {"way": WAYS.get(data.get("way", ""), ""), "tracking": str(data.get("tracking", ""))}


def timeline(case: Case, documents: Iterable[Document], *, inside: bool) -> list[Line]:
    """The log of the case as sentences. inside: staff see every line and what was written. 2 queries."""
    by_seq = {d.seq: d for d in documents}
    said = {s.seq: s.content for s in compiled.rows(_statements_of, case.pk)}
    lines = []
    for row in compiled.rows(_events_of, case.stream):
        if not inside and row.kind in QUIET_FOR_APPLICANTS:
            continue
        note = _note(said.get(row.seq, {})) if inside or row.kind != "case.step_passed" else ""
        title = sentences.sentence(row.event(), row.actor_name)
        lines.append(Line(row.occurred_at, title, row.actor_name, note, by_seq.get(row.seq), row.kind, row.seq))
    return lines


def _note(content: dict[str, Any]) -> str:
    """What a person wrote, in one paragraph."""
    if "points" in content:
        return "；".join(str(p.get("what", "")).rstrip("。；") for p in content["points"])
    return "；".join(
        str(v) for k, v in content.items() if k in ("opinion", "reasons", "reason", "note", "result", "basis") and v
    )


def open_verbs(case: Case, by: Actor) -> tuple[OpenVerb, ...]:
    """The verbs that are open to the actor now. Parts must be loaded."""
    return tuple(
        OpenVerb(arrow.verb, VERBS[arrow.verb], tuple(ROLES[r] for r in arrow.roles), arrow.law, arrow.document)
        for arrow in open_to(case.facts(), by)
    )


def case_page(actor: Actor, number: str, *, on: date) -> CasePage:
    """The case as the actor may see it. Raises Refusal 404 for strangers. Constant queries."""
    case = case_for(actor, number)
    steps = compiled.rows(_steps_of, case.pk)
    suspensions = compiled.rows(_suspensions_of, case.pk) if case.specials else []
    case.parts_ = case.saved_ = (tuple(s.value() for s in steps), tuple(s.value() for s in suspensions))
    materials = compiled.rows(_materials_of, case.pk)
    held: dict[int, list[MaterialFile]] = {material.pk: [] for material in materials}
    for file in compiled.rows(_files_of, case.pk):
        held[file.material_id].append(file)
    for material in materials:
        material.live_files = held[material.pk]  # type: ignore[attr-defined]  # for the pages
    documents = compiled.rows(_documents_of, case.pk)
    return CasePage(
        case=case,
        version=catalogue.version(case.version_id),
        form=form_of(case),
        materials=materials,
        steps=steps,
        suspensions=suspensions,
        documents=documents,
        timeline=timeline(case, documents, inside=actor.is_staff),
        clock=explain(case, on),
        verbs=open_verbs(case, actor),
        roles=roles_of(case.facts(), actor),
        bar=barred(case.applicant_id, case.item_id, on),
        letters=letters_of(case.applicant, at=case.received_at) if actor.is_staff else [],
    )


def _steps_of(case: int) -> QuerySet[CaseStep]:
    return CaseStep.objects.filter(case=case).select_related("department")


def _suspensions_of(case: int) -> QuerySet[CaseSuspension]:
    return CaseSuspension.objects.filter(case=case)


def _materials_of(case: int) -> QuerySet[CaseMaterial]:
    return CaseMaterial.objects.filter(case=case)


def _files_of(case: int) -> QuerySet[MaterialFile]:
    return MaterialFile.objects.filter(material__case=case, replaced_seq__isnull=True).select_related("file")


def _documents_of(case: int) -> QuerySet[Document]:
    return Document.objects.filter(case=case).select_related("file")


def _statements_of(case: int) -> QuerySet[Statement]:
    return Statement.objects.filter(case=case)


def _events_of(stream: str) -> QuerySet[LogEvent]:
    return LogEvent.objects.filter(stream=stream).order_by("seq")


def material_files(case: Case) -> list[MaterialFile]:
    """The files that stand. 1 query."""
    rows = MaterialFile.objects.filter(material__case=case, replaced_seq__isnull=True)
    return list(rows.select_related("file", "material"))
