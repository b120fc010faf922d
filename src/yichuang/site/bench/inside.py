"""`yichuang bench worklist`, `verify`, `recompute`, `start`: each fills a database of its own and times one thing."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from yichuang.site.bench.running import Running, free_port, get, production, running, summary, wait
from yichuang.site.bench.world import child, databases, server, start


def worklist(*, cases: int, times: int) -> dict[str, Any]:
    """First and deep page of the list of one department among so many cases."""
    with databases(server(), "worklist") as (url,):
        return worklist_of(url, cases=cases, times=times)


def worklist_of(url: str, *, cases: int, times: int) -> dict[str, Any]:
    made = _told(child(url, "many", "cases", str(cases)))
    told = _told(child(url, "timed", "worklist", str(times)))
    counts = {f"queries, {kind}": count for kind, count in told.pop("queries").items()}
    return {"cases": made["count"], **_summed(told), **counts}


def verify(*, events: int, cases: int) -> dict[str, Any]:
    """Replay and verify: chained events, and whole cases beside their rows."""
    with databases(server(), "verify") as (url,):
        return verify_of(url, events=events, cases=cases)


def verify_of(url: str, *, events: int, cases: int) -> dict[str, Any]:
    played = start(url, "story", str(max(1, cases)))
    played.communicate()
    if played.returncode:
        raise RuntimeError("the cases were not played")
    child(url, "many", "events", str(events))
    told = _told(child(url, "timed", "verify", "1"))
    rates = {"events_per_second": round(told["events"] / told["seconds"])}
    return {**told, "seconds": round(told["seconds"], 2), "cpu_seconds": round(told["cpu_seconds"], 2), **rates}


def recompute(*, cases: int) -> dict[str, Any]:
    """A new holiday notice over so many open cases."""
    with databases(server(), "recompute") as (url,):
        return recompute_of(url, cases=cases)


def recompute_of(url: str, *, cases: int) -> dict[str, Any]:
    made = _told(child(url, "many", "open", str(cases)))
    told = _told(child(url, "timed", "recompute", "1"))
    rate = round(told["moved"] / told["seconds"])
    return {"open_cases": made["count"], **_summed(told), "cases_per_second": rate}


def begin(*, workers: int) -> dict[str, Any]:
    """The demo from an empty database to its first page; a cold start of the server; what web and worker hold idle."""
    found = server()
    with databases(found, "cold") as (url,):
        begun = time.perf_counter()
        with tempfile.TemporaryDirectory(prefix="yichuang-bench-") as folder:
            cold = first_page(url, folder, workers)
        with running(url, workers=workers) as site:
            time.sleep(5)
            memory = site.memory_mib()
        name = f"{url.rpartition('/')[2]}_demo"
        found.run("CREATE DATABASE {}", name)
        try:
            with tempfile.TemporaryDirectory(prefix="yichuang-bench-") as folder:
                begun = time.perf_counter()
                port = free_port()
                environment = production(found.database(name), folder, port) | {"YICHUANG_ENV": "development"}
                for command in (["migrate", "--verbosity", "0"], ["demo", "load"]):
                    subprocess.run(  # noqa: S603 - our own program
                        [sys.executable, "-m", "yichuang.site.cli", *command],
                        env=environment,
                        check=True,
                        capture_output=True,
                    )
                loaded = time.perf_counter() - begun
                page = first_page(found.database(name), folder, workers)
        finally:
            found.run("DROP DATABASE {} WITH (FORCE)", name)
    return {
        "demo_loaded_seconds": round(loaded, 2),
        "demo_first_page_seconds": round(loaded + page, 2),
        "cold_start_seconds": round(cold, 2),
        "idle_memory_mib": memory,
        "web_processes": workers,
    }


def first_page(url: str, folder: str, workers: int) -> float:
    """Seconds from the start of `yichuang serve` until the home page is whole."""
    port, log = free_port(), Path(folder) / "serve.log"
    environment = production(url, folder, port) | {"YICHUANG_ENV": "development"}
    with log.open("wb") as out:
        begun = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "yichuang.site.cli", "serve", "--port", str(port), "--workers", str(workers)],
            env=environment,
            stdout=out,
            stderr=out,
        )
        try:
            wait(process, port, "/healthz", log)
            if b"</html>" not in get(port, "/")[1]:
                raise RuntimeError("the home page is not whole")
            return time.perf_counter() - begun
        finally:
            Running(url, port, process, log).stop()


def _told(printed: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(printed.strip().splitlines()[-1])
    return found


def _summed(told: dict[str, Any]) -> dict[str, Any]:
    """Times as median and 95th percentile."""
    times = {kind: summary(taken) for kind, taken in told["requests"].items()}
    rounded = {name: round(value, 2) if isinstance(value, float) else value for name, value in told.items()}
    return {**rounded, "requests": times}
