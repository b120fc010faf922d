"""Databases of a bench: made, copied and dropped on the server that `YICHUANG_DATABASE_URL` names."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from yichuang.core.refusal import Refusal


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server: `url` of any of its databases."""

    url: str

    def database(self, name: str) -> str:
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    def run(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.database("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def server() -> Server:
    """Raises Refusal unless `YICHUANG_DATABASE_URL` names a PostgreSQL server: the measures are told for it."""
    url = os.environ.get("YICHUANG_DATABASE_URL", "")
    if not url.startswith("postgres"):
        raise Refusal(
            "bench.postgresql",
            "性能测试须在 PostgreSQL 上进行。",
            "请设置 YICHUANG_DATABASE_URL=postgresql://用户@主机/库，测试只在新建的临时库中进行。",
            status=422,
        )
    return Server(url)


@contextmanager
def databases(server: Server, *suffixes: str, citizens: int = 0, seeded: bool = True) -> Iterator[list[str]]:
    """A migrated and seeded database (with so many citizens who can sign in) and a copy of it for each further suffix:
    their URLs. Dropped at the end. seeded: otherwise the first is empty and not even migrated."""
    names = [f"yichuang_bench_{os.getpid()}_{suffix}" for suffix in suffixes]
    made: list[str] = []
    try:
        server.run("CREATE DATABASE {}", names[0])
        made.append(names[0])
        if seeded:
            child(server.database(names[0]), "seed", str(citizens))
        for name in names[1:]:
            server.run("CREATE DATABASE {} TEMPLATE {}", name, names[0])
            made.append(name)
        yield [server.database(name) for name in names]
    finally:
        for name in made:
            server.run("DROP DATABASE {} WITH (FORCE)", name)


def child(url: str, what: str, *arguments: str) -> str:
    """A process of its own on that database: `python -m yichuang.site.bench.<what>`. Returns what it printed."""
    done = start(url, what, *arguments)
    out, _ = done.communicate()
    if done.returncode:
        raise RuntimeError(f"bench {what} ended with {done.returncode}")
    return out


def start(url: str, what: str, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "YICHUANG_DATABASE_URL": url, "YICHUANG_ENV": "development"}
    return subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", f"yichuang.site.bench.{what}", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )


def item_plan(url: str) -> dict[str, Any]:
    """What a client must know of the item that it applies for (`python -m yichuang.site.bench.item`)."""
    found: dict[str, Any] = json.loads(child(url, "item").strip().splitlines()[-1])
    return found
