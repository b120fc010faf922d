"""API of the public lists: open data, no token is needed."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.http import HttpRequest
from ninja import Router, Schema

from yichuang.catalogue import queries
from yichuang.catalogue.models import EditionRow, ListEdition
from yichuang.catalogue.rules.lists import LISTS, PublicList
from yichuang.core import paging

router = Router(tags=["清单"])


class EditionOut(Schema):
    """digest: over the rows in their order, a line of canonical JSON [key, cell, ...] each, by `algorithm`."""

    number: int
    title: str
    published_on: date
    count: int
    algorithm: str
    digest: str


class ListOut(Schema):
    """A public list. edition: the newest, null before the first was published."""

    code: str
    name: str
    about: str
    basis: str
    edition: EditionOut | None


class RowOut(Schema):
    """A row of an edition. cells: as many as `columns`."""

    key: str
    cells: list[str]


class ListPage(Schema):
    """A page of an edition."""

    code: str
    name: str
    basis: str
    edition: EditionOut
    columns: list[str]
    items: list[RowOut]
    next: str | None = None
    previous: str | None = None


def _edition(row: ListEdition) -> EditionOut:
    return EditionOut(**{name: getattr(row, name) for name in EditionOut.model_fields})


def _list(one: PublicList, newest: ListEdition | None) -> ListOut:
    edition = _edition(newest) if newest else None
    return ListOut(code=one.code, name=one.name, about=one.about, basis=one.basis, edition=edition)


def _row(row: EditionRow) -> RowOut:
    return RowOut(key=row.key, cells=row.cells)


@router.get("/lists", response=list[ListOut], summary="清单目录")
def lists(request: HttpRequest) -> list[ListOut]:
    newest = queries.newest_editions(settings.YICHUANG.division)
    return [_list(one, newest.get(one.code)) for one in LISTS.values()]


@router.get("/lists/{code}", response=ListPage, summary="清单现行版次的内容")
def rows(request: HttpRequest, code: str, cursor: str = "", size: int = 50) -> ListPage:
    one = queries.public_list(code)
    edition = queries.list_edition(settings.YICHUANG.division, code)
    page = paging.page(queries.edition_rows(edition), cursor, ("position", "id"), size)
    return ListPage(
        code=code,
        name=one.name,
        basis=one.basis,
        edition=_edition(edition),
        columns=edition.columns,
        items=[_row(row) for row in page],
        next=page.next,
        previous=page.previous,
    )
