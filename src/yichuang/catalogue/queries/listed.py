"""What may be asked: the entries of 证明事项 and 中介服务, and the items that ask for them."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TypedDict, TypeVar

from django.db.models import Q, QuerySet

from yichuang.catalogue.models import Certificate, Intermediary, Material
from yichuang.catalogue.models.item import PUBLISHED
from yichuang.catalogue.models.listing import Listed
from yichuang.catalogue.rules import listed
from yichuang.catalogue.rules.checks_listed import plain
from yichuang.core.actor import Actor
from yichuang.core.refusal import Refusal

Entry = TypeVar("Entry", bound=Listed)


class Known(TypedDict):
    """Of a `lint.Context`."""

    certificates: dict[str, str] | None
    intermediaries: dict[str, str] | None


def known(division: str) -> Known:
    """Code and every name -> code, of what the division has listed and in force; None where it never listed anything. 2 queries."""
    return {"certificates": _names(Certificate, division), "intermediaries": _names(Intermediary, division)}


def _names(model: type[Entry], division: str) -> dict[str, str] | None:
    rows = list(model._default_manager.filter(division=division).order_by("pk"))
    if not rows:
        return None
    found: dict[str, str] = {}
    for row in rows:
        if row.in_force and getattr(row, "way", "") != listed.ABOLISHED:
            found |= dict.fromkeys([row.code, *row.known_as], row.code)
    return found


def entries(model: type[Entry], division: str, *, ended: bool = False) -> QuerySet[Entry]:
    """The entries of a division, for paging by ("code", "id"). ended: those that were taken out too."""
    rows = model._default_manager.filter(division=division)
    return rows if ended else rows.filter(ended_on=None)


def listed_on(model: type[Entry], division: str, on: date) -> QuerySet[Entry]:
    """The entries that were in force on a day."""
    rows = model._default_manager.filter(division=division, effective_on__lte=on)
    return rows.filter(Q(ended_on=None) | Q(ended_on__gt=on))


def entry_for(actor: Actor, model: type[Entry], pk: int) -> Entry:
    """The one gate of the desk. Raises Refusal 404."""
    row = model._default_manager.filter(pk=pk, division=actor.division).first()
    if row is None:
        raise Refusal("listed.unknown", "没有这一条。", "请返回清单查看现有的条目。", status=404)
    return row


def asking(row: Listed) -> list[str]:
    """Items in force that ask for the entry, by its code or by a name of it: their names in order. 1 query."""
    return served(type(row), row.division, [row])[row.pk]


def served(model: type[Entry], division: str, rows: list[Entry]) -> dict[int, list[str]]:
    """pk of each entry -> names of the items in force that ask for it. 1 query for all of them."""
    kind = model.stream_kind
    names = {one: row.pk for row in rows for one in row.known_as}
    codes = {row.code: row.pk for row in rows}
    wanted = Material.objects.filter(version__state=PUBLISHED, version__item__division=division)
    found: dict[int, set[str]] = defaultdict(set)
    told = wanted.values_list(kind, "material_name", "exempt", "version__task_name")
    for code, name, exempt, item in told.iterator(chunk_size=2000):
        pk = codes.get(code) if code else None if exempt else _by_name(names, name)
        if pk is not None:
            found[pk].add(item)
    return {row.pk: sorted(found[row.pk]) for row in rows}


def _by_name(names: dict[str, int], name: str) -> int | None:
    return names.get(name.strip(), names.get(plain(name)))
