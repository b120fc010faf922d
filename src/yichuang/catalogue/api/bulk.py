"""API of one change to many items, for catalogue editors and for programs with the scope items:write: preview, then apply what was seen."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from yichuang.catalogue import commands
from yichuang.catalogue.api.drafts import WRITE
from yichuang.core.refusal import Refusal
from yichuang.identity.api.auth import auth, require_scope

router = Router(tags=["事项"], auth=auth)
AT_ONCE = 200
"""Items that one call applies to: it answers when they are done."""


class ChangeIn(Schema):
    """kind: set (element, value), replace (a text element, target, value), add or remove (an element of several values, value), exempt or
    justify (target: a material's name, value: the reason), cite (law, article, new_law, new_article; articles as "第四条")."""

    kind: Literal["set", "replace", "add", "remove", "exempt", "justify", "cite"]
    element: str = ""
    target: str = ""
    value: str = ""
    law: str = ""
    article: str = ""
    new_law: str = ""
    new_article: str = ""

    def asked(self) -> dict[str, str]:
        return {name: text for name, text in self.dict().items() if text}


Changes = list[ChangeIn]


class PreviewIn(Schema):
    """items: ids, at most 1,000."""

    items: list[int]
    changes: Changes


class DifferenceOut(Schema):
    label: str
    before: str
    after: str


class RemarkOut(Schema):
    severity: str
    message: str


class PlannedOut(Schema):
    """outcome: "changed", "same" or "bad"; reason says why an item is not changed. digest: to be given when the change is applied. brought,
    mended: what lint finds afterwards and not before, and the other way about."""

    id: int
    code: str
    name: str
    department: str
    outcome: str
    reason: str
    digest: str
    differences: list[DifferenceOut]
    brought: list[RemarkOut]
    mended: list[RemarkOut]


class PreviewOut(Schema):
    changed: int
    same: int
    bad: int
    items: list[PlannedOut]


class ApplyIn(Schema):
    """seen: the digest of the preview, by the item's id, of those items that are to be changed, at most 200. reason: into the log of each."""

    seen: dict[int, Annotated[str, Field(min_length=1, max_length=128)]]
    changes: Changes
    reason: str = ""


class DraftMade(Schema):
    id: int
    version: int


class LeftOut(Schema):
    code: str
    reason: str


class ApplyOut(Schema):
    """drafts: of each item that was changed. left: what was not, and why (changed since it was seen, somebody else's draft...)."""

    drafts: list[DraftMade]
    left: list[LeftOut]


def _planned(one: commands.Planned) -> dict[str, Any]:
    told = one.as_dict()
    told["id"] = told.pop("item")
    told["differences"] = [dict(zip(("label", "before", "after"), d, strict=True)) for d in one.differences]
    for name in ("brought", "mended"):
        told[name] = [{"severity": level, "message": words} for level, words in told[name]]
    return told


@router.post("/items/bulk/preview", response=PreviewOut, summary="批量修改：预览，不写入")
def preview(request: HttpRequest, body: PreviewIn) -> dict[str, Any]:
    who = require_scope(request, WRITE)
    planned = commands.plan_bulk(body.items, [one.asked() for one in body.changes], by=who)
    counts = {outcome: sum(one.outcome == outcome for one in planned) for outcome in ("changed", "same", "bad")}
    return {**counts, "items": [_planned(one) for one in planned]}


@router.post("/items/bulk/apply", response=ApplyOut, summary="批量修改：写成草稿")
def apply(request: HttpRequest, body: ApplyIn) -> dict[str, Any]:
    who = require_scope(request, WRITE)
    if len(body.seen) > AT_ONCE:
        says = f"一次最多写入{AT_ONCE}个事项"
        raise Refusal("catalogue.bulk_items", f"{says}。", "请分几次写入。", fields={"seen": says}, status=422)
    changes = [one.asked() for one in body.changes]
    done = commands.bulk_edit(body.seen, changes, reason=body.reason, by=who, at=timezone.localtime())
    return {
        "drafts": [{"id": pk, "version": version} for pk, version in done.versions.items()],
        "left": [{"code": code, "reason": why} for code, why in done.left],
    }
