"""What a bench times inside one process: `python -m yichuang.site.bench.timed worklist|verify|recompute COUNT`."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yichuang.site.settings")
    import django

    django.setup()
    told: dict[str, Callable[[int], dict[str, Any]]] = {
        "worklist": worklist,
        "verify": verify,
        "recompute": recompute,
    }
    print(json.dumps(told[sys.argv[1]](int(sys.argv[2]))))  # noqa: T201 - the answer of this program


def worklist(times: int) -> dict[str, Any]:
    """The desk's list for a handler of one department, first page and a page nine tenths down: milliseconds of the
    whole answer in the server, and how many queries each took."""
    from django.db import connection
    from django.test import Client
    from django.utils import timezone

    from yichuang.cases import queries
    from yichuang.cases.models import Case
    from yichuang.core import paging
    from yichuang.identity.models import Account
    from yichuang.identity.queries import actor_of_account

    account = Account.objects.get(username="chengban")
    who = actor_of_account(account, timezone.localtime())
    department = int(min(who.scopes("handler")).partition(":")[2])
    rows = Case.objects.filter(department=department, open=True).order_by("sorted_on", "id")
    total = rows.count()
    place = rows[total * 9 // 10 : total * 9 // 10 + 2]
    pair = Case.objects.filter(pk__in=[row.pk for row in place])
    cursor = paging.page(pair, None, ("sorted_on", "id"), 1).next
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(account)
    addresses = {"first page": "/desk/?scope=department", "deep page": f"/desk/?scope=department&cursor={cursor}"}
    requests: dict[str, list[float]] = {}
    counts: dict[str, int] = {}
    for n in range(times + 3):
        for kind, address in addresses.items():
            asked = 0

            def count(execute: Callable[..., Any], *rest: Any) -> Any:
                nonlocal asked
                asked += 1
                return execute(*rest)

            begun = time.perf_counter()
            with connection.execute_wrapper(count):
                answer = client.get(address)
            taken = (time.perf_counter() - begun) * 1000
            if answer.status_code != 200 or b"610114-" not in answer.content:
                raise RuntimeError(f"{address} answered {answer.status_code}, or shows no case")
            if n >= 3:
                requests.setdefault(kind, []).append(taken)
            counts[kind] = asked
    alone: list[float] = []
    for _ in range(times):
        begun = time.perf_counter()
        found = queries.worklist(who, scope="department", cursor=str(cursor), size=20, on=timezone.localdate())
        alone.append((time.perf_counter() - begun) * 1000)
        if len(found) != 20 and total > 400:
            raise RuntimeError(f"{len(found)} rows, not 20")
    return {
        "open_cases_of_the_department": total,
        "queries": counts,
        "requests": requests | {"rows alone, deep": alone},
    }


def verify(_count: int) -> dict[str, Any]:
    from yichuang.core.verify import verify as prove

    begun, used = time.perf_counter(), time.process_time()
    told = prove()
    wall, used = time.perf_counter() - begun, time.process_time() - used
    if not told.clean:
        raise RuntimeError(f"the log does not verify: {told.faults[:3]}")
    return {"events": told.events, "streams": told.streams, "rows": told.rows, "seconds": wall, "cpu_seconds": used}


def recompute(_count: int) -> dict[str, Any]:
    """Tomorrow's next three working days become days of rest: every open case is computed anew, batch by batch."""
    from django.utils import timezone

    from yichuang.cases import commands
    from yichuang.cases.models import Case
    from yichuang.core import calendar
    from yichuang.core.actor import system

    now = timezone.localtime()
    rest: list[dict[str, str]] = []
    day = now.date()
    while len(rest) < 3:
        day += timedelta(days=1)
        if calendar.current().is_working(day):
            rest.append({"date": day.isoformat(), "name": "演示", "kind": "holiday"})
    due = dict(Case.objects.filter(open=True).values_list("pk", "due_on")[:1000])
    by = system("bench", "610114")
    calendar.import_year(rest, by=by, at=now, source="演示通知")
    batches: list[float] = []
    begun = last = time.perf_counter()

    def advance(_done: int) -> None:
        nonlocal last
        batches.append((time.perf_counter() - last) * 1000)
        last = time.perf_counter()

    moved = commands.recompute("610114", by=by, at=now, advance=advance)
    seconds = time.perf_counter() - begun
    again = commands.recompute("610114", by=by, at=now)
    stayed = sum(Case.objects.get(pk=pk).due_on == was for pk, was in list(due.items())[:50])
    if again or stayed:
        raise RuntimeError(f"{stayed} due dates did not move, {again} moved twice")
    return {"moved": moved, "seconds": seconds, "requests": {"batch": batches}}


if __name__ == "__main__":
    main()
