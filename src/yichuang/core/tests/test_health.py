"""/healthz, /readyz, /metrics."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from yichuang.core import health, outbox
from yichuang.core.models import Heartbeat, Message

pytestmark = pytest.mark.django_db


def beat(seconds_ago: float = 0) -> None:
    at = timezone.now() - timedelta(seconds=seconds_ago)
    Heartbeat.objects.create(worker=f"w-{seconds_ago}", host="h", process=1, started_at=at, beat_at=at)


def test_healthz_answers_whatever_the_host_is_called(client, settings):
    settings.ALLOWED_HOSTS = ["platform.example"]
    answer = client.get("/healthz", headers={"Host": "10.0.0.7:8000"})
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert client.post("/healthz").status_code == 405


def test_ready_with_database_migrations_and_a_living_worker(client):
    beat()
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["checks"] == {"database": "ok", "migrations": "ok", "worker": "ok"}


@pytest.mark.parametrize("ago", [None, 31])
def test_not_ready_without_a_living_worker(client, ago):
    if ago:
        beat(ago)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["worker"] == "failed"
    assert "heartbeat" in answer.json()["reasons"]["worker"]


def test_not_ready_while_a_migration_is_missing(client, monkeypatch):
    monkeypatch.setattr(health, "_unapplied", lambda: 2)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]) == (503, {"database": "ok", "migrations": "failed"})


def test_not_ready_without_a_database_and_strangers_are_not_told_why(client, monkeypatch):
    def gone():
        raise DatabaseError("password authentication failed for user yichuang")

    monkeypatch.setattr(connection, "cursor", gone)
    answer = client.get("/readyz", headers={"X-Forwarded-For": "203.0.113.9"})
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable", "checks": {"database": "failed"}})
    assert "password" in client.get("/readyz").json()["reasons"]["database"]
    assert client.get("/metrics").status_code == 503


def test_metrics_tell_requests_and_what_waits(client, monkeypatch):
    monkeypatch.setattr(outbox, "adapters", lambda: {"sms": None})
    beat()
    with transaction.atomic():
        outbox.enqueue("sms", "k-1", {}, about="", at=timezone.now() - timedelta(minutes=2))
        outbox.enqueue("sms", "k-2", {}, about="", at=timezone.now())
    Message.objects.filter(key="k-2").update(state="dead")
    client.get("/robots.txt")
    text = client.get("/metrics").content.decode()
    assert 'yichuang_requests_total{method="GET",route="robots.txt",status="200"}' in text
    assert 'yichuang_outbox_messages{adapter="sms",state="pending"} 1.0' in text
    assert "yichuang_outbox_dead 1.0" in text
    assert 'yichuang_jobs{state="running"} 0.0' in text
    assert "yichuang_workers 1.0" in text
    (oldest,) = (line for line in text.splitlines() if line.startswith("yichuang_outbox_oldest_seconds "))
    assert 110 < float(oldest.split()[1]) < 200


@pytest.mark.parametrize(
    ("address", "forwarded", "opened", "status"),
    [
        ("127.0.0.1", "", "127.0.0.1,::1", 200),
        ("::1", "", "127.0.0.1,::1", 200),
        ("10.1.2.3", "", "127.0.0.1,::1", 403),
        ("10.1.2.3", "", "127.0.0.1,10.1.0.0/16", 200),
        ("127.0.0.1", "203.0.113.9", "127.0.0.1,::1", 403),  # through a proxy on this machine
        ("127.0.0.1", "nonsense", "127.0.0.1,::1", 403),
        ("", "", "127.0.0.1,::1", 403),
    ],
)
def test_metrics_are_for_loopback_unless_configured(client, settings, address, forwarded, opened, status):
    settings.YICHUANG = settings.YICHUANG.model_copy(update={"metrics_from": opened})
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert client.get("/metrics", headers=headers, REMOTE_ADDR=address).status_code == status


def test_waiting_for_migrations_ends_when_told(monkeypatch):
    import threading

    monkeypatch.setattr(health, "_unapplied", lambda: 1)
    stopping = threading.Event()
    threading.Timer(0.1, stopping.set).start()
    assert health.wait_until_migrated(stopping) is False
    monkeypatch.setattr(health, "_unapplied", lambda: 0)
    assert health.wait_until_migrated(threading.Event()) is True
