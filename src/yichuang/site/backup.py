"""Backup of database and files into a folder, and restoring it into an empty installation.

    DIR/manifest.json      written last: what is here, with sizes and SHA-256
    DIR/database.sqlite3   SQLite's own online copy, or
    DIR/database.pgdump    pg_dump's custom format
    DIR/files, keys, exchange   as in the data folder

The database is copied first, in one snapshot, while everything goes on working; the files it names are there already,
as files are only ever added. Restoring checks every byte before it touches anything, and the log afterwards.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection

from yichuang.core.models import File, LogEvent, Seal
from yichuang.core.refusal import Refusal
from yichuang.core.verify import Result, verify

FORMAT = 1
FOLDERS = ("files", "keys", "exchange")
MANIFEST = "manifest.json"
DUMPS = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}
MADE_BY_MIGRATIONS = {"CalendarDay", "CalendarVersion", "CalendarYear", "ServiceHours", "Heartbeat", "ScheduleRun"}


@dataclass(frozen=True, slots=True)
class Made:
    """What a backup holds."""

    folder: Path
    files: int
    bytes: int
    events: int
    checked: Result


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, and what is wrong with it. lost: files that rows name and that are not there."""

    files: int
    made_at: str
    checked: Result
    lost: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return self.checked.clean and not self.lost


def backup(folder: Path, *, at: datetime) -> Made:
    """Write a backup into a new or empty folder. Refusal 409 "backup.folder"; the log's state is in the result."""
    if folder.exists() and any(folder.iterdir()):
        raise Refusal("backup.folder", f"{folder} 不是空目录。", "请指定一个新的目录，每次备份各存一处。")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    dump = folder / DUMPS[connection.vendor]
    checked = verify()
    events, last = LogEvent.objects.count(), Seal.objects.order_by("-day").first()
    _dump(dump)
    listed = {dump.name: _told(dump)}
    data = settings.YICHUANG.data_dir
    for source in _files(data):
        target = folder / source.relative_to(data)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            shutil.copy2(source, target)
        except FileNotFoundError:
            continue  # erased meanwhile
        listed[str(source.relative_to(data))] = _told(target)
    manifest = {
        "format": FORMAT,
        "version": version("yichuang"),
        "made_at": at.isoformat(timespec="seconds"),
        "database": connection.vendor,
        "events": events,
        "seal": {"day": last.day, "digest": last.digest} if last else None,
        "files": listed,
    }
    (folder / MANIFEST).write_bytes(orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
    return Made(folder, len(listed) - 1, sum(told["size"] for told in listed.values()), events, checked)


def restore(folder: Path) -> Restored:
    """Restore a backup into an empty database and the data folder, and prove the log.

    Refusal, with nothing touched: 404 "restore.no_backup", 422 "restore.damaged" (a file differs from the manifest),
    "restore.other_database", 409 "restore.not_empty".
    """
    manifest = _read(folder)
    if manifest["database"] != connection.vendor:
        raise Refusal(
            "restore.other_database",
            f"备份来自 {manifest['database']}，当前数据库是 {connection.vendor}。",
            "请把 YICHUANG_DATABASE_URL 指向同类的空数据库。",
            status=422,
        )
    _intact(folder, manifest["files"])
    _empty()
    data = settings.YICHUANG.data_dir
    keys = data / "keys"
    if keys.exists() and any(keys.iterdir()):  # of an installation that was started once and never used
        keys.rename(data / f"keys-before-restore-{manifest['made_at'].replace(':', '')}")
    for name in manifest["files"]:
        if name not in DUMPS.values():
            target = data / name
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copy2(folder / name, target)
    _load(folder / DUMPS[connection.vendor])
    lost = [
        f"{file.ref} {file.name}"
        for file in File.objects.filter(erased_at__isnull=True).iterator(2000)
        if not (data / "files" / file.digest[:2] / file.digest[2:4] / file.digest).exists()
    ]
    return Restored(len(manifest["files"]) - 1, manifest["made_at"], verify(), lost)


def _files(data: Path) -> Iterator[Path]:
    for name in FOLDERS:
        yield from sorted(path for path in (data / name).rglob("*") if path.is_file() and path.name[0] != ".")


def _told(path: Path) -> dict[str, Any]:
    with path.open("rb") as stream:
        return {"size": path.stat().st_size, "sha256": hashlib.file_digest(stream, "sha256").hexdigest()}


def _read(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = orjson.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        manifest = {}
    if manifest.get("format") != FORMAT:
        raise Refusal(
            "restore.no_backup",
            f"{folder} 不是一份完整的备份（缺少 {MANIFEST}）。",
            "请指定由 yichuang backup 生成的目录。",
            status=404,
        )
    return manifest


def _intact(folder: Path, files: dict[str, dict[str, Any]]) -> None:
    for name, told in files.items():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file() or _told(path) != told:
            raise Refusal(
                "restore.damaged",
                f"备份中的 {name} 缺失或已损坏。",
                "请使用另一份备份；数据库未作任何改动。",
                status=422,
            )


def _empty() -> None:
    """Refusal unless nothing was ever done in this database (tables, and what migrations put in, may be there)."""
    there = set(connection.introspection.table_names())
    for model in apps.get_models():
        if not model.__module__.startswith("yichuang.") or model._meta.db_table not in there:
            continue
        rows = model._base_manager.all()
        if model is LogEvent:
            rows = rows.exclude(stream__startswith="calendar:")
        if model.__name__ not in MADE_BY_MIGRATIONS and rows.exists():
            raise Refusal(
                "restore.not_empty",
                f"当前数据库不是空的（{model._meta.db_table} 中已有记录）。",
                "恢复只写入空数据库：请把 YICHUANG_DATABASE_URL 指向一个新的空数据库。",
            )


# --- the two databases -------------------------------------------------------------------------------------------


def _dump(target: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(target)) as copy:
            connection.connection.backup(copy)
        target.chmod(0o600)
        return
    _postgres("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")
    target.chmod(0o600)


def _load(source: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(f"file:{source}?mode=ro&immutable=1", uri=True)) as copy:
            copy.backup(connection.connection)
        connection.close()
        return
    connection.close()
    _postgres(
        "pg_restore",
        "--clean",
        "--if-exists",
        "--no-owner",
        "--no-privileges",
        "--single-transaction",
        "--exit-on-error",
        f"--dbname={connection.settings_dict['NAME']}",
        str(source),
    )


def _postgres(*command: str) -> None:
    """Run a program of PostgreSQL on the configured database; the password goes by the environment."""
    s = connection.settings_dict
    named = {"PGHOST": s["HOST"], "PGPORT": s["PORT"], "PGUSER": s["USER"], "PGPASSWORD": s["PASSWORD"]}
    named |= {"PGDATABASE": s["NAME"], "PGSSLMODE": s.get("OPTIONS", {}).get("sslmode", "")}
    environment = {**os.environ, **{name: str(value) for name, value in named.items() if value}}
    try:
        subprocess.run(command, env=environment, check=True, capture_output=True, text=True)  # noqa: S603 - our words
    except FileNotFoundError:
        raise Refusal(
            "backup.no_client", f"找不到 {command[0]}。", "请安装 PostgreSQL 客户端（Debian：postgresql-client）。"
        ) from None
    except subprocess.CalledProcessError as failed:
        raise DatabaseError(f"{command[0]}: {failed.stderr.strip().splitlines()[-1:]}") from None
