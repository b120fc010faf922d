"""What anybody may read: decisions to grant, without a natural person's numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from yichuang.core.refusal import Refusal
from yichuang.publicity.models import PublicRecord
from yichuang.publicity.rules import publish
from yichuang.publicity.rules.record import BY_NAME, NAMES, public


@dataclass(frozen=True, slots=True)
class Result:
    """A published decision as shown. fields: (label, value) in the order of the standard."""

    id: int
    item_name: str
    item_id: int
    name: str
    decision_number: str
    licence_name: str
    licence_number: str
    content: str
    organ: str
    decided_on: date
    valid_from: date | None
    valid_to: date | None
    published_at: datetime | None
    fields: tuple[tuple[str, str], ...]


def results(
    division: str,
    *,
    text: str = "",
    item: int | None = None,
    department: int | None = None,
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[PublicRecord]:
    """Published records of the division; the caller pages them by ("-decided_on", "-id"). text: start of a
    document's or licence's number, or part of the shown name or the item's name."""
    rows = PublicRecord.objects.filter(division=division, state=publish.PUBLISHED).select_related("department")
    text = text.strip()
    if text:
        rows = rows.filter(
            Q(decision_number__startswith=text)
            | Q(licence_number__startswith=text)
            | Q(shown_name__contains=text)
            | Q(item_name__contains=text)
        )
    if item:
        rows = rows.filter(item_id=item)
    if department:
        rows = rows.filter(department_id=department)
    if since:
        rows = rows.filter(decided_on__gte=since)
    if until:
        rows = rows.filter(decided_on__lte=until)
    return rows


def departments(division: str) -> list[tuple[int, str]]:
    """The organs whose decisions are public, for a filter: (key, name)."""
    rows = PublicRecord.objects.filter(division=division, state=publish.PUBLISHED)
    return list(rows.order_by("department__name").values_list("department_id", "department__name").distinct())


def result(record_id: int) -> Result:
    """One. Raises Refusal 404 for what is not public, whatever the reason: the reason itself may be a secret."""
    row = PublicRecord.objects.filter(pk=record_id, state=publish.PUBLISHED).select_related("department").first()
    if row is None:
        raise Refusal(
            "publicity.not_found",
            "没有这条公示信息，或者它不在公示中。",
            "请返回结果公示页面重新查询；需要了解其他政府信息的，可以依法申请公开。",
            status=404,
        )
    return shown(row)


def shown(row: PublicRecord) -> Result:
    fields = public(row.record, row.shown_name)
    return Result(
        id=row.pk,
        item_name=row.item_name,
        item_id=row.item_id,
        name=row.shown_name,
        decision_number=row.decision_number,
        licence_name=row.licence_name,
        licence_number=row.licence_number,
        content=fields.get("XK_NR", ""),
        organ=row.department.name,
        decided_on=row.decided_on,
        valid_from=row.valid_from,
        valid_to=None if row.long_term else row.valid_to,
        published_at=row.published_at,
        fields=tuple((BY_NAME[name].label, fields[name]) for name in NAMES if name in fields and name != "XK_ZT"),
    )


def public_rows(rows: QuerySet[PublicRecord], chunk: int = 500) -> Iterator[dict[str, str]]:
    """The public view in the standard's column names, for download, in constant memory."""
    for row in rows.iterator(chunk_size=chunk):
        fields = public(row.record, row.shown_name)
        yield {name: fields.get(name, "") for name in NAMES}
