"""`yichuang bench lifecycle`: whole cases per second through the verbs, beside the same SQL by hand."""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from typing import Any

from yichuang.site.bench.running import summary
from yichuang.site.bench.world import databases, server, start


def bench(*, cases: int, processes: int) -> dict[str, Any]:
    """{"cases_per_second", "floor_cases_per_second", "ratio", "statements_per_case", "verbs": {verb: {median_ms, p95_ms, n}}}.

    ratio: time of the verbs / time of the same statements with bare psycopg, same number of processes (target: <= 2).
    """
    each = max(1, cases // processes)
    with databases(server(), "verbs", "capture", "floor") as (verbs_url, capture_url, floor_url):
        told, seconds = _together([(verbs_url, "story", str(each))] * processes)
        total = each * processes
        by_hand, statements = floor(capture_url, floor_url, cases=total, processes=processes)
    slowest = max(t["seconds"] for t in told)
    times: dict[str, list[float]] = {}
    for answer in told:
        for verb, taken in answer["verbs"].items():
            times.setdefault(verb, []).extend(taken)
    return {
        "cases": total,
        "processes": processes,
        "wall_seconds": round(seconds, 2),
        "cases_per_second": round(total / slowest, 1),
        "floor_cases_per_second": round(by_hand, 1),
        "ratio": round(slowest / (total / by_hand), 2),
        "statements_per_case": statements,
        "verbs": {verb: summary(taken) for verb, taken in times.items()},
    }


def floor(capture_url: str, floor_url: str, *, cases: int, processes: int) -> tuple[float, float]:
    """Cases per second of the statements that the verbs send, sent by hand; statements of one case.

    The two databases hold the same; each process captures its own cases and sends them again.
    """
    each = max(1, cases // processes)
    captured, _ = _together([(capture_url, "story", str(each), "--capture")] * processes)
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for n, answer in enumerate(captured):
            file = Path(folder) / f"{n}.json"
            file.write_text(
                json.dumps({"prelude": answer["prelude"], "transactions": answer["transactions"]}), encoding="utf-8"
            )
            files.append(file)
        floors, _ = _together([(floor_url, "floor", str(file), floor_url) for file in files])
    total = each * processes
    statements = sum(len(t) for a in captured for t in a["transactions"][a["prelude"] :]) / total
    return total / max(f["seconds"] for f in floors), round(statements, 1)


def _together(programs: list[tuple[str, ...]]) -> tuple[list[dict[str, Any]], float]:
    """Run the programs side by side; their JSON answers, and the seconds until the last was done."""
    begun = time.perf_counter()
    running = [start(url, what, *rest) for url, what, *rest in programs]
    answers = [program.communicate()[0] for program in running]
    if any(program.returncode for program in running):
        raise RuntimeError("a process of the bench failed")
    return [json.loads(answer.strip().splitlines()[-1]) for answer in answers], time.perf_counter() - begun
