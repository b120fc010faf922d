"""The holder's own licences, and what they know that a form need not ask again."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from yichuang.core.actor import Actor
from yichuang.identity.models import Applicant
from yichuang.identity.rules import Stay
from yichuang.licences import rules
from yichuang.licences.models import Licence


def mine(actor: Actor) -> QuerySet[Licence]:
    """The licences of everybody this person may act for, newest first; replaced versions are left out."""
    return (
        Licence.objects.filter(holder_id__in=_applicants(actor))
        .exclude(state=rules.REPLACED)
        .select_related("issuer", "holder")
        .order_by("-issued_on", "-id")
    )


def my_licence(actor: Actor, identifier: str) -> Licence:
    """One of them. Raises Refusal 404 for a stranger as for a licence that does not exist."""
    found = (
        Licence.objects.filter(holder_id__in=_applicants(actor), identifier=identifier)
        .select_related("issuer", "holder", "file")
        .first()
    )
    if found is None:
        raise rules.not_found()
    return found


def held(applicant_id: int, type_code: str, *, at: datetime) -> dict[str, str]:
    """The face of the applicant's newest licence of a type that is in force, code -> value; {} when there is none.
    For pre-filling ("licence.<type_code>.<field>") and for what need not be handed in again."""
    today = timezone.localtime(at).date()
    for licence in Licence.objects.filter(holder_id=applicant_id, type_code=type_code, state=rules.IN_FORCE).order_by(
        "-issued_on", "-id"
    ):
        if rules.live_state(licence.state, licence.effective_on, licence.expires_on, today) == rules.IN_FORCE:
            own = {"identifier": licence.identifier, "number": licence.number, "licence_name": licence.name}
            return own | {line.code: line.value for line in licence.lines}
    return {}


def of_source(source: str) -> list[Licence]:
    """The licences that came of a case ("case:6101..."), newest version first."""
    return list(Licence.objects.filter(source=source).select_related("issuer", "holder").order_by("-version", "-id"))


def stays(applicant: Applicant, on: date) -> list[Stay]:
    """What the register of licences keeps of a holder who asked to be erased, and why. 1 query."""
    del on
    count = Licence.objects.filter(holder=applicant).count()
    if not count:
        return []
    why = "证照登记须可供查验；证照注销、失效后仍记载曾经颁发"
    return [
        Stay(
            f"{count}份电子证照的登记",
            why,
            None,
            "《国务院关于在线政务服务的若干规定》第十条、《中华人民共和国档案法》",
        )
    ]


def _applicants(actor: Actor) -> list[int]:
    return [int(ref.partition(":")[2]) for ref in actor.behalf if ref.startswith("applicant:")]
