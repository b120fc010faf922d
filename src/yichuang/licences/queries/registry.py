"""证照目录: the registry for staff, and its export in the names of the national catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.models import LogEvent
from yichuang.identity.models import Applicant
from yichuang.licences import rules
from yichuang.licences.models import Licence

WHOLE_DIVISION = ("window_clerk", "auditor")  # a comprehensive window hands out every organ's licences
READERS = ("window_clerk", "handler", "reviewer", "legal_reviewer", "head", "publicity_officer", "auditor")

EXPORTERS = ("head", "reviewer", "auditor", "publicity_officer")

CATALOGUE_FIELDS = (
    "certificate_name", "certificate_number", "certificate_source_id", "certificate_type", "certificate_type_code",
    "certificate_area_code", "certificate_holder", "certificate_holder_code", "certificate_holder_type", "issue_dept",
    "issue_dept_code", "issue_date", "effective_date", "expiring_date", "certificate_identifier", "certificate_state",
)  # fmt: skip
SOON_DAYS = 60
TITLES = {
    "licence.issued": "核发证照",
    "licence.signed": "加盖电子印章",
    "licence.replaced": "换发新证，本证失效",
    "licence.expired": "有效期届满",
}
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
    """Staff: the division's for clerks, auditors and whoever holds a role in all of it, else their departments'. A
    program: those of the departments of its token. A person: their own and of whom they act for. Nothing for others."""
    if actor.behalf and not actor.grants:
        return Licence.objects.filter(holder_id__in=[int(ref.partition(":")[2]) for ref in actor.behalf])
    rows = Licence.objects.filter(division=actor.division)
    if actor.is_staff and any(actor.has(role) for role in WHOLE_DIVISION):
        return rows
    roles = READERS if actor.is_staff else ("licences:read",)
    scopes = {scope for role in roles for scope in actor.scopes(role)}
    if "" in scopes:
        return rows
    departments = [int(scope.partition(":")[2]) for scope in scopes if scope.startswith("department:")]
    return rows.filter(issuer_id__in=departments) if departments else rows.none()


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


@dataclass(frozen=True, slots=True)
class Card:
    """A licence as lists show it: its state as of a day, in words and tone. soon: its last day is within 60 days."""

    licence: Licence
    state: str
    state_name: str
    tone: str
    validity: str
    soon: bool

    @property
    def valid(self) -> bool:
        return self.state == rules.IN_FORCE


def card(licence: Licence, today: date) -> Card:
    state = rules.live_state(licence.state, licence.effective_on, licence.expires_on, today)
    left = (licence.expires_on - today).days if licence.expires_on else None
    return Card(
        licence=licence,
        state=state,
        state_name=rules.LIVE_STATES[state],
        tone={rules.IN_FORCE: "green", rules.NOT_YET: "blue"}.get(state, "red"),
        validity=rules.dates_text(licence.effective_on, licence.expires_on),
        soon=state == rules.IN_FORCE and left is not None and left <= SOON_DAYS,
    )


def timeline(licence: Licence) -> list[dict[str, object]]:
    """What happened to it, oldest first, in words."""
    return [
        {
            "at": event.occurred_at,
            "title": TITLES.get(event.kind, event.kind),
            "who": event.actor_name,
            "note": _note(event.event()),
            "state": "official" if event.kind == "licence.signed" else "",
        }
        for event in LogEvent.objects.filter(stream=licence.stream).order_by("seq")
    ]


def _note(event: Event) -> str:
    match event.kind:
        case "licence.signed":
            return f"印章证书：{event.data['signer']}"
        case "licence.replaced":
            return f"{event.data['reason']}（新证标识：{event.data['by']}）"
        case "licence.issued" if event.data["replaces"]:
            return f"换发自：{event.data['replaces']}"
    return ""


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
