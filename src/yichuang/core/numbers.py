"""Serial numbers: no duplicate ever, no promise against gaps."""

from __future__ import annotations

from django.db import connection

_TAKE = """
INSERT INTO core_counter (scope, value) VALUES (%s, 1)
ON CONFLICT (scope) DO UPDATE SET value = core_counter.value + 1
RETURNING value
"""


def take(scope: str) -> int:
    """The next serial of `scope` ("case:610114:20261124"), from 1.

    One statement that both databases make atomic. Called before a command opens its transaction, the counter is held
    for that statement only; called inside, until the transaction ends (right for documents, whose numbers shall
    not have gaps; slow for what thousands do at once).
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [scope])
        (value,) = cursor.fetchone()
    return int(value)
