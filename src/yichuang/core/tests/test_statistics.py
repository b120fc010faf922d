"""The planner is told what was written, inside a transaction too."""

from __future__ import annotations

import pytest
from django.db import connection

from yichuang.core import statistics
from yichuang.core.models import Counter, SharedEntry

pytestmark = pytest.mark.django_db


def test_the_planner_knows_how_many_rows_there_are():
    SharedEntry.objects.bulk_create(SharedEntry(key=f"k{n}", value="1", expires_at=9e12) for n in range(700))
    statistics.refresh(SharedEntry, Counter)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [SharedEntry._meta.db_table])
            assert cursor.fetchone()[0] >= 700
