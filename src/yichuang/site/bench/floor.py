"""The floor: the captured statements sent again with bare psycopg, in the same transactions, on a copy of the database.

As a program: `python -m yichuang.site.bench.floor FILE URL` prints the seconds that it took.
"""

from __future__ import annotations

import json
import re
import sys
import time
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

INSERT = re.compile(r'^INSERT INTO "(?P<table>\w+)" \((?P<columns>[^)]*)\) (?P<rows>.*?) RETURNING (?P<what>.*)$', re.S)
COLUMNS = "SELECT * FROM UNNEST("


def by_hand(statement: str, params: list[Any], ids: list[int]) -> tuple[str, list[Any]]:
    """The statement with the keys that the database gave the first time, so that later statements find their rows."""
    values = [_value(p) for p in params]
    found = INSERT.match(statement)
    if not found or not ids or "ON CONFLICT" in statement or '"id"' in found["columns"]:
        return statement, values
    head = f'INSERT INTO "{found["table"]}" ("id", {found["columns"]}) '
    tail = f" RETURNING {found['what']}"
    if found["rows"].startswith(COLUMNS):
        rows = found["rows"].replace(COLUMNS, COLUMNS + "(%s)::bigint[], ", 1)
        return head + rows + tail, [ids, *values]
    width = found["columns"].count(",") + 1
    if found["rows"].count("%s") != width * len(ids):
        return statement, values
    row = "(" + ", ".join(["%s"] * (width + 1)) + ")"
    with_ids = [v for n, key in enumerate(ids) for v in (key, *values[n * width : (n + 1) * width])]
    return head + "VALUES " + ", ".join([row] * len(ids)) + tail, with_ids


def _value(param: Any) -> Any:
    if isinstance(param, list):
        return [_value(one) for one in param]
    return Jsonb(param["json"]) if isinstance(param, dict) and "json" in param else param


def main() -> None:
    file, url = sys.argv[1:3]
    with open(file, encoding="utf-8") as held:
        told = json.load(held)
    transactions = [[by_hand(s, p, i) for s, p, i in one] for one in told["transactions"]]
    with psycopg.connect(url, autocommit=True) as connection, connection.cursor() as cursor:

        def send(part: list[list[tuple[str, list[Any]]]]) -> None:
            for transaction in part:
                with connection.transaction():
                    for statement, params in transaction:
                        cursor.execute(statement, params)
                        if cursor.description:
                            cursor.fetchall()

        send(transactions[: told["prelude"]])
        start = time.perf_counter()
        send(transactions[told["prelude"] :])
        print(json.dumps({"seconds": time.perf_counter() - start}))  # noqa: T201 - the answer of this program


if __name__ == "__main__":
    main()
