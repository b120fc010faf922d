"""What the home page tells, gathered from the floors below: topics, popular items, results, satisfaction, opening hours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.cache import caches
from django.db.models import Count

from yichuang.cases.models import Case
from yichuang.catalogue.models import Item, ItemVersion
from yichuang.core import calendar
from yichuang.publicity.models import PublicRecord
from yichuang.reviews.models import Review
from yichuang.reviews.rules import Tally

PUBLISHED = "published"
POPULAR_DAYS = 180
REVIEW_DAYS = 365
KEEP_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Popular:
    """An item that many people ask for."""

    id: int
    name: str
    department: str
    promised_days: int | None
    instant: bool
    visits: int | None


@dataclass(frozen=True, slots=True)
class Opening:
    """Hours of service on a day: today when still open or yet to open, else the next working day."""

    day: date
    today: bool
    open_now: bool
    hours: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many items are published, and how many of them can be done online without a visit."""

    items: int
    online: int
    topics_person: tuple[tuple[str, int], ...]
    topics_legal: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Real ratings of a year: how many, and the share of 基本满意 and better, cut to two decimals ("" for none)."""

    total: int
    rate: str


def counts() -> Counts:
    """Published items and their topics; kept for five minutes, for it reads every published item."""
    kept = caches["local"].get("site.home.counts")
    if isinstance(kept, Counts):
        return kept
    person: Counter[str] = Counter()
    legal: Counter[str] = Counter()
    items = online = 0
    rows = ItemVersion.objects.filter(state=PUBLISHED).values_list("user_topic_type", "corp_topic_type", "is_online")
    for user_topics, corp_topics, is_online in rows.iterator():
        items += 1
        online += bool(is_online)
        person.update(set(user_topics))
        legal.update(set(corp_topics))
    found = Counts(items, online, _by_size(person), _by_size(legal))
    caches["local"].set("site.home.counts", found, KEEP_SECONDS)
    return found


def _by_size(topics: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(topics.items(), key=lambda one: (-one[1], one[0])))


def popular(at: datetime, limit: int = 6) -> list[Popular]:
    """Items most applied for lately; filled up with items whose whole way is online. Two queries or three."""
    asked = list(
        Case.objects.filter(received_at__gte=at - timedelta(days=POPULAR_DAYS), item__state=PUBLISHED)
        .values("item_id")
        .annotate(times=Count("id"))
        .order_by("-times", "item_id")
        .values_list("item_id", flat=True)[:limit]
    )
    if len(asked) < limit:
        more = Item.objects.filter(state=PUBLISHED, online=True).exclude(pk__in=asked).order_by("id")
        asked += list(more.values_list("pk", flat=True)[: limit - len(asked)])
    return _cards(asked)


def _cards(ids: Sequence[int]) -> list[Popular]:
    rows = Item.objects.filter(pk__in=ids).select_related("department", "current")
    found = {row.pk: row for row in rows}
    cards = []
    for pk in ids:
        row = found.get(pk)
        if row is None or row.current is None:
            continue
        version = row.current
        cards.append(
            Popular(
                row.pk,
                row.name,
                row.department.short_name or row.department.name,
                version.promise_day,
                version.project_type == "1",
                version.limit_scene_num,
            )
        )
    return cards


def results(limit: int = 5) -> list[PublicRecord]:
    """The latest decisions that everyone may see."""
    rows = PublicRecord.objects.filter(state=PUBLISHED).order_by("-decided_on", "-id")
    return list(rows.only("item_name", "shown_name", "decided_on", "decision_number", "state")[:limit])


def satisfaction(at: datetime) -> Satisfaction:
    """Ratings that people gave within a year (a rating made by a system is none)."""
    rows = Review.objects.filter(is_default=False, submitted_at__gte=at - timedelta(days=REVIEW_DAYS))
    tally = Tally(dict(rows.order_by().values_list("level").annotate(Count("id"))))
    return Satisfaction(tally.total, tally.satisfied_rate)


def opening(at: datetime) -> Opening | None:
    """When the counters are open next; None when the calendar names no working day within two weeks."""
    days = calendar.current()
    hours = calendar.hours_of()
    for ahead in range(15):
        day = at.date() + timedelta(days=ahead)
        spans = hours.on(day, days)
        left = [span for span in spans if ahead or span.closes > at.time()]
        if left:
            now = not ahead and any(span.opens <= at.time() < span.closes for span in spans)
            return Opening(day, not ahead, now, tuple((f"{s.opens:%H:%M}", f"{s.closes:%H:%M}") for s in spans))
    return None
