"""The identifier of GB/T 36904, the states, the dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yichuang.core.actor import Actor, Grant, system
from yichuang.core.refusal import Refusal
from yichuang.licences import rules

PUBLISHED = (
    "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0",
    "1.2.156.3005.2.11100000000013338W011.11110000000021135M.20230329701.003.Y",
)
TODAY = date(2026, 3, 2)
FACTS = rules.Facts("x", rules.IN_FORCE, "department:1", TODAY, date(2026, 12, 31), signed=True)
HEAD = Actor("staff:1", "李负责", "610114", (Grant("head", "department:1"),))


@pytest.mark.parametrize("text", PUBLISHED)
def test_published_identifiers_check(text: str) -> None:
    assert rules.fault(text) == ""
    assert str(rules.parse(text)) == text


@pytest.mark.parametrize("text", PUBLISHED)
@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda t: t[:-1] + ("1" if t[-1] != "1" else "2"), "校验位"),
        (lambda t: t.replace("13338W", "13339W"), "校验位"),
        (lambda t: t.replace("1.2.156.3005.2.", "1.2.156.3005.3."), "开头"),
        (lambda t: t.rsplit(".", 1)[0], "五段"),
        (lambda t: t.replace(t.split(".")[6], t.split(".")[6][:17]), "颁发机构代码"),
        (lambda t: t[: t.rindex(".") - 3] + "000" + t[t.rindex(".") :], "版本号"),
        (lambda t: "", "开头"),
        (lambda t: t.replace("W0", "w-"), "类型代码"),
    ],
)
def test_a_forged_identifier_is_told_what_is_wrong(text: str, change, why: str) -> None:
    forged = change(text)
    assert forged != text
    assert why in rules.fault(forged)
    with pytest.raises(Refusal) as no:
        rules.parse(forged)
    assert (no.value.code, no.value.status) == ("licence.identifier", 422)


LETTERS = st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")


@settings(max_examples=60)
@given(
    st.text(LETTERS, min_size=21, max_size=21),
    st.text(LETTERS, min_size=18, max_size=18),
    st.text(LETTERS, min_size=1, max_size=20),
    st.integers(1, 999),
    st.data(),
)
def test_what_is_built_checks_and_one_wrong_character_does_not(type_code, issuer, serial, version, data) -> None:
    text = str(rules.Identifier(type_code, issuer, serial, version))
    assert rules.fault(text) == ""
    assert rules.parse(text.lower()) == rules.Identifier(type_code, issuer, serial, version)
    place = data.draw(st.integers(len(rules.PREFIX) + 1, len(text) - 1).filter(lambda i: text[i] != "."))
    other = data.draw(LETTERS.filter(lambda c: c != text[place]))
    assert rules.fault(text[:place] + other + text[place + 1 :]) != ""


def test_the_next_version_is_the_same_licence() -> None:
    first = rules.parse(PUBLISHED[0])
    assert first.next_version() == replace(first, version=3)
    with pytest.raises(Refusal, match="版本号已用尽"):
        replace(first, version=999).next_version()


@pytest.mark.parametrize(
    ("state", "effective", "expires", "live"),
    [
        (rules.IN_FORCE, TODAY, TODAY, rules.IN_FORCE),
        (rules.IN_FORCE, TODAY, date(2026, 3, 1), rules.EXPIRED),
        (rules.IN_FORCE, TODAY, None, rules.IN_FORCE),
        (rules.IN_FORCE, date(2026, 3, 3), None, rules.NOT_YET),
        (rules.REVOKED, TODAY, date(2020, 1, 1), rules.REVOKED),
        (rules.REPLACED, TODAY, None, rules.REPLACED),
    ],
)
def test_live_state(state, effective, expires, live) -> None:
    assert rules.live_state(state, effective, expires, TODAY) == live


def test_every_state_and_verb_is_answered() -> None:
    for state in rules.STATES:
        for verb in rules.VERBS:
            if (state, verb) in rules.TRANSITIONS:
                assert rules.step(state, verb) in rules.STATES
            else:
                with pytest.raises(Refusal) as no:
                    rules.step(state, verb)
                assert rules.STATES[state] in no.value.message
                assert no.value.next_step


def test_expiry_only_after_the_last_day() -> None:
    with pytest.raises(Refusal, match="有效期内"):
        rules.expire(FACTS, date(2026, 12, 31))
    assert rules.expire(FACTS, date(2027, 1, 1)).kind == "licence.expired"
    with pytest.raises(Refusal):
        rules.expire(replace(FACTS, expires_on=None), date(2099, 1, 1))


def test_replacement_is_for_the_organs_reviewer_or_head_with_a_reason() -> None:
    successor = rules.parse(PUBLISHED[0]).next_version()
    assert rules.replace(FACTS, successor, "地址门牌更正", by=HEAD).data["by"] == str(successor)
    assert rules.replace(FACTS, successor, "x", by=system("cases")).kind == "licence.replaced"
    stranger = Actor("staff:2", "王他局", "610114", (Grant("head", "department:2"),))
    clerk = Actor("staff:3", "窗口", "610114", (Grant("window_clerk", ""),))
    for actor, facts, reason, status in (
        (stranger, FACTS, "x", 403),
        (clerk, FACTS, "x", 403),
        (HEAD, FACTS, "  ", 422),
        (HEAD, replace(FACTS, state=rules.REVOKED), "x", 409),
    ):
        with pytest.raises(Refusal) as no:
            rules.replace(facts, successor, reason, by=actor)
        assert no.value.status == status


def draft(**changes):
    values = {
        "identifier": rules.parse(PUBLISHED[0]),
        "number": "阎卫证〔2026〕1号",
        "name": "公共场所卫生许可证",
        "division": "610114",
        "holder_ref": "applicant:1",
        "issuer_ref": "department:1",
        "details_digest": "0" * 64,
        "issued_on": TODAY,
        "effective_on": TODAY,
        "expires_on": date(2030, 3, 1),
        "source": "case:1",
    }
    return rules.Draft(**(values | changes))


def test_impossible_dates_are_refused_at_their_field() -> None:
    assert rules.issue(draft()).data["version"] == 2
    assert rules.issue(draft(expires_on=None)).data["expires_on"] is None
    for changes, field in (
        ({"expires_on": date(2026, 3, 1)}, "expires_on"),
        ({"effective_on": date(2020, 1, 1), "expires_on": date(2021, 1, 1)}, "expires_on"),
        ({"name": " "}, "name"),
    ):
        with pytest.raises(Refusal) as no:
            rules.issue(draft(**changes))
        assert no.value.status == 422
        assert field in no.value.fields


def test_type_and_issuer_codes() -> None:
    assert rules.check_type(" 11100000000013338w022 ") == "11100000000013338W022"
    for wrong in ("", "123", "11100000000013338W02!"):
        with pytest.raises(Refusal, match="21位"):
            rules.check_type(wrong)
    with pytest.raises(Refusal, match="统一社会信用代码"):
        rules.check_issuer("某局", "11610114MB2912345X")


def test_the_face_in_order_without_empty_lines() -> None:
    lines = rules.details_of(
        {"address": "凤凰路12号", "seats": 12, "scope": ["理发店", "美容店"], "x": None, "y": "", "fit": True},
        {"seats": "座位数"},
    )
    assert [(line.label, line.value) for line in lines] == [
        ("地址", "凤凰路12号"),
        ("座位数", "12"),
        ("许可范围", "理发店、美容店"),
        ("fit", "是"),
    ]


def test_terms_in_words() -> None:
    assert rules.dates_text(TODAY, date(2030, 3, 1)) == "2026年3月2日至2030年3月1日"
    assert rules.dates_text(TODAY, None) == "2026年3月2日起长期有效"
    assert rules.dates_text(TODAY, rules.LONG_TERM) == "2026年3月2日起长期有效"
    assert rules.serial(TODAY, 7) == "202603020007"
