"""What the officer sees: what is due, what is withheld and why, what the standard refuses, what the other side
answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.models import LogEvent, Message
from yichuang.core.refusal import Refusal
from yichuang.publicity.kinds import KINDS
from yichuang.publicity.models import PublicRecord
from yichuang.publicity.rules import publish
from yichuang.publicity.rules.record import BY_NAME, NAMES

READERS = ("publicity_officer", "head", "auditor")
VIEWS = ("pending", "held", "wrong", "withheld", "published", "withdrawn", "unreceipted", "late")


@dataclass(frozen=True, slots=True)
class Filters:
    """view: one of VIEWS or "" for all. text: start of a number, or part of a name. since, until: day of decision."""

    view: str = ""
    text: str = ""
    department: int | None = None
    since: date | None = None
    until: date | None = None


def visible(actor: Actor) -> QuerySet[PublicRecord]:
    """An officer's, a head's or an auditor's: of the division or of their departments; a program's: of the
    departments of its token. Nothing for others."""
    rows = PublicRecord.objects.filter(division=actor.division)
    roles = READERS if actor.is_staff else ("publicity:read",)
    scopes = {scope for role in roles for scope in actor.scopes(role)}
    if "" in scopes:
        return rows
    departments = [int(scope.partition(":")[2]) for scope in scopes if scope.startswith("department:")]
    return rows.filter(department_id__in=departments) if departments else rows.none()


def narrowed(rows: QuerySet[PublicRecord], view: str, today: date) -> QuerySet[PublicRecord]:
    match view:
        case "pending" | "withheld" | "published" | "withdrawn":
            return rows.filter(state=view)
        case "held":
            return rows.filter(state=publish.PENDING, held=True)
        case "wrong":
            return rows.filter(state__in=[publish.PENDING, publish.PUBLISHED]).exclude(problem_fields=[])
        case "unreceipted":
            return rows.filter(state=publish.PUBLISHED, pushed_at__isnull=False, receipted_at__isnull=True)
        case "late":
            open_late = Q(state=publish.PENDING, due_on__lt=today)
            return rows.filter(open_late | Q(published_at__isnull=False, published_at__date__gt=F("due_on")))
        case _:
            return rows


def desk(actor: Actor, filters: Filters, *, today: date) -> QuerySet[PublicRecord]:
    """The officer's list; the caller pages it by ("-decided_on", "-id")."""
    rows = narrowed(visible(actor), filters.view, today).select_related("department")
    if filters.text:
        text = filters.text.strip()
        rows = rows.filter(
            Q(decision_number__startswith=text)
            | Q(case_number__startswith=text)
            | Q(licence_number__startswith=text)
            | Q(shown_name__contains=text)
            | Q(item_name__contains=text)
        )
    if filters.department:
        rows = rows.filter(department_id=filters.department)
    if filters.since:
        rows = rows.filter(decided_on__gte=filters.since)
    if filters.until:
        rows = rows.filter(decided_on__lte=filters.until)
    return rows


def departments_of(rows: QuerySet[PublicRecord]) -> list[tuple[int, str]]:
    """The departments of these rows, for a filter: (key, name)."""
    found = rows.order_by("department__name").values_list("department_id", "department__name").distinct()
    return list(found)


def whole_rows(rows: QuerySet[PublicRecord], chunk: int = 500) -> Iterator[dict[str, str]]:
    """The records in the standard's column names, in constant memory."""
    for row in rows.iterator(chunk_size=chunk):
        yield {name: row.record.get(name, "") for name in NAMES}


def counts(actor: Actor, *, today: date) -> dict[str, int]:
    """How many there are in each view, one query."""
    open_ = Q(state__in=[publish.PENDING, publish.PUBLISHED])
    return visible(actor).aggregate(
        pending=Count("pk", filter=Q(state=publish.PENDING)),
        held=Count("pk", filter=Q(state=publish.PENDING, held=True)),
        wrong=Count("pk", filter=open_ & ~Q(problem_fields=[])),
        withheld=Count("pk", filter=Q(state=publish.WITHHELD)),
        unreceipted=Count("pk", filter=Q(state=publish.PUBLISHED, pushed_at__isnull=False, receipted_at__isnull=True)),
        withdrawn=Count("pk", filter=Q(state=publish.WITHDRAWN)),
        late=Count("pk", filter=Q(state=publish.PENDING, due_on__lt=today)),
    )


def desk_record(actor: Actor, record_id: int) -> PublicRecord:
    """One, with department and applicant. Raises Refusal 404 for what this actor may not see."""
    found = visible(actor).filter(pk=record_id).select_related("department", "applicant").first()
    if found is None:
        raise Refusal("publicity.not_found", "没有这条公示记录。", "请返回公示列表重新选择。", status=404)
    return found


RECEIVERS = {"credit.http": "信用平台接口", "credit.file": "信用平台交换文件"}


def timeline(row: PublicRecord) -> list[dict[str, object]]:
    """What happened to it, oldest first, in words."""
    return [
        {
            "at": event.occurred_at,
            "title": KINDS.get(event.kind, event.kind),
            "who": event.actor_name,
            "note": _note(event.event()),
            "state": "late" if event.kind == "publicity.warned" else "",
        }
        for event in LogEvent.objects.filter(stream=row.stream).order_by("seq")
    ]


def _note(event: Event) -> str:
    data = event.data
    match event.kind:
        case "publicity.recorded" if data["withheld"]:
            return f"按事项规定不予公开：{publish.REASONS[data['withheld']]}"
        case "publicity.withheld":
            return publish.REASONS[data["reason"]]
        case "publicity.withdrawn":
            return publish.WITHDRAW_REASONS[data["reason"]]
        case "publicity.mended":
            return "、".join(BY_NAME[name].label for name in data["fields"])
        case "publicity.pushed":
            return "、".join(RECEIVERS.get(name, name) for name in data["adapters"])
        case "publicity.receipted":
            return f"{RECEIVERS.get(data['adapter'], data['adapter'])}：{data['reference']}"
        case "publicity.rescheduled":
            return f"{data['was']} → {data['now']}"
        case "publicity.warned":
            return "已逾期" if data["level"] == "late" else f"期限{data['due_on']}"
    return ""


def messages(row: PublicRecord) -> list[Message]:
    """Its pushes, newest first, with attempts, errors and receipts."""
    return list(Message.objects.filter(about=row.stream).order_by("-id"))
