"""What others read of the hall."""

from __future__ import annotations

from yichuang.hall.models import ServicePoint


def points(division: str) -> list[tuple[str, str]]:
    """(code, name) of the active service points of a division, the district's hall first. 1 query."""
    rows = ServicePoint.objects.filter(division=division, active=True).order_by("level", "code")
    return list(rows.values_list("code", "name"))
