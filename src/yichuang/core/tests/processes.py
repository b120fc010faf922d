"""Other processes on the test's database: what several workers and clerks at once really do."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from django.db import connection


def database_url() -> str:
    """The test's own database, as YICHUANG_DATABASE_URL for another process."""
    s = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{s['NAME']}"
    password = f":{s['PASSWORD']}" if s["PASSWORD"] else ""
    return f"postgresql://{s['USER']}{password}@{s['HOST']}:{s['PORT']}/{s['NAME']}"


def python(code: str, *arguments: str) -> subprocess.Popen[str]:
    """Start `code` with Django set up on the test's database."""
    head = "import django; django.setup()\n"
    environment = {
        **os.environ,
        "YICHUANG_DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "yichuang.site.settings"),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    return subprocess.Popen(
        [sys.executable, "-c", head + code, *arguments],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def receiver(folder: Path, pause: float = 0.0) -> tuple[subprocess.Popen[str], str]:
    """The receiving system (receiver.py) and its address."""
    program = Path(__file__).with_name("receiver.py")
    process = subprocess.Popen(
        [sys.executable, str(program), str(folder), str(pause)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, f"http://127.0.0.1:{process.stdout.readline().strip()}/"


def until(holds: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait until it holds; fail after so many seconds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.02)


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []
