"""Service points as people look for them: all of the district, or those that handle an item."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from yichuang.catalogue.rules.facts import VersionFacts
from yichuang.core import calendar
from yichuang.hall import rules
from yichuang.hall.models import ServicePoint

LEVELS = dict(ServicePoint.LEVELS)


@dataclass(frozen=True, slots=True)
class Place:
    """A service point as it is told. number: its place in the list and on the map, from 1. longitude, latitude: WGS 84
    degrees as text, "" when it is not on the map."""

    number: int
    code: str
    name: str
    kind: str
    address: str
    phone: str
    hours: str
    longitude: str
    latitude: str

    @property
    def on_map(self) -> bool:
        return bool(self.longitude and self.latitude)


def points(division: str) -> list[tuple[str, str]]:
    """(code, name) of the active service points of a division, the district's hall first. 1 query."""
    return [(row.code, row.name) for row in _rows(division)]


def places(division: str) -> list[Place]:
    """Every active point of a division, the hall first. 1 query (and the calendar's, when a point has no hours of its own)."""
    return _told(_rows(division))


def places_for(version: VersionFacts) -> list[Place]:
    """The points that take applications for this version, the hall first. 1 query, as `places`."""
    in_hall = bool(version.elements.get("is_entry_center"))
    return _told(
        [
            row
            for row in _rows(version.division)
            if rules.is_handled_at(
                level=row.level,
                department_id=row.department_id,
                owner_id=version.department_id,
                use_level=version.use_level,
                in_hall=in_hall,
                areas=version.areas,
            )
        ]
    )


def _rows(division: str) -> list[ServicePoint]:
    return list(ServicePoint.objects.filter(division=division, active=True).order_by("level", "code"))


def _told(rows: list[ServicePoint]) -> list[Place]:
    usual = "" if all(row.hours for row in rows) else usual_hours()
    return [
        Place(
            number=n,
            code=row.code,
            name=row.name,
            kind=LEVELS.get(row.level, ""),
            address=row.address,
            phone=row.phone or settings.YICHUANG.phone,
            hours=row.hours or usual,
            longitude="" if row.longitude is None else str(row.longitude),
            latitude="" if row.latitude is None else str(row.latitude),
        )
        for n, row in enumerate(rows, 1)
    ]


def usual_hours() -> str:
    """The hours of points that have none of their own: "工作日 09:00-12:00、13:00-17:00"."""
    spans = calendar.hours_of().every
    return "工作日 " + "、".join(f"{s.opens:%H:%M}-{s.closes:%H:%M}" for s in spans) if spans else ""


def guide_section(version: VersionFacts) -> list[dict[str, Any]]:
    """What the printed guide says of where to go: a section for `core/sheet`, or none."""
    found = places_for(version)
    if not found:
        return []
    rows = [[p.name, p.address, p.hours, p.phone] for p in found]
    head = ["服务点", "地址", "服务时间", "电话"]
    return [{"title": "就近服务点", "table": {"head": head, "rows": rows, "widths": [4, 4, 4, 2]}}]


def outline() -> dict[str, Any] | None:
    """The boundary that the map draws, from the GeoJSON file of YICHUANG_MAP_BOUNDARY; None when there is none to draw."""
    path: Path | None = settings.YICHUANG.map_boundary
    if path is None or not path.is_file():
        return None
    return _outline(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _outline(path: Path, stamp: int) -> dict[str, Any] | None:
    del stamp
    try:
        return rules.outline(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, OSError):
        return None
