"""Keeping the search index true, in the transaction of the verb that changes what is found.

Why an index in tables and not in the process: a process of the web holds nothing to build or to keep in step with others, an item
that is published is found at once by all of them, and memory does not grow with a province's list. Why not the database's own
full text: SQLite's and PostgreSQL's rank differently and neither knows Chinese, sounds or initials. Measured on 2 cores,
SQLite: see `queries.search`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.db import connection

from yichuang.catalogue.models import Item, Posting
from yichuang.catalogue.models.item import PUBLISHED
from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules import words

BATCH = 300


def put(entries: Sequence[tuple[Item, shape.Content]], *, new: bool = False) -> None:
    """Index the items anew under these contents, with the state they have now. new: none of them was indexed before."""
    total: Counter[str] = Counter()
    published: Counter[str] = Counter()
    if not new:
        _take_out([item for item, _ in entries], total, published)
    rows = []
    for item, content in entries:
        scope = int(item.state == PUBLISHED)
        weights = words.weigh(content)
        rows += [Posting(item=item, term=term, scope=scope, weight=weight) for term, weight in weights.items()]
        total.update(weights.keys())
        total[""] += 1
        if scope:
            published.update(weights.keys())
            published[""] += 1
    Posting.objects.bulk_create(rows, batch_size=5000)
    _count(total, published)


def _take_out(items: list[Item], total: Counter[str], published: Counter[str]) -> None:
    held = Posting.objects.filter(item__in=items)
    seen = set()
    for item_id, term, scope in held.values_list("item_id", "term", "scope"):
        total[term] -= 1
        published[term] -= scope
        if item_id not in seen:
            seen.add(item_id)
            total[""] -= 1
            published[""] -= scope
    held.delete()


def _count(total: Counter[str], published: Counter[str]) -> None:
    """Add to the counts; terms in one order, so that two verbs at once never wait for each other in a circle."""
    changed = sorted((term, published[term], n) for term, n in total.items() if n or published[term])
    with connection.cursor() as cursor:
        for start in range(0, len(changed), BATCH):
            part = changed[start : start + BATCH]
            cursor.execute(
                "INSERT INTO catalogue_term (text, published, total) VALUES "  # noqa: S608 - placeholders only
                + ", ".join(["(%s, %s, %s)"] * len(part))
                + " ON CONFLICT (text) DO UPDATE SET published = catalogue_term.published + excluded.published,"
                " total = catalogue_term.total + excluded.total",
                [value for row in part for value in row],
            )
