"""What the desk shows of reviews: the code on the receipt, by which the visitor rates the service."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yichuang.cases import queries as cases
from yichuang.cases.views import qr
from yichuang.core.views import actor, desk
from yichuang.reviews import queries


@desk()
@require_GET
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The QR code that leads to rating this visit: a fragment of the receipt, empty when it was rated already."""
    case = cases.case_for(actor(request), number)
    invitation = queries.invitation_of(case.stream, "service")
    code = qr.svg(qr.address("reviews:rate", invitation.token), scale=3) if invitation else ""
    return render(request, "reviews/receipt.html", {"code": code})
