"""The database refuses to change or forget what was recorded."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from yichuang.core import log, seal
from yichuang.core.events import Event
from yichuang.core.models import LogEvent, Seal, SealLeaf
from yichuang.core.tests.things import CLERK, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sealed(monkeypatch):
    monkeypatch.setattr(log.timezone, "now", lambda: NOW)
    with transaction.atomic():
        log.append("run:1", Event("run.started", {"n": 1}), by=CLERK, at=NOW)
        log.append("run:1", Event("run.ended", {"n": 2}), by=CLERK, at=NOW)
    seal.seal_day(date(2026, 3, 2), at=NOW.replace(day=3))


def refused(statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("model", [LogEvent, Seal, SealLeaf])
def test_update_and_delete_are_refused(model):
    before = list(model.objects.order_by("pk").values())
    table = model._meta.db_table
    refused(f"UPDATE {table} SET digest = 'x'")
    refused(f"DELETE FROM {table}")
    assert list(model.objects.order_by("pk").values()) == before


def test_the_orm_is_refused_too():
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        LogEvent.objects.update(kind="x")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        LogEvent.objects.all()._raw_delete("default")
    assert LogEvent.objects.count() == 2


@pytest.mark.skipif(connection.vendor != "sqlite", reason="REPLACE is SQLite's")
def test_replace_is_refused():
    first = LogEvent.objects.order_by("pk").values().first()
    columns = ", ".join(k for k in first if k != "digest")
    refused(f"INSERT OR REPLACE INTO core_logevent ({columns}, digest) SELECT {columns}, 'x' FROM core_logevent")
    assert LogEvent.objects.order_by("pk").values().first() == first


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="TRUNCATE is PostgreSQL's")
@pytest.mark.parametrize("table", ["core_logevent", "core_seal", "core_sealleaf"])
def test_truncate_is_refused(table):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing left open of the rows just made
    refused(f"TRUNCATE {table} CASCADE")
    assert LogEvent.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_after_a_flush_by_the_test_runner_the_log_is_guarded_again(transactional_db):
    from django.core.management import call_command

    call_command("flush", interactive=False, verbosity=0)
    assert not LogEvent.objects.exists()
    with transaction.atomic():
        log.append("run:1", Event("run.started"), by=CLERK, at=NOW)
    refused("DELETE FROM core_logevent")
    assert LogEvent.objects.count() == 1
