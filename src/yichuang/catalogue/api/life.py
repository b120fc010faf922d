"""API of the stages of life, with the items of each situation in order."""

from __future__ import annotations

from typing import Literal

from django.conf import settings
from django.http import HttpRequest
from ninja import Router, Schema

from yichuang.catalogue import queries

router = Router(tags=["事项"])


class LifeSituationRow(Schema):
    """A situation. items: ids of `/items`, in the order in which people do them."""

    id: int
    code: str
    name: str
    summary: str
    items: list[int]


class LifeStageRow(Schema):
    """A stage of a person's life (audience "person") or an enterprise's ("legal")."""

    code: str
    name: str
    summary: str
    audience: str
    situations: list[LifeSituationRow]


@router.get("/life", response=list[LifeStageRow], summary="全生命周期")
def life(request: HttpRequest, audience: Literal["", "person", "legal"] = "") -> list[LifeStageRow]:
    found = queries.life(settings.YICHUANG.division, audience=audience)
    return [
        LifeStageRow(
            code=stage.code,
            name=stage.name,
            summary=stage.summary,
            audience=stage.audience,
            situations=[
                LifeSituationRow(
                    id=one.id, code=one.code, name=one.name, summary=one.summary, items=[item.id for item in one.items]
                )
                for one in stage.situations
            ],
        )
        for stage in found
    ]
