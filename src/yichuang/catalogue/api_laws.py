"""API of the law library: laws, their versions, the items in force that rest on them. Public."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from ninja import Router, Schema

from yichuang.catalogue.models import Law
from yichuang.catalogue.queries import laws as queries
from yichuang.core import paging
from yichuang.core.api import Page

router = Router(tags=["法规"])
RESTING_MOST = 500


class LawRow(Schema):
    """A law as lists show it. state: in_force, amended, repealed, pending, or "" where nobody has said. items: in force, resting on it."""

    id: int
    name: str
    level: str
    number: str
    organ: str
    state: str
    complete: bool
    source_url: str
    items: int


class ArticleOut(Schema):
    """label: 第十四条. text: only where it was loaded. summary: our own words."""

    label: str
    number: int
    branch: int
    chapter: str
    text: str
    summary: str


class VersionOut(Schema):
    position: int
    number: str
    passed_on: date | None
    published_on: date | None
    effective_on: date
    note: str
    digest: str


class Rests(Schema):
    item: int
    name: str
    article: str


class LawWhole(LawRow):
    """versions: the newest first. articles: of the newest. resting: the first 500 citations by items in force."""

    versions: list[VersionOut]
    articles: list[ArticleOut]
    resting: list[Rests]


def _row(law: Law) -> dict[str, object]:
    names = ("name", "level", "number", "organ", "state", "source_url")
    told: dict[str, object] = {name: getattr(law, name) for name in names}
    return {**told, "id": law.pk, "complete": not law.incomplete, "items": getattr(law, "resting", 0)}


@router.get("/laws", response=Page[LawRow], summary="法规")
def laws(request: HttpRequest, q: str = "", level: str = "", cursor: str = "", size: int = 20) -> Page[LawRow]:
    page: paging.Page[Law] = paging.page(queries.laws(q[:100], level), cursor, ("name", "id"), size)
    return Page(items=[LawRow.model_validate(_row(law)) for law in page], next=page.next, previous=page.previous)


@router.get("/laws/{id}", response=LawWhole, summary="法规的版本、条文和以它为依据的事项")
def law(request: HttpRequest, id: int) -> dict[str, object]:
    row = queries.laws().filter(pk=id).first()
    if row is None:
        raise queries.no_law()
    versions = queries.versions_of_law(row)
    resting = queries.resting_on(row).order_by("pk")[:RESTING_MOST]
    return {
        **_row(row),
        "versions": versions,
        "articles": queries.articles_of(versions[0]) if versions else [],
        "resting": [{"item": c.version.item_id, "name": c.version.item.name, "article": c.article} for c in resting],
    }
