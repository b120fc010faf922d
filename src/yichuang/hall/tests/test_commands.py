"""Service points and windows: made, corrected, refused."""

from __future__ import annotations

import pytest

from yichuang.core.models.log import LogEvent
from yichuang.core.refusal import Refusal
from yichuang.hall import commands
from yichuang.hall.models import ServicePoint, Window
from yichuang.hall.tests import given
from yichuang.identity.tests import given as identity

pytestmark = pytest.mark.django_db


def test_a_point_is_made_once_and_corrected() -> None:
    made = given.point()
    events = LogEvent.objects.count()
    assert given.point().pk == made.pk
    assert LogEvent.objects.count() == events
    renamed = given.point(name="阎良区政务服务中心")
    assert (renamed.pk, renamed.name) == (made.pk, "阎良区政务服务中心")
    assert LogEvent.objects.filter(stream="point:610114001", kind="point.set").count() == 2
    assert Window.objects.filter(point=made).count() == 2


def test_a_window_closes() -> None:
    made = given.point()
    window = commands.set_window(point=made, number="01", is_open=False, by=identity.by_system(), at=identity.AT)
    assert not window.open


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"level": 3}, "level"),
        ({"name": " "}, "name"),
        ({"longitude": 190.0}, "longitude"),
        ({"latitude": -91.0}, "latitude"),
    ],
)
def test_wrong_words_are_told_per_field_and_nothing_is_written(changes: dict[str, object], field: str) -> None:
    values: dict[str, object] = {"code": "x1", "name": "某点", "level": 5, "division": identity.DIVISION}
    with pytest.raises(Refusal) as no:
        commands.set_point(**(values | changes), by=identity.by_system(), at=identity.AT)
    assert field in no.value.fields
    assert not ServicePoint.objects.exists()
    assert not LogEvent.objects.exists()


@pytest.mark.parametrize("role", ["window_clerk", "head", "security_administrator", "auditor"])
def test_only_the_system_administrator_sets_points_and_windows(role: str) -> None:
    _, by = identity.staff("某某某", (role,))
    made = given.point()
    with pytest.raises(Refusal) as no:
        commands.set_point(code="x1", name="某点", level=5, division=identity.DIVISION, by=by, at=identity.AT)
    assert no.value.status == 403
    with pytest.raises(Refusal):
        commands.set_window(point=made, number="09", by=by, at=identity.AT)
    assert ServicePoint.objects.count() == 1
