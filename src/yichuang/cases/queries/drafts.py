"""Drafts, for those who may act for their applicant."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from yichuang.cases.models import Draft, DraftFile
from yichuang.core import compiled
from yichuang.core.actor import Actor
from yichuang.core.refusal import Refusal


def not_there() -> Refusal:
    return Refusal(
        "draft.unknown",
        "没有这份填报中的申请，或者它不属于您。",
        "请从“我的办件”或办事指南重新进入。",
        status=404,
    )


def draft_gate(draft: Draft | None, actor: Actor) -> Draft:
    """The draft, if the actor may act for its applicant. Raises Refusal 404."""
    if draft is None or f"applicant:{draft.applicant_id}" not in actor.behalf:
        raise not_there()
    return draft


def draft_for(actor: Actor, draft_id: uuid.UUID) -> Draft:
    """The draft with applicant, item, case and files (2 queries). Raises Refusal 404 for strangers."""
    draft = draft_gate(compiled.one(_draft, draft_id), actor)
    held = DraftFile.objects.none()
    held._result_cache = compiled.rows(_files, draft_id)
    draft._prefetched_objects_cache = {"files": held}  # type: ignore[attr-defined]  # where Django keeps prefetched rows
    return draft


def _draft(pk: uuid.UUID) -> QuerySet[Draft]:
    return Draft.objects.filter(pk=pk).select_related("applicant", "item", "case")


def _files(draft: uuid.UUID) -> QuerySet[DraftFile]:
    return DraftFile.objects.filter(draft=draft).select_related("file")


def my_drafts(actor: Actor) -> list[Draft]:
    """Open drafts of everybody whom the actor may act for, newest first. 1 query."""
    ids = [int(ref.partition(":")[2]) for ref in actor.behalf if ref.startswith("applicant:")]
    rows = Draft.objects.filter(applicant__in=ids, case__isnull=True).select_related("item", "applicant")
    return list(rows.order_by("-updated_at")[:50])
