"""The database itself refuses to change what was published.

The SQL of migration 0002, for both databases: a version that is no draft any more keeps every column but those that end its life,
never becomes a draft again and is never deleted; its nested rows are neither changed nor added to nor taken away.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.backends.base.base import BaseDatabaseWrapper

VERSION = "catalogue_itemversion"
PARTS = ("material", "step", "condition", "fee", "question", "alias", "citation", "handling")
"""Tables of nested rows; one that a later migration makes is guarded from then on."""
MAY_CHANGE = ("state", "effective_on", "retired_on", "published_by", "seq", "head")
MESSAGE = "immutable: a published version is never changed"


def create(connection: BaseDatabaseWrapper) -> None:
    parts = _there(connection)
    _run(connection, _sqlite(connection, parts) if connection.vendor == "sqlite" else _postgres(parts))


def drop(connection: BaseDatabaseWrapper) -> None:
    tables = (VERSION, *(f"catalogue_{part}" for part in _there(connection)))
    if connection.vendor == "sqlite":
        verbs = ("insert", "update", "delete")
        _run(connection, (f"DROP TRIGGER IF EXISTS {table}_immutable_{verb}" for table in tables for verb in verbs))
    else:
        _run(connection, (f"DROP TRIGGER IF EXISTS {table}_immutable ON {table}" for table in tables))


def _there(connection: BaseDatabaseWrapper) -> tuple[str, ...]:
    tables = set(connection.introspection.table_names())
    return tuple(part for part in PARTS if f"catalogue_{part}" in tables)


def _sqlite(connection: BaseDatabaseWrapper, parts: tuple[str, ...]) -> Iterator[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    with connection.cursor() as cursor:
        columns = [column.name for column in connection.introspection.get_table_description(cursor, VERSION)]
    kept = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in columns if name not in MAY_CHANGE)
    yield (
        f"CREATE TRIGGER IF NOT EXISTS {VERSION}_immutable_update BEFORE UPDATE ON {VERSION} WHEN OLD.state <> 'draft' "
        f"AND ({kept} OR NEW.state = 'draft' OR (OLD.state = 'retired' AND NEW.state <> 'retired')) {refuse}"
    )
    yield (
        f"CREATE TRIGGER IF NOT EXISTS {VERSION}_immutable_delete BEFORE DELETE ON {VERSION} "
        f"WHEN OLD.state <> 'draft' {refuse}"
    )
    for part in parts:
        table = f"catalogue_{part}"
        for verb, row in (("insert", "NEW"), ("update", "OLD"), ("delete", "OLD")):
            state = f"(SELECT state FROM {VERSION} WHERE id = {row}.version_id)"
            yield (
                f"CREATE TRIGGER IF NOT EXISTS {table}_immutable_{verb} BEFORE {verb.upper()} ON {table} "
                f"WHEN {state} <> 'draft' {refuse}"
            )


def _postgres(parts: tuple[str, ...]) -> Iterator[str]:
    raising = f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';"
    kept = " - ".join(f"'{name}'" for name in MAY_CHANGE)
    yield f"""
CREATE OR REPLACE FUNCTION yichuang_version_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' AND (TG_OP = 'DELETE' OR NEW.state = 'draft'
        OR (OLD.state = 'retired' AND NEW.state <> 'retired')
        OR (to_jsonb(NEW) - {kept}) <> (to_jsonb(OLD) - {kept})) THEN
        {raising}
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$
"""
    yield f"""
CREATE OR REPLACE FUNCTION yichuang_part_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owner bigint := CASE WHEN TG_OP = 'INSERT' THEN NEW.version_id ELSE OLD.version_id END;
BEGIN
    IF (SELECT state FROM {VERSION} WHERE id = owner) <> 'draft' THEN
        {raising}
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$
"""
    yield (
        f"CREATE OR REPLACE TRIGGER {VERSION}_immutable BEFORE UPDATE OR DELETE ON {VERSION} "
        "FOR EACH ROW EXECUTE FUNCTION yichuang_version_immutable()"
    )
    for part in parts:
        table = f"catalogue_{part}"
        yield (
            f"CREATE OR REPLACE TRIGGER {table}_immutable BEFORE INSERT OR UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION yichuang_part_immutable()"
        )


def _run(connection: BaseDatabaseWrapper, statements: Iterator[str]) -> None:
    with connection.cursor() as cursor:
        for statement in list(statements):
            cursor.execute(statement)
