"""The home page: search first, everyday situations, and figures from what is there."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import caches

from yichuang.catalogue.tests import given as catalogue
from yichuang.core import calendar
from yichuang.site import queries

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def fresh():
    caches["local"].clear()


def test_an_empty_platform_says_so(client):
    text = client.get("/").content.decode()
    assert "您想办什么事？" in text
    assert "还没有发布事项" in text
    assert "群众评价" not in text


def test_published_items_are_shown_with_days_and_visits(client):
    item = catalogue.published_item()
    text = client.get("/").content.decode()
    assert f"/items/{item.item_id}/" in text
    assert item.name in text
    assert f"承诺 {item.promised_days} 个工作日" in text


def test_topics_are_counted_by_whom_they_serve():
    catalogue.published_item(user_topic_type=["就业创业"], corp_topic_type=["准营准办", "食品药品"])
    counts = queries.counts()
    assert counts.items == 1
    assert counts.topics_person == (("就业创业", 1),)
    assert dict(counts.topics_legal) == {"准营准办": 1, "食品药品": 1}


@pytest.mark.parametrize(
    ("moment", "day", "open_now"),
    [
        ("2026-11-24T10:00", 24, True),
        ("2026-11-24T08:00", 24, False),
        ("2026-11-24T12:30", 24, False),
        ("2026-11-24T17:30", 25, False),
        ("2026-11-28T10:00", 30, False),  # a Saturday
    ],
)
def test_the_counters_next_hours(moment, day, open_now):
    calendar.seed()
    found = queries.opening(datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI))
    assert (found.day.day, found.open_now) == (day, open_now)
    assert found.hours == (("09:00", "12:00"), ("13:00", "17:00"))


def test_the_page_costs_the_same_with_more_items(client, django_assert_max_num_queries):
    for _ in range(2):
        catalogue.published_item()
    client.get("/")
    with django_assert_max_num_queries(8):
        client.get("/")
    for _ in range(6):
        catalogue.published_item()
    with django_assert_max_num_queries(8):
        client.get("/")
