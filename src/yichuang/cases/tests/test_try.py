import pytest

from yichuang.cases.tests import given
from yichuang.core.verify import verify

pytestmark = pytest.mark.django_db


def test_all():
    from yichuang.core import calendar

    calendar.seed()
    c = given.closed_case()
    assert c.state == "closed"
    r = verify()
    assert r.clean, r.faults
