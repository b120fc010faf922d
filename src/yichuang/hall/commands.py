"""Service points and their windows, entered and corrected by the system administrator (or the system)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from yichuang.core import log
from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.refusal import Refusal
from yichuang.hall.models import ServicePoint, Window
from yichuang.identity.models import Department

LEVELS = {level for level, _ in ServicePoint.LEVELS}


def _require(by: Actor) -> None:
    if not by.is_system:
        by.require("system_administrator")


def set_point(
    *,
    code: str,
    name: str,
    level: int,
    division: str,
    address: str = "",
    phone: str = "",
    hours: str = "",
    longitude: float | None = None,
    latitude: float | None = None,
    department: Department | None = None,
    by: Actor,
    at: datetime,
) -> ServicePoint:
    """A service point by its code, made or corrected; nothing is written when it is so already.

    level: 4 district hall, 5 street centre, 6 community station. longitude, latitude: degrees, WGS 84.
    Raises Refusal 403 unless by a system administrator, 422 for a wrong level or place on the map.
    """
    _require(by)
    fields: dict[str, str] = {}
    if not code.strip() or not name.strip():
        fields["name"] = "请填写服务点的代码和名称"
    if level not in LEVELS:
        fields["level"] = "层级为 4（区县）、5（镇街）或 6（村社区）"
    if longitude is not None and not -180 <= longitude <= 180:
        fields["longitude"] = "经度在 -180 到 180 之间"
    if latitude is not None and not -90 <= latitude <= 90:
        fields["latitude"] = "纬度在 -90 到 90 之间"
    if fields:
        raise Refusal("point.incomplete", "服务点信息需要修改。", "请按提示修改。", fields=fields, status=422)
    wanted: dict[str, Any] = {
        "name": name.strip(),
        "level": level,
        "division": division,
        "address": address,
        "phone": phone,
        "hours": hours,
        "longitude": None if longitude is None else Decimal(str(longitude)),
        "latitude": None if latitude is None else Decimal(str(latitude)),
        "department_id": department.pk if department else None,
    }
    with transaction.atomic():
        found = ServicePoint.objects.filter(code=code).first()
        if found and all(getattr(found, key) == value for key, value in wanted.items()):
            return found
        point, _ = ServicePoint.objects.update_or_create(code=code, defaults=wanted)
        told = {"name": point.name, "level": level, "division": division, "address": address}
        log.append(f"point:{code}", Event("point.set", told), by=by, at=at)
    return point


def set_window(
    *,
    point: ServicePoint,
    number: str,
    name: str = "",
    kind: str = "comprehensive",
    is_open: bool = True,
    by: Actor,
    at: datetime,
) -> Window:
    """A window of a point by its number, made, opened or closed; nothing is written when it is so already."""
    _require(by)
    if kind not in dict(Window.KINDS) or not number.strip():
        raise Refusal("window.incomplete", "窗口信息需要修改。", "请填写窗口号，并选择综合窗口或专窗。", status=422)
    wanted = {"name": name, "kind": kind, "open": is_open}
    with transaction.atomic():
        found = Window.objects.filter(point=point, number=number).first()
        if found and all(getattr(found, key) == value for key, value in wanted.items()):
            return found
        window, _ = Window.objects.update_or_create(point=point, number=number, defaults=wanted)
        log.append(
            f"point:{point.code}", Event("window.set", {"number": number, "kind": kind, "open": is_open}), by=by, at=at
        )
    return window
