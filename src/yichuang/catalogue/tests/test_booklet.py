"""一册通: what it holds, who may have it printed, editions, what printing twice does."""

from __future__ import annotations

import io
import re

import pytest
from pypdf import PdfReader

from yichuang.catalogue import commands, queries
from yichuang.catalogue.models import BookletEdition
from yichuang.catalogue.queries.booklet import index_of
from yichuang.catalogue.tests import given
from yichuang.catalogue.tests.test_life import situation, stage
from yichuang.core import files, jobs
from yichuang.core.models import File, Job, LogEvent
from yichuang.core.refusal import Refusal
from yichuang.core.tests.counting import pinned

pytestmark = pytest.mark.django_db
AT, DIVISION = given.AT, given.DIVISION


def printed(by=None) -> Job:
    job = commands.start_booklet(by=by or given.editor(), at=AT)
    jobs.run.call(job.pk)
    job.refresh_from_db()
    return job


def pages(file: File) -> list[str]:
    found = PdfReader(io.BytesIO(files.content(file))).pages
    return [re.sub(r"\s+", "", page.extract_text()).replace("⼯", "工") for page in found]


def test_an_edition_says_what_each_situation_takes_and_where_each_name_stands():
    stage()
    stage("old", name="退休养老")
    stage("open", name="开办企业", audience="legal")
    one = given.published_item(task_name="出生登记")
    two = given.published_item(task_name="办理老年优待证")
    situation(one)
    situation(two, one, code="retire", stage="old", name="办退休")
    situation(one, code="company", stage="open", name="开公司")
    job = printed()
    assert job.state == "done", job.message
    assert (job.done, job.total) == (2, 2)
    edition = BookletEdition.objects.get()
    assert job.result_file == edition.file
    assert (edition.number, edition.stages, edition.situations, edition.items, edition.nearby) == (1, 2, 2, 2, 0)
    told = pages(edition.file)
    assert edition.pages == len(told)
    whole = "".join(told)
    for words in (
        "一册通",
        "第1版",
        edition.digest[:32],
        "公共场所卫生检测报告",
        "阎良区政务服务大厅二楼综合窗口",
        "5个工作日",
        "029-86200000",
    ):
        assert words in whole, words
    assert "开公司" not in whole
    first = next(n for n, text in enumerate(told, 1) if "孩子出生" in text and "要带的" in text)
    second = next(n for n, text in enumerate(told, 1) if "办退休" in text and "要带的" in text)
    assert f"出生登记见第{first}页" in told[second - 1]
    assert f"B办理老年优待证{second}C出生登记{first}" in told[-1]
    assert "孕育出生" in told[1]
    assert "孩子出生" in told[1]


def test_the_edition_is_told_by_the_log_and_what_has_not_changed_is_not_printed_again():
    stage()
    one = given.published_item()
    situation(one)
    first = printed()
    edition = BookletEdition.objects.get()
    line = LogEvent.objects.get(stream=edition.stream)
    assert line.kind == "booklet.printed"
    assert line.event().data["digest"] == edition.digest
    again = printed()
    assert (again.state, again.result_file) == ("done", first.result_file)
    assert "没有另编新版" in again.message
    assert BookletEdition.objects.count() == 1
    given.revised(one, summary="换了说法")
    third = printed()
    assert third.state == "done", third.message
    assert list(queries.editions(DIVISION).values_list("number", flat=True)) == [2, 1]
    assert queries.newest_edition(DIVISION).file == third.result_file
    assert "换了说法" in "".join(pages(third.result_file))


def test_only_an_editor_has_it_printed_and_only_when_there_is_something():
    for role in ("window_clerk", "head", "handler"):
        with pytest.raises(Refusal) as no:
            commands.start_booklet(by=given.identity.staff("某某", roles=(role,))[1], at=AT)
        assert no.value.status == 403
    with pytest.raises(Refusal) as no:
        commands.start_booklet(by=given.editor(), at=AT)
    assert (no.value.code, no.value.status) == ("booklet.empty", 409)
    assert not Job.objects.exists()
    with pytest.raises(Refusal) as no:
        queries.newest_edition(DIVISION)
    assert no.value.status == 404


def test_what_was_retired_meanwhile_fails_the_job_and_makes_no_edition():
    stage()
    one = given.published_item()
    situation(one)
    job = commands.start_booklet(by=given.editor(), at=AT)
    commands.retire_version(one.id, reason="取消", by=given.by_system(), at=AT)
    jobs.run.call(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
    assert "还没有可以编印的事项" in job.message
    assert not BookletEdition.objects.exists()


def test_names_stand_by_their_sound():
    found = index_of(
        [("中考报名", "3"), ("A级评定", "4"), ("残疾人证办理", "1"), ("城乡低保", "2"), ("《证》", "5"), ("①", "6")]
    )
    assert [(g["letter"], [key for _, key in g["names"]]) for g in found] == [
        ("A", ["4"]),
        ("C", ["1", "2"]),
        ("Z", ["5", "3"]),
        ("#", ["6"]),
    ]


def test_reading_for_it_costs_the_same_for_a_few_and_for_many():
    stage()
    situation(given.published_item())
    pinned("booklet", lambda: queries.booklet(DIVISION))
    for n in range(4):
        situation(*(given.published_item() for _ in range(3)), code=f"s{n}")
    assert pinned("booklet", lambda: queries.booklet(DIVISION))["counts"]["items"] == 13


def test_the_public_gets_the_newest_edition(client):
    assert client.get("/life/booklet/").status_code == 404
    assert client.get("/life/booklet.pdf").status_code == 404
    stage()
    one = given.published_item()
    situation(one)
    printed()
    assert "一册通" in client.get("/life/").content.decode()
    told = client.get("/life/booklet/").content.decode()
    edition = BookletEdition.objects.get()
    for words in ("第 1 版", "1 个阶段，1 个情形，1 个事项", edition.digest):
        assert words in told
    answer = client.get("/life/booklet.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content) == files.content(edition.file)
