"""The worker as it really runs: processes that are stopped, killed and raced against each other."""

from __future__ import annotations

import signal
import threading
from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from yichuang.core import housekeeping, jobs, outbox, schedule, worker
from yichuang.core.models import Heartbeat, Job, KeptAnswer, Message, ScheduleRun
from yichuang.core.schedule import Sweep
from yichuang.core.tests import processes
from yichuang.core.tests.things import CLERK
from yichuang.core.worker import Worker

WORKER = """
import sys
from datetime import timedelta
from yichuang.core import adapters, outbox, schedule
from yichuang.core.worker import Worker
outbox.LEASE = timedelta(seconds=float(sys.argv[2]))
outbox.adapters = lambda: {"test": adapters.http(sys.argv[1])}
schedule.sweeps = lambda: ()
one = Worker(poll=0.05)
one.stop_on_signals()
print("up", flush=True)
one.run()
"""


def enqueue(count: int) -> None:
    with transaction.atomic():
        for n in range(count):
            outbox.enqueue("test", f"k-{n}", {"n": n}, about=f"case:{n}", at=timezone.now())


def start(url: str, lease: float):
    process = processes.python(WORKER, url, str(lease))
    assert process.stdout.readline() == "up\n", process.stderr.read()
    return process


def end(*started) -> None:
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                stream.close()


@pytest.fixture
def wired(monkeypatch):
    monkeypatch.setattr(outbox, "adapters", lambda: {"test": lambda _message: outbox.Receipt()})


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_of_a_delivery_loses_nothing_and_doubles_nothing(tmp_path, wired):
    enqueue(30)
    receiver, url = processes.receiver(tmp_path, 0.3)
    first = start(url, 1.5)
    second = None
    try:
        processes.until(lambda: len(processes.lines(tmp_path / "requests")) >= 4)
        first.send_signal(signal.SIGKILL)
        first.wait()
        interrupted = Message.objects.filter(state="pending").exclude(claimed_by="").count()
        assert interrupted > 0  # it held some when it died
        second = start(url, 1.5)
        processes.until(lambda: not Message.objects.exclude(state="sent").exists())
    finally:
        end(receiver, first, *([second] if second else []))
    taken = processes.lines(tmp_path / "taken")
    assert sorted(taken) == sorted(f"k-{n}" for n in range(30))  # each once
    assert len(processes.lines(tmp_path / "requests")) > 30  # though some were sent twice
    assert all(m.receipt["reference"].startswith("R-") for m in Message.objects.all())


@pytest.mark.django_db(transaction=True)
def test_several_workers_share_the_messages(tmp_path, wired):
    enqueue(60)
    receiver, url = processes.receiver(tmp_path, 0.02)
    workers = [start(url, 60) for _ in range(3)]
    try:
        processes.until(lambda: not Message.objects.exclude(state="sent").exists())
        for process in workers:
            process.send_signal(signal.SIGTERM)
        assert [process.wait(30) for process in workers] == [0, 0, 0]
    finally:
        end(receiver, *workers)
    assert len(processes.lines(tmp_path / "requests")) == 60  # nobody sent what another one had
    assert not Heartbeat.objects.exists()  # all stopped cleanly


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_told_to_stop_finishes_what_is_under_way(tmp_path, wired):
    enqueue(8)
    receiver, url = processes.receiver(tmp_path, 1.0)
    process = start(url, 60)
    try:
        processes.until(lambda: len(processes.lines(tmp_path / "requests")) >= 1)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    finally:
        end(receiver, process)
    sent = Message.objects.filter(state="sent").count()
    assert sent == len(processes.lines(tmp_path / "requests"))


# --- sweeps ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_sweep_runs_when_it_is_due(monkeypatch):
    ran = []

    def function(at):
        ran.append(at)
        return 3

    monkeypatch.setattr(schedule, "sweeps", lambda: (Sweep("t", function, every_minutes=10),))
    now = timezone.now()
    assert schedule.run_due("w", now) == 1
    assert schedule.run_due("w", now + timedelta(minutes=9)) == 0
    assert schedule.run_due("w", now + timedelta(minutes=10)) == 1
    row = ScheduleRun.objects.get()
    assert (row.touched, row.failures, row.held_by) == (3, 0, "")
    assert len(ran) == 2


@pytest.mark.django_db
def test_a_broken_sweep_is_told_and_does_not_stop_the_others(monkeypatch):
    def broken(at):
        raise ZeroDivisionError

    monkeypatch.setattr(schedule, "sweeps", lambda: (Sweep("a", broken, 1), Sweep("b", lambda at: 1, 1)))
    assert schedule.run_due("w", timezone.now()) == 2
    a, b = ScheduleRun.objects.order_by("name")
    assert (a.failures, a.last_error, a.held_by) == (1, "ZeroDivisionError: ", "")
    assert (b.failures, b.touched) == (0, 1)


@pytest.mark.django_db
def test_a_sweep_held_by_a_living_worker_is_left_alone_and_taken_from_a_dead_one(monkeypatch):
    now = timezone.now()
    ran = []
    monkeypatch.setattr(schedule, "sweeps", lambda: (Sweep("t", lambda at: ran.append(1) or 1, 1),))
    ScheduleRun.objects.create(name="t", due_at=now, held_by="other", held_until=now + schedule.HOLD)
    assert schedule.run_due("w", now + timedelta(minutes=4)) == 0
    schedule.prolong("other", now + timedelta(minutes=4))
    assert schedule.run_due("w", now + timedelta(minutes=8)) == 0
    assert schedule.run_due("w", now + timedelta(minutes=9, seconds=1)) == 1
    assert ran == [1]


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_runs_the_sweep(monkeypatch):
    ran = []
    monkeypatch.setattr(schedule, "sweeps", lambda: (Sweep("t", lambda at: ran.append(1) or 1, 60),))
    now, together = timezone.now(), threading.Barrier(6)

    def one(n):
        together.wait()
        schedule.run_due(f"w-{n}", now)
        connections.close_all()

    threads = [threading.Thread(target=one, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ran == [1]


# --- tasks of dead workers ---------------------------------------------------------------------------------------


def job(monkeypatch) -> tuple[Job, DBTaskResult]:
    monkeypatch.setattr(jobs, "kinds", lambda: {"t": lambda progress: progress.say("好")})
    made = jobs.start("t", "测试", by=CLERK, at=timezone.now())
    return made, DBTaskResult.objects.get()


@pytest.mark.django_db
def test_a_task_whose_worker_died_is_taken_up_by_another(monkeypatch):
    made, result = job(monkeypatch)
    result.claim("dead")
    later = timezone.now() + worker.STALE + timedelta(seconds=1)
    assert worker.take_up(timezone.now()) == 0  # it may just have begun
    Heartbeat.objects.create(worker="dead", host="h", process=1, started_at=later, beat_at=later)
    assert worker.take_up(later) == 0  # it lives
    Heartbeat.objects.all().delete()
    assert worker.take_up(later) == 1
    assert Worker().tasks()
    made.refresh_from_db()
    assert (made.state, made.message) == ("done", "好")


@pytest.mark.django_db
def test_a_task_that_kills_its_workers_is_given_up_and_the_person_told(monkeypatch):
    made, result = job(monkeypatch)
    later = timezone.now()
    for n in range(jobs.ATTEMPTS):
        result.refresh_from_db()
        result.claim(f"dead-{n}")
        later = timezone.now() + worker.STALE + timedelta(seconds=1)
        assert worker.take_up(later) == 1
    result.refresh_from_db()
    made.refresh_from_db()
    assert result.status == TaskResultStatus.FAILED
    assert made.state == "failed"
    assert "多次中断" in made.message


@pytest.mark.django_db
def test_housekeeping_forgets_what_is_past_its_time():
    now = timezone.now()
    for days in (1, 8):
        at = now - timedelta(days=days)
        KeptAnswer.objects.create(client="c", key=f"{days}", request="r", turn="t", held_until=at, created_at=at)
        Heartbeat.objects.create(
            worker=f"{days}", host="h", process=1, started_at=at, beat_at=at + timedelta(minutes=1)
        )
    assert housekeeping.sweep(now) == 2
    assert KeptAnswer.objects.get().key == "1"
    assert Heartbeat.objects.get().worker == "1"
