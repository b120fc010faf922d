"""Blank forms and samples of materials: files that a draft's content names by their digest.

form_guid (空白表格) and example_guid (示例样表) are the national elements; here they hold the SHA-256 of a file of the item, so
that a published version names the very bytes that people saw, and its digest covers them. A file stays when a later version
names another: versions before still show it.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yichuang.catalogue import queries
from yichuang.catalogue.commands.versions import revise_draft
from yichuang.catalogue.commands.writing import may_edit
from yichuang.catalogue.models import ItemVersion
from yichuang.catalogue.queries.sheets import KINDS
from yichuang.core import files
from yichuang.core.actor import Actor
from yichuang.core.refusal import Refusal


def put_sheet(
    version_id: int, *, material: str, kind: str, source: files.Readable | bytes, name: str, by: Actor, at: datetime
) -> ItemVersion:
    """Give a material of a draft its blank form or sample; one that was there is replaced.

    material: its code. kind: "form" or "example". Raises Refusal 403, 404 (no such material), 409 (no draft), and what
    `files.store` says of the file (413, 422); then nothing is kept.
    """
    with transaction.atomic():
        row = _row(version_id, material, kind, by)
        kept = files.store(source, name, owner=row.item.stream, by=by, at=at, division=row.item.division)
        return _write(row, material, kind, kept.digest, by=by, at=at)


def take_sheet(version_id: int, *, material: str, kind: str, by: Actor, at: datetime) -> ItemVersion:
    """Take a material's blank form or sample out of a draft. Raises Refusal 403, 404, 409."""
    with transaction.atomic():
        return _write(_row(version_id, material, kind, by), material, kind, "", by=by, at=at)


def _row(version_id: int, material: str, kind: str, by: Actor) -> ItemVersion:
    row = queries.whole().filter(pk=version_id).first()
    if row is None:
        raise queries.not_found()
    may_edit(by, row.department)
    if kind not in KINDS or not any(m.code == material for m in row.materials.all()):
        raise Refusal(
            "catalogue.no_such_material", "这一版没有这份材料。", "请刷新页面，从所列材料中选择。", status=404
        )
    return row


def _write(row: ItemVersion, material: str, kind: str, digest: str, *, by: Actor, at: datetime) -> ItemVersion:
    content = queries.content(row)
    for one in content["materials"]:
        if one["code"] == material:
            one[KINDS[kind]] = digest
    return revise_draft(row.pk, content, by=by, at=at)
