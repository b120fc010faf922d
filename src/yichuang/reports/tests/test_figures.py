"""Figures are counted from versions in force on a day, through the catalogue's own verbs."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from yichuang.catalogue import commands
from yichuang.catalogue.tests import given, given_lists
from yichuang.core.refusal import Refusal
from yichuang.identity.tests import given as identity
from yichuang.reports import queries
from yichuang.reports.rules.figures import FIGURES

pytestmark = pytest.mark.django_db
TODAY = given.AT.date()
LATER = given.AT + timedelta(days=40)


def text(id: str, on: date = TODAY) -> str:
    return {t.figure.id: t.text for t in queries.figures(given.DIVISION, on)}[id]


def test_an_empty_catalogue_counts_nothing_and_rates_nothing():
    told = {t.figure.id: t for t in queries.figures(given.DIVISION, TODAY)}
    assert set(told) == {f.id for f in FIGURES}
    assert told["items.total"].value == 0
    assert told["online.rate"].value is None
    assert told["clinic.before"].value is None


def test_each_set_counts_what_it_says():
    offline = {"is_online": False, "online_handle_depth": [], "is_mobile": False, "handle_type": ["1"]}
    given.published_item()
    given.published_item(is_mobile=False, online_handle_depth=["1", "2", "3", "4"])
    given.published_item(main_audience="person", cross_modes=["1", "2"], taken_over_from="阎良区卫生健康局")
    given.published_item(**offline, task_type="10", is_filing=True, concerns_safety=None, catalog_code="001023023000")
    given.draft()
    got = {t.figure.id: t.value for t in queries.figures(given.DIVISION, TODAY)}
    assert got | {
        "items.total": 4, "items.licences": 3, "items.filings": 1, "mobile.items": 2, "mobile.person": 1, "mobile.legal": 1,
        "online.catalogue": 3, "online.implementation": 3, "online.rate": 75.0, "onenet.items": 2, "onenet.rate": 50.0,
        "central.items": 1, "central.departments": 1, "cross.items": 1,
    } == got  # fmt: skip


def test_implementation_items_are_counted_one_by_one():
    rows = [
        {"name": "新办", "is_online": True, "is_window": True},
        {"name": "延续", "is_online": True, "is_window": False, "only_online": True},
        {"name": "补证", "is_online": False, "is_window": True},
    ]
    given.published_item(handlings=rows)
    assert text("online.implementation") == "2"
    assert text("items.total") == "1"


def test_a_day_in_the_past_is_told_as_it_was():
    facts = given.published_item()
    assert text("items.total", TODAY - timedelta(days=1)) == "0"
    commands.retire_version(facts.id, reason="事项取消", by=given.by_system(), at=LATER)
    assert text("items.total", TODAY) == "1"
    assert text("items.total", LATER.date()) == "0"


def test_another_division_counts_for_itself():
    given.published_item()
    assert {t.value for t in queries.figures("610115", TODAY, "items")} == {0}


def taken_over() -> None:
    """Five days and two materials, then two days and one material, by another body."""
    health = identity.department("阎良区卫生健康局").name
    before = given.published_item(department=health)
    materials: list[dict[str, Any]] = given.CONTENT["materials"]
    more = [{**materials[1], "code": "m3", "material_name": "平面图", "exempt": "共享核验，免提交"}]
    steps = [{**given.CONTENT["steps"][2], "group": 1, "days": 2}]
    given.revised(
        before,
        at=LATER,
        department="阎良区行政审批服务局",
        taken_over_from=health,
        materials=[materials[0], *more],
        promise_day=2,
        steps=steps,
    )


def test_a_cut_is_measured_against_the_last_version_before_the_taking_over():
    identity.department("阎良区行政审批服务局")
    taken_over()
    assert text("central.items", LATER.date()) == "1"
    assert text("central.material_cut", LATER.date()) == "50%"
    assert text("central.time_cut", LATER.date()) == "60%以上"
    assert text("central.material_cut", TODAY) == "无法计算"


def test_an_item_that_was_never_elsewhere_is_no_ground_for_a_cut():
    given.published_item(taken_over_from="阎良区卫生健康局")
    assert text("central.items") == "1"
    assert text("central.time_cut") == "无法计算"


def test_a_reform_is_told_of_one_item_by_its_versions():
    filing = {"task_type": "10", "is_filing": True, "concerns_safety": None, "catalog_code": "001023023000"}
    before = given.published_item(task_name="诊所备案", promise_day=8, anticipate_day=20, **filing)
    assert text("clinic.after") == "无法计算"
    given.revised(before, at=LATER, promise_day=5)
    assert (text("clinic.before", LATER.date()), text("clinic.after", LATER.date())) == ("8", "5")
    given.published_item(task_name="诊所备案", at=LATER, **filing)
    assert text("clinic.after", LATER.date()) == "无法计算"


def test_a_listed_service_counts_from_the_day_it_is_listed_until_the_day_it_is_taken_out(client):
    entry = given_lists.intermediary()
    assert text("intermediary.kept", TODAY - timedelta(days=1)) == "0"
    assert text("intermediary.kept") == "1"
    commands.unlist_intermediary(entry.pk, reason="依据修改", by=given.by_system(), at=LATER)
    assert text("intermediary.kept", LATER.date() - timedelta(days=1)) == "1"
    assert text("intermediary.kept", LATER.date()) == "0"
    assert "公共场所卫生检测" in client.get(f"/figures/intermediary.kept/?on={TODAY}").content.decode()


def test_the_first_edition_of_the_commitment_list_stays_what_it_was(client):
    def publish(at: datetime) -> None:
        commands.publish_edition("commitment", division=given.DIVISION, by=given.by_system(), at=at)

    given.published_item(is_commitment=True, task_name="代理记账机构执业许可")
    assert text("commitment.items") == "无法计算"
    publish(given.AT)
    given.published_item(is_commitment=True, task_name="印刷企业设立审批")
    publish(LATER)
    for on in (TODAY, LATER.date()):
        assert (text("commitment.items", on), text("commitment.departments", on)) == ("1", "1")
    assert text("commitment.items", TODAY - timedelta(days=1)) == "无法计算"
    told = client.get(f"/figures/commitment.items/?on={LATER.date()}").content.decode()
    assert "代理记账机构执业许可" in told
    assert "印刷企业设立审批" not in told


def test_a_group_that_is_not_there_is_refused():
    with pytest.raises(Refusal) as refused:
        queries.figures(given.DIVISION, TODAY, "weather")
    assert "catalogue" in refused.value.next_step


@pytest.mark.parametrize("many", [1, 12])
def test_figures_cost_the_same_whatever_they_count(django_assert_num_queries, many):
    identity.department("阎良区行政审批服务局")
    for _ in range(many):
        taken_over()
    with django_assert_num_queries(11):
        queries.figures(given.DIVISION, LATER.date())


def test_the_pages_show_each_figure_with_its_records(client):
    identity.department("阎良区行政审批服务局")
    taken_over()
    facts = given.published_item(at=given.AT)
    page = client.get(f"/figures/?on={LATER.date()}").content.decode()
    for figure in FIGURES:
        assert figure.label in page
        shown = client.get(f"/figures/{figure.id}/?on={LATER.date()}")
        assert shown.status_code == 200
        assert figure.definition in shown.content.decode()
    assert f"/items/{facts.item_id}/" in client.get(f"/figures/items.total/?on={LATER.date()}").content.decode()
    assert "阎良区卫生健康局" in client.get(f"/figures/central.time_cut/?on={LATER.date()}").content.decode()


def test_a_wrong_day_or_figure_is_told(client):
    assert client.get("/figures/?on=yesterday").status_code == 422
    assert client.get("/figures/weather.sun/").status_code == 404
    assert client.get("/figures/?group=weather").status_code == 422


def test_the_api_gives_counts_that_add_up(client):
    given.published_item()
    rows = {r["id"]: r for r in client.get(f"/api/v1/figures?group=online&on={TODAY}").json()}
    assert (rows["online.rate"]["numerator"], rows["online.rate"]["denominator"]) == (1, 1)
    assert rows["online.rate"]["evidence_url"] == "/figures/online.rate/"
    assert client.get("/api/v1/figures?on=13").status_code == 422
