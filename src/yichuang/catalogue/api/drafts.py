"""API of drafts, for catalogue editors and for programs with the scope items:write: read, write, check, send to legal review;
reviewers answer there too."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from yichuang.catalogue import commands, queries
from yichuang.catalogue.models import Item, ItemVersion
from yichuang.catalogue.rules import editing
from yichuang.core.actor import Actor
from yichuang.core.refusal import Refusal
from yichuang.identity.api.auth import auth, require_scope

router = Router(tags=["事项"], auth=auth)
WRITE = "items:write"


class DraftOut(Schema):
    """A draft, whole. digest: to be given when it is written again."""

    id: int
    version: int
    number: int
    code: str
    digest: str
    content: dict[str, Any]


class DraftIn(Schema):
    """content: every element by its national name, nested lists included; what is left out is empty. digest: of the draft that was read,
    or, where there is none yet, of the newest version (`GET /items/{id}` for what is in force)."""

    content: dict[str, Any]
    digest: Annotated[str, Field(min_length=1, max_length=128)]


class CheckIn(Schema):
    content: dict[str, Any]


class WayIn(Schema):
    """note: 修改说明 (submit). effective_on: the planned day (submit; none: the day of the approval). opinion: of approve. reason: of
    return and withdraw."""

    note: str = ""
    effective_on: date | None = None
    opinion: str = ""
    reason: str = ""


class WayOut(Schema):
    """state, stage: "draft" with "", "submitted", "approved"; or "published"."""

    id: int
    version: int
    state: str
    stage: str
    effective_on: date | None
    effective_planned: date | None


class FindingOut(Schema):
    """severity: "error" stops publication. element: the key of the content, with its place in a list ("materials.0.code")."""

    code: str
    severity: str
    element: str
    message: str
    mend: str
    law: str


class Checked(Schema):
    errors: int
    warnings: int
    findings: list[FindingOut]


def _item(request: HttpRequest, id: int) -> tuple[Actor, Item]:
    """Raises Refusal 403, 404."""
    who = require_scope(request, WRITE)
    item = queries.item_for(who, id)
    require_scope(request, WRITE, item.department.scope)
    who.require("catalogue_editor", item.department.scope)
    return who, item


def _out(row: ItemVersion) -> DraftOut:
    return DraftOut(
        id=row.item_id,
        version=row.pk,
        number=row.number,
        code=row.item.code,
        digest=row.digest,
        content=queries.content(row),
    )


def _there(item: Item) -> ItemVersion:
    row = queries.draft_of(item)
    if row is None:
        raise Refusal("catalogue.no_draft", "这个事项没有草稿。", "请以现行版本的指纹写入内容，起草新版。", status=404)
    return row


@router.get("/items/{id}/draft", response=DraftOut, summary="事项的草稿")
def draft(request: HttpRequest, id: int) -> DraftOut:
    _, item = _item(request, id)
    return _out(_there(item))


@router.put("/items/{id}/draft", response=DraftOut, summary="写入草稿（没有草稿时起草新版）")
def write(request: HttpRequest, id: int, body: DraftIn) -> DraftOut:
    who, item = _item(request, id)
    row, at = queries.draft_of(item), timezone.localtime()
    if row is None:
        made = commands.draft_version(item, body.content, digest=body.digest, by=who, at=at)
    else:
        made = commands.revise_draft(row.pk, body.content, digest=body.digest, by=who, at=at)
    return _out(queries.version_for(who, made.pk))


@router.post("/items/{id}/check", response=Checked, summary="检查内容，不保存")
def check(request: HttpRequest, id: int, body: CheckIn) -> Checked:
    """What lint finds in the content, were it the item's next version."""
    _, item = _item(request, id)
    content, problems = editing.readable(body.content)
    found = editing.look(content, problems, queries.lint_context(queries.newest_version(item), content))
    wrong = sum(one.severity == "error" for one in found)
    rows = [FindingOut(**{name: getattr(one, name) for name in FindingOut.model_fields}) for one in found]
    return Checked(errors=wrong, warnings=len(found) - wrong, findings=rows)


@router.post("/items/{id}/draft/{verb}", response=WayOut, summary="送审、审核通过、退回、撤回送审")
def way(request: HttpRequest, id: int, verb: Literal["submit", "approve", "return", "withdraw"], body: WayIn) -> WayOut:
    """One step of the draft's way into force. The reviewer is another person than who wrote or submitted it."""
    who = require_scope(request, WRITE)
    item = queries.item_for(who, id)
    row, at = _there(item), timezone.localtime()
    if verb == "submit":
        done = commands.submit_version(row.pk, note=body.note, effective_on=body.effective_on, by=who, at=at)
    elif verb == "approve":
        done = commands.approve_version(row.pk, opinion=body.opinion, by=who, at=at)
    elif verb == "return":
        done = commands.return_version(row.pk, reason=body.reason, by=who, at=at)
    else:
        done = commands.withdraw_submission(row.pk, reason=body.reason, by=who, at=at)
    return WayOut(
        id=item.pk,
        version=done.pk,
        state=done.state,
        stage=done.stage,
        effective_on=done.effective_on,
        effective_planned=done.effective_planned,
    )
