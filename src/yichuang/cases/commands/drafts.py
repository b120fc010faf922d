"""An application being filled in. Nothing legal happens here yet, so nothing is logged but the files that come in
and go (by `core.files`) and, at last, the submission."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from yichuang.cases.commands.forgetting import erase_unused, throw_away
from yichuang.cases.models import Draft, DraftFile
from yichuang.cases.queries.drafts import draft_gate, not_there
from yichuang.cases.queries.window import known
from yichuang.cases.rules import intake as rules
from yichuang.catalogue import queries as catalogue
from yichuang.catalogue.rules.situations import GROUP
from yichuang.core import compiled
from yichuang.core.actor import Actor
from yichuang.core.models import File
from yichuang.core.refusal import Refusal
from yichuang.identity.models import Applicant

FILES_PER_MATERIAL = 20
THROWN = "申请人放弃填报"


def start_draft(
    version_id: int,
    *,
    applicant: Applicant,
    fresh: bool = False,
    situation: Mapping[str, str] | None = None,
    by: Actor,
    at: datetime,
) -> Draft:
    """The open draft of this applicant and item, begun if there is none, with what is known filled in and marked.

    fresh: begin anew, the old one is discarded. situation: answers to the 情形引导 given before, for a new draft. A draft of an older version is carried over to this one.
    Raises Refusal 404 (not to be acted for), 409 (not open to apply on line).
    """
    if f"applicant:{applicant.pk}" not in by.behalf:
        raise not_there()
    version = catalogue.version(version_id)
    rules.open_to_apply(version, online=True)
    with transaction.atomic():
        found = compiled.one(_open_draft, applicant.pk, version.item_id)
        if found is not None and fresh:
            throw_away(found, why=THROWN, by=by, at=at)
            found = None
        if found is not None and found.version_id == version.id:
            return found
        held = found.values if found is not None else ({GROUP: dict(situation)} if situation else {})
        values, marked = version.form.prefill(known(applicant, version, at=at), held)
        kept = {g.code for g in version.form.groups}
        values = {**{code: answer for code, answer in held.items() if code in kept}, **values}
        if found is not None:
            found.version_id, found.values, found.marked = version.id, values, marked
            found.revision += 1
            found.updated_at = at
            found.save()
            return found
    try:
        with transaction.atomic():
            return Draft.objects.create(
                division=version.division[:6],
                item_id=version.item_id,
                version_id=version.id,
                applicant=applicant,
                values=values,
                marked=marked,
                contact={"name": applicant.name if applicant.kind == "person" else "", "phone": applicant.phone},
                delivery={"way": version.deliveries[0], "address": applicant.address} if version.deliveries else {},
                created_by=by.ref,
                created_at=at,
                updated_at=at,
            )
    except IntegrityError:  # begun in another window at the same moment
        return Draft.objects.get(applicant=applicant, item_id=version.item_id, case__isnull=True)


def _in_hand(pk: uuid.UUID) -> QuerySet[Draft]:
    rows = Draft.objects.filter(pk=pk)
    return rows.select_for_update(of=("self",)) if connection.features.has_select_for_update else rows


def _open_draft(applicant: int, item: int) -> QuerySet[Draft]:
    return Draft.objects.filter(applicant=applicant, item_id=item, case__isnull=True)


def _locked(draft_id: uuid.UUID, by: Actor) -> Draft:
    draft = draft_gate(compiled.one(_in_hand, draft_id), by)
    if draft.case_id is not None:
        raise Refusal(
            "draft.submitted",
            "这份申请已经提交，不能再修改。",
            "请到“我的办件”查看；需要修改的，请等待补正通知或撤回后重新申请。",
        )
    return draft


def changed() -> Refusal:
    """Another window was quicker."""
    return Refusal(
        "draft.changed",
        "这份申请已在另一个窗口修改过。",
        "请刷新页面查看最新内容，再继续填写；您刚才输入的内容请先复制。",
    )


def save_draft(
    draft_id: uuid.UUID,
    *,
    revision: int,
    values: Mapping[str, Any] | None = None,
    contact: Mapping[str, Any] | None = None,
    delivery: Mapping[str, Any] | None = None,
    by: Actor,
    at: datetime,
) -> Draft:
    """Keep what is typed, whole groups at a time; nothing is required yet. What was pre-filled and is changed loses its mark.

    revision: the one that the page was made from. Raises Refusal 409 "draft.changed" when another window saved since
    (nothing is lost: the other one stays), 404, 409 "draft.submitted".
    """
    with transaction.atomic():
        draft = _locked(draft_id, by)
        if draft.revision != revision:
            raise changed()
        before = dict(draft.values)
        draft.values = {**before, **(values or {})}
        draft.marked = {  # a mark stays until its answer is changed: it is then the person's own
            path: source
            for path, source in draft.marked.items()
            if _answer(draft.values, path) == _answer(before, path)
        }
        if contact is not None:
            draft.contact = {**draft.contact, **contact}
        if delivery is not None:
            draft.delivery = {**draft.delivery, **delivery}
        draft.revision += 1
        draft.updated_at = at
        draft.save()
    return draft


def _answer(values: Mapping[str, Any], path: str) -> Any:
    """The answer at "group.field"; None where the group repeats or is not there."""
    code, _, name = path.partition(".")
    row = values.get(code)
    return row.get(name) if isinstance(row, dict) else None


def attach(draft_id: uuid.UUID, *, material: str, file: File, by: Actor, at: datetime) -> DraftFile:
    """Put a stored file to a material. Raises Refusal 422 for a material that the version does not ask, or too many."""
    with transaction.atomic():
        draft = _locked(draft_id, by)
        version = catalogue.version(draft.version_id)
        if version.material(material) is None:
            raise Refusal("draft.material", "本事项没有这项材料。", "请在材料清单中选择对应的一项上传。", status=422)
        if DraftFile.objects.filter(draft=draft, material=material).count() >= FILES_PER_MATERIAL:
            raise Refusal(
                "draft.too_many_files",
                f"每项材料最多上传{FILES_PER_MATERIAL}个文件。",
                "请合并为一个PDF文件后上传，或先移除不需要的文件。",
                status=422,
            )
        return DraftFile.objects.create(draft=draft, material=material, file=file, added_at=at)


def detach(draft_id: uuid.UUID, *, file_id: int, by: Actor, at: datetime) -> None:
    """Take a file away again and erase it; `file_id` is the DraftFile's. A second time changes nothing."""
    with transaction.atomic():
        draft = _locked(draft_id, by)
        held = DraftFile.objects.select_related("file").filter(draft=draft, pk=file_id).first()
        if held is not None:
            held.delete()
            erase_unused(held.file, why="申请人移除", by=by, at=at)


def discard_draft(draft_id: uuid.UUID, *, by: Actor, at: datetime) -> None:
    """Throw the draft away, with what was typed and uploaded."""
    with transaction.atomic():
        throw_away(_locked(draft_id, by), why=THROWN, by=by, at=at)
