"""证照目录: the registry for staff, and its export in the names of the national catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from yichuang.core.actor import Actor
from yichuang.core.models import LogEvent
from yichuang.identity.models import Applicant
from yichuang.licences import rules
from yichuang.licences.models import Licence

WHOLE_DIVISION = ("window_clerk", "auditor")  # a comprehensive window hands out every organ's licences
READERS = ("window_clerk", "handler", "reviewer", "legal_reviewer", "head", "publicity_officer", "auditor")

CATALOGUE_FIELDS = (
    "certificate_name", "certificate_number", "certificate_source_id", "certificate_type", "certificate_type_code",
    "certificate_area_code", "certificate_holder", "certificate_holder_code", "certificate_holder_type", "issue_dept",
    "issue_dept_code", "issue_date", "effective_date", "expiring_date", "certificate_identifier", "certificate_state",
)  # fmt: skip
HOLDER_TYPES = {
    ("person", "citizen"): "公民身份号码", ("organisation", "uscc"): "统一社会信用代码",
    ("individual_business", "uscc"): "统一社会信用代码",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filters:
    """What the registry is asked for; "" and None do not narrow. text: start of a number, an identifier, or in the
    holder's name."""

    text: str = ""
    type_code: str = ""
    issuer: int | None = None
    state: str = ""
    expires_before: date | None = None


def visible(actor: Actor) -> QuerySet[Licence]:
    """What a member of staff may see: the division's for clerks, auditors and whoever holds a role in all of it, else
    their departments'. Nothing for others. A program: as its departments."""
    if not (actor.is_staff or actor.kind == "client"):
        return Licence.objects.none()
    scopes = {scope for role in READERS for scope in actor.scopes(role)}
    if "" in scopes or any(actor.has(role) for role in WHOLE_DIVISION):
        return Licence.objects.filter(division=actor.division)
    departments = [int(scope.partition(":")[2]) for scope in scopes if scope.startswith("department:")]
    return (
        Licence.objects.filter(division=actor.division, issuer_id__in=departments)
        if departments
        else Licence.objects.none()
    )


def registry(actor: Actor, filters: Filters) -> QuerySet[Licence]:
    """The registry's rows, narrowed; the caller pages them by ("-issued_on", "-id")."""
    rows = visible(actor).select_related("issuer", "holder")
    if filters.text:
        text = filters.text.strip()
        rows = rows.filter(
            Q(number__startswith=text)
            | Q(identifier__startswith=text.upper())
            | Q(holder__name__contains=text)
            | Q(holder__id_number=text.upper())
        )
    if filters.type_code:
        rows = rows.filter(type_code=filters.type_code)
    if filters.issuer:
        rows = rows.filter(issuer_id=filters.issuer)
    if filters.state:
        rows = rows.filter(state=filters.state)
    if filters.expires_before:
        rows = rows.filter(state=rules.IN_FORCE, expires_on__lte=filters.expires_before)
    return rows


def types(actor: Actor) -> list[tuple[str, str]]:
    """(type code, name) of what there is to see, for the filter."""
    return list(visible(actor).order_by("name").values_list("type_code", "name").distinct())


def desk_licence(actor: Actor, identifier: str) -> Licence:
    """One, with holder, issuer and file. Raises Refusal 404 for what this actor may not see."""
    found = visible(actor).filter(identifier=identifier).select_related("issuer", "holder", "file").first()
    if found is None:
        raise rules.not_found()
    return found


def history(licence: Licence) -> list[LogEvent]:
    """What happened to it, oldest first."""
    return list(LogEvent.objects.filter(stream=licence.stream).order_by("seq"))


def versions(licence: Licence) -> list[Licence]:
    """All versions, newest first."""
    return list(
        Licence.objects.filter(
            type_code=licence.type_code, issuer_code=licence.issuer_code, serial=licence.serial
        ).order_by("-version")
    )


def catalogue_rows(rows: QuerySet[Licence], chunk: int = 500) -> Iterator[dict[str, str]]:
    """The rows in the national catalogue's field names (GB/T 36903), in constant memory."""
    for licence in rows.select_related("issuer", "holder").iterator(chunk_size=chunk):
        yield {
            "certificate_name": licence.name,
            "certificate_number": licence.number,
            "certificate_source_id": licence.source,
            "certificate_type": licence.name,
            "certificate_type_code": licence.type_code,
            "certificate_area_code": licence.division,
            "certificate_holder": licence.holder.name,
            "certificate_holder_code": licence.holder.id_number,
            "certificate_holder_type": _holder_type(licence.holder),
            "issue_dept": licence.issuer.name,
            "issue_dept_code": licence.issuer_code,
            "issue_date": licence.issued_on.isoformat(),
            "effective_date": licence.effective_on.isoformat(),
            "expiring_date": (licence.expires_on or rules.LONG_TERM).isoformat(),
            "certificate_identifier": licence.identifier,
            "certificate_state": rules.STATES[licence.state],
        }


def _holder_type(holder: Applicant) -> str:
    return HOLDER_TYPES.get((holder.kind, holder.id_kind), dict(Applicant.ID_KINDS).get(holder.id_kind, ""))
