"""`yichuang serve` and `yichuang work`."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from types import TracebackType

import click

from yichuang.site.cli.answers import django, fail


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址 / address")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="端口 / port")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="网站进程数 / web processes")
@click.option(
    "--threads", type=click.IntRange(1, 64), help="每进程线程数，默认每核 2 个 / threads of each, by default 2 a core"
)
@click.option("--no-worker", is_flag=True, help="不启动后台 / without the worker")
def serve(host: str, port: int, workers: int, threads: int | None, no_worker: bool) -> None:
    """启动网站和后台，Ctrl-C 停止全部 / web and worker; Ctrl-C stops all of it."""
    from yichuang.site.config import load

    load()
    taken = port_taken(host, port)
    if taken:
        fail(taken)
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    counted = tempfile.mkdtemp(prefix="yichuang-metrics-")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = counted
    os.environ["YICHUANG_SERVE"] = str(os.getpid())
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")  # of the children: many threads, and memory that is given back
    server = Granian(
        "yichuang.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads or min(8, 2 * (os.cpu_count() or 1)),
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
        workers_kill_timeout=20,
    )
    name = f"[{host}]" if ":" in host else host
    try:
        with Beside(host, port, enabled=not no_worker):
            click.echo(f"一窗 http://{name}:{port}/ （Ctrl-C 停止 / stops）")
            server.serve()
    finally:
        shutil.rmtree(counted, ignore_errors=True)


@click.command()
@click.option("--parent", type=int, hidden=True, help="end when this process is gone")
def work(parent: int | None) -> None:
    """只启动后台：外发、定时、长任务 / the worker alone; any number of them on any machines."""
    django()
    from yichuang.core.health import wait_until_migrated
    from yichuang.core.worker import Worker

    worker = Worker()
    worker.stop_on_signals()
    if parent is not None:
        from yichuang.site.cli.follow import follow

        follow(parent, worker.stop)
    if wait_until_migrated(worker.stopping):
        worker.run()


def port_taken(host: str, port: int) -> str:
    """Why the server cannot listen there, "" when it can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"端口 {port} 已被占用，请用 --port 另选 / port {port} is taken, choose another one with --port"
            return f"无法监听 {host}:{port} / cannot listen: {error.strerror}"
    return ""


class Beside:
    """The worker as a child process: started once the pages answer (a cold start is theirs), started again when it
    dies, stopped when the web server stops."""

    def __init__(self, host: str, port: int, *, enabled: bool) -> None:
        self.address = (host, port)
        self.enabled = enabled
        self.stopping = threading.Event()
        self.child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> None:
        if self.enabled:
            threading.Thread(target=self._watch, daemon=True, name="yichuang-beside").start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopping.set()
        if self.child is not None and self.child.poll() is None:
            self.child.terminate()
            try:
                self.child.wait(30)
            except subprocess.TimeoutExpired:
                self.child.kill()

    def _start(self) -> None:
        command = [sys.executable, "-m", "yichuang.site.cli", "work", "--parent", str(os.getpid())]
        self.child = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - our own program

    def _watch(self) -> None:
        for _ in range(100):
            if self.stopping.wait(0.1):
                return
            with suppress(OSError), socket.create_connection(self.address, timeout=1):
                break
        pause = 1.0
        while not self.stopping.is_set():
            started = time.monotonic()
            self._start()
            if self.child is not None:
                self.child.wait()
            pause = 1.0 if time.monotonic() - started > 60 else min(pause * 2, 30.0)
            if self.stopping.wait(pause):
                return
