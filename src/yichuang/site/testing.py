"""Loaded by pytest before Django: tests never touch the developer's data folder or settings.

Every run has a data folder of its own, removed when it ends; the database is SQLite there unless
`YICHUANG_DATABASE_URL` names a PostgreSQL server.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

if "YICHUANG_TEST_DIR" not in os.environ:
    folder = tempfile.mkdtemp(prefix="yichuang-test-")
    os.environ["YICHUANG_TEST_DIR"] = folder
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
os.environ["YICHUANG_DATA_DIR"] = os.environ["YICHUANG_TEST_DIR"]
os.environ["YICHUANG_ENV"] = "test"
os.makedirs(os.path.join(os.environ["YICHUANG_TEST_DIR"], "static"), exist_ok=True)  # whitenoise warns without it


def pytest_configure() -> None:
    """After a transactional test the database is emptied: for that moment, and only here, the triggers go that guard
    the log and published items.

    Product code knows no such exemption. A test that needs several connections marks itself
    `django_db(transaction=True)`; all others run in a transaction that is rolled back.
    """
    from django.db.backends.base.operations import BaseDatabaseOperations
    from hypothesis import settings

    settings.register_profile("yichuang", deadline=None)  # no test is timed: the machine may be busy
    settings.load_profile("yichuang")

    from yichuang.catalogue import list_triggers as lists
    from yichuang.catalogue import triggers as catalogue
    from yichuang.core import triggers as core

    empty = BaseDatabaseOperations.execute_sql_flush

    def execute_sql_flush(operations: BaseDatabaseOperations, sql_list: list[str]) -> None:
        from django.apps import apps
        from django.utils import timezone

        from yichuang.catalogue import queries  # need the models, which are there by now
        from yichuang.core.calendar import seeding

        for triggers in (core, catalogue, lists):
            triggers.drop(operations.connection)
        try:
            empty(operations, sql_list)
        finally:
            for triggers in (core, catalogue, lists):
                triggers.create(operations.connection)
        queries.forget()  # versions of the same numbers will be others
        seeding.fill(apps, timezone.now())  # what the migrations put there, for the tests that follow

    BaseDatabaseOperations.execute_sql_flush = execute_sql_flush  # type: ignore[method-assign,assignment]  # for tests only
