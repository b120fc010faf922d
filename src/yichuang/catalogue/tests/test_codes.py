"""Codes of items are built from their parts and refuse what does not fit."""

from __future__ import annotations

import pytest

from yichuang.catalogue.rules import codes, lint
from yichuang.catalogue.tests.given import CONTENT
from yichuang.identity.tests.given import organisation_code

ISSUER = "11370800MB28559184"


def test_the_published_example_is_built_from_its_parts():
    base = codes.base_code(task_type="01", sector="17", main=112)
    assert base == "000117112000"
    task = codes.task_code(ISSUER, "3", base)
    assert task == "11370800MB285591843000117112000"
    assert len(task) == 31
    assert codes.handle_code(task, 1) == "11370800MB28559184300011711200001"


@pytest.mark.parametrize(
    "part",
    [{"task_type": "30"}, {"sector": "7"}, {"province": "6"}, {"main": 1000}, {"sub": -1}],
)
def test_a_part_that_does_not_fit_is_refused(part):
    with pytest.raises(ValueError, match=r"."):
        codes.base_code(**{"task_type": "01", "sector": "17", "main": 1, **part})


def test_a_wrong_issuer_level_or_base_is_refused():
    for issuer, level, base in (
        ("11370800MB28559185", "3", "000117112000"),
        (ISSUER, "8", "000117112000"),
        (ISSUER, "3", "00011711200"),
    ):
        with pytest.raises(ValueError, match=r"."):
            codes.task_code(issuer, level, base)
    for task, number in (("1", 1), ("1" * 31, 0), ("1" * 31, 100)):
        with pytest.raises(ValueError, match=r"."):
            codes.handle_code(task, number)


def test_a_handling_of_another_item_is_an_error():
    task = codes.task_code(ISSUER, "4", CONTENT["catalog_code"])
    own = {
        "code": "h1",
        "name": "新办",
        "task_handle_item": codes.handle_code(task, 1),
        "is_online": True,
        "is_window": True,
    }
    good = {**CONTENT, "task_code": task, "handlings": [own]}
    assert not [f for f in lint.check(good) if f.code.startswith("handling.")]
    other = {**good, "handlings": [{**own, "task_handle_item": "9" * 33}]}
    assert [f.element for f in lint.check(other) if f.code == "handling.code"] == ["handlings.0.task_handle_item"]


@pytest.mark.parametrize(
    ("handling", "code"),
    [
        ({"name": ""}, "handling.name"),
        ({"only_online": True, "is_window": True}, "handling.only_online"),
        ({"only_online": True, "is_online": False, "is_window": False}, "handling.only_online"),
        ({"is_online": False, "is_window": False}, "handling.nowhere"),
    ],
)
def test_a_handling_must_be_possible_somewhere(handling, code):
    given = {"code": "h1", "name": "新办", "is_online": True, "is_window": True, **handling}
    assert code in {f.code for f in lint.check({**CONTENT, "handlings": [given]})}


def test_an_item_that_is_online_has_a_handling_that_is():
    offline = {"code": "h1", "name": "新办", "is_online": False, "is_window": True}
    assert "handling.online" in {f.code for f in lint.check({**CONTENT, "handlings": [offline]})}
    found = lint.check(
        {**CONTENT, "is_online": False, "online_handle_depth": [], "handlings": [{**offline, "is_online": True}]}
    )
    assert "handling.online" in {f.code for f in found}


def test_only_other_powers_are_filed():
    assert "filing.type" in {f.code for f in lint.check({**CONTENT, "is_filing": True})}


@pytest.mark.parametrize("words", ["经批准后方可开展经营", "未经备案不得经营", "审查同意后方可营业"])
def test_a_filing_that_must_be_approved_first_is_a_licence_in_disguise(words):
    filing = {**CONTENT, "task_type": "10", "is_filing": True, "concerns_safety": None, "catalog_code": "001023023000"}
    assert "disguise" not in {f.code for f in lint.check(filing)}
    found = [f for f in lint.check({**filing, "accept_condition": words}) if f.code == "disguise"]
    assert [f.severity for f in found] == ["error"]
    assert "第十四条" in found[0].law


def test_a_power_that_another_body_exercises_has_codes_of_that_body():
    mine, other = organisation_code(1, prefix="11610114MB"), organisation_code(2, prefix="11610114MB")
    old = codes.task_code(mine, "4", CONTENT["catalog_code"])
    rows = [{"code": "h1", "task_handle_item": codes.handle_code(old, 1)}, {"code": "h2", "task_handle_item": ""}]
    content = {**CONTENT, "task_code": old, "local_task_code": "", "task_handle_item": "", "handlings": rows}
    now = codes.moved(content, other, "5")
    assert now["task_code"] == codes.task_code(other, "5", CONTENT["catalog_code"])
    assert [one["task_handle_item"] for one in now["handlings"]] == [f"{now['task_code']}01", ""]
    assert now["local_task_code"] == old, "the item is still found by its key"
    unknown = codes.moved(content, "", "5")
    assert (unknown["task_code"], unknown["handlings"][0]["task_handle_item"]) == ("", "")
    assert codes.moved({**content, "task_code": "", "local_task_code": "X-1"}, other, "5")["task_code"] == ""
