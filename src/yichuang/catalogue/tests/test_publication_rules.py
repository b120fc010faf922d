"""The way into force without a database: every stage and verb, whoever asks, in any order."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given as told
from hypothesis import strategies as some

from yichuang.catalogue.rules import publication as rules
from yichuang.core.actor import Actor, Grant, system
from yichuang.core.refusal import Refusal

TODAY = date(2026, 3, 2)
ROLES = ("catalogue_editor", "legal_reviewer", "head", "handler")
ARROWS = {(t.place, t.verb): t for t in rules.MACHINE}
PEOPLE = [
    Actor(f"staff:{n}", f"某{n}", "610114", tuple(Grant(role) for role in roles))
    for n, roles in enumerate([ROLES, ROLES[:2], ROLES[:1], ROLES[1:2], ROLES[2:]])
]


def who(*roles: str, ref: str = "staff:2", behind: str = "") -> Actor:
    return Actor(ref, "某某", "610114", tuple(Grant(role, "department:1") for role in roles), standing_in_for=behind)


def refused(code: str, act, *args) -> Refusal:
    with pytest.raises(Refusal) as no:
        act(*args)
    assert no.value.code == code
    assert no.value.next_step
    return no.value


def test_the_machine_is_whole():
    assert len(ARROWS) == len(rules.MACHINE), "one arrow for a place and a verb"
    assert {t.verb for t in rules.MACHINE} == set(rules.VERBS)
    assert {t.place for t in rules.MACHINE} | {"retired"} == set(rules.PLACES) == set(rules.NEXT)
    assert {t.to for t in rules.MACHINE} <= set(rules.PLACES)


def test_no_person_has_an_arrow_into_force():
    into = [t for t in rules.MACHINE if t.to == "published"]
    assert {t.roles for t in into} == {("system",)}
    assert {t.place for t in rules.MACHINE if t.to == "approved"} == {"submitted"}
    assert {t.roles for t in rules.MACHINE if t.to == "approved"} == {("legal_reviewer",)}
    assert {t.place for t in rules.MACHINE if t.to == "submitted"} == {"draft"}


@told(
    place=some.sampled_from(list(rules.PLACES)),
    verb=some.sampled_from(list(rules.VERBS)),
    roles=some.sets(some.sampled_from(ROLES)),
    ref=some.sampled_from(["staff:1", "staff:2"]),
    behind=some.sampled_from(["", "staff:1"]),
)
def test_permit_opens_what_the_table_says_and_nothing_else(place, verb, roles, ref, behind):
    facts = rules.Facts(2, place, frozenset({"staff:1"}))
    arrow = ARROWS.get((place, verb))
    may = arrow is not None and bool(set(arrow.roles) & roles)
    if arrow is not None and "legal_reviewer" in arrow.roles:
        may = may and "staff:1" not in (ref, behind)
    by = who(*roles, ref=ref, behind=behind)
    assert (verb in rules.open_verbs(facts, by)) == may
    if may:
        assert rules.permit(facts, verb, by) == arrow
        return
    with pytest.raises(Refusal) as no:
        rules.permit(facts, verb, by)
    assert no.value.next_step
    assert no.value.status == (409 if arrow is None or verb == "publish" else 403)
    if arrow is None:
        assert rules.PLACES[place] in no.value.message
        assert rules.VERBS[verb] in no.value.message


def test_a_person_who_would_publish_is_told_to_submit():
    no = refused("catalogue.submit_first", rules.permit, rules.Facts(1, "draft"), "publish", who(*ROLES))
    assert "送法制审核" in no.next_step


def test_the_platform_publishes_returns_and_retires_but_never_approves():
    sweep = system("publish", "610114")
    assert rules.open_verbs(rules.Facts(1, "approved"), sweep) == ["return", "publish", "retire"]
    for place in rules.PLACES:
        assert not {"submit", "approve", "withdraw"} & set(rules.open_verbs(rules.Facts(1, place), sweep))


def test_a_reason_is_given_and_a_day_is_to_come():
    editor, reviewer = who("catalogue_editor"), who("legal_reviewer", ref="staff:9")
    draft, sent = rules.Facts(1, "draft"), rules.Facts(1, "submitted")
    assert "note" in refused("catalogue.words", rules.submit, draft, " ", None, TODAY, editor).fields
    assert "note" in refused("catalogue.words", rules.submit, draft, "长" * 501, None, TODAY, editor).fields
    yesterday = TODAY - timedelta(1)
    assert "effective_on" in refused("catalogue.past_day", rules.submit, draft, "改", yesterday, TODAY, editor).fields
    assert rules.submit(draft, "改", TODAY, TODAY, editor).data["effective_on"] == "2026-03-02"
    assert rules.submit(draft, "改", None, TODAY, editor).data == {"note": "改", "effective_on": None}
    assert "reason" in refused("catalogue.words", rules.give_back, sent, "", reviewer).fields


def test_its_day_comes_on_the_day_and_without_one_at_once():
    approved = rules.Facts(1, "approved", planned=TODAY)
    assert [rules.come(approved, TODAY + timedelta(n)) for n in (-1, 0, 1)] == [False, True, True]
    assert rules.come(replace(approved, planned=None), TODAY)


class Life:
    """Versions of one item, moved by the rules alone; keeps who did what, to judge by."""

    def __init__(self) -> None:
        self.versions: list[dict] = []
        self.today = TODAY

    @property
    def draft(self) -> dict | None:
        return next((v for v in self.versions if v["place"] in ("draft", "submitted", "approved")), None)

    def facts(self, v: dict) -> rules.Facts:
        return rules.Facts(v["n"], v["place"], frozenset(v["writers"]), v["planned"])

    def act(self, verb: str, by: Actor, days: int) -> None:
        v = self.draft
        if v is None:
            if verb == "revise" and by.has("catalogue_editor"):
                made = {"n": len(self.versions) + 1, "place": "draft", "writers": {by.ref}, "planned": None, "yes": ""}
                self.versions.append(made)
            return
        if verb == "revise":
            rules.permit(self.facts(v), verb, by)
            v["writers"].add(by.ref)
        elif verb == "submit":
            planned = self.today + timedelta(days)
            rules.submit(self.facts(v), "改", planned, self.today, by)
            v |= {"place": "submitted", "planned": planned}
            v["writers"].add(by.ref)
        elif verb == "approve":
            rules.approve(self.facts(v), "", by)
            v |= {"place": "approved", "yes": by.ref}
            if rules.come(self.facts(v), self.today):
                self.in_force(v)
        elif verb in ("return", "withdraw"):
            (rules.give_back if verb == "return" else rules.withdraw)(self.facts(v), "因为", by)
            v |= {"place": "draft", "planned": None, "yes": ""}
        elif verb == "publish":
            rules.permit(self.facts(v), verb, by)
            raise AssertionError("a person published")
        elif verb == "retire":
            rules.permit(self.facts(v), verb, by)
            v["place"] = "retired"

    def sleep(self) -> None:
        self.today += timedelta(1)
        for v in self.versions:
            if v["place"] == "approved" and rules.come(self.facts(v), self.today):
                self.in_force(v)

    def in_force(self, v: dict) -> None:
        for old in self.versions:
            if old["place"] == "published":
                old["place"] = "retired"
        v["place"] = "published"


@told(
    some.lists(
        some.tuples(
            some.sampled_from(["revise", "submit", "submit", "approve", "approve", "return", "withdraw", "publish", "retire", "sleep"]),
            some.sampled_from(PEOPLE),
            some.integers(0, 2),
        ),
        min_size=8,
        max_size=60,
    )
)  # fmt: skip
def test_nothing_is_ever_in_force_without_a_second_person_nor_two_at_once(acts):
    life = Life()
    for verb, by, days in acts:
        with suppress(Refusal):
            life.sleep() if verb == "sleep" else life.act(verb, by, days)
        standing = [v for v in life.versions if v["place"] == "published"]
        assert len(standing) <= 1
        for v in standing:
            assert v["yes"]
            assert v["yes"] not in v["writers"]
            assert v["planned"] <= life.today
