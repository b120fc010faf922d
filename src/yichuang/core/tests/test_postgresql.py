from __future__ import annotations

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yichuang.core.tests.processes import database_url

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="the backend is PostgreSQL's"),
]


def ended_by_the_server() -> None:
    with psycopg.connect(database_url(), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])


def test_a_connection_that_answered_lately_is_trusted_without_asking():
    connection.ensure_connection()
    assert connection.is_usable()
    with CaptureQueriesContext(connection) as asked:
        assert connection.is_usable()
    assert not asked.captured_queries


def test_a_connection_that_the_server_ended_is_not_trusted_and_the_next_one_works():
    connection.ensure_connection()
    assert connection.is_usable()
    ended_by_the_server()
    assert not connection.is_usable()
    connection.close()
    connection.ensure_connection()
    assert connection.is_usable()


def test_a_request_after_the_server_ended_the_connection_is_answered(client):
    client.get("/")
    connection.ensure_connection()
    assert connection.is_usable()
    ended_by_the_server()
    connection.health_check_enabled = True
    connection.health_check_done = False
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
