"""What one change to many items is chosen from, and what came of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from django.db.models import QuerySet

from yichuang.catalogue.models import Item, ItemVersion
from yichuang.catalogue.models.item import DRAFT, RETIRED
from yichuang.catalogue.queries.items import Filters, catalogue, found
from yichuang.catalogue.queries.lists import list_rows, public_list
from yichuang.catalogue.queries.publishing import CONTENT
from yichuang.core.actor import Actor
from yichuang.core.models import Job, LogEvent

CHUNK = 500


def items_to_choose(actor: Actor, filters: Filters, public: str = "", most: int = 1000) -> list[Item]:
    """Items of the actor's division under the filters that are not retired, at most so many. public: code of a public list of items, in
    which they must stand now. Raises Refusal 404 for a list that is none. 2 queries, and 1 for a list."""
    codes = {cells[0] for _, cells in list_rows(public_list(public), actor.division)} if public else None
    rows: Iterable[Item]
    if filters.text:
        rows = (row for row in found(actor, filters, most) if row.state != RETIRED)
    else:
        rows = catalogue(actor, filters).exclude(state=RETIRED).order_by("code", "pk").iterator(CHUNK)
    return list(islice((row for row in rows if codes is None or row.code in codes), most))


def items_by_codes(actor: Actor, text: str) -> tuple[list[int], list[str]]:
    """Ids of the actor's division's items by codes as they were pasted (by line, space or comma), and the codes that are none's. 1 query."""
    codes = list(dict.fromkeys(code for code in re.split(r"[\s,，、;；]+", text) if code))
    held = dict(Item.objects.filter(division=actor.division, code__in=codes).values_list("code", "pk"))
    return [held[code] for code in codes if code in held], [code for code in codes if code not in held]


def drafts_made(job: Job) -> QuerySet[ItemVersion]:
    """Drafts that the work of a job wrote and that are drafts still, for paging by ("item__code", "id"). 2 queries, and the page's."""
    items = [int(pk) for pk in job.arguments["seen"]]
    rows = ItemVersion.objects.filter(state=DRAFT, item__division=job.division).select_related("item", "department")
    streams = [f"version:{pk}" for pk in rows.filter(item__in=items).values_list("pk", flat=True)]
    lines = LogEvent.objects.filter(stream__in=streams, kind__in=CONTENT, actor=job.by, occurred_at__gte=job.created_at)
    written = lines.filter(occurred_at__lte=job.finished_at) if job.finished_at else lines.none()
    return rows.filter(pk__in=[int(stream.partition(":")[2]) for stream in written.values_list("stream", flat=True)])


def bulk_jobs(actor: Actor, kind: str, most: int = 5) -> list[Job]:
    """One's own latest works, to be found again. 1 query."""
    return list(Job.objects.filter(kind=kind, by=actor.ref).defer("arguments", "rejected").order_by("-id")[:most])
