"""`yichuang bench apply`: a citizen's whole submission through the pages, alone and side by side."""

from __future__ import annotations

from typing import Any

import psycopg

from yichuang.site.bench.running import plans, play, running, summary
from yichuang.site.bench.world import databases, item_plan, server


def bench(*, submissions: int, clients: int, workers: int, threads: int | None = None) -> dict[str, Any]:
    """{"alone_p50_ms", "submissions_per_second", ...}: all requests of one submission (eight fields, two files, every
    page between them), first with one client, then with so many. A submission counts when the database holds its case."""
    with databases(server(), "apply", citizens=clients) as (url,):
        plan = item_plan(url)
        with running(url, workers=workers, threads=threads) as site:
            play(site, plans(plan, clients, clients, play="application"))  # warm
            before = cases(url)
            alone = play(site, plans(plan, max(1, submissions // 4), 1, play="application"))
            together = play(site, plans(plan, submissions, clients, play="application"))
            held = cases(url) - before
    seen = alone.done.get("submissions", 0) + together.done.get("submissions", 0)
    if held != seen:
        raise RuntimeError(f"the database holds {held}, the clients saw {seen}: {(alone.errors + together.errors)[:1]}")
    one, many = summary(alone.whole), summary(together.whole)
    return {
        "submissions": seen,
        "clients": clients,
        "web_processes": workers,
        "alone_p50_ms": one["median_ms"],
        "alone_p95_ms": one["p95_ms"],
        "together_p50_ms": many["median_ms"],
        "together_p95_ms": many["p95_ms"],
        "submissions_per_second": together.per_second("submissions"),
        "requests_per_submission": round(together.requests / max(1, together.done.get("submissions", 0)), 1),
        **together.told(),
        "errors": len(alone.errors) + len(together.errors),
    }


def cases(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM cases_case WHERE state = 'received'").fetchone()
    return int(row[0]) if row else 0
