"""Followers are told of a change, once each, whatever happens to the work."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from yichuang.catalogue import commands
from yichuang.catalogue.commands import telling
from yichuang.catalogue.models import Law, Telling
from yichuang.catalogue.models.law import REPEALED
from yichuang.catalogue.rules.lawchanges import ArticleText
from yichuang.catalogue.tests import given
from yichuang.core import jobs
from yichuang.core.models import Job
from yichuang.core.tests.counting import pinned
from yichuang.identity import commands as identity
from yichuang.identity.models import Notice

pytestmark = pytest.mark.django_db
AT, BY = given.AT, given.by_system()


def follower(target: int, kind: str = "item"):
    applicant, by = given.identity.person()
    commands.follow(applicant, kind=kind, target=target, by=by, at=AT)
    return applicant


def work() -> list[Notice]:
    """The worker's part, and the notices that there are afterwards."""
    for pk in Job.objects.filter(kind=telling.TELL).order_by("pk").values_list("pk", flat=True):
        jobs.run.call(pk)
        job = Job.objects.get(pk=pk)
        assert job.state == Job.DONE, job.message
    return list(Notice.objects.order_by("pk"))


def again() -> list[Notice]:
    Job.objects.filter(kind=telling.TELL).update(state=Job.RUNNING)
    return work()


def law() -> Law:
    own = commands.set_law(name="公共场所卫生管理条例", level="行政法规", by=BY, at=AT)
    commands.add_law_version(own, effective_on=date(2016, 2, 6), articles=[ArticleText(8, text="旧")], by=BY, at=AT)
    return own


def test_followers_of_an_item_are_told_of_its_new_version_and_nobody_else():
    item, other = given.published_item(), given.published_item()
    applicant = follower(item.item_id)
    follower(other.item_id)
    assert not Job.objects.filter(kind=telling.TELL).exists()
    given.revised(item, at=AT + timedelta(1), promise_day=6)
    (notice,) = work()
    assert notice.applicant_id == applicant.pk
    assert notice.body == "“公共场所卫生许可”自2026年3月3日起实施第2版，改动了承诺办结时限。"
    assert (notice.link, notice.about) == (f"/items/{item.item_id}/", f"item:{item.item_id}")


def test_an_item_that_nobody_follows_begins_no_work():
    given.revised(given.published_item(), promise_day=6)
    assert not Telling.objects.exists()


def test_a_retired_item_is_told_with_its_reason():
    item = given.published_item()
    follower(item.item_id)
    commands.retire_version(item.id, reason="法律修订，事项取消", by=BY, at=AT)
    (notice,) = work()
    assert notice.body == "“公共场所卫生许可”自2026年3月2日起停用，原因：法律修订，事项取消。"
    assert notice.link == "/my/follows/"


def test_followers_of_a_law_are_told_of_its_versions_and_its_repeal():
    own = law()
    applicant = follower(own.pk, "law")
    commands.set_law(own, name=own.name, level="行政法规", organ="国务院", by=BY, at=AT)
    assert work() == [], "what is said of a law is no change of it"
    commands.add_law_version(own, effective_on=date(2026, 5, 1), articles=[ArticleText(8, text="新")], by=BY, at=AT)
    commands.set_law(own, name=own.name, level="行政法规", state=REPEALED, by=BY, at=AT)
    commands.set_law(own, name=own.name, level="行政法规", state=REPEALED, number="国令1号", by=BY, at=AT)
    version, repeal = work()
    assert {version.applicant_id, repeal.applicant_id} == {applicant.pk}
    assert version.body == "《公共场所卫生管理条例》的新版本将自2026年5月1日起施行，修改了第八条。"
    assert version.link == f"/laws/{own.pk}/?version=2"
    assert repeal.body == "《公共场所卫生管理条例》自2026年3月2日起在法规库中列为已废止。"


def test_batches_tell_everybody_once_also_when_the_work_begins_anew(monkeypatch):
    monkeypatch.setattr(telling, "BATCH", 2)
    item = given.published_item()
    told = [follower(item.item_id).pk for _ in range(5)]
    given.revised(item, promise_day=6)
    broken = telling.notify_each
    calls = []

    def dies(*args, **kwargs):
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("the worker is gone")
        return broken(*args, **kwargs)

    monkeypatch.setattr(telling, "notify_each", dies)
    job = Job.objects.get(kind=telling.TELL)
    jobs.run.call(job.pk)
    assert Job.objects.get().state == Job.FAILED
    assert Notice.objects.count() == 2, "a batch is whole or not there"
    monkeypatch.setattr(telling, "notify_each", broken)
    for _ in range(2):
        assert sorted(n.applicant_id for n in again()) == told
    row = Telling.objects.get()
    assert (row.told, row.reached) == (5, told[-1])
    assert row.finished_at is not None


def test_who_follows_later_or_was_erased_meanwhile_is_not_told():
    item = given.published_item()
    gone, by = given.identity.person()
    commands.follow(gone, kind="item", target=item.item_id, by=by, at=AT)
    given.revised(item, promise_day=6)
    late, his = given.identity.person()
    commands.follow(late, kind="item", target=item.item_id, by=his, at=AT + timedelta(hours=1))
    identity.erase_applicant(gone, reason="本人申请", retained=lambda _: "", by=by, at=AT)
    assert work() == []


def test_a_batch_costs_the_same_for_a_few_and_for_many():
    item = given.published_item()
    for people in (2, 20):
        for _ in range(people):
            follower(item.item_id)
        item = given.revised(item, promise_day=6 + people % 3)
        row = Telling.objects.order_by("-pk")[0]
        progress = jobs.Progress(Job.objects.order_by("-pk")[0])
        pinned("catalogue.tell", lambda: telling.tell(progress, telling=row.pk))  # noqa: B023 - called at once
    assert Notice.objects.count() == 2 + 22
