"""权力事项动态调整 as lists, pages and measures need it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet

from yichuang.catalogue.models import Adjustment, AdjustmentLine, AdjustmentOpinion, Item
from yichuang.catalogue.rules import adjustment as rules
from yichuang.core.actor import Actor
from yichuang.core.models import LogEvent
from yichuang.core.refusal import Refusal
from yichuang.identity.models import Department, Staff


def no_adjustment() -> Refusal:
    return Refusal("adjustment.not_found", "没有这次调整。", "请回到权力事项调整的列表查找。", status=404)


def adjustments(actor: Actor, *, state: str = "", item: int | None = None) -> QuerySet[Adjustment]:
    """Adjustments of the actor's division, for paging by ("-id",). item: only those that touch it."""
    rows = Adjustment.objects.filter(division=actor.division)
    if state:
        rows = rows.filter(state=state)
    if item is not None:
        rows = rows.filter(pk__in=AdjustmentLine.objects.filter(item_id=item).values("adjustment_id"))
    return rows


def adjustment_for(actor: Actor, pk: int) -> Adjustment:
    """The gate of the desk: an adjustment of the actor's division, with its lines and opinions. Raises Refusal 404."""
    lines = AdjustmentLine.objects.select_related("item", "before", "after", "version").order_by("position")
    opinions = AdjustmentOpinion.objects.select_related("department")
    rows = Adjustment.objects.prefetch_related(Prefetch("lines", lines), Prefetch("opinions", opinions))
    row = rows.filter(pk=pk, division=actor.division).first()
    if row is None:
        raise no_adjustment()
    return row


def adjustment_facts(row: Adjustment) -> rules.Facts:
    """What the rules see: the row and the opinions of its present round."""
    held = getattr(row, "_prefetched_objects_cache", {}).get("opinions")
    asked = row.opinions.filter(round=row.round).select_related("department") if held is None else held
    opinions = tuple(
        rules.Opinion(o.department_id, o.department.name, o.due_on, o.answer, bool(o.noted))
        for o in asked
        if o.round == row.round
    )
    return rules.Facts(row.title, row.state, row.proposer, row.size, opinions, row.approved_on, row.effective_on)


def department_of(actor: Actor) -> int | None:
    """The department for which the actor may give an opinion: of staff in 业务 duty."""
    if not actor.is_staff:
        return None
    rows = Staff.objects.filter(pk=int(actor.ref.partition(":")[2]), active=True, duty="operating")
    return rows.values_list("department_id", flat=True).first()


def departments_to_ask(division: str) -> list[tuple[int, str]]:
    """Every body of the division that may be asked or may receive a power."""
    return list(Department.objects.filter(division=division, active=True).order_by("name").values_list("pk", "name"))


def adjustment_events(row: Adjustment) -> list[LogEvent]:
    """What happened to it, in the order of time."""
    return list(LogEvent.objects.filter(stream=row.stream).order_by("seq"))


def line_inputs(row: Adjustment) -> list[dict[str, Any]]:
    """Its lines as `revise_adjustment` takes them."""
    return [
        {
            "way": line.way,
            "code": line.code,
            "from": line.from_department,
            "to": line.to_department,
            "level": line.level,
            "note": line.note,
        }
        for line in row.lines.all()
    ]


def published_adjustments(division: str = "") -> QuerySet[Adjustment]:
    """What the public sees, for paging by ("-published_on", "-id"), with lines."""
    lines = AdjustmentLine.objects.select_related("item").order_by("position")
    rows = Adjustment.objects.filter(state__in=rules.PUBLIC).prefetch_related(Prefetch("lines", lines))
    return rows.filter(division=division) if division else rows


def adjustments_of(item: Item) -> list[AdjustmentLine]:
    """The history of one power: the lines of published adjustments that touch it, the latest first. 1 query."""
    rows = AdjustmentLine.objects.filter(item=item, adjustment__state__in=rules.PUBLIC).select_related("adjustment")
    return list(rows.order_by("-adjustment__published_on", "-pk"))


def powers_adjusted(division: str, since: date, until: date) -> int:
    """How many powers were adjusted by adjustments published in the interval, both days included."""
    return AdjustmentLine.objects.filter(
        adjustment__division=division,
        adjustment__state__in=rules.PUBLIC,
        adjustment__published_on__range=(since, until),
    ).count()
