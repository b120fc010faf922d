"""What the platform does by itself over many cases: sweeps and a new calendar."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yichuang.cases import commands, queries
from yichuang.cases.models import Case
from yichuang.cases.tests import given
from yichuang.cases.tests.given import AT, later
from yichuang.catalogue import commands as catalogue_commands
from yichuang.catalogue import queries as catalogue_queries
from yichuang.catalogue.tests import given as catalogue
from yichuang.core import calendar, jobs
from yichuang.core.actor import Actor, system
from yichuang.core.models import Job, LogEvent
from yichuang.core.refusal import Refusal
from yichuang.core.verify import verify
from yichuang.identity.tests import given as identity

pytestmark = pytest.mark.django_db
SYSTEM = system("calendar")


def holiday(*days: str, by: Actor = SYSTEM) -> None:
    """A notice that makes these days of 2026 a rest, with everything that 2026 has already."""
    from yichuang.core.calendar import seeding

    known = [d for d in seeding.days() if d.on.year == 2026]
    rows = [
        {"date": d.on.isoformat(), "name": d.name, "kind": "makeup_workday" if d.working else "holiday"} for d in known
    ]
    rows += [{"date": d, "name": "临时放假", "kind": "holiday"} for d in days]
    calendar.import_year(rows, by=by, at=later(1), source="临时放假通知")


def events(kind: str) -> int:
    return LogEvent.objects.filter(kind=kind).count()


def test_a_new_calendar_starts_a_job_that_moves_every_open_case():
    w = given.world()
    received, accepted, granted = given.submitted_case(w), given.accepted_case(w), given.granted_case(w)
    closed = given.closed_case(w)
    suspended = given.accepted_case(w)
    commands.start_special(suspended.number, kind="testing", reason="送检", needed_days=3, by=w.handler, at=later(1))
    holiday("2026-03-06")
    job = Job.objects.get(kind="cases.recompute")
    jobs.run.func(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (Job.DONE, 4, 4)
    assert job.result["moved"] == 4
    for case, name, was, now in (
        (received, "acceptance_due_on", "2026-03-09", "2026-03-10"),
        (accepted, "promised_due_on", "2026-03-09", "2026-03-10"),
        (granted, "delivery_due_on", "2026-03-18", "2026-03-19"),
    ):
        case.refresh_from_db()
        assert getattr(case, name).isoformat() == now
        told = LogEvent.objects.get(stream=case.stream, kind="case.rescheduled").event().data
        assert (told["was"][name], told["now"][name]) == (was, now)
    told = LogEvent.objects.get(stream=suspended.stream, kind="case.rescheduled").event().data
    assert told["was"]["promised_due_on"] == "2026-03-09", "and now: as if the special procedure ended today"
    assert not LogEvent.objects.filter(stream=closed.stream, kind="case.rescheduled").exists()
    assert commands.recompute("", by=SYSTEM, at=later(2)) == 0, "a second time moves nothing"
    assert verify().clean
    line = queries.case_page(w.head, accepted.number, on=date(2026, 3, 4)).timeline[-1]
    assert "承诺办结日期由2026年3月9日改为2026年3月10日" in line.title


def elsewhere(division: str) -> given.World:
    """An item in force in another division, with its people there."""
    organ = identity.department("临潼区行政审批服务局", division=division)
    by = system("setup", division)
    made = catalogue_commands.create_item(
        {**catalogue.content(), "department": organ.name}, division=division, by=by, at=AT
    )
    catalogue_commands.publish_version(made.pk, by=by, at=AT)
    return given.world(version=catalogue_queries.version(made.pk))


def test_the_calendar_is_the_country_s_whoever_enters_it_every_division_moves():
    ours, theirs = given.accepted_case(given.world()), given.accepted_case(elsewhere("610115"))
    assert (ours.division, theirs.division) == ("610114", "610115")
    _, admin = identity.staff("习管理", ("system_administrator",), ours.department)
    assert admin.division == "610114"
    holiday("2026-03-06", by=admin)
    job = Job.objects.get(kind="cases.recompute")
    assert job.division == "610114", "it is the administrator's own, to look at"
    jobs.run.func(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.result["moved"]) == (Job.DONE, 2, 2, 2)
    for case in (ours, theirs):
        case.refresh_from_db()
        assert case.promised_due_on == date(2026, 3, 10)
        event = LogEvent.objects.get(stream=case.stream, kind="case.rescheduled")
        assert event.division == case.division


def test_recomputation_is_taken_up_again_where_it_was(monkeypatch: pytest.MonkeyPatch):
    from yichuang.cases.commands import sweeps

    w = given.world()
    for _ in range(5):
        given.accepted_case(w)
    holiday("2026-03-06")
    monkeypatch.setattr(sweeps, "BATCH", 2)

    def stop(_done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        commands.recompute("", by=SYSTEM, at=later(1), advance=stop)
    assert events("case.rescheduled") == 2, "whole batches, and no more"
    assert commands.recompute("", by=SYSTEM, at=later(1)) == 3
    assert events("case.rescheduled") == 5
    assert verify().clean


def test_recomputation_of_many_is_a_handful_of_statements():
    w = given.world()
    for _ in range(10):
        given.accepted_case(w)
    holiday("2026-03-06")
    with CaptureQueriesContext(connection) as seen:
        assert commands.recompute("610114", by=SYSTEM, at=later(1)) == 10
    told = [q["sql"] for q in seen.captured_queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(told) <= 5, told


def test_one_division_only():
    w = given.world()
    given.accepted_case(w)
    holiday("2026-03-06")
    assert commands.recompute("610115", by=SYSTEM, at=later(1)) == 0
    assert commands.recompute("610114", by=SYSTEM, at=later(1)) == 1


def test_a_sweep_goes_on_after_a_case_that_somebody_has_just_dealt_with():
    w = given.world()
    first, second = given.submitted_case(w), given.submitted_case(w)
    commands.accept(first.number, by=w.clerk, at=later(3))
    Case.objects.filter(pk=first.pk).update(attention_on=date(2026, 3, 3))
    assert commands.attend(later(8)) == 1
    second.refresh_from_db()
    assert second.deemed


def test_a_department_sets_its_own_thresholds():
    w = given.world()
    with pytest.raises(Refusal) as no:
        commands.set_thresholds(
            w.department, yellow_share=5, yellow_least=1, correction_days=10, lapse_warn_days=[1], by=w.head, at=AT
        )
    assert "lapse_warn_days" in no.value.fields
    with pytest.raises(Refusal) as no:
        commands.set_thresholds(
            w.department,
            yellow_share=5,
            yellow_least=3,
            correction_days=10,
            lapse_warn_days=[5, 1],
            by=w.handler,
            at=AT,
        )
    assert no.value.status == 403
    commands.set_thresholds(
        w.department, yellow_share=5, yellow_least=3, correction_days=10, lapse_warn_days=[1, 5], by=w.head, at=AT
    )
    case = given.accepted_case(w)
    assert case.attention_on == date(2026, 3, 4), "three working days before 03-09"
    case = given.submitted_case(w)
    case = commands.request_correction(case.number, points=[{"field": "place.name", "what": "改"}], by=w.clerk, at=AT)
    assert case.correction_due_on == date(2026, 3, 16)


def test_an_applicant_with_an_open_case_is_not_erased():
    w = given.world()
    case = given.accepted_case(w)
    assert "1件" in queries.retained(w.applicant)
    commands.withdraw(case.number, by=w.citizen, at=later(1))
    assert queries.retained(w.applicant) == ""
    assert identity.AT == AT
