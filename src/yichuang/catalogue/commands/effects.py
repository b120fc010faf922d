"""What an adjustment does to the catalogue on its day: every power of it, or none."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from yichuang.catalogue import queries
from yichuang.catalogue.commands.publishing import publish_version
from yichuang.catalogue.commands.versions import draft_version, retire_version
from yichuang.catalogue.models import Adjustment, AdjustmentLine, Item, ItemVersion
from yichuang.catalogue.models.item import DRAFT, PUBLISHED, RETIRED
from yichuang.catalogue.rules import adjustment as rules
from yichuang.catalogue.rules import codes
from yichuang.core import log
from yichuang.core.actor import Actor
from yichuang.core.refusal import Refusal

Pair = tuple[int | None, int | None]
"""The versions before and after, by id."""


class _Undo(Exception):
    """Takes back what the other powers did."""


def take_effect(row: Adjustment, *, by: Actor, at: datetime) -> bool:
    """In the caller's transaction, with the row locked and its day come. True when all took effect; else nothing of it did,
    and the reasons are on record (once: the same reasons again write nothing)."""
    lines = list(row.lines.select_related("item__department", "version", "receiving"))
    troubles: list[dict[str, Any]] = []
    done: list[dict[str, Any]] = []
    try:
        with transaction.atomic():
            for line in lines:
                try:
                    with transaction.atomic():
                        before, after = _one(row, line, by=by, at=at)
                except Refusal as no:
                    troubles.append(_trouble(line, no))
                    continue
                line.before_id, line.after_id = before, after
                told = {"line": line.pk, "item": line.item_id, "way": line.way, "before": before, "after": after}
                done.append(told)
            if troubles:
                raise _Undo
            AdjustmentLine.objects.bulk_update(lines, ["before", "after"])
            today = timezone.localtime(at).date()
            log.record(row, rules.effect(queries.adjustment_facts(row), done, today, by), by=by, at=at)
    except _Undo:
        if troubles != row.troubles:
            log.record(row, rules.fail(troubles), by=by, at=at)
        return False
    return True


def _trouble(line: AdjustmentLine, no: Refusal) -> dict[str, Any]:
    told = list(no.fields.values()) or [no.message]
    return {
        "line": line.pk,
        "name": line.name,
        "what": [no.message, *told] if no.fields else told,
        "next": no.next_step,
    }


def _one(row: Adjustment, line: AdjustmentLine, *, by: Actor, at: datetime) -> Pair:
    """One power. What was done by hand before counts as done."""
    if line.item is None:
        return None, None
    item = log.lock(Item, pk=line.item_id or 0)
    return {"cancel": _cancel, "delegate": _delegate, "take_over": _take_over}[line.way](row, line, item, by, at)


def _cancel(row: Adjustment, line: AdjustmentLine, item: Item, by: Actor, at: datetime) -> Pair:
    before = item.current_id
    reason = f"{row.title}（{row.number}）"[:200]
    if item.state != RETIRED:
        standing = item.versions.filter(state=PUBLISHED).first()
        if standing is not None:
            retire_version(standing.pk, reason=reason, by=by, at=at)
    draft = item.versions.filter(state=DRAFT).first()
    if draft is not None:  # a draft would bring the power back
        retire_version(draft.pk, reason=reason, by=by, at=at)
    return before, None


def _delegate(row: Adjustment, line: AdjustmentLine, item: Item, by: Actor, at: datetime) -> Pair:
    standing = item.versions.filter(state=PUBLISHED).first()
    if standing is None:
        raise Refusal(
            "adjustment.not_in_force",
            f"“{item.name}”已不在用，不能下放。",
            "请先发布该事项的版本，再让这次调整生效。",
            law=rules.LIST,
        )
    receiving = line.receiving
    assert receiving is not None  # a delegated power names who receives it
    if standing.department_id == receiving.pk:
        return standing.pk, standing.pk
    draft: ItemVersion | None = item.versions.filter(state=DRAFT).first()
    if draft is not None and draft.department_id != receiving.pk:
        raise Refusal(
            "adjustment.draft_stands",
            f"“{item.name}”有一份未发布的草稿，实施主体不是{receiving.name}。",
            f"请先发布或放弃该草稿，或把草稿的实施主体改为{receiving.name}。",
            law=rules.LIST,
        )
    if draft is None:
        content = queries.content(queries.in_force(item.pk))
        own = codes.moved(content, receiving.uscc or "", line.level or content["use_level"])
        draft = draft_version(item, {**content, **own, "department": receiving.name}, by=by, at=at)
    publish_version(draft.pk, effective_on=row.effective_on, by=by, at=at)
    return standing.pk, draft.pk


def _take_over(row: Adjustment, line: AdjustmentLine, item: Item, by: Actor, at: datetime) -> Pair:
    draft = item.versions.filter(state=DRAFT).first()
    if draft is None and item.state == PUBLISHED:
        return None, item.current_id
    if draft is None:
        raise Refusal(
            "adjustment.no_draft",
            f"“{item.name}”的草稿已不在了。",
            "请为该事项重新起草一版，再让这次调整生效。",
            law=rules.LIST,
        )
    before = item.current_id
    publish_version(draft.pk, effective_on=row.effective_on, by=by, at=at)
    return before, draft.pk
