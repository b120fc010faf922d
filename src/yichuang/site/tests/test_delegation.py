"""A power of the model district goes down to a street: the public list before and after differ by that and nothing else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from yichuang.catalogue import commands, queries
from yichuang.catalogue.models import Item, ItemVersion, ListEdition
from yichuang.core import jobs, verify
from yichuang.core.actor import Actor
from yichuang.identity import queries as people
from yichuang.identity.models import Account, Department
from yichuang.site.demo import district

pytestmark = pytest.mark.django_db
DIVISION = "610114"
POWER, FROM, TO = "610114-CG-0102", "阎良区行政审批服务局", "阎良区关山街道办事处"
NOW = timezone.localtime().replace(hour=10, minute=0)


def staff(username: str) -> Actor:
    return people.actor_of_account(Account.objects.get(username=username), NOW)


def published(by: Actor) -> ListEdition:
    job = commands.start_list("power", by=by, at=NOW)
    jobs.run.call(job.pk)
    job.refresh_from_db()
    assert job.state == job.DONE, job.message
    return queries.list_edition(DIVISION, "power")


def decided(effective_on: date) -> int:
    """An adjustment that delegates the power, through every verb up to its publication."""
    editor, today = staff("shixiang"), NOW.date()
    body = Department.objects.get(name=FROM)
    assert (Department.objects.get(name=TO).pk, TO) in queries.departments_to_ask(DIVISION), (
        "the desk offers the street"
    )
    row = commands.propose_adjustment(
        title="关于向街道下放临时占道审批的决定（演示）",
        basis="陕西省乡镇（街道）赋权清单",
        lines=[{"way": "delegate", "code": POWER, "to": TO}],
        by=editor,
        at=NOW,
    )
    commands.ask_opinions(row.pk, departments=[body.pk], by=editor, at=NOW)
    commands.give_opinion(row.pk, answer="agree", by=staff("chengban"), at=NOW)
    commands.send_to_legal(row.pk, by=editor, at=NOW)
    commands.pass_legal_review(row.pk, words="合法", by=staff("fazhi"), at=NOW)
    commands.approve_adjustment(row.pk, number="阎政函〔演示〕1号", approved_on=today, by=staff("fuzeren"), at=NOW)
    commands.publish_adjustment(
        row.pk, number="阎政发〔演示〕2号", published_on=today, effective_on=effective_on, by=editor, at=NOW
    )
    return row.pk


def test_the_list_before_and_after_differ_by_exactly_the_power_that_went_to_the_street():
    district.enter(NOW)
    editor = staff("shixiang")
    before = published(editor)
    item = Item.objects.get(code=POWER)
    was = queries.current(item.pk)
    day = NOW.date() + timedelta(7)
    decided(day)

    assert commands.effect_due(NOW + timedelta(6)) == 0
    assert published(editor).number == 1, "nothing has changed before its day"
    assert commands.effect_due(NOW + timedelta(7)) == 1
    now = queries.current(item.pk)
    assert (was.department, now.department, now.use_level) == (FROM, TO, "5")
    assert now.effective_on == day.isoformat()
    issuer = Department.objects.get(name=TO).uscc
    codes = ItemVersion.objects.filter(pk=now.id).values_list("task_code", "local_task_code").get()
    assert codes == (f"{issuer}5{item.current.catalog_code}", POWER), "the code names the street that exercises it"

    after = published(editor)
    told = queries.between(before, after)
    assert (after.number, after.count) == (2, before.count)
    assert (told.added_count, told.removed_count, told.changed_count) == (0, 0, 1)
    assert [(c.key, c.name, c.columns) for c in told.changed] == [(POWER, was.name, (("实施主体", FROM, TO),))]
    assert queries.holds(before)
    assert verify.verify().clean
