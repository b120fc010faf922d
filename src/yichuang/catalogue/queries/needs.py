"""没有找到的事 as the editors see it: by times asked, with the answers; and requests, masked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet, Subquery, Sum

from yichuang.catalogue.models import Item, NeedRequest, QuestionAnswer, UnansweredQuestion
from yichuang.catalogue.models.item import PUBLISHED
from yichuang.catalogue.rules import needs as rules
from yichuang.core import log
from yichuang.core.actor import Actor
from yichuang.core.refusal import Refusal


def unanswered(actor: Actor, *, since: date, state: str = "") -> QuerySet[UnansweredQuestion]:
    """The questions of the actor's division since a day, each once, for paging by ("-asked", "-id"). asked: times since then;
    day and loose: of the last time. state: "open", "answered" or "" for both. Raises Refusal 403 for who reads them not."""
    _reads(actor)
    rows = UnansweredQuestion.objects.filter(division=actor.division, day__gte=since)
    same = rows.filter(words=OuterRef("words")).order_by()
    asked = same.values("words").annotate(n=Sum("times")).values("n")
    rows = rows.filter(~Exists(same.filter(day__gt=OuterRef("day")))).annotate(asked=Subquery(asked))
    answer = QuestionAnswer.objects.filter(division=actor.division, words=OuterRef("words"))
    if state == "open":
        rows = rows.filter(~Exists(answer))
    elif state == "answered":
        rows = rows.filter(Exists(answer))
    return rows


def answers(division: str, words: Iterable[str]) -> dict[str, QuestionAnswer]:
    """The answers to these questions. 1 query."""
    rows = QuestionAnswer.objects.filter(division=division, words__in=list(words)).select_related("item")
    return {row.words: row for row in rows}


def answer_to(division: str, text: str) -> QuestionAnswer | None:
    """What editors answered to this question; None when they did not, or the item that they named is no longer in force."""
    words = rules.question(text)
    found = answers(division, [words]).get(words) if words else None
    return None if found is not None and found.item is not None and found.item.state != PUBLISHED else found


def question_for(actor: Actor, pk: int) -> UnansweredQuestion:
    """Raises Refusal 403, 404."""
    _reads(actor)
    row = UnansweredQuestion.objects.filter(pk=pk, division=actor.division).first()
    if row is None:
        raise no_question()
    return row


def asked_on(row: UnansweredQuestion, limit: int = 14) -> list[UnansweredQuestion]:
    """The days on which the same was asked, the last first."""
    return list(UnansweredQuestion.objects.filter(division=row.division, words=row.words).order_by("-day")[:limit])


def was_asked(division: str, words: str) -> bool:
    return UnansweredQuestion.objects.filter(division=division, words=words).exists()


def is_in_force(item: int, division: str) -> bool:
    return Item.objects.filter(pk=item, division=division, state=PUBLISHED).exists()


def item_by_code(division: str, code: str) -> int | None:
    """The id of an item in force by its code."""
    found: int | None = (
        Item.objects.filter(division=division, code=code.strip(), state=PUBLISHED).values_list("pk", flat=True).first()
    )
    return found


def needs(actor: Actor, *, waiting: bool = True) -> QuerySet[NeedRequest]:
    """Requests of the actor's division, for paging by ("-sent_at", "-id"). waiting: only those who are to be called. Raises
    Refusal 403."""
    _reads(actor)
    rows = NeedRequest.objects.filter(division=actor.division)
    return rows.filter(state__in=rules.WAITING, erased_at__isnull=True) if waiting else rows


def need_for(actor: Actor, pk: int, *, lock: bool = False) -> NeedRequest:
    """The one gate to a request. lock: for this transaction. Raises Refusal 403, 404."""
    row = needs(actor, waiting=False).filter(pk=pk).first()
    if row is None:
        raise Refusal("needs.not_found", "没有这份求助。", "请回到列表查看。", status=404)
    return log.lock(NeedRequest, pk=row.pk) if lock else row


def needs_sent(division: str, *, since: datetime) -> int:
    return NeedRequest.objects.filter(division=division, sent_at__gt=since).count()


def no_question() -> Refusal:
    return Refusal("needs.no_question", "没有人这样问过。", "请回到列表，从所列的说法中选择。", status=404)


def _reads(actor: Actor) -> None:
    if not actor.has_any(rules.READERS):
        actor.require(rules.EDITOR)
