"""The shared cache: what one process counted or used up, every other process knows at once."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import caches
from django.test import RequestFactory

from yichuang.core import cache, housekeeping, limits
from yichuang.core.models import SharedEntry
from yichuang.core.refusal import Refusal
from yichuang.core.tests import processes

ASKER = """
import sys, threading
from django.db import connections
from yichuang.core import cache
told = []
def ask(count):
    for n in range(count):
        told.append(f"{cache.shared().count('visits', 600)}:{int(cache.once(f'code {n}', 600))}")
    connections.close_all()
sys.stdin.readline()
threads = [threading.Thread(target=ask, args=(int(sys.argv[1]),)) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(*told)
"""
LIMITED = """
import sys
from allauth.core.internal import ratelimit
from django.test import RequestFactory
request = RequestFactory().post("/accounts/login/", REMOTE_ADDR="192.0.2.7")
for _ in range(int(sys.argv[1])):
    print(int(bool(ratelimit.consume(request, app="allauth.account", action="login", config={"login": "3/m/ip"}))), end=" ")
"""


@pytest.mark.django_db(transaction=True)
def test_many_processes_count_every_call_once_and_each_code_is_used_by_one() -> None:
    each = 30
    askers = [processes.python(ASKER, str(each)) for _ in range(2)]  # of four threads, each with its connection
    told = [asker.communicate("go\n", timeout=90) for asker in askers]
    assert all(asker.returncode == 0 for asker in askers), told
    answers = [word.split(":") for out, _ in told for word in out.split()]
    assert sorted(int(count) for count, _ in answers) == list(range(1, 8 * each + 1))
    assert sum(first == "1" for _, first in answers) == each


@pytest.mark.django_db(transaction=True)
def test_the_limits_of_sign_in_hold_across_processes() -> None:
    def tries(count: int) -> list[str]:
        out, wrong = processes.python(LIMITED, str(count)).communicate(timeout=90)
        assert not wrong, wrong
        return out.split()

    assert tries(2) == ["1", "1"]
    assert tries(2) == ["1", "0"]


@pytest.mark.django_db
def test_two_instances_see_the_same_entries() -> None:
    one, two = cache.SharedCache("", {}), cache.SharedCache("", {})
    one.set("a", [1, 2.5, "三"], timeout=60)
    assert two.get("a") == [1, 2.5, "三"]
    assert two.delete("a")
    assert one.get("a", "none") == "none"
    assert not two.delete("a")
    assert one.add("b", True, timeout=60)
    assert not two.add("b", False, timeout=60)
    assert two.get("b") is True
    two.clear()
    assert one.get("b") is None


@pytest.mark.django_db
def test_an_entry_ends_with_its_time_and_is_then_anybody_s(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    shared = cache.shared()
    assert cache.once("code", 30)
    assert [shared.count("n", 30), shared.count("n", 30)] == [1, 2]
    shared.set("for ever", 1, timeout=None)
    shared.set("touched", 1, timeout=30)
    assert shared.touch("touched", 90)
    monkeypatch.setattr(time, "time", lambda: now + 29)
    assert not cache.once("code", 30)
    monkeypatch.setattr(time, "time", lambda: now + 31)
    assert shared.get("n") is None
    assert shared.count("n", 30) == 1
    assert cache.once("code", 30)
    assert not shared.touch("gone", 90)
    assert shared.get("touched") == 1
    monkeypatch.setattr(time, "time", lambda: now + 10**8)
    assert shared.get("for ever") == 1


@pytest.mark.django_db
def test_counting_up_asks_for_an_entry() -> None:
    shared = cache.shared()
    with pytest.raises(ValueError, match="not found"):
        shared.incr("n")
    shared.set("n", 5, timeout=60)
    assert [shared.incr("n"), shared.incr("n", 10), shared.decr("n")] == [6, 16, 15]


@pytest.mark.django_db
def test_housekeeping_removes_what_has_ended_and_nothing_else() -> None:
    cache.once("soon", 10)
    cache.once("later", 100)
    assert housekeeping.sweep(datetime.now(tz=UTC) + timedelta(seconds=50)) == 1
    assert SharedEntry.objects.count() == 1
    assert not cache.once("later", 100)


@pytest.mark.django_db
def test_a_visitor_is_stopped_at_the_limit_and_no_address_is_kept() -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.9")
    for _ in range(3):
        limits.check(request, "test", per_minute=3)
    with pytest.raises(Refusal) as no:
        limits.check(request, "test", per_minute=3)
    assert no.value.status == 429
    limits.check(RequestFactory().get("/", REMOTE_ADDR="192.0.2.10"), "test", per_minute=3)
    assert not SharedEntry.objects.filter(key__contains="192.0.2").exists()


def test_the_process_s_own_cache_is_not_the_shared_one() -> None:
    assert caches["local"] is not caches["default"]
    assert not isinstance(caches["local"], cache.SharedCache)
