"""What is got in the end: a sample of an item's licence, as a picture and as PDF (结果样本)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from yichuang.cases.rules.face import face
from yichuang.catalogue import queries as catalogue
from yichuang.catalogue.rules import samples
from yichuang.core import documents
from yichuang.licences import document


@require_safe
@cache_control(max_age=3600, public=True)
def picture(request: HttpRequest, item: int) -> HttpResponse:
    return HttpResponse(documents.kept("licences/licence", _data(item), as_picture=True), content_type="image/png")


@require_safe
@cache_control(max_age=3600, public=True)
def pdf(request: HttpRequest, item: int) -> HttpResponse:
    response = HttpResponse(documents.kept("licences/licence", _data(item)), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="result-sample-{item}.pdf"'
    return response


def _data(item: int) -> dict[str, Any]:
    """Raises Refusal 404 when the item is not in force or its result is no licence."""
    version = catalogue.current(item)
    if version.licence is None:
        raise catalogue.not_found()
    organisation = version.audience == "legal"
    holder = samples.ENTERPRISE if organisation else samples.NAME
    applicant = {"name": holder, "address": samples.ADDRESS, "legal_representative": samples.NAME}
    lines = face(version, samples.invented(version.form, version.effective_on), applicant)
    named = next((line for line in lines if line.code == "name"), None)
    return document.sample(
        name=version.licence.name,
        lines=[(line.label, line.value) for line in lines if line is not named],
        holder=named.value if named and named.value else holder,
        organisation=organisation,
        validity_months=version.licence.validity_months,
        issuer=version.department,
        leads_to=urljoin(settings.YICHUANG.base_url, reverse("catalogue:guide", args=[item])),
    )
