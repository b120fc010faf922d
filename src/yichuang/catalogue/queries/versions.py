"""Reading a version: as plain facts, and as the content it was written from."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from yichuang.catalogue.models import Item, ItemVersion
from yichuang.catalogue.models.item import DRAFT, ELEMENT_COLUMNS, PUBLISHED, RETIRED
from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules import facts, formread, situations
from yichuang.catalogue.rules.conditions import words_of
from yichuang.catalogue.rules.form import condition
from yichuang.core.refusal import Refusal

PARTS = ("materials", "steps", "conditions", "fees", "questions", "citations", "alias_rows", "handlings")


def whole() -> QuerySet[ItemVersion]:
    """Versions with everything that `facts_of` and `content` read: a constant number of queries."""
    return ItemVersion.objects.select_related("item", "department").prefetch_related(
        *(part for part in PARTS if part not in ("citations", "steps")), "citations__law", "steps__department"
    )


def not_found() -> Refusal:
    return Refusal(
        "catalogue.not_found", "没有这个事项，或者它尚未发布。", "请从办事页面搜索您要办的事项。", status=404
    )


_kept: dict[int, facts.VersionFacts] = {}
KEEP = 4096


def version(id: int) -> facts.VersionFacts:
    """The version as plain values. A published or retired one never changes and is kept by the process (`state` is as it was when it was
    read); others are read anew. Raises Refusal 404."""
    found = _kept.get(id)
    if found is not None:
        return found
    row = whole().filter(pk=id).first()
    if row is None:
        raise not_found()
    found = facts_of(row)
    if row.state != DRAFT:
        transaction.on_commit(partial(_keep, found))  # what a rollback takes back is not kept
    return found


def _keep(found: facts.VersionFacts) -> None:
    while len(_kept) >= KEEP:
        _kept.pop(next(iter(_kept)))
    _kept[found.id] = found


def forget() -> None:
    """Empty the process's memory of versions (a database put in place of another)."""
    _kept.clear()


def current(item_id: int) -> facts.VersionFacts:
    """The published version of an item. Raises Refusal 404 when there is none."""
    found = ItemVersion.objects.filter(item_id=item_id, state=PUBLISHED).values_list("pk", flat=True).first()
    if found is None:
        raise not_found()
    return version(found)


def in_force_on(on: date) -> QuerySet[ItemVersion]:
    """The versions in force on a day, one of each item: begun, and not yet ended on it."""
    rows = ItemVersion.objects.filter(state__in=[PUBLISHED, RETIRED], effective_on__lte=on)
    return rows.filter(Q(retired_on__isnull=True) | Q(retired_on__gt=on))


def in_force(item_id: int) -> ItemVersion:
    """The published version of an item as a row, whole. Raises Refusal 404 when there is none."""
    row = whole().filter(item_id=item_id, state=PUBLISHED).first()
    if row is None:
        raise not_found()
    return row


def draft_of(item: Item) -> ItemVersion | None:
    return whole().filter(item=item, state=DRAFT).first()


def newest_version(item: Item) -> ItemVersion:
    """The version with the highest number, whatever its state, with its item and department. 1 query."""
    return ItemVersion.objects.filter(item=item).select_related("item__department", "department").latest("number")


def codes_used(item_id: int, key: str) -> list[str]:
    """Codes that the rows of a list have had in any version of the item. 1 query."""
    rows = ItemVersion.objects.filter(item_id=item_id).values_list(f"{key}__code", flat=True)
    return [code for code in rows.distinct() if code]


def words_used(item_id: int) -> set[str]:
    """Codes and values that forms and situations have had in any version of the item. 1 query."""
    rows = ItemVersion.objects.filter(item_id=item_id).values_list("form", "situations")
    return words_of(*(part for row in rows for part in row))


def facts_of(row: ItemVersion) -> facts.VersionFacts:
    """The facts of a row read through `whole()`."""
    form, _ = formread.parse(row.form)
    table, _ = situations.parse(row.situations)
    return facts.VersionFacts(
        id=row.pk,
        item_id=row.item_id,
        number=row.number,
        state=row.state,
        effective_on=row.effective_on.isoformat() if row.effective_on else "",
        digest=row.digest,
        item_code=row.item.code,
        catalog_code=row.catalog_code,
        task_code=row.task_code,
        local_task_code=row.local_task_code,
        local_catalog_code=row.local_catalog_code,
        task_handle_item=row.task_handle_item,
        name=row.task_name,
        summary=row.summary,
        task_type=row.task_type,
        project_type=row.project_type,
        audience=row.main_audience,
        use_level=row.use_level,
        department_id=row.department_id,
        department=row.department.name,
        division=row.item.division,
        by_law=row.by_law,
        statutory_days=row.anticipate_day if row.anticipate_day is not None else 20,
        statutory_type=row.anticipate_type or "working",
        promised_days=row.promise_day if row.promise_day is not None else row.anticipate_day or 20,
        promised_type=row.promise_type or "working",
        online=bool(row.is_online),
        mobile=bool(row.is_mobile),
        visits=row.limit_scene_num or 0,
        channels=tuple(row.handle_type),
        deliveries=tuple(row.deliveries) or ("counter",),
        areas=tuple(row.handle_area),
        is_fee=bool(row.is_fee),
        materials=tuple(_material(m) for m in _ordered(row, "materials")),
        steps=tuple(_step(s, row.department_id) for s in _ordered(row, "steps")),
        conditions=tuple(c.text for c in _ordered(row, "conditions")),
        fees=tuple(facts.FeeFacts(f.fee_name, f.fee_stand, f.by_law, f.is_desc) for f in _ordered(row, "fees")),
        citations=tuple(
            facts.CitationFacts(c.law.name, c.level, c.number, c.article, c.summary) for c in _ordered(row, "citations")
        ),
        handlings=tuple(
            facts.HandlingFacts(
                h.name,
                h.task_handle_item,
                h.is_online,
                h.is_window,
                h.only_online,
                h.exempt,
                "" if h.implied else h.code,
            )
            for h in _ordered(row, "handlings")
        ),
        questions=tuple((q.question, q.answer) for q in _ordered(row, "questions")),
        form=situations.with_situations(form, table),
        situations=table,
        licence=_licence(row.licence),
        publicity=facts.PublicityFacts(**{k: v or "" for k, v in (row.publicity or {}).items()}),
        concerns_safety=row.concerns_safety,
        elements={
            name: getattr(row, name)
            for name in ELEMENT_COLUMNS
            if name not in ("form", "licence", "publicity", "situations")
        }
        | {"aliases": [a.text for a in _ordered(row, "alias_rows")]},
    )


def _ordered(row: ItemVersion, part: str) -> list[Any]:
    """The prefetched rows of a part, in their order, without another query."""
    return sorted(getattr(row, part).all(), key=lambda one: one.position)


def _material(m: Any) -> facts.MaterialFacts:
    return facts.MaterialFacts(
        id=m.pk,
        code=m.code,
        name=m.material_name,
        need=m.is_need,
        original=m.material_type,
        format=m.material_format,
        source=m.source_type,
        source_explain=m.source_explain,
        copies=m.page_num,
        exempt=m.exempt,
        when=condition(m.when),
        points=tuple(m.points),
        fill_explain=m.fill_explain,
        accept_standard=m.accept_stand,
        by_law=m.by_law,
        form_guid=m.form_guid,
        example_guid=m.example_guid,
    )


def _step(s: Any, own: int) -> facts.StepFacts:
    return facts.StepFacts(
        code=s.code,
        name=s.name,
        role=s.role,
        kind=s.kind,
        group=s.group,
        department_id=s.department_id or own,
        days=s.days,
        required=s.required,
        when=condition(s.when),
        standard=s.standard,
    )


def _licence(given: dict[str, Any] | None) -> facts.LicenceFacts | None:
    if not given:
        return None
    return facts.LicenceFacts(
        type_code=given.get("type_code") or "",
        name=given.get("name") or "",
        validity_months=given.get("validity_months") or 0,
        fields=tuple(given.get("fields") or ()),
    )


def content(row: ItemVersion) -> shape.Content:
    """The whole content of a version read through `whole()`, in the one shape (rules.content)."""
    found: shape.Content = {}
    for element in shape.ELEMENTS:
        if element.name == "department":
            found["department"] = row.department.name
        elif element.name == "aliases":
            found["aliases"] = [a.text for a in _ordered(row, "alias_rows")]
        else:
            found[element.name] = getattr(row, element.name)
    for key, (_, columns) in shape.LISTS.items():
        rows = (one for one in _ordered(row, key) if key != "handlings" or not one.implied)
        found[key] = [{name: _cell(one, key, name) for name in columns} for one in rows]
    found.update(licence=row.licence, publicity=row.publicity, form=row.form, situations=row.situations)
    return found


def _cell(one: Any, key: str, name: str) -> Any:
    if key == "citations" and name == "law":
        return one.law.name
    if key == "steps" and name == "department":
        return one.department.name if one.department_id else ""
    return getattr(one, name)
