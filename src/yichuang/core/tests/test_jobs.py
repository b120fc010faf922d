"""Long work: started, followed, ended, found again."""

from __future__ import annotations

import pytest
from django.utils import timezone

from yichuang.core import jobs
from yichuang.core.models import Heartbeat, Job, LogEvent
from yichuang.core.refusal import Refusal
from yichuang.core.tests.things import ADMINISTRATOR, CLERK
from yichuang.core.worker import Worker

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def wired(monkeypatch):
    def import_(progress, rows):
        progress.expect(len(rows))
        for number, row in enumerate(rows, 2):
            progress.advance()
            if row < 0:
                progress.reject(number, "小于零")
        progress.result(created=sum(row >= 0 for row in rows))

    def refuse(progress):
        raise Refusal("t.no", "不行。", "改一下。")

    def break_(progress):
        progress.advance()
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(jobs, "kinds", lambda: {"import": import_, "refuse": refuse, "break": break_})


def start(kind: str = "import", by=CLERK, **arguments) -> Job:
    return jobs.start(kind, "导入", by=by, at=timezone.now(), **arguments)


def work(job: Job) -> Job:
    while Worker().tasks():
        pass
    job.refresh_from_db()
    return job


def test_it_waits_runs_and_ends_with_its_figures():
    job = start(rows=[1, -1, 2])
    assert (job.state, job.over, job.percent) == ("waiting", False, None)
    work(job)
    assert (job.state, job.done, job.total, job.percent) == ("done", 3, 3, 100)
    assert job.rejected == [{"row": 3, "reason": "小于零"}]
    assert job.result == {"created": 2}
    assert job.started_at <= job.finished_at
    assert LogEvent.objects.get(stream=f"job:{job.pk}").kind == "job.started"


def test_a_refusal_is_what_the_person_reads():
    job = work(start("refuse"))
    assert (job.state, job.message) == ("failed", "不行。（改一下。）")


def test_a_fault_is_told_without_its_inside():
    job = work(start("break"))
    assert job.state == "failed"
    assert "secret" not in job.message
    assert str(job.pk) in job.message


def test_nothing_starts_of_a_kind_that_nobody_wired():
    with pytest.raises(ValueError, match="no job"):
        start("nobody")
    assert not Job.objects.exists()


def test_a_job_that_is_over_is_not_run_again():
    job = work(start(rows=[1]))
    jobs.run.call(job.pk)
    assert Job.objects.get().finished_at == job.finished_at


@pytest.mark.django_db(transaction=True)
def test_run_at_once_and_wait_for_its_end():
    job = Worker().finish(start(rows=[1, 2]))
    assert (job.state, job.result) == ("done", {"created": 2})
    assert not Heartbeat.objects.exists()


def test_its_own_and_the_administrators_see_it_and_nobody_else():
    job = start(rows=[])
    assert jobs.job_for(CLERK, job.pk) == job
    assert jobs.job_for(ADMINISTRATOR, job.pk) == job
    theirs = start(rows=[], by=ADMINISTRATOR)
    for number in (theirs.pk, 999):
        with pytest.raises(Refusal) as told:
            jobs.job_for(CLERK, number)
        assert told.value.status == 404
    assert list(jobs.jobs_of(CLERK)) == [job]
    assert list(jobs.jobs_of(ADMINISTRATOR)) == [theirs, job]
