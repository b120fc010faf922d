"""The cache that all processes share, in the database: limits on attempts, codes and tokens that may be used once.

Django's own database cache adds and counts by reading first, so that two processes may both be told yes; here each of the
two is one statement, which SQLite and PostgreSQL make atomic. Values are what JSON can say; nothing is unpickled.
What each process may remember for itself is in the cache "local" (`settings.CACHES`).
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django.core.cache import DEFAULT_CACHE_ALIAS, caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection

FOR_EVER = 9e12  # seconds of the epoch
_ADD = """
INSERT INTO core_sharedentry (key, value, expires_at) VALUES (%s, %s, %s)
ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at
WHERE core_sharedentry.expires_at <= %s
RETURNING key
"""
_SET = """
INSERT INTO core_sharedentry (key, value, expires_at) VALUES (%s, %s, %s)
ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at
"""
_COUNT = """
INSERT INTO core_sharedentry (key, value, expires_at) VALUES (%s, '1', %s)
ON CONFLICT (key) DO UPDATE SET
value = CASE WHEN core_sharedentry.expires_at <= %s THEN '1'
        ELSE CAST(CAST(core_sharedentry.value AS BIGINT) + 1 AS VARCHAR) END,
expires_at = CASE WHEN core_sharedentry.expires_at <= %s THEN excluded.expires_at
             ELSE core_sharedentry.expires_at END
RETURNING value
"""
_INCREASE = """
UPDATE core_sharedentry SET value = CAST(CAST(value AS BIGINT) + %s AS VARCHAR)
WHERE key = %s AND expires_at > %s RETURNING value
"""


class SharedCache(BaseCache):
    """Django's cache over the table `core_sharedentry`. Expired entries are as good as gone; housekeeping removes them."""

    def __init__(self, _location: str, params: Mapping[str, Any]) -> None:
        super().__init__(dict(params))

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """True for exactly one of all who ask while the entry lasts."""
        row = [self._name(key, version), json.dumps(value), self._end(timeout), time.time()]
        return self._one(_ADD, row) is not None

    def count(self, key: Any, seconds: float, version: int | None = None) -> int:
        """How many times this was called for the key, this time included, since the first call, for so many seconds."""
        now = time.time()
        found = self._one(_COUNT, [self._name(key, version), now + seconds, now, now])
        return int(found)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        row = [self._name(key, version), time.time()]
        found = self._one("SELECT value FROM core_sharedentry WHERE key = %s AND expires_at > %s", row)
        return default if found is None else json.loads(found)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._do(_SET, [self._name(key, version), json.dumps(value), self._end(timeout)])

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        row = [self._end(timeout), self._name(key, version), time.time()]
        sql = "UPDATE core_sharedentry SET expires_at = %s WHERE key = %s AND expires_at > %s RETURNING key"
        return self._one(sql, row) is not None

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Raises ValueError when there is no entry, as Django's caches do."""
        found = self._one(_INCREASE, [delta, self._name(key, version), time.time()])
        if found is None:
            raise ValueError(f"Key {key!r} not found")
        return int(found)

    def delete(self, key: Any, version: int | None = None) -> bool:
        row = [self._name(key, version), time.time()]
        return (
            self._one("DELETE FROM core_sharedentry WHERE key = %s AND expires_at > %s RETURNING key", row) is not None
        )

    def clear(self) -> None:
        self._do("DELETE FROM core_sharedentry", [])

    def _name(self, key: Any, version: int | None) -> str:
        return sha256(str(self.make_key(str(key), version=version)).encode()).hexdigest()

    def _end(self, timeout: Any) -> float:
        end = self.get_backend_timeout(timeout)
        return FOR_EVER if end is None else float(end)

    def _one(self, sql: str, row: list[Any]) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(sql, row)
            found = cursor.fetchone()
        return found[0] if found else None

    def _do(self, sql: str, row: list[Any]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, row)


def shared() -> SharedCache:
    """The cache of all processes."""
    found = caches[DEFAULT_CACHE_ALIAS]
    assert isinstance(found, SharedCache)
    return found


def once(key: str, seconds: float) -> bool:
    """True for the first who asks in so many seconds, in whichever process; False for everybody else."""
    return shared().add(key, 1, timeout=seconds)
