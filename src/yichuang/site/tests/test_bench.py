"""The benches do what they count: outcomes at a tiny size, never times."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from yichuang.core.refusal import Refusal
from yichuang.site.bench import http_case, inside, quality
from yichuang.site.bench.running import encoded, free_port, plans, summary
from yichuang.site.bench.visitor import unlike
from yichuang.site.bench.wire import Unexpected, Visitor
from yichuang.site.bench.world import databases, server
from yichuang.site.demo import district, model
from yichuang.site.demo.invent import picture

needs_server = pytest.mark.skipif(
    not os.environ.get("YICHUANG_DATABASE_URL", "").startswith("postgres"),
    reason="benches make databases on PostgreSQL",
)


@pytest.fixture(scope="module")
def seeded() -> Iterator[list[str]]:
    with databases(server(), "http", "worklist", "verify", "recompute", citizens=2) as urls:
        yield urls


@pytest.mark.postgres
@pytest.mark.timeout(400)
@needs_server
def test_whole_cases_and_ratings_are_counted_when_the_database_holds_them(seeded):
    told = http_case.measured(seeded[0], cases=2, clients=2, workers=1)
    assert told["errors"] == 0, told["first_error"]
    assert told["cases"] == 2
    assert told["reviews"] == 4  # the first case of each client is rated twice
    assert told["requests"]["submit"]["n"] == 2
    assert told["requests"]["rate"]["n"] == 4
    assert 0 < told["cpu_share_clients"] < 0.5


@pytest.mark.postgres
@pytest.mark.timeout(400)
@needs_server
def test_the_worklist_answers_the_deep_page_with_as_many_queries_as_the_first(seeded):
    told = inside.worklist_of(seeded[1], cases=1200, times=2)
    assert told["cases"] == 1200
    assert told["requests"]["deep page"]["n"] == 2
    assert told["queries, deep page"] == told["queries, first page"]


@pytest.mark.postgres
@pytest.mark.timeout(400)
@needs_server
def test_the_log_is_proved_with_events_that_are_there_and_cases_beside_their_rows(seeded):
    told = inside.verify_of(seeded[2], events=400, cases=1)
    assert told["events"] > 400
    assert told["rows"] > 1


@pytest.mark.postgres
@pytest.mark.timeout(400)
@needs_server
def test_every_open_case_moves_with_the_notice_and_none_twice(seeded):
    told = inside.recompute_of(seeded[3], cases=40)
    assert told["open_cases"] == 40
    assert told["moved"] == 40


def test_a_bench_without_postgresql_is_refused(monkeypatch):
    monkeypatch.setenv("YICHUANG_DATABASE_URL", "sqlite:///nothing")
    with pytest.raises(Refusal):
        server()


def test_work_is_shared_out_and_each_client_is_somebody_else():
    shared = plans({"item": 1}, 5, 3)
    assert [one["count"] for one in shared] == [2, 2, 1]
    assert len({(one["citizen"], one["address"]) for one in shared}) == 3
    assert len(plans({}, 2, 8)) == 2


def test_the_same_picture_is_another_file_each_time_and_still_a_picture():
    from io import BytesIO

    from PIL import Image

    whole = picture("bench")
    assert encoded(whole)
    first, second = unlike(whole), unlike(whole)
    assert first != second
    Image.open(BytesIO(first)).verify()


def test_median_and_95th_percentile():
    told = summary([float(n) for n in range(1, 101)])
    assert told["median_ms"] == 50.5
    assert 95 <= told["p95_ms"] <= 97
    assert told["n"] == 100


@pytest.mark.django_db
def test_the_client_keeps_its_cookies_and_takes_no_other_status_than_it_expects(live_server):
    visitor = Visitor("127.0.0.1", live_server.thread.port)
    page = visitor.get("page", "/accounts/login/")
    assert page.hidden()["csrfmiddlewaretoken"]
    assert visitor.cookies["csrftoken"]
    with pytest.raises(Unexpected, match="404"):
        visitor.get("page", "/nowhere/")
    assert len(visitor.times["page"]) == 2
    visitor.close()
    with pytest.raises(OSError, match="refused"):
        Visitor("127.0.0.1", free_port()).get("page", "/")


def test_the_everyday_questions_are_many_distinct_and_name_items_of_the_model_district():
    asked = quality.questions()
    assert len([a for a in asked if a.codes]) >= 300
    assert len({a.text for a in asked}) == len(asked)
    codes = {c.partition("-")[2] for c in model_codes()}
    assert {code for a in asked for code in a.codes} <= codes
    halves = [a.half for a in asked if a.codes and a.way != quality.AFTERWARDS]
    assert 0.4 < halves.count(quality.DEVELOPMENT) / len(halves) < 0.6
    assert all(len(a.codes) <= 4 for a in asked)


def model_codes() -> set[str]:
    short = {brief["local_task_code"] for brief in district.shorts()}
    return short | {brief["code"] for brief in model.briefs()}


def test_ranks_become_shares_and_misses_are_named():
    def answer(text: str, rank: int, codes: str = "a", *, firm: bool = True) -> quality.Answer:
        return quality.Answer(quality.Asked(text, "spoken", frozenset(codes)), rank, "某事项" if rank else "", firm)

    told = quality.report([answer("一", 1), answer("二", 2), answer("三", 10), answer("四", 0), answer("五", 0, "")])
    assert told["quality"]["whole"] == {"n": 4, "hit_at_1": 0.25, "hit_at_5": 0.5, "mrr": 0.4}
    assert [miss["question"] for miss in told["misses"]] == ["三", "四"]
    assert told["nothing"] == {"n": 1, "told_so": 1.0}


def test_a_question_keeps_its_half():
    assert (
        quality.Asked("给刚生下的宝宝报户口", "spoken", frozenset("a")).half
        == quality.Asked("给刚生下的宝宝报户口", "law", frozenset()).half
    )
