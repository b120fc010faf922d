"""The platform as it runs in production, for a bench: `yichuang serve` with its worker on a database of its own, and
clients beside it. What each of them took of the CPU is read from /proc."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import psycopg

HOST = "127.0.0.1"
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Running:
    """A server that answers. `cpu()`: seconds by now of web, worker and the database's backends."""

    url: str
    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def cpu(self) -> dict[str, float]:
        found = {"web": 0.0, "worker": 0.0, "database": 0.0}
        for pid in family(self.process.pid):
            with suppress(OSError):
                words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
                found["worker" if b"work" in words else "web"] += seconds(pid)
        with psycopg.connect(self.url) as connection:
            rows = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ).fetchall()
        for (pid,) in rows:
            with suppress(OSError):  # a server on another machine
                found["database"] += seconds(pid)
        return found

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def memory_mib(self) -> float:
        """What web and worker hold, shared pages counted once for each share (PSS), MiB."""
        total = 0
        for pid in family(self.process.pid):
            with suppress(OSError):
                for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                    if line.startswith("Pss:"):
                        total += int(line.split()[1])
        return round(total / 1024, 1)


@contextmanager
def running(url: str, *, workers: int = 2, threads: int | None = None, worker: bool = True) -> Iterator[Running]:
    """Start it in production's settings in a folder of its own, wait until it answers, stop it."""
    with tempfile.TemporaryDirectory(prefix="yichuang-bench-") as folder:
        port = free_port()
        environment = production(url, folder, port)
        log = Path(folder) / "serve.log"
        cli = [sys.executable, "-m", "yichuang.site.cli"]
        with log.open("wb") as out:
            subprocess.run([*cli, "collectstatic", "--noinput"], env=environment, stdout=out, stderr=out, check=True)  # noqa: S603 - our own program
            command = [*cli, "serve", "--host", HOST, "--port", str(port), "--workers", str(workers)]
            command += ["--threads", str(threads)] if threads else []
            command += [] if worker else ["--no-worker"]
            process = subprocess.Popen(command, env=environment, stdout=out, stderr=out)  # noqa: S603 - our own program
        try:
            wait(process, port, "/readyz" if worker else "/healthz", log)
            yield Running(url, port, process, log)
        finally:
            Running(url, port, process, log).stop()


def production(url: str, folder: str, port: int) -> dict[str, str]:
    """The environment of a production installation behind one proxy. Staff sign in without their second factor."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("YICHUANG_", "PROMETHEUS_"))}
    return {
        **kept,
        "YICHUANG_ENV": "production",
        "YICHUANG_DATABASE_URL": url,
        "YICHUANG_DATA_DIR": folder,
        "YICHUANG_SECRET_KEY": secrets.token_hex(32),
        "YICHUANG_BASE_URL": f"http://{HOST}:{port}",
        "YICHUANG_PROXIES": "1",
        "YICHUANG_STAFF_MFA": "false",
    }


def wait(process: subprocess.Popen[bytes], port: int, path: str, log: Path, limit: float = 120) -> float:
    """Seconds until `path` answers 200. Raises RuntimeError with the end of the log when it does not."""
    begun = time.perf_counter()
    while time.perf_counter() - begun < limit and process.poll() is None:
        with suppress(OSError, HTTPException):
            if get(port, path)[0] == 200:
                return time.perf_counter() - begun
        time.sleep(0.05)
    raise RuntimeError(f"the server does not answer:\n{log.read_text(errors='replace')[-3000:]}")


def get(port: int, path: str) -> tuple[int, bytes]:
    """Status and body. Raises OSError or HTTPException."""
    with closing(HTTPConnection(HOST, port, timeout=30)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def family(pid: int) -> list[int]:
    """A process and all that it started."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                parents.setdefault(int(stat(int(entry.name))[1]), []).append(int(entry.name))
    found = [pid]
    for one in found:
        found += parents.get(one, [])
    return found


def stat(pid: int) -> list[str]:
    """/proc/PID/stat from the state on: what stands after the name, which may hold anything."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def seconds(pid: int) -> float:
    told = stat(pid)
    return (int(told[11]) + int(told[12])) / TICK


@dataclass
class Played:
    """What clients told together. times: milliseconds of each request by kind; whole: of all requests of one thing."""

    done: dict[str, int]
    errors: list[str]
    seconds: float
    times: dict[str, list[float]]
    cpu: dict[str, float]
    whole: list[float]

    @property
    def requests(self) -> int:
        return sum(map(len, self.times.values()))

    def per_second(self, what: str) -> float:
        return round(self.done.get(what, 0) / self.seconds, 2)

    def told(self) -> dict[str, Any]:
        """How they went, in the shape of every bench: CPU shares of one core's time, times by kind of request."""
        every = [one for taken in self.times.values() for one in taken]
        total = sum(self.cpu.values()) or 1.0
        return {
            "seconds": round(self.seconds, 2),
            "requests_total": self.requests,
            "requests_per_second": round(self.requests / self.seconds, 1),
            "errors": len(self.errors),
            "first_error": self.errors[0] if self.errors else "",
            "cpu_cores_used": round(total / self.seconds, 2),
            "cpu_ms_per_request": round(1000 * total / max(1, self.requests), 2),
            **{f"cpu_share_{name}": round(used / total, 3) for name, used in self.cpu.items()},
            "requests": {
                "all": summary(every),
                **{kind: summary(taken) for kind, taken in self.times.items()},
            },
        }


def play(site: Running, plans: Sequence[dict[str, Any]]) -> Played:
    """Clients side by side, one process each; the clock runs from the moment when all have signed in."""
    clients = [
        subprocess.Popen(
            [sys.executable, "-m", "yichuang.site.bench.visitor"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in plans
    ]
    try:
        for client, plan in zip(clients, plans, strict=True):
            say(client, json.dumps({"host": HOST, "port": site.port, **plan}))
        for client in clients:
            hear(client)
        before, begun = site.cpu(), time.perf_counter()
        for client in clients:
            say(client, "go")
        told = [json.loads(hear(client)) for client in clients]
        wall, after = time.perf_counter() - begun, site.cpu()
    finally:
        for client in clients:
            client.kill()
            client.communicate()
    times: dict[str, list[float]] = {}
    done: dict[str, int] = {}
    for one in told:
        for kind, taken in one["times"].items():
            times.setdefault(kind, []).extend(taken)
        for what, count in one["done"].items():
            done[what] = done.get(what, 0) + count
    cpu = {name: after[name] - before[name] for name in after} | {"clients": sum(one["cpu"] for one in told)}
    return Played(
        done, [e for one in told for e in one["errors"]], wall, times, cpu, [ms for one in told for ms in one["whole"]]
    )


def say(client: subprocess.Popen[str], line: str) -> None:
    assert client.stdin is not None
    client.stdin.write(line + "\n")
    client.stdin.flush()


def hear(client: subprocess.Popen[str]) -> str:
    assert client.stdout is not None
    line = client.stdout.readline()
    if not line:
        raise RuntimeError("a client of the bench ended before its time")
    return line


def summary(taken: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile, in milliseconds, and how many."""
    p95 = quantiles(taken, n=20)[-1] if len(taken) > 1 else taken[0]
    return {"median_ms": round(median(taken), 2), "p95_ms": round(p95, 2), "n": len(taken)}


def plans(
    told: dict[str, Any], count: int, clients: int, *, visitors: bool = False, **more: Any
) -> list[dict[str, Any]]:
    """`count` of a play shared out over clients, each a citizen of its own at an address of its own (visitors: without
    signing in)."""
    each = [count // clients + (n < count % clients) for n in range(clients)]
    return [
        {
            **told,
            **more,
            "count": share,
            "index": n,
            "citizen": "" if visitors else f"bench-{n}",
            "address": f"198.51.100.{n + 1}",
        }
        for n, share in enumerate(each)
        if share
    ]


def encoded(picture: bytes) -> str:
    return b64encode(picture).decode()
