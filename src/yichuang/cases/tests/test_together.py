"""Two at once: one wins, the other is told what happened; nothing is half done."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from yichuang.cases import commands
from yichuang.cases.models import Case, Document, Draft
from yichuang.cases.tests import given
from yichuang.cases.tests.given import AT, later
from yichuang.core.models import LogEvent
from yichuang.core.refusal import Refusal
from yichuang.core.verify import verify
from yichuang.identity.tests import given as identity

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Each act in a thread of its own, started together; what it returned, or the Refusal."""
    gate, results = Barrier(len(acts)), [None] * len(acts)

    def run(n: int, act: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            gate.wait(10)
            results[n] = act()
        except Refusal as no:
            results[n] = no
        finally:
            connection.close()

    threads = [Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_two_clerks_accept_the_same_case():
    w = given.world()
    _, second = identity.staff("周窗口", ("window_clerk",), w.department)
    case = given.submitted_case(w)
    results = at_once(
        lambda: commands.accept(case.number, by=w.clerk, at=later(hours=1)),
        lambda: commands.accept(case.number, by=second, at=later(hours=1)),
    )
    lost = [r for r in results if isinstance(r, Refusal)]
    assert len(lost) == 1
    assert lost[0].code == "case.wrong_state"
    assert "窗口受理申请" in lost[0].message
    assert LogEvent.objects.filter(stream=case.stream, kind="case.accepted").count() == 1
    assert Document.objects.filter(case=case, kind="acceptance").count() == 1
    assert verify(case.stream).clean


def test_a_form_sent_twice_at_the_same_moment_is_one_case():
    w = given.world()
    draft = given.draft(w)
    results = at_once(*[lambda: commands.submit(draft.pk, key="k", by=w.citizen, at=AT)] * 4)
    assert len({r.pk for r in results}) == 1
    assert Case.objects.count() == 1
    assert Draft.objects.get().case_id == results[0].pk


def test_the_window_s_form_sent_twice_at_the_same_moment_is_one_case():
    w = given.world()
    results = at_once(*[lambda: given.taken_in(w, key="same", accept=True)] * 3)
    assert len({r.pk for r in results}) == 1
    assert Case.objects.count() == 1


def test_the_applicant_withdraws_while_the_head_decides():
    w = given.world()
    case = given.reviewed_case(w)
    results = at_once(
        lambda: commands.withdraw(case.number, by=w.citizen, at=later(2)),
        lambda: commands.grant(case.number, by=w.reviewer, at=later(2)),
    )
    assert sum(isinstance(r, Refusal) for r in results) == 1
    case.refresh_from_db()
    assert case.state in ("withdrawn", "granted")
    assert verify(case.stream).clean


def test_numbers_of_documents_are_not_given_twice():
    w = given.world()
    cases = [given.submitted_case(w) for _ in range(6)]
    at_once(*[lambda n=c.number: commands.accept(n, by=w.clerk, at=later(hours=1)) for c in cases])
    numbers = sorted(Document.objects.filter(kind="acceptance").values_list("number", flat=True))
    assert numbers == [f"阎审批受〔2026〕{n}号" for n in range(1, 7)]


def test_a_sweep_and_a_clerk_meet():
    w = given.world()
    case = given.submitted_case(w)
    results = at_once(
        lambda: commands.attend(later(8)),
        lambda: commands.accept(case.number, by=w.clerk, at=later(8)),
    )
    case.refresh_from_db()
    assert case.state == "accepted"
    kinds = set(LogEvent.objects.filter(stream=case.stream).values_list("kind", flat=True))
    assert len(kinds & {"case.accepted", "case.deemed_accepted"}) == 1, results
    assert verify(case.stream).clean
