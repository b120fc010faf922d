"""The demo's citizen follows an item and a law, and is told when the item's next version has its day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from yichuang.catalogue import commands
from yichuang.catalogue.commands import telling
from yichuang.catalogue.models import Follow
from yichuang.core import jobs, verify
from yichuang.core.models import Job
from yichuang.identity.models import Notice
from yichuang.site.demo import district, load, pending

pytestmark = pytest.mark.django_db
NOW = timezone.localtime().replace(hour=10, minute=0)


def test_what_the_citizen_follows_changes_on_its_day():
    district.enter(NOW, whole=True)
    load.enter_people(NOW)
    for _ in range(2):
        load.enter_follows(NOW)
    assert sorted(row.kind for row in Follow.objects.all()) == ["item", "law"]
    day = NOW + pending.AHEAD
    assert commands.publish_due(day - timedelta(1)) == 0
    assert commands.publish_due(day) == 1
    jobs.run.call(Job.objects.get(kind=telling.TELL).pk)
    notice = Notice.objects.get(applicant__account__username="zhangsan")
    assert f"自{day.year}年{day.month}月{day.day}日起实施" in notice.body
    assert "一句话说明" in notice.body
    assert verify.verify().clean
