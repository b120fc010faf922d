"""The database itself refuses to change or forget a line of the log, a seal or a leaf.

The SQL of migration 0002, for both databases. No session, user or setting is exempt: who wants to alter the log must
first drop a trigger, which needs ownership of the table (in production the platform's own database user may be one
that is not the owner), and `yichuang log verify` finds it afterwards. Only the test runner drops them for a moment,
when it empties the database after a test (site/testing.py).
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("core_logevent", "core_seal", "core_sealleaf")
MESSAGE = "append-only: the log is never changed"

# REPLACE deletes a clashing row without firing DELETE triggers, hence the one before INSERT.
_SQLITE_CLASH = {
    "core_logevent": "id = NEW.id OR (stream = NEW.stream AND seq = NEW.seq)",
    "core_seal": "id = NEW.id OR day = NEW.day",
    "core_sealleaf": "id = NEW.id OR (seal_id = NEW.seal_id AND position = NEW.position)",
}


def create(connection: BaseDatabaseWrapper) -> None:
    if connection.vendor == "sqlite":
        statements = [statement for table in TABLES for statement in _sqlite(table)]
    else:
        statements = [_POSTGRES_FUNCTION, *(_postgres(table) for table in TABLES)]
    _run(connection, statements)


def drop(connection: BaseDatabaseWrapper) -> None:
    if connection.vendor == "sqlite":
        _run(
            connection,
            [f"DROP TRIGGER IF EXISTS {t}_no_{verb}" for t in TABLES for verb in ("update", "delete", "replace")],
        )
    else:
        _run(connection, [f"DROP TRIGGER IF EXISTS {t}_append_only ON {t}" for t in TABLES])


def _sqlite(table: str) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_update BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_delete BEFORE DELETE ON {table} {refuse}",
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_replace BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {_SQLITE_CLASH[table]}) {refuse}",
    ]


_POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION yichuang_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def _postgres(table: str) -> str:
    return (
        f"CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION yichuang_append_only()"
    )


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
