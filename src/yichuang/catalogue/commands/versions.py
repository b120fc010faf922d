"""The life of an item: created, drafted, revised, retired. How it comes into force: `publishing`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from yichuang.catalogue import queries
from yichuang.catalogue.commands import index
from yichuang.catalogue.commands.writing import (
    Prepared,
    code_of,
    created,
    day_of,
    departments_of,
    drafted,
    empty_parts,
    locked,
    may_edit,
    prepare,
    told_why,
    write_parts,
)
from yichuang.catalogue.models import Item, ItemVersion
from yichuang.catalogue.models.item import DRAFT, PUBLISHED, RETIRED
from yichuang.catalogue.rules import publication
from yichuang.core import log
from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.refusal import Refusal

CHANGED = "catalogue.changed_meanwhile"
"""The code of the refusal when somebody else wrote in between."""


def create_item(content: Mapping[str, Any], *, division: str = "", by: Actor, at: datetime) -> ItemVersion:
    """A new item with its first draft. division: defaults to the actor's. Raises Refusal 403, 409 (the code is taken), 422."""
    division = division or by.division
    with transaction.atomic():
        departments = departments_of(division)
        prepared = prepare(content, departments)
        may_edit(by, prepared.department)
        code = code_of(prepared.content)
        if Item.objects.filter(division=division, code=code).exists():
            raise Refusal(
                "catalogue.code_taken",
                f"编码“{code}”已有事项使用。",
                "请打开该事项修改，或改用另一个编码。",
                fields={"local_task_code": f"编码“{code}”已有事项使用"},
            )
        item, event = created(prepared, division)
        log.record(item, event, by=by, at=at)
        version = _draft(item, prepared, departments, by=by, at=at)
        index.put([(item, prepared.content)])
    return version


def draft_version(
    item: Item, content: Mapping[str, Any], *, note: str = "", digest: str = "", by: Actor, at: datetime
) -> ItemVersion:
    """The next draft of an item, beside the published version. note: why, for the log. digest: of the newest version that the
    writer read.

    Raises Refusal 403, 409 (there is a draft already, the newest version is another one), 422."""
    with transaction.atomic():
        item = log.lock(Item, pk=item.pk)
        departments = departments_of(item.division)
        prepared = _checked(item, content, departments, by)
        if item.versions.filter(state=DRAFT).exists():
            raise Refusal("catalogue.draft_exists", "这个事项已有一份草稿。", "请在已有的草稿上修改，或先废止该草稿。")
        newest = item.versions.order_by("-number").first()
        if digest and newest is not None and newest.digest != digest:
            raise changed_meanwhile(newest)
        version = _draft(item, prepared, departments, note, by=by, at=at)
        _describe(item, prepared, by=by, at=at)
    return version


def revise_draft(
    version_id: int, content: Mapping[str, Any], *, note: str = "", digest: str = "", by: Actor, at: datetime
) -> ItemVersion:
    """Write a draft anew. The same content changes nothing and writes no event. One that is sent to review stands. note: why, for
    the log. digest: of the draft that the writer read; the draft is left alone when it is another one by now.

    Raises Refusal 403, 404, 409, 422."""
    with transaction.atomic():
        version, item = locked(version_id)
        departments = departments_of(item.division)
        prepared = _checked(item, content, departments, by)
        may_edit(by, version.department)
        if version.state != DRAFT:
            raise Refusal(
                "catalogue.not_a_draft",
                f"第{version.number}版{version.get_state_display()}，内容不能再改。",
                "请为该事项起草新版本，在新版本中修改。",
            )
        if version.stage:
            publication.permit(queries.publication_facts(version), "revise", by)
        if prepared.digest == version.digest:
            return version
        if digest and version.digest != digest:
            raise changed_meanwhile(version)
        log.record(version, Event("version.revised", told_why(prepared.data, note)), by=by, at=at)
        empty_parts(version)
        write_parts([(version, prepared)], departments)
        _describe(item, prepared, by=by, at=at)
    return version


def retire_version(version_id: int, *, reason: str, by: Actor, at: datetime) -> ItemVersion:
    """Take a published version out of force (open cases go on under it), or give a draft up.

    reason: told to the public and kept in the log. Raises Refusal 403, 404, 409 (retired already), 422 (no reason)."""
    reason = reason.strip()
    if not reason:
        raise Refusal(
            "catalogue.reason",
            "废止要写明原因。",
            "请填写废止原因，例如“法律修订，事项取消”。",
            fields={"reason": "请填写废止原因"},
            status=422,
        )
    with transaction.atomic():
        version, item = locked(version_id)
        may_edit(by, version.department)
        if version.state == RETIRED:
            raise Refusal("catalogue.retired", f"第{version.number}版已经废止。", "不需要再次废止，请刷新页面查看。")
        was = version.state
        log.record(
            version, Event("version.retired", {"retired_on": day_of(at).isoformat(), "reason": reason}), by=by, at=at
        )
        if was == PUBLISHED or (item.state == DRAFT):
            log.record(item, Event("item.retired", {"version": version.pk, "reason": reason}), by=by, at=at)
            index.put([(item, queries.content(queries.whole().get(pk=version.pk)))])
    return version


def changed_meanwhile(version: ItemVersion) -> Refusal:
    return Refusal(
        CHANGED,
        f"第{version.number}版在您打开之后已被他人改动。",
        "您的改动还没有保存。请看清两边的不同，合并后再保存，或按您的内容保存。",
    )


def _checked(item: Item, content: Mapping[str, Any], departments: Mapping[str, Any], by: Actor) -> Prepared:
    prepared = prepare(content, departments)
    may_edit(by, prepared.department, item.department)
    c = prepared.content
    if item.code not in (c["local_task_code"], c["task_code"]):
        raise Refusal(
            "catalogue.code_differs",
            f"内容的编码与事项“{item.code}”不一致。",
            "编码不能在版本间改变；如确需新编码，请新建事项。",
            fields={"local_task_code": f"应为“{item.code}”"},
            status=422,
        )
    return prepared


def _draft(
    item: Item, prepared: Prepared, departments: Mapping[str, Any], note: str = "", *, by: Actor, at: datetime
) -> ItemVersion:
    last = item.versions.order_by("-number").values_list("number", flat=True).first() or 0
    version, event = drafted(item, last + 1, prepared)
    log.record(version, Event("version.drafted", told_why(event.data, note)), by=by, at=at)
    write_parts([(version, prepared)], departments)
    return version


def _describe(item: Item, prepared: Prepared, *, by: Actor, at: datetime) -> None:
    """An item that was never published shows its draft; a published one shows what is in force."""
    if item.state == PUBLISHED:
        return
    if any(getattr(item, name) != value for name, value in prepared.card.items()):
        log.record(item, Event("item.described", {"card": prepared.card}), by=by, at=at)
    index.put([(item, prepared.content)])
