"""The database itself refuses to change a list that was published.

The SQL of migration 0008, for both databases: an edition keeps every column (but its place in the log) and is never deleted;
its rows are neither changed nor taken away, and none comes beyond the number that it was published with.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

EDITION, ROW = "catalogue_listedition", "catalogue_editionrow"
KEPT = ("division", "code", "number", "title", "published_on", "columns", "count", "algorithm", "digest")
MESSAGE = "immutable: a published list is never changed"


def create(connection: BaseDatabaseWrapper) -> None:
    _run(connection, _sqlite() if connection.vendor == "sqlite" else _postgres())


def drop(connection: BaseDatabaseWrapper) -> None:
    names = [(EDITION, "update"), (EDITION, "delete"), (ROW, "insert"), (ROW, "update"), (ROW, "delete")]
    on = "" if connection.vendor == "sqlite" else " ON {table}"
    _run(connection, [f"DROP TRIGGER IF EXISTS {t}_kept_{verb}{on.format(table=t)}" for t, verb in names])


def _sqlite() -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    changed = " OR ".join(f'NEW."{name}" IS NOT OLD."{name}"' for name in KEPT)
    whole = f'(SELECT "count" FROM {EDITION} WHERE id = NEW.edition_id)'
    return [
        f"CREATE TRIGGER IF NOT EXISTS {EDITION}_kept_update BEFORE UPDATE ON {EDITION} WHEN {changed} {refuse}",
        f"CREATE TRIGGER IF NOT EXISTS {EDITION}_kept_delete BEFORE DELETE ON {EDITION} {refuse}",
        f"CREATE TRIGGER IF NOT EXISTS {ROW}_kept_insert BEFORE INSERT ON {ROW} "
        f"WHEN NEW.position < 1 OR NEW.position > {whole} OR EXISTS (SELECT 1 FROM {ROW} WHERE id = NEW.id "
        f"OR (edition_id = NEW.edition_id AND (position = NEW.position OR key = NEW.key))) {refuse}",
        f"CREATE TRIGGER IF NOT EXISTS {ROW}_kept_update BEFORE UPDATE ON {ROW} {refuse}",
        f"CREATE TRIGGER IF NOT EXISTS {ROW}_kept_delete BEFORE DELETE ON {ROW} {refuse}",
    ]


def _postgres() -> list[str]:
    refuse = f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';"
    changed = " OR ".join(f'NEW."{name}" IS DISTINCT FROM OLD."{name}"' for name in KEPT)
    functions = [
        f"""
CREATE OR REPLACE FUNCTION yichuang_list_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {refuse}
END $$
""",
        f"""
CREATE OR REPLACE FUNCTION yichuang_list_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.position < 1 OR NEW.position > (SELECT "count" FROM {EDITION} WHERE id = NEW.edition_id) THEN
        {refuse}
    END IF;
    RETURN NEW;
END $$
""",
    ]
    kept, whole = "EXECUTE FUNCTION yichuang_list_kept()", "EXECUTE FUNCTION yichuang_list_whole()"
    return [
        *functions,
        f"CREATE OR REPLACE TRIGGER {EDITION}_kept_update BEFORE UPDATE ON {EDITION} FOR EACH ROW WHEN ({changed}) {kept}",
        f"CREATE OR REPLACE TRIGGER {EDITION}_kept_delete BEFORE DELETE ON {EDITION} FOR EACH ROW {kept}",
        f"CREATE OR REPLACE TRIGGER {ROW}_kept_insert BEFORE INSERT ON {ROW} FOR EACH ROW {whole}",
        f"CREATE OR REPLACE TRIGGER {ROW}_kept_update BEFORE UPDATE ON {ROW} FOR EACH ROW {kept}",
        f"CREATE OR REPLACE TRIGGER {ROW}_kept_delete BEFORE DELETE ON {ROW} FOR EACH ROW {kept}",
    ]


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
