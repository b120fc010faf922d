"""API of reviews: a hall device or another channel sends a rating; anybody reads the figures."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field

from yichuang.core import limits
from yichuang.core.actor import NOBODY
from yichuang.core.views import actor
from yichuang.identity.api.auth import auth, require_scope
from yichuang.reviews import commands, queries, rules

router = Router(tags=["服务评价"])
Level = Literal["very_satisfied", "satisfied", "basically_satisfied", "dissatisfied", "very_dissatisfied"]


class TagOut(Schema):
    code: str
    level: str
    label: str


class ReviewIn(Schema):
    """A rating that a person gave at a device, by telephone or by SMS. token: of the invitation. Anonymous: who it
    was is not sent on."""

    token: Annotated[str, Field(min_length=1, max_length=40)]
    level: Level
    tags: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=20)] = []
    words: Annotated[str, Field(max_length=rules.WORDS_MAX)] = ""
    channel: Literal["qr", "tablet", "device", "phone", "sms"] = "device"


class ReviewOut(Schema):
    level: str
    phase: str
    submitted_at: datetime


class TallyOut(Schema):
    """Counts by level; rates are cut after two decimals, never rounded up; default ratings are left out."""

    key: str
    label: str
    total: int
    satisfied_rate: str
    very_satisfied_rate: str
    bad: int
    counts: dict[str, int]


class FiguresOut(Schema):
    since: date
    until: date
    all: TallyOut
    departments: list[TallyOut]
    months: list[TallyOut]
    defaults: int


class FiguresAsked(Schema):
    since: date | None = None
    until: date | None = None
    department: Annotated[int | None, Field(ge=1, le=2**63 - 1)] = None


@router.get("/reviews/tags", response=list[TagOut], summary="评价标签")
def tags(request: HttpRequest) -> list[TagOut]:
    limits.check(request, "reviews.api", per_minute=120)
    return [TagOut(code=str(t["code"]), level=str(t["level"]), label=str(t["label"])) for t in queries.tags()]


@router.post("/reviews", response={201: ReviewOut}, auth=auth, summary="提交评价（评价器、电话、短信等渠道）")
def submit(request: HttpRequest, body: ReviewIn) -> Status[ReviewOut]:
    """Once per invitation. Only for programs with the scope `reviews:write`; people rate on the page."""
    who = require_scope(request, "reviews:write")
    by = NOBODY if who.kind == "client" else actor(request)
    review = commands.submit(
        body.token,
        level=body.level,
        tags=body.tags,
        words=body.words,
        channel=body.channel,
        by=by,
        at=timezone.localtime(),
    )
    return Status(201, ReviewOut(level=review.level, phase=review.phase, submitted_at=review.submitted_at))


@router.get("/reviews/figures", response=FiguresOut, summary="评价统计")
def figures(request: HttpRequest, asked: Query[FiguresAsked]) -> FiguresOut:
    limits.check(request, "reviews.api", per_minute=120)
    today = timezone.localdate()
    until = asked.until or today
    since = asked.since or date(until.year, 1, 1)
    told = queries.figures(
        settings.YICHUANG.division, since=min(since, until), until=max(since, until), department=asked.department
    )
    return FiguresOut(
        since=told.since,
        until=told.until,
        all=_tally("", "", told.all),
        departments=[_tally(line.key, line.label, line.tally) for line in told.departments],
        months=[_tally(line.key, line.label, line.tally) for line in told.months],
        defaults=told.defaults,
    )


def _tally(key: str, label: str, tally: rules.Tally) -> TallyOut:
    return TallyOut(
        key=key,
        label=label,
        total=tally.total,
        satisfied_rate=tally.satisfied_rate,
        very_satisfied_rate=tally.very_satisfied_rate,
        bad=tally.bad,
        counts={level: tally.counts.get(level, 0) for level in rules.LEVELS},
    )
