"""What intake needs to know: for whom, from where, what is known already, which items come most."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils import timezone

from yichuang.cases.models import Case
from yichuang.catalogue.models import Item
from yichuang.catalogue.rules.facts import VersionFacts
from yichuang.core.actor import Actor
from yichuang.core.models import File
from yichuang.core.refusal import Refusal
from yichuang.hall.models import ServicePoint
from yichuang.identity import queries as identity
from yichuang.identity.models import Applicant
from yichuang.licences import queries as licences


def may_apply(actor: Actor, version: VersionFacts) -> list[Applicant]:
    """Those for whom the signed-in person may apply; the item's own audience first."""
    fits = "person" if version.audience == "person" else "legal"
    found = identity.applicants_for(actor)
    return sorted(found, key=lambda a: ("person" if a.kind == "person" else "legal") != fits)


def applicant_at_window(actor: Actor, applicant_id: int) -> Applicant:
    """An applicant whom a clerk has looked up. Raises Refusal 403, 404."""
    actor.require("window_clerk")
    found = Applicant.objects.filter(pk=applicant_id, erased_at__isnull=True).first()
    if found is None:
        raise Refusal("applicant.unknown", "没有这个申请人。", "请按证件号码重新查找。", status=404)
    return found


def known(applicant: Applicant, version: VersionFacts, *, at: datetime | None = None) -> dict[str, Any]:
    """Values by pre-fill source: the applicant's own data, and the newest licence in force of each type asked."""
    told: dict[str, Any] = {
        f"applicant.{name}": getattr(applicant, name)
        for name in ("name", "id_kind", "id_number", "phone", "address", "postcode", "legal_representative")
        if getattr(applicant, name)
    }
    types = {source.split(".")[1] for source in version.form.sources() if source.startswith("licence.")}
    for code in types:
        face = licences.held(applicant.pk, code, at=at or timezone.now())
        told |= {f"licence.{code}.{name}": value for name, value in face.items()}
    return told


def points_of(actor: Actor) -> list[tuple[str, str]]:
    """(code, name) of the service points at which the clerk may take in."""
    scopes = actor.scopes("window_clerk")
    rows = ServicePoint.objects.filter(division=actor.division, active=True).order_by("level", "code")
    if not any(s == "" or s.startswith("department:") for s in scopes):
        rows = rows.filter(code__in=[s.partition(":")[2] for s in scopes if s.startswith("point:")])
    return list(rows.values_list("code", "name"))


def frequent_items(actor: Actor, limit: int = 12) -> list[Item]:
    """The items that the division takes in most, in force. 2 queries."""
    often = (
        Case.objects.filter(division=actor.division)
        .values("item")
        .annotate(n=Count("pk"))
        .order_by("-n", "item")[:limit]
    )
    order = [row["item"] for row in often]
    rows = {i.pk: i for i in Item.objects.filter(pk__in=order, state="published").select_related("department")}
    found = [rows[pk] for pk in order if pk in rows]
    if len(found) < limit:
        more = (
            Item.objects.filter(division=actor.division, state="published")
            .exclude(pk__in=rows)
            .select_related("department")
        )
        found += list(more.order_by("pk")[: limit - len(found)])
    return found


def kept_files(wanted: Iterable[int]) -> list[File]:
    """Files that were stored a moment ago and are named again by a form that was shown once more, in that order."""
    wanted = list(wanted)
    rows = {f.pk: f for f in File.objects.filter(pk__in=wanted, erased_at__isnull=True)}
    return [rows[pk] for pk in wanted if pk in rows]
