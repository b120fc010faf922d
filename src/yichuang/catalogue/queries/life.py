"""Stages and situations of life as pages, figures and the booklet need them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from yichuang.catalogue.models import BookletEdition, Item, ItemVersion, LifeSituation, LifeStage, SituationItem
from yichuang.catalogue.models.item import DRAFT, PUBLISHED
from yichuang.catalogue.rules import facts
from yichuang.core.refusal import Refusal

_SHOWN = ("summary", "promise_day", "promise_type", "anticipate_day", "limit_scene_num", "project_type")


@dataclass(frozen=True, slots=True)
class LifeItem:
    """An item of a situation. promised: "当场办结", "5个工作日". visits: None when the version does not say. retired: no
    longer in force, shown to editors only."""

    id: int
    code: str
    name: str
    summary: str
    department: str
    promised: str
    visits: int | None
    online: bool
    nearby: bool
    retired: bool


@dataclass(slots=True)
class LifeSituationShown:
    id: int
    code: str
    name: str
    summary: str
    items: list[LifeItem] = field(default_factory=list)

    @property
    def gone(self) -> int:
        """How many are no longer in force."""
        return sum(item.retired for item in self.items)


@dataclass(slots=True)
class LifeStageShown:
    id: int
    code: str
    name: str
    summary: str
    audience: str
    situations: list[LifeSituationShown] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many items it takes in all, each counted once."""
        return len({item.id for situation in self.situations for item in situation.items})


@dataclass(frozen=True, slots=True)
class LifeFigures:
    """Of persons' lives: stages, situations, distinct items in force, those that may be done nearby."""

    stages: int
    situations: int
    items: int
    nearby: int


def nearby(item: Item) -> bool:
    """就近可办: a street centre or a community station does it too."""
    return item.current is not None and bool(item.current.is_nearby)


def life(division: str, *, audience: str = "", stage: str = "", whole: bool = False) -> list[LifeStageShown]:
    """Stages in order with their situations and items. 4 queries.

    What is not in force is left out, and a situation without items, and a stage without situations; whole: all of it, as
    editors see it. audience, stage: only those.
    """
    stages = LifeStage.objects.filter(division=division)
    if audience:
        stages = stages.filter(audience=audience)
    if stage:
        stages = stages.filter(code=stage)
    shown = {
        one.pk: LifeStageShown(one.pk, one.code, one.name, one.summary, one.audience)
        for one in stages.order_by("-audience", "position", "pk")
    }
    situations = LifeSituation.objects.filter(stage__in=list(shown)).order_by("position", "pk")
    held: dict[int, LifeSituationShown] = {}
    for one in situations:
        held[one.pk] = LifeSituationShown(one.pk, one.code, one.name, one.summary)
        shown[one.stage_id].situations.append(held[one.pk])
    for situation, item in _items(SituationItem.objects.filter(situation__in=list(held)), whole):
        held[situation].items.append(item)
    if whole:
        return list(shown.values())
    for one_shown in shown.values():
        one_shown.situations = [s for s in one_shown.situations if s.items]
    return [one_shown for one_shown in shown.values() if one_shown.situations]


def life_names(division: str, audience: str) -> list[tuple[str, str]]:
    """(code, name) of the stages that the public finds something in, in order. 1 query."""
    rows = LifeStage.objects.filter(
        division=division, audience=audience, situations__rows__item__state=PUBLISHED
    ).distinct()
    return list(rows.order_by("position", "pk").values_list("code", "name"))


def life_stage_choices(division: str) -> list[tuple[str, str]]:
    """(code, name) of every stage, persons' first. 1 query."""
    rows = LifeStage.objects.filter(division=division).order_by("-audience", "position", "pk")
    return [(one.code, f"{one.get_audience_display()} · {one.name}") for one in rows]


def life_situation_taken(division: str, code: str) -> bool:
    return LifeSituation.objects.filter(division=division, code=code).exists()


def life_stage(division: str, code: str) -> LifeStageShown:
    """One stage as the public sees it. Raises Refusal 404 when there is none, or nothing in it."""
    found = life(division, stage=code)
    if not found:
        raise _no_stage()
    return found[0]


def life_stage_row(division: str, code: str) -> LifeStage:
    """One stage, whatever is in it. Raises Refusal 404."""
    found = LifeStage.objects.filter(division=division, code=code).first()
    if found is None:
        raise _no_stage()
    return found


def _no_stage() -> Refusal:
    return Refusal("life.no_stage", "没有这个阶段。", "请从全生命周期页面选择阶段。", status=404)


def life_situation(division: str, pk: int, *, whole: bool = False) -> tuple[LifeSituation, list[LifeItem]]:
    """One situation (with its stage) and its items in order, as the public sees it, or whole. 3 queries. Raises Refusal 404."""
    row = LifeSituation.objects.select_related("stage").filter(division=division, pk=pk).first()
    items = [item for _, item in _items(SituationItem.objects.filter(situation=row), whole)] if row else []
    if row is None or not (items or whole):
        raise Refusal("life.no_situation", "没有这个情形。", "请从全生命周期的各个阶段中选择。", status=404)
    return row, items


def life_items(division: str, codes: Iterable[str]) -> list[LifeItem]:
    """Items of the division by their codes, in the order given; a code that is not there is left out. 2 queries."""
    wanted = list(codes)
    rows = (
        Item.objects.filter(division=division, code__in=wanted)
        .exclude(state=DRAFT)
        .select_related("department", "current")
    )
    found = {item.code: item for item in rows}
    versions = _versions(found.values())
    return [_shown(found[code], versions) for code in wanted if code in found]


def life_figures(division: str, on: date | None = None) -> LifeFigures:
    """What the persons' stages hold: a situation counts when an item of it is in force, a stage when a situation of it is.

    on: items in force on that day (the stages are those of now). 1 query, 2 with a day.
    """
    rows = SituationItem.objects.filter(situation__division=division, situation__stage__audience="person")
    if on is None:
        rows = rows.filter(item__state=PUBLISHED)
    held = list(rows.select_related("item__current", "situation"))
    if on is not None:
        lasted = Q(retired_on__isnull=True) | Q(retired_on__gt=on)
        versions = ItemVersion.objects.filter(lasted, effective_on__lte=on, item__in={row.item_id for row in held})
        there = set(versions.exclude(state=DRAFT).values_list("item_id", flat=True))
        held = [row for row in held if row.item_id in there]
    items = {row.item_id: row.item for row in held}
    return LifeFigures(
        stages=len({row.situation.stage_id for row in held}),
        situations=len({row.situation_id for row in held}),
        items=len(items),
        nearby=sum(nearby(item) for item in items.values()),
    )


def editions(division: str) -> QuerySet[BookletEdition]:
    """Editions of the booklet, the newest first, with their files."""
    return BookletEdition.objects.filter(division=division).select_related("file").order_by("-number")


def newest_edition(division: str) -> BookletEdition:
    """What is given out now. Raises Refusal 404 when nothing has been printed yet."""
    found = editions(division).first()
    if found is None:
        raise Refusal("booklet.none", "一册通还没有编印。", "请先在全生命周期页面按阶段查看。", status=404)
    return found


def _items(rows: QuerySet[SituationItem], whole: bool) -> list[tuple[int, LifeItem]]:
    """(situation, item) in order. 2 queries."""
    if not whole:
        rows = rows.filter(item__state=PUBLISHED)
    found = list(rows.select_related("item__department", "item__current").order_by("situation_id", "position"))
    versions = _versions(row.item for row in found)
    return [(row.situation_id, _shown(row.item, versions)) for row in found]


def _versions(items: Iterable[Item]) -> dict[int, ItemVersion]:
    return ItemVersion.objects.only(*_SHOWN).in_bulk({item.current_id for item in items if item.current_id})


def _shown(item: Item, versions: dict[int, ItemVersion]) -> LifeItem:
    version: Any = versions.get(item.current_id or 0)
    return LifeItem(
        id=item.pk,
        code=item.code,
        name=item.name,
        summary=version.summary if version else "",
        department=item.department.name,
        promised=_promised(version) if version else "",
        visits=version.limit_scene_num if version else None,
        online=item.online,
        nearby=nearby(item),
        retired=item.state != PUBLISHED,
    )


def _promised(version: ItemVersion) -> str:
    if version.project_type == "1":
        return "当场办结"
    days = version.promise_day if version.promise_day is not None else version.anticipate_day
    return "" if days is None else f"{days}{facts.DAY_TYPES.get(version.promise_type or 'working', '天')}"
