"""Backup and restore: everything comes back, or nothing is touched."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import orjson
import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from yichuang.core import files, log, triggers
from yichuang.core.events import Event
from yichuang.core.models import File, LogEvent
from yichuang.core.refusal import Refusal
from yichuang.core.tests import processes
from yichuang.core.tests.things import CLERK, NOW
from yichuang.identity.models import Staff
from yichuang.identity.tests import given
from yichuang.site.backup import MANIFEST, backup, restore

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def data(tmp_path, settings):
    """A data folder of its own."""
    folder = tmp_path / "data"
    folder.mkdir()
    settings.YICHUANG = settings.YICHUANG.model_copy(update={"data_dir": folder})
    return folder


@pytest.fixture
def world(data):
    """People, events, a file, keys."""
    given.staff(roles=("handler",))
    with transaction.atomic():
        file = files.store(b"a,b\n1,2\n", "表.csv", owner="run:1", by=CLERK, at=NOW, kinds=("csv",))
    (data / "keys").mkdir()
    (data / "keys" / "root.key").write_text("secret")
    (data / "static").mkdir()
    (data / "static" / "x.css").write_text("not for backups")
    return file


def empty() -> None:
    call_command("flush", interactive=False, verbosity=0)


def test_everything_comes_back(world, data, tmp_path):
    made = backup(tmp_path / "b", at=timezone.localtime())
    assert made.checked.clean
    assert made.events == LogEvent.objects.count()
    before = list(LogEvent.objects.order_by("pk").values())
    digests = File.objects.get().digest
    empty()
    for path in sorted(data.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    done = restore(tmp_path / "b")
    assert done.clean
    assert list(LogEvent.objects.order_by("pk").values()) == before
    assert Staff.objects.get().name == "王办理"
    assert File.objects.get().digest == digests
    assert files.content(File.objects.get()) == b"a,b\n1,2\n"
    assert (data / "keys" / "root.key").read_text() == "secret"
    assert not (data / "static").exists()
    with pytest.raises(Exception, match="append-only"):
        LogEvent.objects.update(kind="x")  # the guard came back too


def test_a_database_in_use_is_refused_and_untouched(world, tmp_path):
    backup(tmp_path / "b", at=timezone.localtime())
    with transaction.atomic():
        log.append("run:9", Event("run.told"), by=CLERK, at=NOW)
    before = list(LogEvent.objects.order_by("pk").values())
    with pytest.raises(Refusal) as told:
        restore(tmp_path / "b")
    assert told.value.code == "restore.not_empty"
    assert list(LogEvent.objects.order_by("pk").values()) == before


def test_a_damaged_backup_is_refused_before_anything_is_touched(world, tmp_path):
    folder = tmp_path / "b"
    backup(folder, at=timezone.localtime())
    empty()
    (stored,) = (folder / "files").rglob(world.digest)
    stored.write_bytes(b"other")
    with pytest.raises(Refusal) as told:
        restore(folder)
    assert told.value.code == "restore.damaged"
    assert not LogEvent.objects.exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda m: m.update(database="oracle"), "restore.other_database"),
        (lambda m: m.update(format=99), "restore.no_backup"),
        (lambda m: m["files"].update({"../../etc/passwd": {"size": 1, "sha256": "x"}}), "restore.damaged"),
    ],
)
def test_a_foreign_manifest_is_refused(world, tmp_path, change, code):
    folder = tmp_path / "b"
    backup(folder, at=timezone.localtime())
    empty()
    manifest = orjson.loads((folder / MANIFEST).read_bytes())
    change(manifest)
    (folder / MANIFEST).write_bytes(orjson.dumps(manifest))
    with pytest.raises(Refusal) as told:
        restore(folder)
    assert told.value.code == code


def test_a_folder_that_is_no_backup_is_refused(tmp_path):
    with pytest.raises(Refusal) as told:
        restore(tmp_path)
    assert told.value.code == "restore.no_backup"
    (tmp_path / "x").write_text("x")
    with pytest.raises(Refusal) as told:
        backup(tmp_path, at=timezone.localtime())
    assert told.value.code == "backup.folder"


def test_an_altered_log_is_told_by_backup_and_restore(world, tmp_path):
    triggers.drop(connection)
    LogEvent.objects.filter(kind="file.stored").update(data="{}")
    triggers.create(connection)
    made = backup(tmp_path / "b", at=timezone.localtime())
    assert [f.code for f in made.checked.faults] == ["altered"]
    empty()
    assert not restore(tmp_path / "b").clean


def test_a_file_that_rows_name_and_nobody_has_is_told(world, data, tmp_path):
    files.path_of(world.digest).unlink()
    backup(tmp_path / "b", at=timezone.localtime())
    empty()
    done = restore(tmp_path / "b")
    assert done.checked.clean
    assert len(done.lost) == 1
    assert not done.clean


def test_by_the_command_line_into_a_new_installation(world, tmp_path):
    """Another data folder, another database that was never migrated."""
    made = backup(tmp_path / "b", at=timezone.localtime())
    url = f"sqlite:///{tmp_path}/other.sqlite3"
    if connection.vendor == "postgresql":
        url = f"{processes.database_url()}_other"
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {connection.settings_dict['NAME']}_other")
    try:
        environment = {**os.environ, "YICHUANG_DATABASE_URL": url, "YICHUANG_DATA_DIR": str(tmp_path / "other")}
        run = subprocess.run(
            [sys.executable, "-m", "yichuang.site.cli", "restore", str(tmp_path / "b")],
            env=environment,
            capture_output=True,
            text=True,
        )
        assert (run.returncode, run.stderr) == (0, "")
        assert f"{made.events} 条记录" in run.stdout
        assert Path(tmp_path / "other" / "keys" / "root.key").exists()
        again = subprocess.run(
            [sys.executable, "-m", "yichuang.site.cli", "restore", str(tmp_path / "b")],
            env=environment,
            capture_output=True,
            text=True,
        )
        assert again.returncode == 1
        assert len(io.StringIO(again.stderr).readlines()) == 1
        assert "不是空的" in again.stderr
    finally:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"DROP DATABASE {connection.settings_dict['NAME']}_other")
