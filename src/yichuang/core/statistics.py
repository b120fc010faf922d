"""What the database knows of its tables when it plans: made anew after a lot was written at once."""

from __future__ import annotations

from django.db import connection, models

MANY = 500
"""Rows written at once from which on it is worth while."""


def refresh(*tables: type[models.Model]) -> None:
    """Have PostgreSQL look at the tables anew, so that what is read next is not planned for the empty tables of before (its own
    maintenance comes minutes later, or never inside a transaction). A user who does not own them is only warned. SQLite plans
    without."""
    if connection.vendor == "postgresql":
        names = ", ".join(connection.ops.quote_name(table._meta.db_table) for table in tables)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {names}")
