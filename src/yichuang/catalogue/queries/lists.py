"""The public lists as they stand now, as they were published, and what lies between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Max, OuterRef, QuerySet, Subquery

from yichuang.catalogue.models import Certificate, EditionRow, Intermediary, Item, ItemVersion, ListEdition, Material
from yichuang.catalogue.models.item import PUBLISHED
from yichuang.catalogue.rules.lists import LISTS, Cells, Change, Difference, Fold, PublicList, changed, mark
from yichuang.core.refusal import Refusal

CHUNK = 1000
NAME_COLUMN = 1
"""Every list has the name of what a row is about in its second column; of a material the item's name."""
_ITEM = (
    "item__code", "task_name", "task_type", "catalog_code", "department__name", "main_audience", "by_law", "anticipate_day",
    "anticipate_type", "promise_day", "promise_type", "is_online", "limit_scene_num", "limit_scene_explain", "licence",
    "result_name", "duty", "liability", "remedy", "handle_area", "cross_modes", "transact_addr", "reform_way",
)  # fmt: skip
_MATERIAL = (
    "version__item__code", "version__task_name", "version__department__name", "code", "material_name", "source_type",
    "fill_explain",
)  # fmt: skip


def public_list(code: str) -> PublicList:
    """Raises Refusal 404 for a list that is none."""
    found = LISTS.get(code)
    if found is None:
        raise Refusal("lists.unknown", "没有这份清单。", "请从清单目录中选择。", status=404)
    return found


def list_rows(one: PublicList, division: str) -> Iterator[tuple[str, Cells]]:
    """The rows of a list as it stands now, each with its key, in a stable order. 1 query, memory stays constant."""
    for told in _told(one, division).iterator(chunk_size=CHUNK):
        if one.takes(told):
            yield _key(one, told), one.row(told)


def _told(one: PublicList, division: str) -> QuerySet[Any, dict[str, Any]]:
    rows: QuerySet[Any, Any]
    if one.source == "item":
        rows = ItemVersion.objects.filter(state=PUBLISHED, item__division=division, **one.wants)
        if one.carrier:
            carriers = Item.objects.filter(division=division, code=OuterRef("merged_into"), state=PUBLISHED)
            rows = rows.exclude(merged_into="").annotate(carrier=Subquery(carriers.values("name")[:1]))
            return rows.order_by("item__code", "pk").values(*_ITEM, "carrier")
        rows = rows.order_by("item__code", "pk").values(*_ITEM)
    elif one.source == "material":
        rows = Material.objects.filter(version__state=PUBLISHED, version__item__division=division, **one.wants)
        rows = rows.order_by("version__item__code", "position", "pk").values(*_MATERIAL)
    else:
        kind = Certificate if one.source == "certificate" else Intermediary
        rows = kind._default_manager.filter(division=division, ended_on=None, **one.wants)
        rows = rows.order_by("code", "pk").values(*kind.shape.names)
    return rows


def _key(one: PublicList, told: dict[str, Any]) -> str:
    if one.source == "item":
        return str(told["item__code"])
    return f"{told['version__item__code']}/{told['code']}" if one.source == "material" else str(told["code"])


# -- editions ---------------------------------------------------------------------------------------------------------


def list_editions(division: str, code: str) -> QuerySet[ListEdition]:
    """The editions of a list, the newest first."""
    return ListEdition.objects.filter(division=division, code=code).order_by("-number")


def newest_editions(division: str) -> dict[str, ListEdition]:
    """code of each published list -> its newest edition. 1 query."""
    newest = ListEdition.objects.filter(division=division).order_by().values("code").annotate(n=Max("number"))
    found: dict[str, ListEdition] = {}
    wanted = {row["code"]: row["n"] for row in newest}
    for row in ListEdition.objects.filter(division=division, number__in=set(wanted.values())):
        if wanted[row.code] == row.number:
            found[row.code] = row
    return found


def list_edition(division: str, code: str, number: int | None = None) -> ListEdition:
    """An edition, the newest by default. Raises Refusal 404."""
    rows = list_editions(division, code)
    found = (rows.filter(number=number) if number is not None else rows).first()
    if found is None:
        raise Refusal("lists.no_edition", "这份清单还没有公布过这一版。", "请查看清单的其他版次。", status=404)
    return found


def edition_rows(edition: ListEdition) -> QuerySet[EditionRow]:
    """For paging by ("position", "id")."""
    return EditionRow.objects.filter(edition=edition)


def told_rows(edition: ListEdition) -> Iterator[tuple[str, list[str]]]:
    """Every row of an edition in its order. 1 query, memory stays constant."""
    rows = edition_rows(edition).order_by("position").values_list("key", "cells")
    yield from rows.iterator(chunk_size=CHUNK)


def holds(edition: ListEdition) -> bool:
    """Do the rows still give the digest that was published? Reads all of them."""
    fold = Fold(edition.algorithm)
    for key, cells in told_rows(edition):
        fold.add(key, cells)
    return (fold.count, fold.digest) == (edition.count, edition.digest)


# -- differences ------------------------------------------------------------------------------------------------------


def against_now(one: PublicList, division: str, edition: ListEdition | None, most: int = 100) -> Difference:
    """What publishing now would change against an edition (None: everything is new). 3 queries at most."""
    return _difference(edition, one.headings, list_rows(one, division), most)


def between(before: ListEdition, after: ListEdition, most: int = 500) -> Difference:
    """What an edition changed against another. 3 queries at most."""
    return _difference(before, after.columns, told_rows(after), most)


def _difference(
    before: ListEdition | None, headings: Iterable[str], rows: Iterable[tuple[str, Iterable[str]]], most: int
) -> Difference:
    heads = list(headings)
    marks = {key: mark(before.columns, cells) for key, cells in told_rows(before)} if before else {}
    found = Difference()
    after: dict[str, list[str]] = {}
    for key, given in rows:
        cells = list(given)
        was = marks.pop(key, None)
        if was is None:
            found.added_count += 1
            if len(found.added) < most:
                found.added.append((key, cells[NAME_COLUMN]))
        elif was != mark(heads, cells):
            found.changed_count += 1
            if len(after) < most:
                after[key] = cells
    found.removed_count = len(marks)
    gone = list(marks)[:most]
    if before is not None and (gone or after):
        wanted = EditionRow.objects.filter(edition=before, key__in=[*gone, *after])
        old = dict(wanted.values_list("key", "cells"))
        found.removed = [(key, old[key][NAME_COLUMN]) for key in gone]
        found.changed = [c for key, cells in after.items() if (c := _changed(key, before, old[key], heads, cells))]
    return found


def _changed(key: str, before: ListEdition, old: list[str], heads: list[str], new: list[str]) -> Change | None:
    named_old = dict(zip(before.columns, old, strict=True))
    return changed(key, named_old, dict(zip(heads, new, strict=True)), new[NAME_COLUMN])
