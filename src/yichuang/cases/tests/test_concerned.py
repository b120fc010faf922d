"""An adjustment of powers takes effect: followers, applicants with open cases and holders of licences are told, once each."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from yichuang.cases.tests import given
from yichuang.catalogue import commands as catalogue
from yichuang.catalogue.commands import telling
from yichuang.catalogue.models import Adjustment
from yichuang.catalogue.tests import test_adjustments
from yichuang.catalogue.tests.test_adjustments import delegate
from yichuang.catalogue.tests.test_adjustments import published as decided
from yichuang.core import jobs
from yichuang.core.models import Job
from yichuang.core.tests.counting import pinned
from yichuang.identity.models import Department, Notice
from yichuang.identity.tests import given as identity
from yichuang.licences.tests import given as licences

powers = test_adjustments.w
pytestmark = pytest.mark.django_db
AT = given.AT
STREET = "阎良区凤凰路街道办事处"


def licensed(w: given.World, **more):
    return licences.licence(issuer=w.department, type_code=w.version.licence.type_code, **more)


def follow(applicant, by, w: given.World) -> None:
    catalogue.follow(applicant, kind="item", target=w.version.item_id, by=by, at=AT)


def work() -> dict[int, list[str]]:
    """Who was told what, by applicant."""
    for pk in Job.objects.filter(kind=telling.TELL).order_by("pk").values_list("pk", flat=True):
        Job.objects.filter(pk=pk).update(state=Job.RUNNING)
        jobs.run.call(pk)
        job = Job.objects.get(pk=pk)
        assert job.state == Job.DONE, job.message
    told: dict[int, list[str]] = {}
    for notice in Notice.objects.filter(about__startswith="adjustment:").order_by("pk"):
        told.setdefault(notice.applicant_id, []).append(notice.body)
    return told


def effected(line: dict[str, str], powers) -> Adjustment:
    row = decided(powers, line)
    row.refresh_from_db()
    assert row.state == "effected", row.troubles
    return row


def test_each_is_told_once_with_all_that_concerns_them(powers):
    w = given.world()
    case = given.submitted_case(w)
    held = licensed(w, holder=w.applicant)
    follow(w.applicant, w.citizen, w)
    holder, _ = identity.organisation()
    his = licensed(w, holder=holder)
    follower, by = identity.person()
    follow(follower, by, w)
    effected(delegate(w.version), powers)
    told = work()
    assert set(told) == {w.applicant.pk, holder.pk, follower.pk}
    head = "权力事项调整（阎政发〔2026〕5号）已生效。"
    name = w.version.name
    followed = f"您关注的“{name}”下放给{STREET}，自2026年3月2日起生效。"
    goes_on = f"您正在办理的“{name}”（{case.number}，第1版），仍按申请时适用的版本办完，期限和要求不变。"
    stays = "继续有效，不需要换证，以后的变更、延续、补办向" + STREET + "申请。"
    assert told[follower.pk] == [head + followed]
    assert told[holder.pk] == [f"{head}您持有的《{his.name}》（{his.number}）{stays}"]
    assert told[w.applicant.pk] == [f"{head}{followed}{goes_on}您持有的《{held.name}》（{held.number}）{stays}"]
    assert work() == told, "the same work again tells nobody twice"
    assert not Notice.objects.filter(about__startswith="item:").exists(), "the item's own change is told with it"


def test_a_cancelled_power_leaves_its_licences_valid(powers):
    w = given.world()
    held = licensed(w)
    effected({"way": "cancel", "code": w.version.item_code}, powers)
    (body,) = work()[held.holder_id]
    assert body.endswith("在有效期内继续有效；该事项取消后不再办理变更、延续，以后怎样办理，见公布取消的文件。")


def test_who_is_done_or_whose_licence_is_over_or_of_another_body_is_not_told(powers):
    w = given.world()
    closed = given.closed_case(w, at=AT - timedelta(days=10))
    over, _ = identity.organisation()
    licensed(w, holder=over, expires_on=date(2026, 3, 1), at=AT - timedelta(days=400))
    other, _ = identity.organisation()
    issuer = Department.objects.get(name=STREET)
    licences.licence(holder=other, issuer=issuer, type_code=w.version.licence.type_code)
    given.submitted_case(given.world())
    effected({"way": "cancel", "code": w.version.item_code}, powers)
    told = work()
    assert set(told) == {closed.applicant_id}, "only the holder of the licence that the case led to"
    assert "您正在办理" not in told[closed.applicant_id][0]


def test_batches_run_across_followers_cases_and_licences(powers, monkeypatch):
    monkeypatch.setattr(telling, "BATCH", 2)
    w = given.world()
    everybody = []
    for _ in range(3):
        person, by = identity.person()
        follow(person, by, w)
        everybody.append(person.pk)
        everybody.append(licensed(w).holder_id)
    given.submitted_case(w)
    effected(delegate(w.version), powers)
    told = work()
    assert sorted(told) == sorted([*everybody, w.applicant.pk])
    assert {len(bodies) for bodies in told.values()} == {1}


def test_many_cost_as_many_queries_as_few(powers):
    for people in (1, 8):
        w = given.world()
        given.submitted_case(w)
        for _ in range(people):
            person, by = identity.person()
            follow(person, by, w)
            licensed(w)
        effected(delegate(w.version), powers)
        job = Job.objects.filter(kind=telling.TELL).order_by("-pk")[0]
        progress, row = jobs.Progress(job), job.arguments["telling"]
        pinned("catalogue.tell_adjustment", lambda: telling.tell(progress, telling=row))  # noqa: B023 - called at once
