"""Every read of reviews: the invitation, the public's figures, the desk's list, the export of the interface
standard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth

from yichuang.cases.models import Case
from yichuang.core import compiled
from yichuang.core.actor import Actor
from yichuang.identity.models import Department, Division
from yichuang.reviews import rules
from yichuang.reviews.models import Invitation, Review, Tag

CHINA = ZoneInfo("Asia/Shanghai")
READERS = ("head", "auditor", "reviewer", "handler", "window_clerk", "publicity_officer")


def tags() -> list[dict[str, str | int]]:
    """The tags on offer: code, level, label, order. The usual ones while the table is empty."""
    held = list(Tag.objects.order_by("level", "order", "code").values("code", "level", "label", "order", "active"))
    if not held:
        return rules.usual_tags()
    return [{name: tag[name] for name in ("code", "level", "label", "order")} for tag in held if tag["active"]]


def tags_by_level() -> dict[str, list[tuple[str, str]]]:
    """level -> [(code, label)]."""
    found: dict[str, list[tuple[str, str]]] = {level: [] for level in rules.LEVELS}
    for tag in tags():
        found[str(tag["level"])].append((str(tag["code"]), str(tag["label"])))
    return found


def invitation(token: str) -> tuple[Invitation, bool] | None:
    """The invitation of a token and whether it was used; None when there is none."""
    found = Invitation.objects.select_related("department").filter(token=token).first() if token else None
    return (found, Review.objects.filter(invitation=found).exists()) if found else None


def invitation_to(about: str, phase: str) -> Invitation:
    """The one invitation of a thing in a phase. Raises Invitation.DoesNotExist."""
    found = compiled.one(_invitations, about, phase)
    if found is None:
        raise Invitation.DoesNotExist(about)
    return found


def _invitations(about: str, phase: str) -> QuerySet[Invitation]:
    return Invitation.objects.filter(about=about, phase=phase)


def open_invitations(about: str, at: datetime) -> list[Invitation]:
    """For the receipt and the case's page: what can still be rated of a case ("case:6101..."), the closing one
    first."""
    rows = Invitation.objects.filter(about=about, expires_at__gte=at, review__isnull=True)
    return sorted(rows, key=lambda one: one.phase)


# --- the public -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """Figures of one department or one month."""

    label: str
    key: str
    tally: rules.Tally


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody wrote, as the public may read it."""

    level: str
    words: str
    tags: tuple[str, ...]
    item_name: str
    department: str
    on: date


@dataclass(frozen=True, slots=True)
class Figures:
    """since, until: days of submission, both included. Default ratings are left out and told apart."""

    since: date
    until: date
    all: rules.Tally
    departments: tuple[Line, ...]
    months: tuple[Line, ...]
    defaults: int


def real(division: str) -> QuerySet[Review]:
    return Review.objects.filter(division=division, is_default=False)


def figures(division: str, *, since: date, until: date, department: int | None = None) -> Figures:
    """Counts by level, by department and by month. Four queries whatever the size."""
    begin = datetime.combine(since, time.min, CHINA)
    end = datetime.combine(until, time.max, CHINA)
    period = Review.objects.filter(division=division, submitted_at__gte=begin, submitted_at__lte=end)
    if department:
        period = period.filter(department_id=department)
    rows = period.filter(is_default=False)
    by_department: dict[int, dict[str, int]] = {}
    for key, level, count in rows.values_list("department_id", "level").annotate(n=Count("pk")).order_by():
        by_department.setdefault(key, {})[level] = count
    by_month: dict[date, dict[str, int]] = {}
    months = rows.annotate(month=TruncMonth("submitted_at", tzinfo=CHINA))
    for moment, level, count in months.values_list("month", "level").annotate(n=Count("pk")).order_by():
        by_month.setdefault(moment.astimezone(CHINA).date().replace(day=1), {})[level] = count
    total = {level: sum(counts.get(level, 0) for counts in by_department.values()) for level in rules.LEVELS}
    names = dict(Department.objects.filter(pk__in=by_department).values_list("pk", "name"))
    return Figures(
        since=since,
        until=until,
        all=rules.Tally(total),
        departments=tuple(
            Line(names.get(key, ""), str(key), rules.Tally(counts))
            for key, counts in sorted(by_department.items(), key=lambda kv: (-sum(kv[1].values()), kv[0]))
        ),
        months=tuple(
            Line(f"{month.year}年{month.month}月", f"{month:%Y-%m}", rules.Tally(counts))
            for month, counts in sorted(by_month.items(), reverse=True)
        ),
        defaults=period.filter(is_default=True).count(),
    )


def tally(rows: QuerySet[Review], *, since: date, until: date, department: int | None = None) -> rules.Tally:
    """Counts by level of these rows in a period, default ratings left out. One query."""
    rows = rows.filter(
        is_default=False,
        submitted_at__gte=datetime.combine(since, time.min, CHINA),
        submitted_at__lte=datetime.combine(until, time.max, CHINA),
    )
    if department:
        rows = rows.filter(department_id=department)
    return rules.Tally(dict(rows.order_by().values_list("level").annotate(n=Count("pk"))))


def latest_words(division: str, limit: int = 20) -> list[Word]:
    """The latest words of real ratings, numbers of persons masked. Two queries."""
    labels = {str(tag["code"]): str(tag["label"]) for tag in tags()}
    rows = real(division).exclude(words="").select_related("department").order_by("-submitted_at", "-id")[:limit]
    return [
        Word(
            level=review.level,
            words=rules.masked(review.words),
            tags=tuple(labels[code] for code in review.tags if code in labels),
            item_name=review.item_name,
            department=review.department.name,
            on=review.submitted_at.astimezone(CHINA).date(),
        )
        for review in rows
    ]


# --- the desk ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filters:
    """bad: only 差评. since, until: days of submission."""

    level: str = ""
    phase: str = ""
    department: int | None = None
    bad: bool = False
    since: date | None = None
    until: date | None = None


def visible(actor: Actor) -> QuerySet[Review]:
    """Staff see the reviews of their departments, of their point, or of the division; nobody sees who wrote one."""
    rows = Review.objects.filter(division=actor.division)
    if not actor.is_staff:
        return rows.none()
    scopes = {scope for role in READERS for scope in actor.scopes(role)}
    if "" in scopes:
        return rows
    departments = [int(s.partition(":")[2]) for s in scopes if s.startswith("department:")]
    points = [s.partition(":")[2] for s in scopes if s.startswith("point:")]
    if departments and points:
        return rows.filter(department_id__in=departments) | rows.filter(point__in=points)
    if departments:
        return rows.filter(department_id__in=departments)
    return rows.filter(point__in=points) if points else rows.none()


@dataclass(frozen=True, slots=True)
class Shown:
    """A review as the desk sees it: who wrote it is not in it, and numbers of persons in its words are masked."""

    id: int
    level: str
    level_name: str
    bad: bool
    phase: str
    tags: tuple[str, ...]
    words: str
    item_name: str
    case_number: str
    department: str
    staff: str
    channel: str
    named: bool
    at: datetime


def shown(reviews: Iterable[Review]) -> list[Shown]:
    """Of one page of `desk`. One query (the tags)."""
    known = {str(tag["code"]): str(tag["label"]) for tag in tags()}
    return [
        Shown(
            id=review.pk,
            level=review.level,
            level_name=rules.LEVELS[review.level],
            bad=review.level in rules.BAD,
            phase=rules.PHASES[review.phase],
            tags=tuple(known[code] for code in review.tags if code in known),
            words=rules.masked(review.words),
            item_name=review.item_name,
            case_number=review.case_number,
            department=review.department.short_name or review.department.name,
            staff=review.invitation.staff_name,
            channel=rules.CHANNELS[review.channel],
            named=review.named,
            at=review.submitted_at,
        )
        for review in reviews
    ]


def departments_of(rows: QuerySet[Review]) -> list[tuple[int, str]]:
    """The departments of these rows, for a filter: (key, name)."""
    return list(rows.order_by("department__name").values_list("department_id", "department__name").distinct())


def desk(actor: Actor, filters: Filters) -> QuerySet[Review]:
    """The desk's list; the caller pages it by ("-submitted_at", "-id")."""
    rows = visible(actor).select_related("department", "invitation")
    if filters.level:
        rows = rows.filter(level=filters.level)
    if filters.phase:
        rows = rows.filter(phase=filters.phase)
    if filters.department:
        rows = rows.filter(department_id=filters.department)
    if filters.bad:
        rows = rows.filter(level__in=rules.BAD)
    if filters.since:
        rows = rows.filter(submitted_at__gte=datetime.combine(filters.since, time.min, CHINA))
    if filters.until:
        rows = rows.filter(submitted_at__lte=datetime.combine(filters.until, time.max, CHINA))
    return rows


# --- the interface standard -------------------------------------------------------------------------------------

FIELDS = (
    "areaCode", "areaName", "deptCode", "taskCode", "taskHandleItem", "taskName", "subMatter", "projectNo", "proStatus",
    "proDepartCode", "proDepart", "proManager", "pf", "certkeyGOV", "userName", "userProp", "satisfaction",
    "evalDetail",
    "writingEvaluation", "assessTime", "assessNumber", "appStatus", "promiseTime", "acceptDate", "dataSource",
)  # fmt: skip
PF = {"web": "1", "mobile": "2", "qr": "3", "tablet": "4", "device": "5", "phone": "5", "sms": "2"}
SATISFACTION = {
    "very_satisfied": "5",
    "satisfied": "4",
    "basically_satisfied": "3",
    "dissatisfied": "2",
    "very_dissatisfied": "1",
}
DATA_SOURCE = "yichuang"


def exchange_rows(rows: QuerySet[Review], chunk: int = 500) -> Iterator[dict[str, str]]:
    """Reviews in the field names of the national interface, in constant memory.

    The evaluator is protected: a name is given for a named review only, its document (`certkeyGOV`) never, and
    numbers of persons in the words are masked. pf and satisfaction are coded 1 (PC) to 5, and 5 (best) to 1.
    """
    areas = dict(Division.objects.values_list("code", "name"))
    known = {str(tag["code"]): str(tag["label"]) for tag in tags()}
    batch: list[Review] = []
    for review in rows.select_related("department", "applicant", "invitation").iterator(chunk_size=chunk):
        batch.append(review)
        if len(batch) == chunk:
            yield from _exchanged(batch, areas, known)
            batch = []
    yield from _exchanged(batch, areas, known)


def harmless(words: str) -> str:
    """Words that a spreadsheet would run as a formula stay words."""
    return f"'{words}" if words[:1] in ("=", "+", "-", "@", "\t") else words


def _exchanged(batch: list[Review], areas: dict[str, str], known: dict[str, str]) -> Iterator[dict[str, str]]:
    numbers = [review.case_number for review in batch if review.case_number]
    cases = {case.number: case for case in Case.objects.filter(number__in=numbers)}
    for review in batch:
        case = cases.get(review.case_number)
        who = review.applicant if review.named else None
        yield {
            "areaCode": review.division,
            "areaName": areas.get(review.division, ""),
            "deptCode": review.department.uscc,
            "taskCode": review.item_code[:31],
            "taskHandleItem": review.item_code,
            "taskName": review.item_name,
            "subMatter": review.item_name,
            "projectNo": review.case_number,
            "proStatus": case.get_state_display() if case else "",
            "proDepartCode": review.department.uscc,
            "proDepart": review.department.name,
            "proManager": review.invitation.staff_name,
            "pf": PF[review.channel],
            "certkeyGOV": "",
            "userName": who.name if who else "",
            "userProp": ("1" if who.kind == "person" else "2") if who else "",
            "satisfaction": SATISFACTION[review.level],
            "evalDetail": ",".join(known[code] for code in review.tags if code in known),
            "writingEvaluation": harmless(rules.masked(review.words)),
            "assessTime": f"{review.submitted_at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}",
            "assessNumber": "1" if review.phase == "service" else "2",
            "appStatus": "1" if review.is_default else "0",
            "promiseTime": case.promised_due_on.isoformat() if case and case.promised_due_on else "",
            "acceptDate": f"{case.accepted_at.astimezone(CHINA):%Y-%m-%d}" if case and case.accepted_at else "",
            "dataSource": DATA_SOURCE,
        }
