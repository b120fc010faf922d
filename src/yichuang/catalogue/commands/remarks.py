"""批注 on a version: said beside an element by an editor or a legal reviewer, and settled."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yichuang.catalogue import queries
from yichuang.catalogue.commands.writing import locked
from yichuang.catalogue.models import ItemVersion, VersionRemark
from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules import publication as rules
from yichuang.core import log
from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.refusal import Refusal


def remark(version_id: int, *, element: str = "", text: str, by: Actor, at: datetime) -> VersionRemark:
    """element: its key in the content, "" for the version as a whole. Raises Refusal 403, 404, 422 (no words, no such
    element)."""
    with transaction.atomic():
        version = _open(version_id, by)
        told = rules.words(text, "text", "批注", "对方据此修改或者答复。", rules.REMARK)
        if element and element not in shape.LABELS:
            raise Refusal(
                "catalogue.no_such_element",
                "没有这个要素。",
                "请从所列要素中选择，或者对整版批注。",
                fields={"element": "请选择一个要素"},
                status=422,
            )
        number = (version.remarks.order_by("-number").values_list("number", flat=True).first() or 0) + 1
        event = Event("version.remarked", {"remark": number, "element": element, "text": told})
        log.record(version, event, by=by, at=at)
        return VersionRemark.objects.create(
            version=version, number=number, element=element, text=told, author=by.ref, author_name=by.name, at=at
        )


def settle_remark(remark_id: int, *, by: Actor, at: datetime) -> VersionRemark:
    """Done with: mended, or answered. Raises Refusal 403, 404, 409 (settled already)."""
    with transaction.atomic():
        found = VersionRemark.objects.filter(pk=remark_id).values_list("version_id", flat=True).first()
        if found is None:
            raise queries.no_remark()
        version = _open(found, by)
        row = VersionRemark.objects.get(pk=remark_id)  # after the version's lock: as it is now
        if row.settled_at is not None:
            raise Refusal("catalogue.remark_settled", "这条批注已经了结。", "请刷新页面查看；还有问题的，请另写批注。")
        log.record(version, Event("version.remark_settled", {"remark": row.number}), by=by, at=at)
        row.settled_by, row.settled_name, row.settled_at = by.ref, by.name, at
        row.save(update_fields=["settled_by", "settled_name", "settled_at"])
    return row


def _open(version_id: int, by: Actor) -> ItemVersion:
    """The version, locked, for who may remark on it."""
    version, item = locked(version_id)
    if item.division != by.division:
        raise queries.not_found()
    if not queries.may_remark(by, version):
        by.require("legal_reviewer")
    return version
