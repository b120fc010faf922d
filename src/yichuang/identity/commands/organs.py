"""Divisions and departments: made and corrected by the system administrator, or by an import."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from yichuang.core import log
from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.refusal import Refusal
from yichuang.identity import rules
from yichuang.identity.models import Department, Division

DEPARTMENT_FIELDS = (
    "short_name",
    "uscc",
    "document_prefix",
    "seal_name",
    "phone",
    "address",
    "complaint_phone",
    "review_organ",
    "court",
)


def require_system(by: Actor) -> None:
    if not by.is_system:
        by.require("system_administrator")


def set_division(*, code: str, name: str, level: int, parent: str = "", by: Actor, at: datetime) -> Division:
    """A division as it should be; nothing is written when it is so already. Levels: 1 国家 to 6 村社区."""
    require_system(by)
    if len(code) not in (6, 9, 12) or not code.isdigit():
        raise Refusal(
            "division.code",
            "行政区划代码应为 6、9 或 12 位数字。",
            "请核对代码。",
            fields={"code": "6、9 或 12 位数字"},
            status=422,
        )
    with transaction.atomic():
        wanted: dict[str, Any] = {"name": name, "level": level, "parent_id": parent or None}
        found = Division.objects.filter(pk=code).first()
        if found and all(getattr(found, key) == value for key, value in wanted.items()):
            return found
        division, _ = Division.objects.update_or_create(pk=code, defaults=wanted)
        log.append(
            f"division:{code}", Event("division.set", {"name": name, "level": level, "parent": parent}), by=by, at=at
        )
    return division


def set_department(
    *, division: str, name: str, incomplete: bool = False, by: Actor, at: datetime, **details: str
) -> Department:
    """A department by its name in a division, made or corrected; nothing is written when it is so already.

    details: any of short_name, uscc, document_prefix, seal_name, phone, address, complaint_phone, review_organ, court.
    incomplete: made by an import that knew only the name; a department that is complete does not become incomplete.
    Who may: the system administrator; a catalogue_editor for an incomplete one (an import); the system.
    Raises Refusal 422 for a wrong 统一社会信用代码 or an unknown detail, 409 when the code is another department's.
    """
    if not (incomplete and not details and by.has("catalogue_editor")):
        require_system(by)
    unknown = set(details) - set(DEPARTMENT_FIELDS)
    if unknown:
        raise TypeError(f"set_department has no {sorted(unknown)}")
    name = name.strip()
    if not name:
        raise Refusal(
            "department.name", "部门没有名称。", "请填写部门全称。", fields={"name": "请填写部门全称"}, status=422
        )
    if details.get("uscc"):
        details["uscc"] = rules.check_identifier("uscc", details["uscc"], field="uscc").number
    with transaction.atomic():
        found = Department.objects.filter(division=division, name=name).first()
        if details.get("uscc"):
            taken = Department.objects.filter(uscc=details["uscc"]).exclude(pk=found.pk if found else 0).first()
            if taken:
                raise Refusal(
                    "department.uscc_taken",
                    f"这个统一社会信用代码已属于{taken.name}。",
                    "请核对代码，或先更正对方的代码。",
                    fields={"uscc": f"已属于{taken.name}"},
                )
        if found is None:
            found = Department(division=division, name=name, incomplete=incomplete, **details)
            changed: dict[str, str] = dict(details)
        else:
            changed = {key: value for key, value in details.items() if getattr(found, key) != value}
            if not changed and (incomplete or not found.incomplete):
                return found
            for key, value in changed.items():
                setattr(found, key, value)
            found.incomplete = found.incomplete and incomplete
        found.save()
        log.append(found.scope, Event("department.set", {"name": name, **changed}), by=by, at=at)
    return found
