"""公示及时率: of the decisions of a period, how many were public, and how many were received, within 7 working days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from yichuang.publicity.models import PublicRecord
from yichuang.publicity.rules import publish


@dataclass(frozen=True, slots=True)
class Compliance:
    """due: decisions of the period that had to be public by `today`. Not in it: withheld on a lawful ground, and
    not yet
    due (unless public already). Rates are cut after two decimals, never rounded up. evidence_url: the list behind
    it."""

    since: date
    until: date
    decisions: int
    due: int
    published_in_time: int
    received_in_time: int
    evidence_url: str

    @property
    def published_rate(self) -> str:
        return publish.rate(self.published_in_time, self.due)

    @property
    def received_rate(self) -> str:
        return publish.rate(self.received_in_time, self.due)

    @property
    def rule(self) -> str:
        return "应公示的许可决定中，在作出决定之日起7个工作日内公示（报送并收到回执）的比例；依法不予公开的不计入；保留两位小数，不四舍五入。"


def compliance(rows: QuerySet[PublicRecord], *, since: date, until: date, today: date) -> Compliance:
    """Of the rows (all, or a department's) whose decision is in [since, until]. One query."""
    due = ~Q(state=publish.WITHHELD) & (Q(published_at__isnull=False) | Q(due_on__lt=today))
    found = rows.filter(decided_on__gte=since, decided_on__lte=until).aggregate(
        decisions=Count("pk"),
        due=Count("pk", filter=due),
        published=Count("pk", filter=due & Q(published_at__date__lte=F("due_on"))),
        received=Count(
            "pk",
            filter=due & Q(published_at__date__lte=F("due_on"), receipted_at__date__lte=F("due_on")),
        ),
    )
    query = urlencode({"since": since.isoformat(), "until": until.isoformat()})
    return Compliance(
        since=since,
        until=until,
        decisions=found["decisions"],
        due=found["due"],
        published_in_time=found["published"],
        received_in_time=found["received"],
        evidence_url=f"{reverse('publicity:desk')}?{query}",
    )
