"""From what the platform knows to the record of the standard: reading only, and setting the row's own columns."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from django.conf import settings

from yichuang.core import personal
from yichuang.core.events import canonical
from yichuang.identity.models import Applicant, Department
from yichuang.publicity.models import PublicRecord
from yichuang.publicity.rules import record as rules


def party(applicant: Applicant) -> rules.Party:
    return rules.Party(
        kind=applicant.kind,
        name=applicant.name,
        id_kind=applicant.id_kind,
        id_number=applicant.id_number,
        legal_representative=applicant.legal_representative,
        legal_representative_id=applicant.legal_representative_id,
    )


def organ(department: Department) -> rules.Organ:
    return rules.Organ(department.name, department.uscc)


def decision(row: PublicRecord) -> rules.Decision:
    return rules.Decision(
        document_name=row.document_name,
        document_number=row.decision_number,
        category=row.category,
        content=row.content,
        decided_on=row.decided_on,
        licence_name=row.licence_name,
        licence_number=row.licence_number,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def plain(row: PublicRecord) -> dict[str, str]:
    """The record as it follows from the facts, without the officer's corrections."""
    who = organ(row.department)
    return rules.build(party(row.applicant), who, who, decision(row))


def rebuild(row: PublicRecord, today: date) -> dict[str, object]:
    """Make the row's record anew from the facts and the officer's corrections; what an event tells of it.

    Needs `row.applicant` and `row.department`. Sets `record`, its salt, `problems`, `shown_name`.
    """
    row.record = {**plain(row), **row.corrections}
    problems = rules.check(row.record, today)
    row.problems = [asdict(problem) for problem in problems]
    row.shown_name = shown_name(row.record["XK_XDR_MC"], row.record["XK_XDR_LB"])
    text, sealed = canonical(row.record), row.record_digest
    if not personal.sealed(text, row.record_salt, sealed):  # the same record keeps its seal, and is not pushed twice
        row.record_salt, sealed = personal.seal(text)
    return {"record": sealed, "problems": [problem.field for problem in problems]}


def shown_name(name: str, kind: str) -> str:
    """The name on the public pages: organisations in full, natural persons masked unless configured otherwise."""
    if kind == rules.NATURAL and settings.YICHUANG.publicity_person_names == "masked":
        return personal.mask_name(name)
    return name


def adapters() -> list[str]:
    """Where records are pushed, by configuration."""
    config = settings.YICHUANG
    return [name for name, on in (("credit.http", bool(config.credit_url)), ("credit.file", config.credit_file)) if on]
