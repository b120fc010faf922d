"""API of what the public asked for and did not find, for the catalogue's editors and readers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from yichuang.catalogue import queries
from yichuang.core import paging
from yichuang.core.actor import Actor
from yichuang.core.api import Page
from yichuang.identity.api.auth import auth

router = Router(tags=["事项"], auth=auth)


class Asked(Schema):
    """A question. asked: times within the days asked for. day: the last of them. loose: guesses were shown then. answer: "answered",
    "not_ours", "no_such" or ""; item: the id that the answer names."""

    words: str
    asked: int
    day: date
    loose: bool
    answer: str
    item: int | None


@router.get("/unanswered", response=Page[Asked], summary="公众搜不到的说法")
def unanswered(
    request: HttpRequest, days: int = 30, state: Literal["", "open", "answered"] = "", cursor: str = "", size: int = 50
) -> Page[Asked]:
    """Most asked first."""
    who: Actor = request.auth  # type: ignore[attr-defined]
    since = timezone.localdate() - timedelta(days=max(1, min(days, 400)))
    page = paging.page(queries.unanswered(who, since=since, state=state), cursor, ("-asked", "-id"), size)
    answers = queries.answers(who.division, [row.words for row in page])
    rows = [(row, answers.get(row.words)) for row in page]
    return Page(
        items=[
            Asked(
                words=row.words,
                asked=row.asked,  # type: ignore[attr-defined]
                day=row.day,
                loose=row.loose,
                answer=answer.outcome if answer else "",
                item=answer.item_id if answer else None,
            )
            for row, answer in rows
        ],
        next=page.next,
        previous=page.previous,
    )
