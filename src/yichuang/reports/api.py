"""API of figures: public, each with its rule, its counts and the address of its evidence."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from ninja import Router, Schema

from yichuang.reports import queries
from yichuang.reports.rules.figures import Told
from yichuang.reports.views import day

router = Router(tags=["指标"])


class FigureRow(Schema):
    """value: null when it cannot be computed; rule then says why. numerator, denominator: additive over districts."""

    id: str
    label: str
    value: float | None
    text: str
    rule: str
    definition: str
    numerator: int
    denominator: int | None
    evidence_url: str


def row(told: Told) -> FigureRow:
    return FigureRow(
        id=told.figure.id,
        label=told.figure.label,
        value=told.value,
        text=told.text,
        rule=told.rule,
        definition=told.figure.definition,
        numerator=told.counted.numerator,
        denominator=told.counted.denominator,
        evidence_url=reverse("reports:figure", args=[told.figure.id]),
    )


@router.get("/figures", response=list[FigureRow], summary="指标")
def figures(request: HttpRequest, group: str = "", on: str = "") -> list[FigureRow]:
    """on: the day, today without one."""
    return [row(told) for told in queries.figures(settings.YICHUANG.division, day(on), group)]
