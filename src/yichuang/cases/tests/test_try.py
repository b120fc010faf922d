import pytest
from yichuang.cases import commands
from yichuang.cases.tests import given
from django.db import connection
from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.django_db


def test_all():
    from yichuang.core import calendar

    calendar.seed()
    w = given.world()
    given.closed_case(w)
    d = given.draft(w)
    n = None

    def run(name, f):
        with CaptureQueriesContext(connection) as c:
            r = f()
        print("==", name, len(c))
        for q in c.captured_queries:
            print("   ", q["sql"][:150].replace("\n", " "))
        return r

    L = given.later
    n = run("submit", lambda: commands.submit(d.pk, by=w.citizen, at=L())).number
    run("accept", lambda: commands.accept(n, by=w.clerk, at=L(hours=1)))
    run("examine", lambda: commands.pass_step(n, step="examine", opinion="x", by=w.handler, at=L(1)))
    run("review", lambda: commands.pass_step(n, step="review", opinion="x", by=w.reviewer, at=L(1)))
    run("grant", lambda: commands.grant(n, opinion="x", by=w.reviewer, at=L(1)))
    run("issue", lambda: commands.issue(n, by=w.handler, at=L(1)))
    run("deliver", lambda: commands.deliver(n, way="electronic", by=w.clerk, at=L(1)))
