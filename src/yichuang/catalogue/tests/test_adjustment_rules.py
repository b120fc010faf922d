"""The machine of adjustments, without a database: every state and verb, whoever asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given as told
from hypothesis import strategies as some

from yichuang.catalogue.rules import adjustment as rules
from yichuang.core.actor import Actor, Grant, system
from yichuang.core.refusal import Refusal

TODAY = date(2026, 3, 2)
ROLES = ("catalogue_editor", "legal_reviewer", "head", "handler")
FACTS = rules.Facts("调整", "drafted", "staff:1", 1)
ARROWS = {(t.state, t.verb): t for t in rules.MACHINE}


def who(*roles: str, ref: str = "staff:2") -> Actor:
    return Actor(ref, "某某", "610114", tuple(Grant(role, "department:1") for role in roles))


def opinion(**more) -> rules.Opinion:
    return rules.Opinion(**{"department": 7, "name": "区民政局", "due_on": TODAY, **more})


def refused(code: str, act, *args, **kwargs) -> Refusal:
    with pytest.raises(Refusal) as no:
        act(*args, **kwargs)
    assert no.value.code == code
    assert no.value.next_step
    return no.value


def test_the_machine_is_whole():
    assert len(ARROWS) == len(rules.MACHINE), "one arrow for a state and a verb"
    assert {t.verb for t in rules.MACHINE} == set(rules.VERBS)
    assert {t.state for t in rules.MACHINE} | {"effected", "withdrawn"} == set(rules.STATES) == set(rules.NEXT)
    assert {t.to for t in rules.MACHINE} <= {*rules.STATES, rules.SAME}


def test_every_state_but_the_last_ones_leads_to_effect():
    reach = {"effected"}
    while grown := {t.state for t in rules.MACHINE if t.to in reach} - reach:
        reach |= grown
    assert reach == set(rules.STATES) - {"withdrawn"}
    assert not [t for t in rules.MACHINE if t.state in ("effected", "withdrawn")]


def test_nothing_reaches_the_public_without_legal_review_and_approval():
    into = {state: {t.state for t in rules.MACHINE if t.to == state} for state in rules.STATES}
    assert into["published"] == {"approved"}
    assert into["approved"] == {"cleared"}
    assert into["cleared"] == {"legal"}
    assert into["legal"] == {"asked", "returned"}
    assert not [t for t in rules.MACHINE if t.verb == "withdraw" and t.state in ("approved", *rules.PUBLIC)]


@told(
    state=some.sampled_from(list(rules.STATES)),
    verb=some.sampled_from(list(rules.VERBS)),
    roles=some.sets(some.sampled_from(ROLES)),
    ref=some.sampled_from(["staff:1", "staff:2"]),
    department=some.sampled_from([None, 7, 8]),
)
def test_permit_opens_what_the_table_says_and_nothing_else(state, verb, roles, ref, department):
    facts = replace(FACTS, state=state, opinions=(opinion(),))
    arrow = ARROWS.get((state, verb))
    may = arrow is not None and (
        department == 7
        if arrow.roles == ("asked",)
        else bool(set(arrow.roles) & roles) and not (arrow.roles == ("legal_reviewer",) and ref == "staff:1")
    )
    by = who(*roles, ref=ref)
    assert (verb in rules.open_verbs(facts, by, department=department)) == may
    if may:
        assert rules.permit(facts, verb, by, department=department) == arrow
        return
    with pytest.raises(Refusal) as no:
        rules.permit(facts, verb, by, department=department)
    assert no.value.status == (409 if arrow is None else 403)
    assert no.value.next_step
    if arrow is None:
        assert no.value.law
        assert rules.STATES[state] in no.value.message
        assert rules.VERBS[verb] in no.value.message


def test_the_platform_itself_only_takes_effect():
    sweep = system("adjust", "610114")
    for state in rules.STATES:
        found = rules.open_verbs(replace(FACTS, state=state, opinions=(opinion(),)), sweep)
        assert found == (["effect"] if state == "published" else [])


def test_asking_needs_powers_departments_and_a_term():
    refused("adjustment.no_lines", rules.ask, replace(FACTS, lines=0), [7], TODAY, who("catalogue_editor"))
    refused("adjustment.nobody_asked", rules.ask, FACTS, [], TODAY, who("catalogue_editor"))
    for days in (0, -1, 31):
        refused("adjustment.days", rules.due_days, days)
    assert rules.due_days(5) == 5


def test_legal_review_waits_for_every_opinion():
    editor = who("catalogue_editor")
    asked = replace(FACTS, state="asked", opinions=(opinion(), opinion(department=8, name="区水务局", answer="agree")))
    no = refused("adjustment.opinions_open", rules.send, asked, "", TODAY, editor)
    assert "区民政局" in no.next_step
    assert "2026-03-02" in no.next_step
    refused("adjustment.not_overdue", rules.note_overdue, asked, "催过", TODAY, editor)
    tomorrow = TODAY + timedelta(1)
    assert "逾期" in refused("adjustment.opinions_open", rules.send, asked, "", tomorrow, editor).next_step
    refused("adjustment.note", rules.note_overdue, asked, " ", tomorrow, editor)
    assert rules.note_overdue(asked, "电话催办两次", tomorrow, editor).data["departments"] == [7]
    noted = replace(asked, opinions=(opinion(noted=True),))
    assert rules.send(noted, "", tomorrow, editor).kind == "adjustment.sent_to_legal"


def test_what_does_not_agree_is_answered_for():
    editor = who("catalogue_editor")
    for one in ("amend", "disagree"):
        facts = replace(FACTS, state="asked", opinions=(opinion(answer=one),))
        assert refused("adjustment.summary", rules.send, facts, " ", TODAY, editor).fields
        assert rules.send(facts, "未采纳，因……", TODAY, editor).data["summary"]
        refused("adjustment.words", rules.answer, facts, 7, one, "", who())
    refused("adjustment.answer", rules.answer, facts, 7, "maybe", "", who())


def test_dates_go_forward():
    approved = replace(FACTS, state="approved", approved_on=TODAY)
    editor, day = who("catalogue_editor"), timedelta(1)
    assert (
        rules.publish(approved, "阎政发〔2026〕1号", TODAY, TODAY + 9 * day, TODAY, editor).data["effective_on"]
        == "2026-03-11"
    )
    for on, effective, field in (
        (TODAY + day, TODAY + day, "published_on"),
        (TODAY - day, TODAY, "published_on"),
        (TODAY, TODAY - day, "effective_on"),
    ):
        assert field in refused("adjustment.date", rules.publish, approved, "号", on, effective, TODAY, editor).fields
    refused("adjustment.number", rules.publish, approved, " ", TODAY, TODAY, TODAY, editor)
    cleared = replace(FACTS, state="cleared")
    refused("adjustment.date", rules.approve, cleared, "号", TODAY + day, TODAY, who("head"))
    published = replace(FACTS, state="published", effective_on=TODAY + day)
    refused("adjustment.not_yet", rules.effect, published, [], TODAY, system("adjust"))


def test_content_is_whole_and_names_no_power_twice():
    line = {"way": "delegate", "name": "甲", "item": 3, "to": "某街道"}
    assert rules.shaped({"title": "题", "basis": "文", "lines": [line]})["lines"][0]["to"] == "某街道"
    for data, field in (
        ({"basis": "文"}, "title"),
        ({"title": "题"}, "basis"),
        ({"title": "题", "basis": "文", "lines": [{**line, "way": "x"}]}, "lines.0.way"),
        ({"title": "题", "basis": "文", "lines": [{**line, "name": ""}]}, "lines.0.name"),
        ({"title": "题", "basis": "文", "lines": [{**line, "to": ""}]}, "lines.0.to"),
        ({"title": "题", "basis": "文", "lines": [line, line]}, "lines"),
    ):
        assert field in refused("adjustment.malformed", rules.shaped, data).fields
