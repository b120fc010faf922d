"""Keeping the search index true, in the transaction of the verb that changes what is found.

Why an index in tables and not in the process: a process of the web holds nothing to build or to keep in step with others, an item
that is published is found at once by all of them, and memory does not grow with a province's list. Why not the database's own
full text: SQLite's and PostgreSQL's rank differently and neither knows Chinese, sounds or initials. Measured on 2 cores,
SQLite: see `queries.search`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db import connection

from yichuang.catalogue.models import Item, Posting
from yichuang.catalogue.models.item import PUBLISHED
from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules import words

BATCH = 200


def put(entries: Sequence[tuple[Item, shape.Content]], *, new: bool = False) -> None:
    """Index the items anew under these contents, with the state they have now. new: none of them was indexed before."""
    _wait_for_turn()
    total: Counter[str] = Counter()
    published: Counter[str] = Counter()
    if not new:
        _take_out([item for item, _ in entries], total, published)
    rows: list[tuple[int, str, int, int]] = []
    for item, content in entries:
        scope = int(item.state == PUBLISHED)
        weights = words.weigh(content)
        rows += [(item.pk, term, scope, weight) for term, weight in weights.items()]
        total.update(weights.keys())
        total[""] += 1
        if scope:
            published.update(weights.keys())
            published[""] += 1
    rows.sort(key=lambda row: row[1])  # the index is by term: neighbours are written together
    _write(rows)
    _count(total, published)


def _wait_for_turn() -> None:
    """One writer of the index at a time, until its transaction ends: the counts of common terms are rows that every verb
    changes, and two verbs would wait for each other in a circle. Whoever comes here has locked its items before."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('catalogue.index'))")


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
    """Add to the counts."""
    _insert(
        "catalogue_term",
        ("text", "published", "total"),
        sorted((term, published[term], n) for term, n in total.items() if n or published[term]),
        " ON CONFLICT (text) DO UPDATE SET published = catalogue_term.published + excluded.published,"
        " total = catalogue_term.total + excluded.total",
    )


def _write(rows: Sequence[tuple[int, str, int, int]]) -> None:
    """Hundreds of postings an item: PostgreSQL copies them in as one stream, SQLite takes many rows per statement."""
    columns = ("item_id", "term", "scope", "weight")
    if connection.vendor != "postgresql":
        _insert("catalogue_posting", columns, rows)
        return
    lines = "".join([f"{item}\t{_plain(term)}\t{scope}\t{weight}\n" for item, term, scope, weight in rows])
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY catalogue_posting ({', '.join(columns)}) FROM STDIN") as copy,
    ):
        copy.write(lines)


def _plain(term: str) -> str:
    """As COPY reads it."""
    if term.isalnum():
        return term
    return term.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _insert(table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]], tail: str = "") -> None:
    """Plain values, many rows per statement: building model objects would cost more than writing them."""
    head = f"INSERT INTO {table} ({', '.join(columns)}) VALUES "  # noqa: S608 - names of this module
    with connection.cursor() as cursor:
        for start in range(0, len(rows), BATCH):
            part = rows[start : start + BATCH]
            places = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * len(part))
            cursor.execute(head + places + tail, [value for row in part for value in row])
