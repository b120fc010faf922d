"""Bulk for a bench, as a program: `python -m yichuang.site.bench.many items|cases|open|events COUNT`.

items: published through the catalogue's own commands, the district's contents under other names. cases, open: some
real cases played through the verbs, then copied by the database under other numbers (their logs are not copied: what is
measured on them reads rows, or appends). events: chained events in streams of twenty.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from itertools import cycle
from typing import Any

REAL = 60
"""Cases that are really played, over as many days."""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yichuang.site.settings")
    import django

    django.setup()
    what, count = sys.argv[1], int(sys.argv[2])
    made: dict[str, Any] = {"items": items, "cases": cases, "open": open_cases, "events": events}[what](count)
    print(json.dumps(made))  # noqa: T201 - the answer of this program


def items(count: int) -> dict[str, Any]:
    from django.utils import timezone

    from yichuang.catalogue import commands as catalogue
    from yichuang.catalogue.models import Item
    from yichuang.core.actor import system
    from yichuang.identity.models import Department
    from yichuang.site.demo import district

    by, at = system("bench", district.contents()["division"]), timezone.localtime()
    departments = {d.name: d for d in Department.objects.filter(division=by.division)}
    contents = cycle(list(district.items(departments, whole=True)))
    lacking = max(0, count - Item.objects.filter(state="published").count())
    report = catalogue.import_items((_other(next(contents), n) for n in range(lacking)), by=by, at=at)
    if report.rejected:
        raise ValueError(f"the bench's items cannot be published: {report.rejected[:3]}")
    rows = list(Item.objects.filter(state="published").order_by("pk").values_list("pk", "name"))
    return {"count": len(rows), "items": rows}


def _other(content: dict[str, Any], n: int) -> dict[str, Any]:
    """The same item under another name and code, with nothing that names a code of the first."""
    return {
        **content,
        "task_name": f"{content['task_name']}（{n}）",
        "local_task_code": f"{content['local_task_code']}-{n}",
        "task_code": "",
        "task_handle_item": "",
        "merged_into": "",
        "handlings": [{**one, "task_handle_item": ""} for one in content.get("handlings") or []],
    }


def cases(count: int) -> dict[str, Any]:
    """Cases in every state, due around today, in many places; a third of them open."""
    from django.utils import timezone

    from yichuang.site.demo import life

    life.play(timezone.localtime(), count=REAL, days=REAL)
    return {"count": _copied(count)}


def open_cases(count: int) -> dict[str, Any]:
    """Cases that were submitted, half of them accepted, today: their periods lie before them."""
    from django.utils import timezone

    from yichuang.cases import commands
    from yichuang.cases.models import Case
    from yichuang.identity import queries as people
    from yichuang.identity.models import Account
    from yichuang.site.bench.story import submitted

    now = timezone.localtime()
    clerk = people.actor_of_account(Account.objects.get(username="chuangkou"), now)
    for n in range(8):
        number = submitted(now - timedelta(hours=1))
        if n % 2:
            commands.accept(number, by=clerk, at=now)
    _copied(count)
    return {"count": Case.objects.filter(open=True).count()}


def _copied(count: int) -> int:
    """Copies of the cases that are there until there are `count`. Dates of lists are spread, so that pages differ."""
    from django.db import connection

    from yichuang.cases.models import Case

    there = Case.objects.count()
    columns = [f.column for f in Case._meta.concrete_fields if not f.primary_key]
    other = {
        "number": "'610114-B' || lpad(n::text, 9, '0') || '-' || lpad(c.id::text, 4, '0')",
        "submission_key": "''",
        "received_at": "c.received_at - make_interval(secs => n)",
        "sorted_on": "least(c.sorted_on + mod(n, 90), date '9999-12-31')",
    }
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(other.get(name, f'c."{name}"') for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO cases_case ({names}) SELECT {values} FROM cases_case c, generate_series(1, %s) n "  # noqa: S608 - our own columns
            "WHERE c.id <= %s LIMIT %s",
            [
                -(-count // max(1, there)),
                Case.objects.order_by("-pk").values_list("pk", flat=True)[0],
                max(0, count - there),
            ],
        )
        cursor.execute("ANALYZE cases_case")
    return Case.objects.count()


def events(count: int) -> dict[str, Any]:
    from django.db import connection
    from django.utils import timezone

    from yichuang.core.events import ALGORITHM, canonical, link, moment

    at = timezone.now()
    when, data = moment(at), canonical({"page": "bench", "about": "case:610114-20261124-000001-7", "why": "演示"})
    copy = (
        "COPY core_logevent (stream, seq, kind, division, actor, actor_name, data, occurred_at, recorded_at, algorithm, digest) "
        "FROM STDIN"
    )
    with connection.cursor() as cursor, cursor.copy(copy) as lines:
        previous = ""
        for n in range(count):
            stream, seq = f"bench:{n // 20}", n % 20 + 1
            previous = "" if seq == 1 else previous
            previous = link(previous, stream, seq, "bench.noted", "staff:1", when, when, data)
            lines.write_row(
                (stream, seq, "bench.noted", "610114", "staff:1", "演示", data, at, at, ALGORITHM, previous)
            )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE core_logevent")
    return {"count": count}


if __name__ == "__main__":
    main()
