"""`yichuang bench lifecycle`: whole cases per second through the verbs, beside the same SQL by hand."""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from yichuang.site.bench.world import databases, server, start


def bench(*, cases: int, processes: int) -> dict[str, Any]:
    """{"cases_per_second", "floor_cases_per_second", "ratio", "statements_per_case", "verbs": {verb: {median_ms, p95_ms, n}}}.

    ratio: time of the verbs / time of the same statements with bare psycopg, same number of processes (target: <= 2).
    """
    each = max(1, cases // processes)
    with (
        databases(server(), "verbs", "capture", "floor") as (verbs_url, capture_url, floor_url),
        tempfile.TemporaryDirectory() as folder,
    ):
        told, seconds = _together([(verbs_url, "story", str(each))] * processes)
        captured, _ = _together([(capture_url, "story", str(each), "--capture")] * processes)
        files = []
        for n, answer in enumerate(captured):
            file = Path(folder) / f"{n}.json"
            file.write_text(
                json.dumps({"prelude": answer["prelude"], "transactions": answer["transactions"]}), encoding="utf-8"
            )
            files.append(file)
        floors, _ = _together([(floor_url, "floor", str(file), floor_url) for file in files])
    slowest, floor = max(t["seconds"] for t in told), max(f["seconds"] for f in floors)
    total = each * processes
    times: dict[str, list[float]] = {}
    for answer in told:
        for verb, taken in answer["verbs"].items():
            times.setdefault(verb, []).extend(taken)
    return {
        "cases": total,
        "processes": processes,
        "wall_seconds": round(seconds, 2),
        "cases_per_second": round(total / slowest, 1),
        "floor_cases_per_second": round(total / floor, 1),
        "ratio": round(slowest / floor, 2),
        "statements_per_case": round(
            sum(len(t) for a in captured for t in a["transactions"][a["prelude"] :]) / total, 1
        ),
        "verbs": {verb: summary(taken) for verb, taken in times.items()},
    }


def summary(taken: list[float]) -> dict[str, float]:
    """Median and 95th percentile, in milliseconds, and how many."""
    p95 = quantiles(taken, n=20)[-1] if len(taken) > 1 else taken[0]
    return {"median_ms": round(median(taken), 2), "p95_ms": round(p95, 2), "n": len(taken)}


def _together(programs: list[tuple[str, ...]]) -> tuple[list[dict[str, Any]], float]:
    """Run the programs side by side; their JSON answers, and the seconds until the last was done."""
    begun = time.perf_counter()
    running = [start(url, what, *rest) for url, what, *rest in programs]
    answers = [program.communicate()[0] for program in running]
    if any(program.returncode for program in running):
        raise RuntimeError("a process of the bench failed")
    return [json.loads(answer.strip().splitlines()[-1]) for answer in answers], time.perf_counter() - begun
