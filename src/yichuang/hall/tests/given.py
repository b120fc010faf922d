"""Builders for tests: a service point with its windows."""

from __future__ import annotations

from yichuang.hall import commands
from yichuang.hall.models import ServicePoint
from yichuang.identity.tests import given as identity


def point(
    code: str = "610114001", name: str = "阎良区政务服务大厅", *, level: int = 4, windows: int = 2
) -> ServicePoint:
    """The same point when asked for the same code again."""
    by = identity.by_system()
    made = commands.set_point(
        code=code,
        name=name,
        level=level,
        division=identity.DIVISION,
        address="西安市阎良区前进路1号",
        longitude=109.226,
        latitude=34.662,
        hours="工作日 9:00-12:00、13:00-17:00",
        by=by,
        at=identity.AT,
    )
    for number in range(1, windows + 1):
        commands.set_window(point=made, number=f"{number:02d}", by=by, at=identity.AT)
    return made
