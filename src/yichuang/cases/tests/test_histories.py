"""Long random histories through the public verbs: what the machine promises holds, and replay gives the rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yichuang.cases import commands
from yichuang.cases.models import Case, CaseForm, CaseStep, CaseSuspension, Document, MaterialFile, Statement
from yichuang.cases.rules import machine
from yichuang.cases.rules.facts import FINAL
from yichuang.cases.tests import given as make
from yichuang.cases.tests.given import AT, later
from yichuang.core import files
from yichuang.core.models import File, LogEvent
from yichuang.core.refusal import Refusal
from yichuang.core.verify import verify

pytestmark = pytest.mark.django_db


def acts(w: make.World, case: Case, rng: Random, at: datetime) -> dict[str, Callable[[], Any]]:
    """One try at every verb, with arguments that are mostly right."""
    n = case.number
    step = rng.choice(list(case.steps.filter(state="open").values_list("code", flat=True)) or ["examine"])
    doer = {"examine": w.handler, "review": w.reviewer, "decide": w.reviewer}[step]
    conclusion = rng.choice(["grant", "grant", "refuse"])
    way = rng.choice(["counter", "post", "electronic"])
    kind = rng.choice(["testing", "hearing", "expert_review"])
    return {
        "accept": lambda: commands.accept(n, by=w.clerk, at=at),
        "request_correction": lambda: commands.request_correction(
            n, points=[{"material": "m2", "what": "更新"}], reason=rng.choice(["", "有变化"]), by=w.clerk, at=at
        ),
        "resubmit": lambda: commands.resubmit(n, values=make.values(name=f"店{rng.random()}"), by=w.citizen, at=at),
        "decline": lambda: commands.decline(n, reasons="不属于许可事项", by=w.clerk, at=at),
        "assign": lambda: commands.take(n, by=w.handler, at=at),
        "pass_step": lambda: commands.pass_step(n, step=step, opinion="意见", conclusion=conclusion, by=doer, at=at),
        "return_step": lambda: commands.return_step(n, step=step, to="examine", reason="再查", by=w.reviewer, at=at),
        "start_special": lambda: commands.start_special(
            n, kind=kind, reason="需要", needed_days=rng.randint(0, 9), by=w.handler, at=at
        ),
        "end_special": lambda: commands.end_special(n, no=rng.randint(1, 3), by=w.handler, at=at),
        "extend": lambda: commands.extend(n, days=rng.randint(1, 12), reason="复杂", by=w.head, at=at),
        "grant": lambda: commands.grant(n, opinion="准予", by=w.reviewer, at=at),
        "refuse": lambda: commands.refuse(n, reasons="不符合", by=w.reviewer, at=at),
        "issue": lambda: commands.issue(n, by=w.handler, at=at),
        "deliver": lambda: commands.deliver(n, way=way, recipient="张三", tracking="EMS1", by=w.clerk, at=at),
        "deliver_notice": lambda: commands.deliver_notice(
            n, way=way, recipient="张三", tracking="EMS1", by=w.clerk, at=at
        ),
        "withdraw": lambda: commands.withdraw(n, by=w.citizen, at=at),
        "terminate": lambda: commands.terminate(n, ground="matter_gone", reasons="无须办理", by=w.head, at=at),
        "archive": lambda: commands.archive(n, by=w.handler, at=at),
        "sweep": lambda: commands.attend(at),
    }


RARE = {"decline", "withdraw", "terminate", "refuse"}


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**9))
def test_whatever_people_do_the_case_stays_lawful_and_replays(seed: int):
    rng, w = Random(seed), make.world()
    case = make.submitted_case(w)
    at = AT
    for _ in range(30):
        at += timedelta(hours=rng.choice([1, 2, 20, 30, 80]))
        before, seq = case.facts(), case.seq
        tries = acts(w, case, rng, at)
        verb = rng.choice([v for v in tries if v not in RARE or rng.random() < 0.08])
        no = refusal(tries[verb])
        refused = no is not None
        assert no is None or no.next_step
        case = Case.objects.get(pk=case.pk)
        if refused:
            assert case.seq == seq, "a refusal writes nothing"
        elif verb != "sweep":
            arrow = machine.TABLE[(before.state, verb)]
            targets = {before.state} if arrow.to == machine.SAME else set(arrow.to.split("|"))
            assert case.state in targets | ({"accepted"} if before.state == "suspended" else set())
        holds(case)
    assert verify(case.stream).clean, verify(case.stream).faults


def refusal(act: Callable[[], Any]) -> Refusal | None:
    """The Refusal of an act, None when it was done."""
    try:
        act()
    except Refusal as no:
        return no
    return None


def holds(case: Case) -> None:
    """What must be true of a case at any moment."""
    facts = case.load_parts().facts()
    assert case.open == (facts.state not in FINAL)
    assert (facts.state == "suspended") == (facts.moving and any(s.ended_on is None for s in facts.suspensions))
    if facts.state in ("granted", "refused", "closed", "archived"):
        assert facts.accepted_at
        assert facts.decided_at
        assert facts.decision_number
        assert all(s.state == "passed" for s in facts.steps if s.required)
    if facts.steps:
        groups = {s.group for s in facts.steps if s.state == "open" and s.required}
        assert len(groups) <= 1
    assert facts.extended_days <= 10
    assert len(set(facts.flags)) == len(facts.flags)
    if case.open:
        assert facts.due_on
        assert case.sorted_on == facts.due_on
    else:
        assert (facts.due_on, facts.light, facts.attention_on) == (None, "", None)


def whole(w: make.World) -> Case:
    """A case with every kind of paper and part."""
    case = make.accepted_case(w)
    commands.start_special(case.number, kind="testing", reason="送检", needed_days=3, by=w.handler, at=later(1))
    commands.end_special(case.number, no=1, result="合格", by=w.handler, at=later(2))
    commands.pass_step(case.number, step="examine", opinion="可", by=w.handler, at=later(2))
    return Case.objects.get(pk=case.pk)


def change(sql: str, *values: Any) -> None:
    """Behind the program's back."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE cases_case SET promised_due_on = '2026-12-31' WHERE id = %s",
        "UPDATE cases_case SET state = 'received' WHERE id = %s",
        "UPDATE cases_case SET handler_id = NULL WHERE id = %s",
        "UPDATE cases_case SET awaits_handler = NOT awaits_handler WHERE id = %s",
        "UPDATE cases_casestep SET \"by\" = 'staff:999' WHERE case_id = %s AND code = 'examine'",
        "DELETE FROM cases_casestep WHERE case_id = %s AND code = 'decide'",
        "UPDATE cases_casesuspension SET ended_on = '2026-03-30' WHERE case_id = %s",
        "UPDATE cases_document SET number = 'X' WHERE case_id = %s AND kind = 'acceptance'",
        "DELETE FROM cases_statement WHERE case_id = %s",
    ],
)
def test_what_is_altered_behind_the_log_is_found(sql: str):
    case = whole(make.world())
    assert verify(case.stream).clean
    change(sql, case.pk)
    faults = verify(case.stream).faults
    assert [f.stream for f in faults] == [case.stream]


@pytest.mark.parametrize("table", [CaseForm, Statement, Document])
def test_a_paper_altered_behind_the_log_is_found(table: type[Any]):
    case = whole(make.world())
    paper = table.objects.filter(case=case).last()
    table.objects.filter(pk=paper.pk).update(content={**paper.content, "opinion": "篡改"})
    assert [f.code for f in verify(case.stream).faults] == ["paper_altered"]


def test_the_parts_of_a_case_are_those_of_its_events():
    case = whole(make.world())
    assert CaseStep.objects.filter(case=case).count() == 3
    assert CaseSuspension.objects.get(case=case).ended_on
    assert LogEvent.objects.filter(stream=case.stream).count() == case.seq


def test_erasing_a_finished_case_forgets_people_and_still_verifies():
    w = make.world()
    case = make.closed_case(w)
    with pytest.raises(Refusal):
        commands.erase(case.number, why="申请人要求", by=w.handler, at=later(9))
    running = make.accepted_case(w)
    with pytest.raises(Refusal):
        commands.erase(running.number, why="申请人要求", by=w.sweep, at=later(9))
    with pytest.raises(Refusal):
        commands.erase(case.number, why="", by=w.sweep, at=later(9))
    scans = [f.file for f in MaterialFile.objects.filter(material__case=case)]
    assert scans
    commands.erase(case.number, why="保存期限届满", by=w.head, at=later(9))
    for scan in scans:
        with pytest.raises(Refusal) as no:
            files.content(File.objects.get(pk=scan.pk))
        assert no.value.code == "files.erased"
    case.refresh_from_db()
    assert case.applicant_name == ""
    for table in (CaseForm, Statement, Document):
        assert all(p.content == {} and p.salt == "" and p.digest for p in table.objects.filter(case=case))
    assert verify(case.stream).clean
