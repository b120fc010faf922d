"""What one change to many items is chosen from, and what came of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.db.models import QuerySet

from yichuang.catalogue.models import Item, ItemVersion
from yichuang.catalogue.models.item import DRAFT, RETIRED
from yichuang.catalogue.queries.items import Filters, catalogue, found
from yichuang.catalogue.queries.lists import list_rows, public_list
from yichuang.core.actor import Actor


def items_to_choose(actor: Actor, filters: Filters, public: str = "", most: int = 1000) -> list[Item]:
    """Items of the actor's division under the filters that are not retired, at most so many. public: code of a public list of items, in
    which they must stand now. Raises Refusal 404 for a list that is none. 2 queries, and 1 for a list."""
    codes = {cells[0] for _, cells in list_rows(public_list(public), actor.division)} if public else None
    rows = found(actor, filters, most) if filters.text else catalogue(actor, filters).order_by("code", "pk")
    rows = rows if codes is not None or isinstance(rows, list) else rows.exclude(state=RETIRED)[:most]
    chosen = [row for row in rows if row.state != RETIRED and (codes is None or row.code in codes)]
    return chosen[:most]


def items_by_codes(actor: Actor, text: str) -> tuple[list[int], list[str]]:
    """Ids of the actor's division's items by codes as they were pasted (by line, space or comma), and the codes that are none's. 1 query."""
    codes = list(dict.fromkeys(code for code in re.split(r"[\s,，、;；]+", text) if code))
    held = dict(Item.objects.filter(division=actor.division, code__in=codes).values_list("code", "pk"))
    return [held[code] for code in codes if code in held], [code for code in codes if code not in held]


def drafts_made(actor: Actor, items: Sequence[int], left: Sequence[str]) -> QuerySet[ItemVersion]:
    """Drafts of these items without those whose codes were left out, for paging by ("item__code", "id")."""
    rows = ItemVersion.objects.filter(item__in=items, state=DRAFT, item__division=actor.division)
    return rows.exclude(item__code__in=left).select_related("item", "department")
