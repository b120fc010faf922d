"""Several people at once: one wins, the other is told; nobody waits for ever; the index stays true."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import close_old_connections, connection

from yichuang.catalogue import commands, queries
from yichuang.catalogue.models import Item, ItemVersion, Posting, Term
from yichuang.catalogue.tests import given
from yichuang.core import verify
from yichuang.core.refusal import Refusal

pytestmark = pytest.mark.django_db(transaction=True)
AT, BY = given.AT, given.by_system()


def together(*acts: Callable[[], Any]) -> list[Any]:
    """What each act answers (or the Refusal it raises) when all begin at one moment."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        close_old_connections()
        start.wait(10)
        try:
            return act()
        except Refusal as no:
            return no
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_of_two_who_publish_one_draft_one_is_told():
    draft = given.draft()
    answers = together(*[lambda: commands.publish_version(draft.pk, by=BY, at=AT)] * 2)
    refusals = [a for a in answers if isinstance(a, Refusal)]
    assert [no.code for no in refusals] == ["catalogue.not_a_draft"]
    assert ItemVersion.objects.filter(state="published").count() == 1


def test_imports_and_publications_at_once_leave_the_index_true():
    drafts = [given.draft(task_name=f"第{n}号公共场所卫生许可") for n in range(4)]
    rows = [given.sparse_row(n, task_name=f"{n}号公共场所许可事项登记") for n in range(40)]
    commands.import_items(rows, by=BY, at=AT)
    changed = [{**row, "task_name": row["task_name"] + "（改）"} for row in rows]
    fresh = [given.sparse_row(n, task_name=f"{n}号公共场所卫生登记") for n in range(100, 140)]
    answers = together(
        lambda: commands.import_items(changed, by=BY, at=AT),
        lambda: commands.import_items(fresh, by=BY, at=AT),
        lambda: [commands.publish_version(d.pk, by=BY, at=AT).pk for d in drafts],
        lambda: [len(queries.search("公共场所卫生许可", public=False)) for _ in range(10)],
    )
    assert (answers[0].updated, answers[0].rejected) == (40, [])
    assert (answers[1].created, answers[1].rejected) == (40, [])
    assert len(answers[2]) == 4
    for term in Term.objects.exclude(text=""):
        held = Posting.objects.filter(term=term.text)
        assert (term.total, term.published) == (held.count(), held.filter(scope=1).count()), term.text
    assert Term.objects.get(text="").total == Item.objects.count() == 84
    assert verify.verify().faults == []
