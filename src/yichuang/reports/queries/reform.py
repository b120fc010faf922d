"""证照分离 (国发〔2021〕7号): which items were reformed, in which way, and what changed for the applicant."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from yichuang.catalogue.models import Item, ItemVersion
from yichuang.catalogue.models.item import DRAFT
from yichuang.catalogue.rules import facts
from yichuang.core.refusal import Refusal
from yichuang.reports.queries import catalogue


@dataclass(frozen=True, slots=True)
class Reformed:
    """An item that was reformed. before: how it stood; None where no version from before the reform is known."""

    version: ItemVersion
    before: catalogue.Before | None


@dataclass(frozen=True, slots=True)
class Way:
    """One 改革方式. code: key of facts.REFORM_WAYS."""

    code: str
    name: str
    items: list[Reformed]

    @property
    def told(self) -> int:
        """Of how many items the version from before is known."""
        return sum(one.before is not None for one in self.items)


def reform(division: str, on: date) -> list[Way]:
    """The items in force on a day that were reformed, by way, in the order of the ways; ways without items are left out. 3 queries."""
    rows = list(_reformed(division, on).select_related("item", "department").order_by("item__code", "pk"))
    before = {one.now.pk: one for one in catalogue.changes(rows, "reform_way")}
    found: dict[str, list[Reformed]] = defaultdict(list)
    for row in rows:
        found[row.reform_way].append(Reformed(row, before.get(row.pk)))
    return [Way(code, name, found[code]) for code, name in facts.REFORM_WAYS.items() if found[code]]


def _reformed(division: str, on: date) -> QuerySet[ItemVersion]:
    return catalogue.in_force(division, on).exclude(reform_way="")


@dataclass(frozen=True, slots=True)
class Stage:
    """A version of an item as its reform tells of it. materials: what the applicant hands in. changed: what differs from the version
    before, of "way", "days", "materials"; empty for the first."""

    version: ItemVersion
    way: str
    materials: int
    changed: frozenset[str]


def reform_history(division: str, item_id: int) -> tuple[Item, list[Stage]]:
    """The item and its versions in which way, period or materials changed, the newest first. Raises Refusal 404 where the public knows
    no such item or it was never reformed. 2 queries."""
    versions = ItemVersion.objects.filter(item=item_id, item__division=division).exclude(state=DRAFT)
    handed = Count("materials", filter=Q(materials__exempt=""))
    rows = list(versions.select_related("item", "department").annotate(handed=handed).order_by("number"))
    if not any(row.reform_way for row in rows):
        raise Refusal("reports.no_reform", "没有这个事项的改革记录。", "请从证照分离改革的事项中选择。", status=404)
    stages: list[Stage] = []
    for row in rows:
        way = facts.REFORM_WAYS.get(row.reform_way, "")
        changed = _changed(stages[-1], row, way) if stages else frozenset()
        if not stages or changed:
            stages.append(Stage(row, way, row.handed, changed))
    return rows[0].item, stages[::-1]


def _changed(was: Stage, now: ItemVersion, way: str) -> frozenset[str]:
    told = {
        "way": was.way != way,
        "days": (was.version.promise_day, was.version.promise_type) != (now.promise_day, now.promise_type),
        "materials": was.materials != now.handed,  # type: ignore[attr-defined]  # annotated
    }
    return frozenset(name for name, differs in told.items() if differs)
