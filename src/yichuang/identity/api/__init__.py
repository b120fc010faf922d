"""API of identity: who I am, departments, divisions."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from yichuang.core import paging
from yichuang.core.api import Page
from yichuang.core.views import actor
from yichuang.identity import queries
from yichuang.identity.api.auth import auth
from yichuang.identity.models import Applicant, Department, Division

router = Router(tags=["身份"])


class GrantOut(Schema):
    """A role or a scope; `scope` "" is the whole division."""

    role: str
    scope: str


class ApplicantOut(Schema):
    """Whom a signed-in person may act for; numbers and names of persons are masked."""

    id: int
    kind: str
    name: str
    id_kind: str
    id_number: str


class Me(Schema):
    """Who calls."""

    ref: str
    name: str
    kind: str
    division: str
    grants: list[GrantOut]
    acts_for: list[ApplicantOut]


class DepartmentOut(Schema):
    """部门."""

    id: int
    division: str
    name: str
    short_name: str
    uscc: str
    phone: str
    address: str


class DivisionOut(Schema):
    """行政区划."""

    code: str
    name: str
    level: int
    parent: str | None


@router.get("/me", response=Me, auth=auth, summary="我是谁")
def me(request: HttpRequest) -> Me:
    who = actor(request)
    return Me(
        ref=who.ref,
        name=who.name,
        kind=who.kind,
        division=who.division,
        grants=[GrantOut(role=g.role, scope=g.scope) for g in who.grants],
        acts_for=[ApplicantOut(**_applicant(a)) for a in queries.applicants_for(who)],
    )


def _applicant(applicant: Applicant) -> dict[str, Any]:
    shown = queries.shown_applicant(applicant)
    return {name: shown[name] for name in ("id", "kind", "name", "id_kind", "id_number")}


@router.get("/departments", response=Page[DepartmentOut], summary="部门")
def departments(
    request: HttpRequest,
    division: str = "",
    cursor: str = "",
    size: int = 20,
) -> Page[DepartmentOut]:
    page = paging.page(queries.departments(division), cursor, ("name", "id"), size)
    return Page(items=[_department(row) for row in page], next=page.next, previous=page.previous)


def _department(row: Department) -> DepartmentOut:
    return DepartmentOut(
        id=row.pk,
        division=row.division,
        name=row.name,
        short_name=row.short_name,
        uscc=row.uscc,
        phone=row.phone,
        address=row.address,
    )


@router.get("/divisions", response=Page[DivisionOut], summary="行政区划")
def divisions(
    request: HttpRequest,
    under: str = "",
    cursor: str = "",
    size: int = 20,
) -> Page[DivisionOut]:
    page = paging.page(queries.divisions(under=under), cursor, ("code",), size)
    return Page(items=[_division(row) for row in page], next=page.next, previous=page.previous)


def _division(row: Division) -> DivisionOut:
    return DivisionOut(code=row.code, name=row.name, level=row.level, parent=row.parent_id)
