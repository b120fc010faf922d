"""`yichuang serve` and `yichuang work` as processes: start, answer, stop, and never leave anything behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from django.db import connection

from yichuang.core.tests import processes

pytestmark = pytest.mark.django_db(transaction=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    def __init__(self, folder: Path, *options: str) -> None:
        self.port = free_port()
        self.out = folder / "serve.log"
        environment = {
            **os.environ,
            "YICHUANG_DATABASE_URL": processes.database_url(),
            "YICHUANG_DATA_DIR": str(folder / "data"),
            "YICHUANG_ENV": "development",
        }
        environment.pop("PROMETHEUS_MULTIPROC_DIR", None)
        with self.out.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "yichuang.site.cli", "serve", "--port", str(self.port), *options],
                env=environment,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        self.family: list[psutil.Process] = []

    def get(self, path: str) -> httpx.Response | None:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}{path}", timeout=10)
        except httpx.TransportError:
            return None

    def answers(self, path: str, status: int = 200) -> bool:
        assert self.process.poll() is None, self.out.read_text()
        answer = self.get(path)
        return answer is not None and answer.status_code == status

    def remember(self) -> None:
        self.family = psutil.Process(self.process.pid).children(recursive=True)

    def gone(self) -> bool:
        return not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in self.family)


@pytest.fixture
def server(tmp_path) -> Iterator[type[Server]]:
    started: list[Server] = []

    def start(*options: str) -> Server:
        started.append(Server(tmp_path, *options))
        return started[-1]

    yield start
    connection.close()
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
        one.process.wait()
        for left in one.family:
            if left.is_running():
                left.kill()


def test_it_starts_answers_counts_over_all_processes_and_stops_all(server):
    one = server("--workers", "2")
    processes.until(lambda: one.answers("/readyz"), 60)
    assert one.get("/").status_code == 200
    assert one.get("/static/core/yichuang.css").status_code == 200  # without collectstatic
    for _ in range(20):
        assert one.get("/robots.txt").status_code == 200
    one.remember()
    assert len(one.family) >= 3  # web, web and worker
    text = one.get("/metrics").text
    assert 'yichuang_requests_total{method="GET",route="robots.txt",status="200"} 20.0' in text
    assert "yichuang_workers 1.0" in text
    one.process.send_signal(signal.SIGINT)
    assert one.process.wait(40) == 0
    processes.until(one.gone)
    assert "Traceback" not in one.out.read_text()


def test_without_a_worker_it_is_not_ready(server):
    one = server("--no-worker")
    processes.until(lambda: one.answers("/healthz"), 60)
    assert one.get("/readyz").status_code == 503
    one.remember()
    one.process.send_signal(signal.SIGTERM)
    assert one.process.wait(40) == 0
    processes.until(one.gone)


def test_the_worker_is_started_again_when_it_dies_and_nothing_survives_a_killed_parent(server):
    one = server()
    processes.until(lambda: one.answers("/readyz"), 60)

    def workers() -> list[psutil.Process]:
        children = psutil.Process(one.process.pid).children()
        return [p for p in children if p.status() != psutil.STATUS_ZOMBIE and "work" in p.cmdline()]

    (first,) = workers()
    first.kill()
    processes.until(lambda: [p.pid for p in workers() if p.pid != first.pid] != [], 30)
    one.remember()
    one.process.kill()
    processes.until(one.gone, 60)


def test_a_port_that_is_taken_is_one_line(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        run = subprocess.run(
            [sys.executable, "-m", "yichuang.site.cli", "serve", "--port", str(other.getsockname()[1])],
            env={**os.environ, "YICHUANG_DATA_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert run.returncode == 1
    assert run.stdout == ""
    assert len(run.stderr.splitlines()) == 1
    assert "is taken" in run.stderr


@pytest.mark.parametrize("missing", ["YICHUANG_SECRET_KEY", "YICHUANG_DATABASE_URL", "YICHUANG_BASE_URL"])
def test_production_does_not_start_without_its_configuration(tmp_path, missing):
    environment = {
        **os.environ,
        "YICHUANG_ENV": "production",
        "YICHUANG_DATA_DIR": str(tmp_path),
        "YICHUANG_SECRET_KEY": "x" * 60,
        "YICHUANG_DATABASE_URL": f"sqlite:///{tmp_path}/x.sqlite3",
        "YICHUANG_BASE_URL": "https://example.invalid",
    }
    del environment[missing]
    run = subprocess.run(
        [sys.executable, "-m", "yichuang.site.cli", "serve", "--port", str(free_port())],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode != 0
    assert missing in run.stderr
    assert len(run.stderr.splitlines()) == 1


def test_the_operators_log_is_json_in_production(tmp_path):
    code = "import structlog, logging\nstructlog.get_logger('a.b').warning('thing.done', 名='值')\nlogging.getLogger('c').error('plain %s', 1)\n"
    environment = {
        **os.environ,
        "YICHUANG_ENV": "production",
        "YICHUANG_DATA_DIR": str(tmp_path),
        "YICHUANG_SECRET_KEY": "x" * 60,
        "YICHUANG_DATABASE_URL": f"sqlite:///{tmp_path}/x.sqlite3",
        "YICHUANG_BASE_URL": "https://example.invalid",
        "DJANGO_SETTINGS_MODULE": "yichuang.site.settings",
    }
    run = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{code}"],
        env=environment,
        capture_output=True,
        text=True,
    )
    first, second = (json.loads(line) for line in run.stderr.splitlines())
    assert (first["event"], first["level"], first["logger"], first["名"]) == ("thing.done", "warning", "a.b", "值")
    assert (second["event"], second["level"]) == ("plain 1", "error")
