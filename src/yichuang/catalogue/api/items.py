"""API of items in force: lists, whole, their forms, search."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema

from yichuang.catalogue import queries
from yichuang.catalogue.forms.situations import answers
from yichuang.catalogue.models import Item, ItemVersion
from yichuang.core import paging
from yichuang.core.api import Page

router = Router(tags=["事项"])


class ItemRow(Schema):
    """One item in force, as lists show it. promise_day: working days unless promise_type says "calendar"; 0 is on the spot."""

    id: int
    code: str
    task_code: str
    name: str
    summary: str
    department: str
    division: str
    task_type: str
    audience: str
    online: bool
    mobile: bool
    promise_day: int | None
    promise_type: str
    visits: int | None


class ItemWhole(Schema):
    """A published version, whole. content: every element by its national name, nested lists included."""

    id: int
    version: int
    number: int
    code: str
    name: str
    department: str
    effective_on: date
    digest: str
    content: dict[str, Any]


class ItemForm(Schema):
    """The application form. groups: as the version defines them (types, conditions, repeats, sources)."""

    id: int
    version: int
    groups: list[dict[str, Any]]


class Asked(Schema):
    """A material. reason: why it is not needed, "" when it is."""

    code: str
    name: str
    reason: str = ""


class Outcome(Schema):
    """What a situation comes to. handling: the 业务办理项, "" where the item has only itself. days: promised, 0 is on the spot."""

    handling: str
    handling_code: str
    note: str
    materials: list[Asked]
    not_needed: list[Asked]
    fees: list[str]
    days: int
    days_type: str


class Situation(Schema):
    """questions: those asked under the answers so far. outcome: null while one is open."""

    id: int
    version: int
    questions: list[dict[str, Any]]
    answers: dict[str, str]
    outcome: Outcome | None


class Found(Schema):
    """One answer of search, best first. by_sound: only its sound fits what was typed. loose: a guess that meets little of the
    question; these come after all others."""

    id: int
    code: str
    name: str
    summary: str
    department: str
    task_type: str
    audience: str
    online: bool
    score: float
    by_sound: bool
    loose: bool


class Narrow(Schema):
    """Filters of the list."""

    department: int | None = None
    task_type: str = ""
    audience: Literal["", "person", "legal"] = ""
    online: bool | None = None


def _row(item: Item) -> ItemRow:
    current = item.current
    assert current is not None  # what is in force has a version
    return ItemRow(
        id=item.pk,
        code=item.code,
        task_code=current.task_code,
        name=item.name,
        summary=current.summary,
        department=item.department.name,
        division=item.division,
        task_type=item.task_type,
        audience=item.audience,
        online=item.online,
        mobile=item.mobile,
        promise_day=current.promise_day,
        promise_type=current.promise_type,
        visits=current.limit_scene_num,
    )


@router.get("/items", response=Page[ItemRow], summary="在用事项")
def items(request: HttpRequest, narrow: Query[Narrow], cursor: str = "", size: int = 20) -> Page[ItemRow]:
    filters = queries.Filters(**narrow.dict())
    page = paging.page(queries.browse(filters), cursor, ("id",), size)
    return Page(items=[_row(row) for row in page], next=page.next, previous=page.previous)


@router.get("/items/{id}", response=ItemWhole, summary="事项全部要素")
def item(request: HttpRequest, id: int) -> ItemWhole:
    row = queries.in_force(id)
    assert row.effective_on is not None  # published
    return ItemWhole(
        id=row.item_id,
        version=row.pk,
        number=row.number,
        code=row.item.code,
        name=row.task_name,
        department=row.department.name,
        effective_on=row.effective_on,
        digest=row.digest,
        content=queries.content(row),
    )


@router.get("/items/{id}/form", response=ItemForm, summary="申请表单定义")
def form(request: HttpRequest, id: int) -> ItemForm:
    facts = queries.current(id)
    given = ItemVersion.objects.values_list("form", flat=True).get(pk=facts.id) or {}
    asked = [facts.situations.as_group] if facts.situations else []
    return ItemForm(id=facts.item_id, version=facts.id, groups=[*asked, *given.get("groups", [])])


@router.get("/items/{id}/situation", response=Situation, summary="情形引导：问题，回答后的材料、收费和时限")
def situation(request: HttpRequest, id: int) -> Situation:
    """Answers go in the address as "situation.<question>=<value>"; unknown ones are as if they were not there."""
    facts = queries.current(id)
    given = answers(facts.situations, request.GET)
    found = facts.outcome(given)
    return Situation(
        id=facts.item_id,
        version=facts.id,
        questions=[facts.situations.as_question(q) for q in facts.situations.asked(given)],
        answers=given,
        outcome=None
        if found is None
        else Outcome(
            handling=found.handling.name if found.handling else "",
            handling_code=found.handling.code if found.handling else "",
            note=found.row.note,
            materials=[Asked(code=m.code, name=m.name) for m in found.needed],
            not_needed=[
                *(Asked(code=m.code, name=m.name, reason=why) for m, why in found.left_out),
                *(Asked(code=m.code, name=m.name, reason=m.exempt) for m in found.held),
            ],
            fees=[f.name for f in found.fees] if facts.is_fee else [],
            days=0 if facts.instant else found.days,
            days_type=facts.promised_type,
        ),
    )


@router.get("/search", response=list[Found], summary="按日常说法查找事项")
def search(request: HttpRequest, q: str, limit: int = 20) -> list[Found]:
    hits = queries.search(q[:100], max(1, min(limit, 100)))
    return [Found(**{name: getattr(hit, name) for name in Found.model_fields}) for hit in hits]
