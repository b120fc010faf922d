"""What the catalogue's figures are counted from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet, TextField
from django.db.models.functions import Cast

from yichuang.catalogue import queries
from yichuang.catalogue.models import EditionRow, Handling, Intermediary, ItemVersion, ListEdition, Material
from yichuang.catalogue.models.item import DRAFT
from yichuang.catalogue.rules.lists import LISTS, ORGAN
from yichuang.reports.rules.figures import Counted

SETS: Mapping[str, Q] = {
    "items.total": Q(),
    "items.licences": Q(task_type="01"),
    "items.filings": Q(is_filing=True),
    "mobile.items": Q(is_mobile=True),
    "mobile.person": Q(is_mobile=True, main_audience="person"),
    "mobile.legal": Q(is_mobile=True, main_audience="legal"),
    "online.catalogue": Q(is_online=True),
    "onenet.items": Q(is_online=True, depth__contains='"4"') & Q(depth__contains='"5"'),
    "central.items": ~Q(taken_over_from=""),
    "cross.items": ~Q(cross_modes=[]),
}
"""figure -> which versions in force it counts."""

SHOWCASES: Mapping[str, str] = {"clinic": "诊所备案", "paperless": "食品经营许可"}
"""group -> the item that its figures tell of, by its official name."""


def in_force(division: str, on: date) -> QuerySet[ItemVersion]:
    """The versions in force on a day, one of each item."""
    rows = queries.in_force_on(on).filter(item__division=division)
    return rows.annotate(depth=Cast("online_handle_depth", TextField()))


def counts(division: str, on: date) -> dict[str, Counted]:
    """The catalogue's figures but those of changes. 2 queries."""
    told = in_force(division, on).aggregate(
        departments=Count("taken_over_from", filter=SETS["central.items"], distinct=True),
        **{name.replace(".", "_"): Count("pk", filter=which) for name, which in SETS.items() if which},
        items_total=Count("pk"),
    )
    found = {name: Counted(told[name.replace(".", "_")]) for name in SETS}
    found["central.departments"] = Counted(told["departments"])
    total = found["items.total"].numerator
    for rate, part in (("online.rate", "online.catalogue"), ("onenet.rate", "onenet.items")):
        found[rate] = Counted(found[part].numerator, total)
    online = handlings(division, on).filter(is_online=True).count()
    return found | {"online.implementation": Counted(online)}


def handlings(division: str, on: date) -> QuerySet[Handling]:
    """The implementation items of the versions in force on a day."""
    return Handling.objects.filter(version__in=in_force(division, on).values("pk"))


@dataclass(frozen=True, slots=True)
class Before:
    """An item now and in the last version before its change. materials: what the applicant hands in; days: promised, working;
    None where the period is not in working days."""

    now: ItemVersion
    then: ItemVersion
    materials_now: int
    materials_then: int
    days_now: int | None
    days_then: int | None


def changes(now: Iterable[ItemVersion], mark: str = "taken_over_from") -> list[Before]:
    """Of items that were taken over: as they are and as they were before; an item without an earlier version is left out. mark: the
    element whose first appearance is the change ("reform_way": of items that were reformed). 2 queries."""
    current = {version.item_id: version for version in now}
    rows = ItemVersion.objects.filter(item__in=list(current)).exclude(state=DRAFT).select_related("item", "department")
    by_item: dict[int, list[ItemVersion]] = defaultdict(list)
    for row in rows.order_by("item_id", "number"):
        by_item[row.item_id].append(row)
    pairs = []
    for item, version in current.items():
        older = [v for v in by_item[item] if v.number < version.number]
        if getattr(version, mark):
            first = next(v.number for v in by_item[item] if getattr(v, mark))
            older = [v for v in older if v.number < first]
        if older:
            pairs.append((version, older[-1]))
    handed = _handed([v.pk for pair in pairs for v in pair])
    return [Before(v, old, handed.get(v.pk, 0), handed.get(old.pk, 0), _days(v), _days(old)) for v, old in pairs]


def _handed(versions: list[int]) -> dict[int, int]:
    rows = Material.objects.filter(version__in=versions, exempt="").values_list("version_id")
    return dict(rows.annotate(n=Count("pk")))


def _days(version: ItemVersion) -> int | None:
    return version.promise_day if version.promise_type == "working" else None


def change_counts(division: str, on: date) -> dict[str, Counted]:
    """What was cut over the items that were taken over. 3 queries."""
    taken = changes(in_force(division, on).filter(SETS["central.items"]))
    if not taken:
        why = Counted(why="没有划转前版本的事项可比")
        return {"central.material_cut": why, "central.time_cut": why}
    then = sum(one.materials_then for one in taken)
    timed = [(one.days_now, one.days_then) for one in taken if one.days_now is not None and one.days_then is not None]
    days = sum(then_ for _, then_ in timed)
    return {
        "central.material_cut": Counted(then - sum(one.materials_now for one in taken), then),
        "central.time_cut": Counted(days - sum(now for now, _ in timed), days),
    }


def showcase_counts(division: str, on: date, group: str) -> dict[str, Counted]:
    """The item of a reform that the report tells of, before and after. At most 3 queries."""
    name = SHOWCASES[group]
    found = list(in_force(division, on).filter(task_name=name)[:2])
    pair = changes(found) if len(found) == 1 else []
    if not pair:
        told = f"目录中没有“{name}”或者不止一个" if len(found) != 1 else f"“{name}”没有改革前的版本"
        return {f"{group}.{when}": Counted(why=told) for when in ("before", "after")}
    one = pair[0]
    if group == "paperless":
        return {"paperless.before": Counted(one.materials_then), "paperless.after": Counted(one.materials_now)}
    if one.days_then is None or one.days_now is None:
        return {f"{group}.{when}": Counted(why="时限不是工作日") for when in ("before", "after")}
    return {"clinic.before": Counted(one.days_then), "clinic.after": Counted(one.days_now)}


SINCE = date(2020, 1, 1)
"""From when the report counts adjusted powers."""


def life_counts(division: str, on: date) -> dict[str, Counted]:
    """What the persons' stages of life hold. 2 queries."""
    told = queries.life_figures(division, on)
    return {
        "life.stages": Counted(told.stages),
        "life.situations": Counted(told.situations),
        "life.items": Counted(told.items),
    }


def adjust_counts(division: str, on: date) -> dict[str, Counted]:
    """Powers that published adjustments cancelled, took over or delegated. 1 query."""
    return {"adjust.powers": Counted(queries.powers_adjusted(division, SINCE, on))}


def intermediaries(division: str, on: date) -> QuerySet[Intermediary]:
    """The intermediary services that were listed on a day."""
    return queries.listed_on(Intermediary, division, on)


def first_edition(division: str, on: date, code: str = "commitment") -> QuerySet[EditionRow]:
    """The rows of a list's first edition, none before it was published."""
    wanted = {"division": division, "code": code, "number": 1, "published_on__lte": on}
    return EditionRow.objects.filter(edition__in=ListEdition.objects.filter(**wanted).values("pk"))


def listed_counts(division: str, on: date) -> dict[str, Counted]:
    """The figures of the lists. 3 queries."""
    found = {"intermediary.kept": Counted(intermediaries(division, on).count())}
    organ = LISTS["commitment"].headings.index(ORGAN[0])
    rows = list(first_edition(division, on).values_list("cells", flat=True))
    if not rows:
        why = Counted(why="告知承诺制事项清单还没有公布")
        return found | {"commitment.items": why, "commitment.departments": why}
    departments = {cells[organ] for cells in rows}
    return found | {"commitment.items": Counted(len(rows)), "commitment.departments": Counted(len(departments))}
