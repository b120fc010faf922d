"""Stages and situations of life, entered and corrected by the catalogue's editors (or the system)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from yichuang.catalogue.models import Item, LifeSituation, LifeStage, SituationItem
from yichuang.catalogue.models.item import PUBLISHED, RETIRED
from yichuang.core import log
from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.models import Logged
from yichuang.core.refusal import Refusal

EDITOR = "catalogue_editor"
MOST = 40
"""Items that a situation may have: more is a catalogue, not a help."""
_CODE = re.compile(r"[a-z][a-z0-9_]{0,29}")
RESERVED = frozenset({"situations", "booklet"})
"""Words that are addresses of their own beside the stages."""


def set_stage(
    *,
    code: str,
    name: str,
    audience: str,
    summary: str = "",
    position: int | None = None,
    division: str = "",
    by: Actor,
    at: datetime,
) -> LifeStage:
    """A stage by its code, made or corrected; nothing is written when it is so already.

    audience: "person" or "legal". position: a new one stands last unless it is given. Raises Refusal 403 unless by an
    editor of the catalogue, 422 for what is lacking.
    """
    _require(by)
    fields = _named(code, name, summary, 30)
    if code in RESERVED:
        fields["code"] = "这个代码另有用途，请换一个"
    if audience not in dict(LifeStage.AUDIENCES):
        fields["audience"] = "服务对象为个人或企业"
    if fields:
        raise Refusal("life.incomplete", "阶段信息需要修改。", "请按提示修改。", fields=fields, status=422)
    place = division or by.division
    with transaction.atomic():
        found = LifeStage.objects.filter(division=place, code=code).first()
        wanted: dict[str, Any] = {"name": name.strip(), "summary": summary.strip(), "audience": audience}
        wanted["position"] = _position(position, found, LifeStage.objects.filter(division=place))
        if found and all(getattr(found, key) == value for key, value in wanted.items()):
            return found
        stage, _ = LifeStage.objects.update_or_create(division=place, code=code, defaults=wanted)
        log.append(stage.stream, Event("stage.set", {"code": code, **wanted}), by=by, at=at)
    return stage


def set_situation(
    *,
    code: str,
    stage: str,
    name: str,
    items: Sequence[str],
    summary: str = "",
    position: int | None = None,
    division: str = "",
    by: Actor,
    at: datetime,
) -> LifeSituation:
    """A situation by its code, made or corrected, with its items (codes in order); nothing is written when it is so already.

    A retired item that was in it may stay: it is not shown. Raises Refusal 403 unless by an editor of the catalogue, 404
    for a stage that is not there, 422 for what is lacking, for codes that are unknown, twice or not published; then nothing
    is changed.
    """
    _require(by)
    place = division or by.division
    fields = _named(code, name, summary, 40)
    with transaction.atomic():
        under = LifeStage.objects.filter(division=place, code=stage).first()
        if under is None:
            raise Refusal("life.no_stage", "没有这个阶段。", "请从所列阶段中选择。", status=404)
        found = LifeSituation.objects.select_related("stage").filter(division=place, code=code).first()
        now = [row.item.code for row in _rows(found)] if found else []
        rows, problem = _items(items, place, frozenset(now))
        if problem:
            fields["items"] = problem
        if fields:
            raise Refusal("life.incomplete", "情形信息需要修改。", "请按提示修改。", fields=fields, status=422)
        wanted: dict[str, Any] = {"stage_id": under.pk, "name": name.strip(), "summary": summary.strip()}
        beside = LifeSituation.objects.filter(stage=under)
        stays = found if found and found.stage_id == under.pk else None
        wanted["position"] = _position(position, stays, beside)
        if found and now == list(items) and all(getattr(found, key) == value for key, value in wanted.items()):
            return found
        situation, _ = LifeSituation.objects.update_or_create(division=place, code=code, defaults=wanted)
        SituationItem.objects.filter(situation=situation).delete()
        SituationItem.objects.bulk_create(
            SituationItem(situation=situation, item=item, position=n) for n, item in enumerate(rows)
        )
        told = {**wanted, "code": code, "stage": stage, "items": list(items)}
        del told["stage_id"]
        log.append(situation.stream, Event("situation.set", told), by=by, at=at)
    return situation


def remove_situation(code: str, *, division: str = "", by: Actor, at: datetime) -> None:
    """Take a situation away; the log keeps what it was. Raises Refusal 403, 404."""
    _require(by)
    with transaction.atomic():
        found = (
            LifeSituation.objects.select_related("stage").filter(division=division or by.division, code=code).first()
        )
        if found is None:
            raise no_situation()
        told = {
            "code": code,
            "stage": found.stage.code,
            "name": found.name,
            "items": [r.item.code for r in _rows(found)],
        }
        log.append(found.stream, Event("situation.removed", told), by=by, at=at)
        found.delete()


def item_retired(row: Logged | None, event: Event, by: Actor) -> None:
    """Reaction to "item.retired": the situations that named the item tell that it is no longer shown."""
    if isinstance(row, Item):
        assert event.at is not None  # it is stamped
        held = SituationItem.objects.filter(item=row).select_related("situation").order_by("situation__code")
        for one in held:
            told = {"item": row.code, "name": row.name}
            log.append(one.situation.stream, Event("situation.item_retired", told), by=by, at=event.at)


def no_situation() -> Refusal:
    return Refusal("life.no_situation", "没有这个情形。", "请从全生命周期的各个阶段中选择。", status=404)


def _require(by: Actor) -> None:
    if not by.is_system:
        by.require(EDITOR)


def _named(code: str, name: str, summary: str, longest: int) -> dict[str, str]:
    fields: dict[str, str] = {}
    if not _CODE.fullmatch(code):
        fields["code"] = "代码由小写字母、数字和下划线组成，以字母开头，不超过30个字符"
    if not name.strip() or len(name.strip()) > longest:
        fields["name"] = f"请填写名称，不超过{longest}个字"
    if len(summary.strip()) > 200:
        fields["summary"] = "说明不超过200个字"
    return fields


def _position(given: int | None, found: LifeStage | LifeSituation | None, beside: Any) -> int:
    if given is not None:
        return given
    if found is not None:
        return found.position
    last: int | None = beside.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def _rows(situation: LifeSituation) -> list[SituationItem]:
    return list(situation.rows.select_related("item").order_by("position"))


def _items(codes: Sequence[str], division: str, now: frozenset[str]) -> tuple[list[Item], str]:
    """The items in the order of their codes, and what is wrong with the codes ("" when nothing is)."""
    if not codes:
        return [], "请至少列出一个事项"
    if len(codes) > MOST:
        return [], f"一个情形最多列{MOST}个事项"
    twice = sorted({code for code in codes if list(codes).count(code) > 1})
    if twice:
        return [], f"事项重复：{'、'.join(twice)}"
    known = {item.code: item for item in Item.objects.filter(division=division, code__in=codes)}
    unknown = [code for code in codes if code not in known]
    if unknown:
        return [], f"没有这样的事项编码：{'、'.join(unknown)}"
    unfit = [
        code for code in codes if known[code].state != PUBLISHED and not (known[code].state == RETIRED and code in now)
    ]
    if unfit:
        return [], f"事项尚未发布或已废止：{'、'.join(known[code].name for code in unfit)}"
    return [known[code] for code in codes], ""
