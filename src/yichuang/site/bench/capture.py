"""Every statement that the verbs send, so that it can be sent again by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from types import TracebackType
from typing import Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper


class Capture:
    """Within it, statements are kept as transactions: [[sql, params, ids that the database gave]]."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self.transactions: list[list[tuple[str, list[Any], list[int]]]] = []
        self._open = False
        self._wrapper = connection.execute_wrapper(self._keep)

    def __enter__(self) -> Capture:
        self._wrapper.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._wrapper.__exit__(kind, value, trace)

    def boundary(self) -> None:
        """The verb is done: its transaction too."""
        self._open = False

    def _keep(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        answer = execute(sql, params, many, context)
        if sql.startswith(("SAVEPOINT", "RELEASE")):
            return answer
        inside = self.connection.in_atomic_block
        if not (inside and self._open):
            self.transactions.append([])
        self._open = inside
        ids: list[int] = []
        cursor = context["cursor"].cursor
        if (
            sql.startswith("INSERT")
            and "RETURNING" in sql
            and cursor.description
            and cursor.description[0].name == "id"
        ):
            rows = cursor.fetchall()
            ids = [row[0] for row in rows if isinstance(row[0], int)]
            cursor.scroll(0, mode="absolute")
        self.transactions[-1].append((sql, [plain(p) for p in params or ()], ids))
        return answer


def plain(value: Any) -> Any:
    """A parameter as JSON carries it; PostgreSQL reads the text back by the column's type."""
    if isinstance(value, datetime | date | UUID | Decimal):
        return str(value)
    if isinstance(value, list | tuple):  # a column of many rows (UNNEST)
        return [plain(one) for one in value]
    if hasattr(value, "obj"):  # psycopg's Jsonb
        return {"json": value.obj}
    return value
