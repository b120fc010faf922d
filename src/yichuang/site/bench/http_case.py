"""`yichuang bench http-case`: whole cases and ratings per second through HTTP, beside the same SQL by hand."""

from __future__ import annotations

from typing import Any

import psycopg

from yichuang.site.bench.lifecycle import floor
from yichuang.site.bench.running import Running, plans, play, running
from yichuang.site.bench.world import child, databases, item_plan, server


def bench(
    *, cases: int, clients: int, workers: int, threads: int | None = None, by_hand: bool = True
) -> dict[str, Any]:
    """{"cases_per_second", "reviews_per_second", "requests_per_case", "errors", "cpu_share_...", "requests": {...}}.

    A case counts when its client saw it from the draft to `closed` and the database holds it so; a review when its row
    is there. ratio: time per case / time of the lifecycle's captured statements with bare psycopg.
    """
    with databases(server(), "http", "capture", "floor", citizens=clients) as (url, capture_url, floor_url):
        told = measured(url, cases=cases, clients=clients, workers=workers, threads=threads)
        if not by_hand:
            return told
        rate = floor(capture_url, floor_url, cases=min(cases, 100), processes=4)[0]
    return {"floor_cases_per_second": round(rate, 1), "ratio": round(rate / told["cases_per_second"], 2), **told}


def measured(url: str, *, cases: int, clients: int, workers: int, threads: int | None = None) -> dict[str, Any]:
    """The same without the floor, on a seeded database with so many citizens. Raises RuntimeError when the database does
    not hold what the clients saw, and when its log does not verify afterwards."""
    plan = item_plan(url)
    with running(url, workers=workers, threads=threads) as site:
        play(site, plans(plan, clients, clients, play="case"))  # warm: every process has met every page
        before = counted(url)
        played = play(site, plans(plan, cases, clients, play="case"))
        after = counted(url)
        waiting = undelivered(site)
    child(url, "proof")
    done = {what: after[what] - before[what] for what in after}
    if done["cases"] != played.done.get("cases", 0) or done["reviews"] != played.done.get("reviews", 0):
        raise RuntimeError(f"the database holds {done}, the clients saw {played.done}: {played.errors[:1]}")
    return {
        "cases": done["cases"],
        "reviews": done["reviews"],
        "clients": clients,
        "web_processes": workers,
        "cases_per_second": played.per_second("cases"),
        "reviews_per_second": played.per_second("reviews"),
        "requests_per_case": round(played.requests / max(1, done["cases"]), 1),
        "cpu_ms_per_case": round(1000 * sum(played.cpu.values()) / max(1, done["cases"]), 1),
        "messages_waiting_at_the_end": waiting,
        **played.told(),
    }


def counted(url: str) -> dict[str, int]:
    """Cases that are closed with their decision delivered and their licence issued, and reviews."""
    with psycopg.connect(url) as connection:
        cases = connection.execute(
            "SELECT count(*) FROM cases_case WHERE state = 'closed' AND delivered_at IS NOT NULL AND licence_id IS NOT NULL"
        ).fetchone()
        reviews = connection.execute("SELECT count(*) FROM reviews_review").fetchone()
    assert cases is not None  # count(*) has a row
    assert reviews is not None
    return {"cases": cases[0], "reviews": reviews[0]}


def undelivered(site: Running) -> int:
    """Messages that the worker still has before it: its part of the load is not over yet."""
    with psycopg.connect(site.url) as connection:
        row = connection.execute("SELECT count(*) FROM core_message WHERE state = 'pending'").fetchone()
    return int(row[0]) if row else 0
