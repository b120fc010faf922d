"""The state machine as data: every pair allowed or refused, everything named, drawn, and spoken. No database."""

from __future__ import annotations

from datetime import date, datetime
from itertools import product
from pathlib import Path

import pytest
from django.conf import settings

from yichuang.cases.models import Document
from yichuang.cases.rules import apply, machine, numbering, sentences, turn
from yichuang.cases.rules.facts import CHINA, FINAL, OPEN, STATES, CaseFacts, Step, day
from yichuang.core.actor import Actor, Grant, system
from yichuang.core.events import Event
from yichuang.core.refusal import Refusal

FACTS = CaseFacts(number="n", division="610114", department_id=5, point="p1", applicant_id=9, state="received")
ALL = Actor(
    "staff:1",
    "全能",
    division="610114",
    grants=tuple(Grant(r, "department:5") for r in ("window_clerk", "handler", "reviewer", "head")),
)
CITIZEN = Actor("person:1", "张*", behalf=frozenset({"applicant:9"}))


def in_state(state: str) -> CaseFacts:
    from dataclasses import replace

    return replace(FACTS, state=state)


@pytest.mark.parametrize(("state", "verb"), list(product(STATES, machine.VERBS)))
def test_every_pair_is_allowed_or_refused_with_state_and_what_is_open(state: str, verb: str):
    arrow = machine.TABLE.get((state, verb))
    facts = in_state(state)
    if arrow is None:
        with pytest.raises(Refusal) as no:
            machine.permit(facts, verb, ALL)
        assert no.value.code == "case.wrong_state"
        assert no.value.status == 409
        assert STATES[state] in no.value.message
        assert machine.describe_open(state) in no.value.next_step
        return
    doer = {"system": system("sweep"), "applicant": CITIZEN}.get(arrow.roles[0], ALL)
    assert machine.permit(facts, verb, doer) is arrow
    nobody = Actor("staff:2", "外人", division="610114", grants=(Grant("head", "department:6"),))
    with pytest.raises(Refusal) as no:
        machine.permit(facts, verb, nobody)
    assert no.value.status == 403
    assert machine.ROLES[arrow.roles[0]] in no.value.next_step


def test_arrows_lead_to_states_and_name_known_things():
    for arrow in machine.MACHINE:
        targets = {arrow.state} if arrow.to == machine.SAME else set(arrow.to.split("|"))
        assert targets <= set(STATES)
        assert arrow.verb in machine.VERBS
        assert set(arrow.roles) <= set(machine.ROLES)
        assert set(arrow.guards) <= set(machine.GUARDS)
        assert not arrow.document or arrow.document in dict(Document.KINDS)
        assert arrow.event in apply.KINDS
    assert {g for a in machine.MACHINE for g in a.guards} == set(machine.GUARDS)
    assert set(machine.VERBS) == {a.verb for a in machine.MACHINE}


def test_every_state_is_reached_and_ends_somewhere():
    graph: dict[str, set[str]] = {}
    for arrow in machine.MACHINE:
        graph.setdefault(arrow.state, set()).update(() if arrow.to == machine.SAME else arrow.to.split("|"))

    def reach(start: str) -> set[str]:
        seen, todo = {start}, [start]
        while todo:
            todo += (fresh := graph.get(todo.pop(), set()) - seen)
            seen |= fresh
        return seen

    assert reach("draft") == set(STATES)
    assert all(reach(state) & set(FINAL) for state in STATES)
    assert set(OPEN) | set(FINAL) | {"draft"} == set(STATES)


def test_the_picture_has_every_state_and_arrow():
    drawn = machine.mermaid()
    assert drawn.startswith("stateDiagram-v2")
    for state in STATES:
        assert f" as {state}" in drawn
    for arrow in machine.MACHINE:
        targets = [arrow.state] if arrow.to == machine.SAME else arrow.to.split("|")
        assert all(f"{arrow.state} --> {to}: {machine.VERBS[arrow.verb]}" in drawn for to in targets)


def test_the_picture_in_the_documentation_is_this_machine():
    page = Path(settings.ROOT, "docs/case-machine.md").read_text()
    assert machine.mermaid() in page, "write it anew: print(machine.mermaid())"


def test_roles_hold_within_department_point_and_division_only():
    clerk = Actor("staff:3", "窗口", division="610114", grants=(Grant("window_clerk", "point:p1"),))
    assert machine.roles_of(FACTS, clerk) == {"window_clerk"}
    elsewhere = Actor("staff:3", "窗口", division="610115", grants=(Grant("window_clerk", ""),))
    assert machine.roles_of(FACTS, elsewhere) == frozenset()
    assert machine.roles_of(FACTS, CITIZEN) == {"applicant"}
    other = Step("s", "n", "handler", "examine", 1, 8, 1, True)
    assert machine.roles_of(FACTS, ALL, other) == frozenset(), "another department's step is theirs"


def test_every_kind_of_event_has_a_title_and_a_sentence():
    assert set(sentences.TITLES) == set(apply.KINDS)
    clock = {f"{name}_due_on": "2026-03-09" for name in ("acceptance", "statutory", "promised", "delivery")}
    data = {
        "clock": clock, "channel": "window", "deferred": {"m": "2026-04-01"}, "received_on": "2026-03-02", "repeat": True,
        "points": 2, "due_on": "2026-03-20", "nth": 1, "to": "市场监管局", "took": False, "name": "审查", "to_name": "审查",
        "conclusion": "grant", "special": "hearing", "started_on": "2026-03-02", "needed_days": 9, "ended_on": "2026-03-12",
        "days": 5, "approval": "阎政批〔2026〕1号", "ground": "matter_gone", "licence": "1.2.156", "way": "post",
        "tracking": "EMS1", "of": "阎审批准〔2026〕1号", "light": "yellow", "was": {"promised_due_on": "2026-03-08"},
        "now": {"promised_due_on": "2026-03-09"}, "number": "阎审批受〔2026〕1号", "document": {"number": "阎审批受〔2026〕1号"},
    }  # fmt: skip
    for kind in apply.KINDS:
        said = sentences.sentence(Event(kind, data), "王承办")
        assert said.endswith("。"), said
        assert "{" not in said
        assert "None" not in said


def test_whose_turn_it_is():
    assert turn.awaits(FACTS) == {"window_clerk", "handler"}
    steps = (
        Step("a", "审查", "handler", "examine", 1, 5, 1, True, state="passed"),
        Step("b", "审核", "reviewer", "review", 2, 5, 1, True, state="open"),
        Step("c", "会审", "head", "review", 2, 8, 1, True, state="open"),
    )
    from dataclasses import replace

    assert turn.awaits(replace(FACTS, state="accepted", steps=steps)) == {"reviewer"}
    assert turn.awaits(replace(FACTS, state="correcting")) == frozenset()
    for state in FINAL:
        assert turn.awaits(replace(FACTS, state=state)) == frozenset()


def test_case_numbers_check_and_forgive_how_they_are_typed():
    number = numbering.case_number("610114", date(2026, 11, 24), 123)
    assert number == "610114-20261124-000123-O"
    for typed in (number, number.replace("-", ""), number.lower(), f" {number} "):
        assert numbering.read_case_number(typed) == number
    for wrong in ("610114-20261124-000123-P", "610114-20261324-000123-O", "hello", ""):
        with pytest.raises(Refusal) as no:
            numbering.read_case_number(wrong)
        assert no.value.code == "case.number"
    assert numbering.document_number("阎审批", "受", 2026, 1) == "阎审批受〔2026〕1号"


def test_days_are_days_in_china():
    late = datetime(2026, 3, 2, 23, 30, tzinfo=CHINA)
    assert day(late) == date(2026, 3, 2)
