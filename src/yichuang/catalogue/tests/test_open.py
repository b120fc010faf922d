"""开放数据: the items in force as files, what they mean, told again only when they changed."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.test import Client

from yichuang.catalogue import commands, queries
from yichuang.catalogue.tests import given
from yichuang.catalogue.tests.given_situations import asked
from yichuang.core.tests.counting import pinned

pytestmark = pytest.mark.django_db


def taken(url, **headers):
    answer = Client().get(url, headers=headers)
    return answer, b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()


def test_the_items_in_force_are_taken_as_csv_and_come_back_unchanged_by_an_import():
    version = given.published_item(**asked())
    given.draft(task_name="草稿不公开")
    _, text = taken("/open/items.csv")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [row["task_name"] for row in rows] == [version.name]
    assert json.loads(rows[0]["situations"])["rows"][0]["handling"] == "h1"
    report = commands.import_items(rows, division=given.DIVISION, by=given.by_system(), at=given.AT)
    assert (report.created, report.updated, report.unchanged, report.rejected) == (0, 0, 1, [])


def test_json_has_the_whole_content_and_is_empty_when_nothing_is_in_force():
    assert json.loads(taken("/open/items.json")[1]) == []
    version = given.published_item()
    (one,) = json.loads(taken("/open/items.json")[1])
    assert (one["id"], one["digest"]) == (version.item_id, version.digest)
    assert len(one["materials"]) == 2


def test_who_has_it_as_it_is_gets_no_copy_until_something_changes():
    version = given.published_item()
    first, _ = taken("/open/items.csv")
    mark = first["ETag"]
    assert taken("/open/items.csv", if_none_match=mark)[0].status_code == 304
    given.revised(version, summary="改过")
    again, text = taken("/open/items.csv", if_none_match=mark)
    assert again.status_code == 200
    assert "改过" in text
    assert taken("/open/items.json", if_none_match=again["ETag"])[0].status_code == 200


def test_a_robot_is_asked_to_wait():
    given.published_item()
    codes = [taken("/open/items.json")[0].status_code for _ in range(13)]
    assert codes == [200] * 12 + [429]


def test_every_column_is_explained():
    given.published_item()
    page = Client().get("/open/").content.decode()
    assert "在用政务服务事项" in page
    names = [row["要素名"] for row in queries.dictionary()]
    assert names == queries.export_names()
    assert all(row["名称"] for row in queries.dictionary())
    assert "行政许可" in Client().get("/open/elements.csv").content.decode()


def test_what_it_costs_does_not_grow_with_the_items():
    for n in range(3):
        given.published_item(task_name=f"事项{n}")
    pinned("open", lambda: Client().get("/open/"))
    pinned("open_items", lambda: taken("/open/items.csv"))
