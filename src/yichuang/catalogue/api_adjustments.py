"""API of 权力事项调整: what was published, with its powers. Public."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from ninja import Router, Schema

from yichuang.catalogue import queries
from yichuang.catalogue.models import Adjustment
from yichuang.core.api import Page, cursor_page

router = Router(tags=["事项"])


class AdjustedPower(Schema):
    """way: cancel 取消, take_over 承接, delegate 下放. item: null when the catalogue does not hold it."""

    way: str
    name: str
    code: str
    item: int | None
    from_department: str
    to_department: str
    level: str
    note: str


class AdjustmentRow(Schema):
    """state: published (its day is to come) or effected."""

    id: int
    division: str
    title: str
    basis: str
    number: str
    approval_number: str
    published_on: date
    effective_on: date
    state: str
    lines: list[AdjustedPower]


def _row(row: Adjustment) -> AdjustmentRow:
    assert row.published_on is not None  # what is published has its days
    assert row.effective_on is not None
    return AdjustmentRow(
        id=row.pk,
        division=row.division,
        title=row.title,
        basis=row.basis,
        number=row.number,
        approval_number=row.approval_number,
        published_on=row.published_on,
        effective_on=row.effective_on,
        state=row.state,
        lines=[
            AdjustedPower(
                way=line.way,
                name=line.name,
                code=line.code,
                item=line.item_id,
                from_department=line.from_department,
                to_department=line.to_department,
                level=line.level,
                note=line.note,
            )
            for line in row.lines.all()
        ],
    )


@router.get("/adjustments", response=Page[AdjustmentRow], summary="已公布的权力事项调整")
def adjustments(request: HttpRequest, cursor: str = "", size: int = 20) -> Page[AdjustmentRow]:
    return cursor_page(request, queries.published_adjustments(), ("-published_on", "-id"), _row, size)
