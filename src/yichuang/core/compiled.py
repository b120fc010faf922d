"""Reads that every verb makes: the SQL of a queryset made once a process, not with every call.

`rows(make, *values)`: make is a function of the module, `def steps_of(case: int) -> QuerySet[CaseStep]`, that builds the
same queryset whatever its arguments are. Django takes longer to write such a statement than the database to answer it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators  # type: ignore[attr-defined]  # the stubs leave it out

Row = TypeVar("Row", bound=Model)
Value = str | int | UUID


@dataclass(frozen=True, slots=True)
class _Plan:
    """A statement, where its values go, and how a row of the answer becomes an object with what was joined to it."""

    sql: str
    params: tuple[Any, ...]
    places: tuple[int, ...]
    hexadecimal: bool
    model: type[Model]
    names: list[str]
    start: int
    end: int
    populators: Sequence[Any]
    converters: tuple[tuple[int, Any, Any], ...]


_plans: dict[tuple[Any, ...], _Plan] = {}


def rows(make: Callable[..., QuerySet[Row]], *values: Value) -> list[Row]:
    """`list(make(*values))`. Raises ValueError for a value of another type, and RuntimeError when a value does not stand once in the statement as it was given."""
    key = (make, connection.vendor, *map(type, values))
    plan = _plans.get(key)
    if plan is None:
        plan = _plans[key] = _compile(make, values)
    params = list(plan.params)
    for place, value in zip(plan.places, values, strict=True):
        params[place] = value.hex if plan.hexadecimal and isinstance(value, UUID) else value
    with connection.cursor() as cursor:
        cursor.execute(plan.sql, params)
        found = cursor.fetchall()
    return [_object(plan, row) for row in found]


def one(make: Callable[..., QuerySet[Row]], *values: Value) -> Row | None:
    """The first of `rows`, or None."""
    return next(iter(rows(make, *values)), None)


def _compile(make: Callable[..., QuerySet[Any]], values: Sequence[Value]) -> _Plan:
    marks = [_mark(n, value) for n, value in enumerate(values)]
    queryset = make(*marks)
    compiler = queryset.query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    hexadecimal = not connection.features.has_native_uuid_field
    if hexadecimal:
        marks = [mark.hex if isinstance(mark, UUID) else mark for mark in marks]
    if any(params.count(mark) != 1 for mark in marks):
        raise RuntimeError(f"{make.__qualname__}: each value must stand once in the statement, as it was given")
    klass, select = compiler.klass_info, compiler.select
    fields = klass["select_fields"]
    start, end = fields[0], fields[-1] + 1
    converters = compiler.get_converters([expression for expression, _, _ in select])
    return _Plan(
        sql=sql,
        params=tuple(params),
        places=tuple(params.index(mark) for mark in marks),
        hexadecimal=hexadecimal,
        model=klass["model"],
        names=[expression.target.attname for expression, _, _ in select[start:end]],
        start=start,
        end=end,
        populators=get_related_populators(klass, select, connection.alias),
        converters=tuple((place, functions, expression) for place, (functions, expression) in converters.items()),
    )


def _mark(n: int, value: Value) -> Value:
    if isinstance(value, str):
        return f"\N{SYMBOL FOR SUBSTITUTE}{n}"
    if isinstance(value, int) and not isinstance(value, bool):
        return 30_011 + n  # fits every kind of whole number
    if isinstance(value, UUID):
        return UUID(int=n)
    raise ValueError(f"a compiled read takes text, whole numbers and UUIDs, not {type(value).__name__}")


def _object(plan: _Plan, row: Sequence[Any]) -> Any:
    if plan.converters:
        row = list(row)
        for place, functions, expression in plan.converters:
            value = row[place]
            for function in functions:
                value = function(value, expression, connection)
            row[place] = value
    made = plan.model.from_db(connection.alias, plan.names, row[plan.start : plan.end])
    for populator in plan.populators:
        populator.populate(row, made)
    return made
