"""How every verb is carried out: lock, look, write, tell. One transaction, the same order everywhere.

`acting` opens the transaction, locks the case and checks that the actor may see it; the verb's rule makes the event;
`Act.write` seals statement and document, records the event and writes the papers that it names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from yichuang.cases.commands import telling
from yichuang.cases.commands.documents import issue_document, name_of
from yichuang.cases.models import Case, CaseForm, Document, StaffNotice, Statement
from yichuang.cases.queries.gate import not_there, visible
from yichuang.cases.queries.page import form_of
from yichuang.cases.rules import sentences
from yichuang.cases.rules.clock import DEFAULT, Moment, Thresholds
from yichuang.cases.rules.facts import CHINA, CaseFacts
from yichuang.catalogue import queries as catalogue
from yichuang.catalogue.rules.facts import VersionFacts
from yichuang.core import calendar, compiled, log
from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.models import LogEvent
from yichuang.core.refusal import Refusal
from yichuang.identity.models import Department

JOINED = ("applicant", "department", "department__clock_rule")
"""What never changes once the case is there: what is joined to a row that was waited for is as it was before the wait."""


def thresholds(department: Department) -> Thresholds:
    """The department's own (its row comes with the case), else the defaults."""
    rule = getattr(department, "clock_rule", None)
    if rule is None:
        return DEFAULT
    return Thresholds(
        rule.yellow_share,
        rule.yellow_least,
        rule.correction_days,
        tuple(rule.lapse_warn_days) or DEFAULT.lapse_warn_days,
    )


def moment(department: Department, by: Actor, at: datetime) -> Moment:
    return Moment(by, at, calendar.current(), thresholds(department))


@dataclass
class Act:
    """A case in hand, inside the transaction of one verb."""

    case: Case
    now: Moment
    declared: CaseForm | None = None

    @property
    def facts(self) -> CaseFacts:
        return self.case.facts()

    @property
    def version(self) -> VersionFacts:
        return catalogue.version(self.case.version_id)

    def form(self) -> CaseForm:
        """What was declared last. One query, once."""
        if self.declared is None:
            self.declared = form_of(self.case)
            if self.declared is None:
                raise LookupError(f"{self.case.number} has no form")
        return self.declared

    def write(
        self,
        event: Event,
        *,
        before: Sequence[Event] = (),
        statement: Mapping[str, Any] | None = None,
        document: str = "",
        body: Mapping[str, Any] | None = None,
    ) -> Event:
        """Record the events (`before` first) and the papers of the last one; tell the applicant. Returns it complete.

        statement: what a person wrote, sealed into the event. document: kind of the document that the act produces;
        body: what it says beside what every document shows.
        """
        seq = self.case.seq + len(before) + 1
        papers: list[Statement | Document] = []
        if statement is not None:
            said = Statement(seq=seq, content=dict(statement))
            event = replace(event, data={**event.data, "statement": said.seal()})
            papers.append(said)
        if document:
            paper = issue_document(self.case, self.now, document, seq, event, body or {})
            event = replace(event, data={**event.data, "document": name_of(paper)})
            papers.append(paper)
        new = self.case.pk is None
        if not new:  # what reacts to the event finds its papers there
            self._keep(papers)
        log.record(self.case, *before, event, by=self.now.by, at=self.now.at)
        if new:
            self._keep(papers)
        for happened in (*before, event):
            telling.tell(self.case, happened, at=self.now.at)
        return event

    def _keep(self, papers: Sequence[Statement | Document]) -> None:
        for one in papers:
            one.case = self.case
            one.save(force_insert=True)

    def notify_staff(self, kind: str, text: str, *, handler: bool = True, head: bool = True) -> None:
        """Tell the handler (when there is one) and the department's heads."""
        rows = []
        common = {
            "case": self.case,
            "division": self.case.division,
            "department_id": self.case.department_id,
            "kind": kind,
            "text": text[:300],
            "created_at": self.now.at,
        }
        if handler:
            addressee: dict[str, Any] = (
                {"staff_id": self.case.handler_id} if self.case.handler_id else {"role": "handler"}
            )
            rows.append(StaffNotice(**common, **addressee))
        if head:
            rows.append(StaffNotice(**common, role="head"))
        StaffNotice.objects.bulk_create(rows)


def _in_hand(number: str) -> QuerySet[Case]:
    rows = Case.objects.select_related(*JOINED).filter(number=number)
    return rows.select_for_update(of=("self",)) if connection.features.has_select_for_update else rows


@contextmanager
def acting(number: str, *, by: Actor, at: datetime, parts: bool = False) -> Iterator[Act]:
    """The transaction of one verb, with the case locked.

    parts: bring steps and suspensions too. Raises Refusal 404 for a case that the actor may not know of. A refusal by
    state is completed with what happened last, and who did it.
    """
    with transaction.atomic():
        case = compiled.one(_in_hand, number)
        if case is None or not visible(case, by):
            raise not_there()
        if parts:
            case.load_parts()
        try:
            yield Act(case, moment(case.department, by, at))
        except Refusal as no:
            if no.code == "case.wrong_state":
                raise _told_what_happened(case, no) from None
            raise


def _told_what_happened(case: Case, no: Refusal) -> Refusal:
    last = LogEvent.objects.filter(stream=case.stream).order_by("-seq").first()
    if last is None:
        return no
    said = sentences.sentence(last.event(), last.actor_name)
    when = last.occurred_at.astimezone(CHINA)
    text = f"{no.message}{when.year}年{when.month}月{when.day}日{when:%H:%M}，{said}"
    return Refusal(no.code, text, no.next_step, law=no.law, status=no.status)
