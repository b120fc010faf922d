"""The worker: one process that delivers the outbox, runs sweeps and long work, and tells that it lives.

Four threads, so that a slow receiver does not hold up a sweep and an hour's import does not hold up either:
deliver (with a small pool for the network), sweep, tasks, beat. Each polls once a second with one cheap read. Any number
of workers runs on any number of machines; what one holds when it is killed is taken up by another one.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from secrets import token_hex

import structlog
from django.db import DatabaseError, close_old_connections, connections, transaction
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker as TaskRunner
from django_tasks_db.models import DBTaskResult, DBTaskResultQuerySet

from yichuang.core import jobs, outbox, schedule
from yichuang.core.models import Heartbeat, Job, Message

POLL = 1.0
BEAT = 5.0
STALE = timedelta(seconds=30)
"""A worker that has not beaten for so long is dead: its tasks are taken up by others."""
SENDERS = 8
STOP_WITHIN = 25.0
"""Seconds for what is under way; a longer task is left, and taken up by another worker from its beginning."""

logger = structlog.get_logger(__name__)


class Worker:
    """`run()` blocks until `stop()` or a signal. poll: seconds between looks when there is nothing to do."""

    def __init__(self, *, poll: float = POLL) -> None:
        self.name = f"{socket.gethostname()[:30]}-{os.getpid()}-{token_hex(4)}"
        self.poll = poll
        self.stopping = threading.Event()
        self.started_at = timezone.now()
        self.senders = ThreadPoolExecutor(SENDERS, thread_name_prefix="yichuang-send")
        self.under_way: dict[Future[outbox.Outcome], Message] = {}

    def run(self) -> None:
        self.beat()
        logger.info("worker.started", worker=self.name)
        loops: list[tuple[Callable[[], bool], float]] = [
            (self.deliver, self.poll),
            (self.sweep, self.poll),
            (self.tasks, self.poll),
            (self.beat, BEAT),
        ]
        threads = [
            threading.Thread(target=self._loop, args=loop, name=f"yichuang-{loop[0].__name__}", daemon=True)
            for loop in loops
        ]
        for thread in threads:
            thread.start()
        while not self.stopping.wait(1.0):
            pass  # signals are handled between two waits of the main thread
        latest = time.monotonic() + STOP_WITHIN
        for thread in threads:
            thread.join(max(0.0, latest - time.monotonic()))
        close_old_connections()
        Heartbeat.objects.filter(worker=self.name).delete()
        logger.info("worker.stopped", worker=self.name)

    def stop(self) -> None:
        self.stopping.set()

    def stop_on_signals(self) -> None:
        """SIGTERM and SIGINT end the worker cleanly; the second one at once."""

        def handle(number: int, _frame: object) -> None:
            if self.stopping.is_set():
                signal.signal(number, signal.SIG_DFL)
                os.kill(os.getpid(), number)
            self.stop()

        signal.signal(signal.SIGTERM, handle)
        signal.signal(signal.SIGINT, handle)

    def going_on(self) -> bool:
        return not self.stopping.is_set()

    def _loop(self, step: Callable[[], bool], pause: float) -> None:
        """Repeat `step`: at once while it finds something, else after the pause. A lost database is waited for."""
        while self.going_on():
            try:
                close_old_connections()
                found = step()
            except DatabaseError:
                logger.exception("worker.database", step=step.__name__)
                connections.close_all()
                found = False
                self.stopping.wait(2.0)
            except Exception:
                logger.exception("worker.step", step=step.__name__)
                found = False
                self.stopping.wait(2.0)
            if not found:
                self.stopping.wait(pause)
        if step == self.deliver:
            self.drain()
        connections.close_all()

    # --- steps: True when there was something to do -------------------------------------------------------------

    def deliver(self) -> bool:
        """Keep up to SENDERS messages under way; write each outcome down as it comes in."""
        free = SENDERS - len(self.under_way)
        if free >= SENDERS // 2 and self.going_on():
            now = timezone.now()
            if outbox.waiting(now):
                for message in outbox.claim(self.name, now, free):
                    self.under_way[self.senders.submit(self._send, message)] = message
        if not self.under_way:
            return False
        done, _ = wait(self.under_way, timeout=self.poll, return_when=FIRST_COMPLETED)
        for future in done:
            outbox.settle(self.under_way.pop(future), future.result(), timezone.now())
        return True

    def drain(self) -> None:
        """Before the end: what is under way is waited for and written down."""
        while self.under_way:
            self.deliver()
        self.senders.shutdown()

    def _send(self, message: Message) -> outbox.Outcome:
        try:
            return outbox.deliver(message)
        finally:
            connections.close_all()  # an adapter may have read the database in this thread

    def sweep(self) -> bool:
        return schedule.run_due(self.name, timezone.localtime(), self.going_on) > 0

    def tasks(self) -> bool:
        """One task of the Django Tasks queue, by the database backend's own runner."""
        return self._run_task(DBTaskResult.objects.ready())

    def _run_task(self, ready: DBTaskResultQuerySet) -> bool:
        """Claim the first of these that nobody else has, and run it."""
        if not ready.exists():
            return False
        with transaction.atomic():
            result = ready.get_locked()
            if result is None:
                return False
            result.claim(self.name)
        runner = TaskRunner(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name=result.backend_name,
            startup_delay=False,
            max_tasks=1,
            worker_id=self.name,
            excluded_queue_names=[],
        )
        runner.run_task(result)
        return True

    def finish(self, job: Job) -> Job:
        """For the command line: run this job here and now, or wait for the worker that already has it.

        It beats while it works, as every worker does, so that the job is taken up when this process is killed."""
        self.beat()
        beating = threading.Thread(target=self._loop, args=(self.beat, BEAT), daemon=True)
        beating.start()
        try:
            self._run_task(DBTaskResult.objects.ready().filter(pk=job.task))
            job.refresh_from_db()
            while not job.over:
                self.stopping.wait(0.2)
                job.refresh_from_db()
        finally:
            self.stop()
            beating.join(STOP_WITHIN)
            Heartbeat.objects.filter(worker=self.name).delete()
        return job

    def beat(self) -> bool:
        now = timezone.now()
        Heartbeat.objects.update_or_create(
            worker=self.name,
            defaults={"beat_at": now},
            create_defaults={
                "beat_at": now,
                "host": socket.gethostname()[:80],
                "process": os.getpid(),
                "started_at": self.started_at,
            },
        )
        schedule.prolong(self.name, now)
        take_up(now)
        return False


def take_up(at: datetime) -> int:
    """Tasks whose worker is dead are ready again, or failed when that has happened too often. Returns how many."""
    running = list(DBTaskResult.objects.running())
    if not running:
        return 0
    alive = set(Heartbeat.objects.filter(beat_at__gt=at - STALE).values_list("worker", flat=True))
    taken = 0
    for result in running:
        if result.worker_ids and result.worker_ids[-1] in alive:
            continue
        if result.started_at is not None and result.started_at > at - STALE:
            continue
        mine = DBTaskResult.objects.filter(pk=result.pk, status=TaskResultStatus.RUNNING, started_at=result.started_at)
        if len(result.worker_ids) < jobs.ATTEMPTS:
            taken += mine.update(status=TaskResultStatus.READY, started_at=None)
        elif mine.update(status=TaskResultStatus.FAILED, finished_at=at, traceback="its workers died"):
            taken += 1
            for job in Job.objects.filter(task=str(result.pk)):
                jobs.abandon(job.pk)
        logger.warning(
            "task.taken_up", task=str(result.pk), dead=result.worker_ids[-1:], attempts=len(result.worker_ids)
        )
    return taken
