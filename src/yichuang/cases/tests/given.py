"""Cases in any state, reached through the public verbs only.

`world()` makes an item with its people once for each test; each builder takes a world (or makes one) and moments in
working days of March 2026, and returns the case. Keyword arguments replace the defaults of the verb.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from PIL import Image

from yichuang.cases import commands
from yichuang.cases.models import Case, Draft
from yichuang.catalogue.rules.facts import VersionFacts
from yichuang.catalogue.tests import given as catalogue
from yichuang.core import files
from yichuang.core.actor import Actor, system
from yichuang.core.models import File, LogEvent
from yichuang.identity.models import Applicant, Department, Staff
from yichuang.identity.tests import given as identity

AT = identity.AT  # Monday 2026-03-02 09:30
POINT = "610114001"


def _png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "PNG")
    return out.getvalue()


PNG = _png()
_serial = count(1)


def later(days: int = 0, hours: float = 0, since: datetime = AT) -> datetime:
    """Calendar days and hours after the Monday morning on which everything begins."""
    return since + timedelta(days=days, hours=hours)


@dataclass(frozen=True)
class World:
    """An item in force, and one person for every role, all of its department."""

    version: VersionFacts
    department: Department
    applicant: Applicant
    citizen: Actor
    clerk: Actor
    handler: Actor
    reviewer: Actor
    head: Actor
    stranger: Actor
    handler_staff: Staff
    point: str = POINT

    @property
    def sweep(self) -> Actor:
        return system("sweep", identity.DIVISION)


def world(*, version: VersionFacts | None = None, **overrides: Any) -> World:
    """overrides: of the item's content (`catalogue.tests.given.CONTENT`)."""
    item = version or catalogue.published_item(**overrides)
    department = Department.objects.get(pk=item.department_id)
    applicant, citizen = identity.person(name="张三（演示）")
    _, clerk = identity.staff("李窗口", ("window_clerk",), department)
    handler_staff, handler = identity.staff("王承办", ("handler",), department)
    _, reviewer = identity.staff("赵审核", ("reviewer",), department)
    _, head = identity.staff("钱主任", ("head",), department)
    _, stranger = identity.person(name="路人（演示）")
    return World(item, department, applicant, citizen, clerk, handler, reviewer, head, stranger, handler_staff)


def values(**place: Any) -> dict[str, Any]:
    return {"place": {"name": "好味道理发店", "address": "西安市阎良区人民路8号", **place}}


def scan(owner: str, by: Actor, at: datetime = AT) -> File:
    """A small picture, as somebody would upload it."""
    return files.store(PNG, f"scan{next(_serial)}.png", owner=owner, by=by, at=at, division=identity.DIVISION)


def draft(
    w: World, *, at: datetime = AT, materials: tuple[str, ...] = ("m1", "m2"), form: dict[str, Any] | None = None
) -> Draft:
    """An application filled in and ready to be submitted."""
    begun = commands.start_draft(w.version.id, applicant=w.applicant, by=w.citizen, at=at)
    begun = commands.save_draft(
        begun.pk,
        revision=begun.revision,
        values=form if form is not None else values(),
        contact={"name": "张三", "phone": "13900000001"},
        by=w.citizen,
        at=at,
    )
    for code in materials:
        commands.attach(begun.pk, material=code, file=scan(begun.stream, w.citizen, at), by=w.citizen, at=at)
    return begun


def submitted_case(w: World | None = None, *, at: datetime = AT, **more: Any) -> Case:
    """Submitted on line, with every material."""
    w = w or world()
    begun = draft(w, at=at, **more)
    return commands.submit(begun.pk, by=w.citizen, at=at)


def taken_in(w: World, *, at: datetime = AT, **more: Any) -> Case:
    """Taken in at the window, on paper."""
    given = {
        "applicant": w.applicant,
        "values": values(),
        "materials": {"m1": {"copies": 1, "ticks": ["填写完整"]}, "m2": {"copies": 2}},
        "point": w.point,
        **more,
    }
    return commands.intake(w.version.id, **given, by=w.clerk, at=at)


def accepted_case(
    w: World | None = None, *, at: datetime = AT, accepted_at: datetime | None = None, **more: Any
) -> Case:
    w = w or world()
    case = submitted_case(w, at=at, **more)
    return commands.accept(case.number, by=w.clerk, at=accepted_at or later(hours=1, since=at))


def reviewed_case(w: World | None = None, *, at: datetime = AT, **more: Any) -> Case:
    """Examined and reviewed: nothing but the decision is left."""
    w = w or world()
    case = accepted_case(w, at=at, **more)
    commands.pass_step(case.number, step="examine", opinion="符合条件", by=w.handler, at=later(1, since=at))
    return commands.pass_step(case.number, step="review", opinion="同意", by=w.reviewer, at=later(1, 1, since=at))


def granted_case(w: World | None = None, *, at: datetime = AT, **more: Any) -> Case:
    w = w or world()
    case = reviewed_case(w, at=at, **more)
    return commands.grant(case.number, opinion="同意", by=w.reviewer, at=later(2, since=at))


def refused_case(w: World | None = None, *, at: datetime = AT, **more: Any) -> Case:
    w = w or world()
    case = reviewed_case(w, at=at, **more)
    return commands.refuse(case.number, reasons="场所面积不足", by=w.reviewer, at=later(2, since=at))


def issued_case(w: World | None = None, *, at: datetime = AT, **more: Any) -> Case:
    w = w or world()
    case = granted_case(w, at=at, **more)
    return commands.issue(case.number, by=w.handler, at=later(2, 1, since=at))


def closed_case(w: World | None = None, *, at: datetime = AT, way: str = "electronic", **more: Any) -> Case:
    w = w or world()
    case = issued_case(w, at=at, **more)
    return commands.deliver(case.number, way=way, by=w.clerk, at=later(3, since=at))


def kinds(case: Case) -> list[str]:
    """The events of a case in their order, without "case."."""
    told = LogEvent.objects.filter(stream=case.stream).order_by("seq").values_list("kind", flat=True)
    return [kind.removeprefix("case.") for kind in told]
