"""Where an item is handled in person, and the outline that a map draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

HALL, CENTRE, STATION = 4, 5, 6
COUNTERS: Mapping[str, int] = {"5": CENTRE, "6": STATION}
"""行使层级 of an item -> the level of its counters; the hall for all others."""
DISTRICT_WIDE = ("全区", "全县", "全区（县）")
"""通办范围 that lets every street's centre take an application in."""


def is_handled_at(
    *,
    level: int,
    department_id: int | None,
    owner_id: int,
    use_level: str,
    in_hall: bool,
    areas: Iterable[str],
) -> bool:
    """True when a point takes applications for an item.

    level, department_id: of the point (department None: everybody's counter). owner_id, use_level, in_hall (进驻政务大厅),
    areas (通办范围): of the item. A department's own counter takes the department's items and no others.
    """
    if department_id is not None:
        return department_id == owner_id
    if level == HALL:
        return in_hall
    wide = level == CENTRE and any(area in DISTRICT_WIDE for area in areas)
    return wide or COUNTERS.get(use_level) == level


def outline(given: Any) -> dict[str, Any]:
    """The areas of a GeoJSON document (longitude, latitude in WGS 84) and nothing else of it. Raises ValueError."""
    if not isinstance(given, Mapping):
        raise ValueError("not a GeoJSON object")
    if given.get("type") == "FeatureCollection":
        shapes = [feature.get("geometry") for feature in given.get("features") or []]
    else:
        shapes = [given.get("geometry") if given.get("type") == "Feature" else given]
    areas = [s for s in shapes if isinstance(s, Mapping) and s.get("type") in ("Polygon", "MultiPolygon")]
    if not areas:
        raise ValueError("no Polygon in it")
    features = [
        {"type": "Feature", "properties": {}, "geometry": {"type": a["type"], "coordinates": a["coordinates"]}}
        for a in areas
    ]
    return {"type": "FeatureCollection", "features": features}
