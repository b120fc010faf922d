"""API of publicity: what is public, for everybody; the officer's records, for programs with the scope."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from yichuang.core.api import Page, cursor_page
from yichuang.identity.api.auth import auth, require_scope
from yichuang.publicity import queries
from yichuang.publicity.models import PublicRecord
from yichuang.publicity.queries.results import shown
from yichuang.publicity.rules.record import public

router = Router(tags=["结果公示"])
ORDER = ("-decided_on", "-id")
Key = Annotated[int, Field(ge=1, le=2**63 - 1)]


class ResultOut(Schema):
    """A public decision. `record`: the standard's fields as anybody may see them, without a natural person's
    numbers."""

    id: int
    item_id: int
    item_name: str
    name: str
    decision_number: str
    licence_name: str
    licence_number: str
    organ: str
    decided_on: date
    valid_from: date | None
    valid_to: date | None
    published_at: datetime | None
    record: dict[str, str]


class RecordOut(Schema):
    """A record of one's departments. Numbers of persons are left out here too: they go out through the push alone."""

    id: int
    case_number: str
    department_id: int
    state: str
    reason: str
    decided_on: date
    due_on: date
    provisional: bool
    published_at: datetime | None
    pushed_at: datetime | None
    receipted_at: datetime | None
    problems: list[dict[str, str]]
    record: dict[str, str]


class ResultsAsked(Schema):
    text: Annotated[str, Field(max_length=100)] = ""
    item: Key | None = None
    department: Key | None = None
    since: date | None = None
    until: date | None = None


class RecordsAsked(Schema):
    view: Annotated[str, Field(max_length=20)] = ""
    text: Annotated[str, Field(max_length=100)] = ""
    department: Key | None = None
    since: date | None = None
    until: date | None = None


@router.get("/results", response=Page[ResultOut], summary="许可结果公示")
def results(
    request: HttpRequest, asked: Query[ResultsAsked], cursor: str = "", size: Annotated[int, Field(ge=1, le=500)] = 20
) -> Page[ResultOut]:
    rows = queries.results(settings.YICHUANG.division, **asked.model_dump())
    return cursor_page(request, rows, ORDER, _result, size)


@router.get("/results/{record_id}", response=ResultOut, summary="一条公示结果")
def result(request: HttpRequest, record_id: Key) -> ResultOut:
    queries.result(record_id)
    return _result(PublicRecord.objects.select_related("department").get(pk=record_id))


@router.get("/publicity", response=Page[RecordOut], auth=auth, summary="本部门的公示记录")
def records(
    request: HttpRequest, asked: Query[RecordsAsked], cursor: str = "", size: Annotated[int, Field(ge=1, le=500)] = 20
) -> Page[RecordOut]:
    who = require_scope(request, "publicity:read")
    rows = queries.desk(who, queries.Filters(**asked.model_dump()), today=timezone.localdate())
    return cursor_page(request, rows, ORDER, _record, size)


def _result(row: PublicRecord) -> ResultOut:
    told = shown(row)
    return ResultOut(
        **{name: getattr(told, name) for name in ResultOut.model_fields if name != "record"},
        record=public(row.record, row.shown_name),
    )


def _record(row: PublicRecord) -> RecordOut:
    return RecordOut(
        **{name: getattr(row, name) for name in RecordOut.model_fields if name not in ("record", "problems")},
        problems=row.problems,
        record=public(row.record, row.shown_name),
    )
