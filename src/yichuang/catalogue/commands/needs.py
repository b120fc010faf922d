"""没有找到的事: counted, told by people, answered by editors, forgotten in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import structlog
from django.db import DatabaseError, IntegrityError, connection, transaction

from yichuang.catalogue import queries
from yichuang.catalogue.commands.versions import draft_version, revise_draft
from yichuang.catalogue.models import Item, ItemVersion, NeedRequest, QuestionAnswer, UnansweredQuestion
from yichuang.catalogue.rules import needs as rules
from yichuang.core import log, personal
from yichuang.core.actor import NOBODY, Actor, system
from yichuang.core.events import Event, canonical
from yichuang.core.refusal import Refusal

logger = structlog.get_logger()
BATCH = 200
MOST_TIMES = 1_000_000
# The rows of the day are counted through an index and at most DISTINCT of them, the row itself is found by its key.
_COUNT = """
INSERT INTO catalogue_unansweredquestion (division, words, day, times, loose)
SELECT %s, %s, %s, 1, %s
WHERE EXISTS (SELECT 1 FROM catalogue_unansweredquestion WHERE division = %s AND words = %s AND day = %s)
   OR (SELECT COUNT(*) FROM catalogue_unansweredquestion WHERE division = %s AND day = %s) < %s
ON CONFLICT (division, words, day) DO UPDATE SET
times = catalogue_unansweredquestion.times + 1, loose = excluded.loose
WHERE catalogue_unansweredquestion.times < %s
"""


def count_unanswered(text: str, *, division: str, day: date, loose: bool) -> bool:
    """Count a question that found nothing firm: one statement. It names nobody and is no act, so it has no event.

    False when it was not counted: nothing is left of the words, or the database takes no writes; the page goes on.
    """
    words = rules.question(text)
    if not words:
        return False
    day_ = day if connection.vendor == "postgresql" else day.isoformat()
    row = [division, words, day_, loose, division, words, day_, division, day_, rules.DISTINCT, MOST_TIMES]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_COUNT, row)
            return bool(cursor.rowcount > 0)
    except DatabaseError as broken:
        logger.warning("needs.not_counted", error=f"{type(broken).__name__}: {broken}"[:200])
        return False


def send_need(*, words: str, wish: str = "", phone: str = "", division: str, at: datetime) -> NeedRequest:
    """求助, sent by somebody unnamed: who it was is not kept, only what they say. Raises Refusal 422 (`rules.needs.sent`), 429
    "needs.full" when the division has had enough for the day."""
    kept = rules.sent(words, wish, phone)
    salt, digest = personal.seal(canonical({"words": kept.words, "wish": kept.wish, "phone": kept.phone}))
    with transaction.atomic():
        if queries.needs_sent(division, since=at - timedelta(days=1)) >= rules.SENT:
            raise Refusal(
                "needs.full",
                "今天收到的求助较多，暂时不能再提交。",
                "请直接拨打页面上的电话，或到服务点咨询。",
                status=429,
            )
        row = NeedRequest(words=kept.words, wish=kept.wish, phone=kept.phone, salt=salt)
        event = Event("need.sent", {"division": division, "calls": bool(kept.phone), "digest": digest})
        return log.record(row, event, by=replace(NOBODY, division=division), at=at)


def settle_need(pk: int, *, outcome: str, note: str = "", by: Actor, at: datetime) -> NeedRequest:
    """Called back, or could not be reached (may be tried again). Raises Refusal 403, 404, 409, 422."""
    with transaction.atomic():
        row = queries.need_for(by, pk, lock=True)
        return log.record(row, rules.settle(row.state, outcome, note, by=by), by=by, at=at)


def look_at_phone(pk: int, why: str, *, by: Actor, at: datetime) -> NeedRequest:
    """The request with its phone number in full; the look is on record first. Raises Refusal 403 unless by an editor, 404, 422."""
    by.require(rules.EDITOR)
    row = queries.need_for(by, pk)
    personal.looked(row.ref, ["phone"], why, by=by, at=at)
    return row


def answer_question(
    words: str,
    *,
    outcome: str,
    item: int | None = None,
    reason: str = "",
    advice: str = "",
    by: Actor,
    at: datetime,
) -> QuestionAnswer:
    """Answer a question of the actor's division, or answer it anew. item: id of an item in force there. Whoever asks the same
    words sees it. The words become no alias by it: that is the item's next version, by two people.

    Raises Refusal 403, 404 (nobody asked this), 422, 409 "needs.answered" when another answers at this moment."""
    words = rules.question(words)
    if item is not None and not queries.is_in_force(item, by.division):
        item = None
    with transaction.atomic():
        row = QuestionAnswer.objects.filter(division=by.division, words=words).first()
        if row is not None:
            row = log.lock(QuestionAnswer, pk=row.pk)
        elif not queries.was_asked(by.division, words):
            raise queries.no_question()
        salt, digest = personal.seal(words)
        facts = {"division": by.division, "words_digest": digest}
        event = rules.answer(outcome, item=item, reason=reason, advice=advice, facts=facts, by=by)
        row = row or QuestionAnswer(words=words)
        row.salt = salt
        try:
            with transaction.atomic():
                return log.record(row, event, by=by, at=at)
        except IntegrityError as twice:
            raise Refusal(
                "needs.answered", "另一名事项管理员刚刚作了答复。", "请刷新页面，查看后再决定是否改答。", status=409
            ) from twice


def propose_alias(item: Item, words: str, *, by: Actor, at: datetime) -> ItemVersion:
    """The words as a 俗称 in the next draft of an item (its own draft, or a new one). Raises Refusal 403, 409 when the draft is on
    its way into force, 422 when the item has as many as it may."""
    with transaction.atomic():
        draft = queries.draft_of(item)
        content = queries.content(draft or queries.in_force(item.pk))
        if words in content["aliases"]:
            return draft or queries.in_force(item.pk)
        content["aliases"] = [*content["aliases"], words]
        note = f"公众这样说：{words}"
        if draft is not None:
            return revise_draft(draft.pk, content, note=note, digest=draft.digest, by=by, at=at)
        return draft_version(item, content, note=note, by=by, at=at)


def forget_needs(at: datetime) -> int:
    """The sweep: phone numbers and words of requests are forgotten after KEPT (个人信息保护法 19, 47), counts after COUNTED.
    Returns how many rows it touched."""
    old = NeedRequest.objects.filter(erased_at__isnull=True, sent_at__lt=at - rules.KEPT).order_by("pk")
    done = 0
    for pk, division in list(old.values_list("pk", "division")[:BATCH]):
        with transaction.atomic():
            row = log.lock(NeedRequest, pk=pk)
            if row.erased_at is None:
                log.record(row, Event("need.erased", {}), by=system("retention", division), at=at)
                done += 1
    gone, _ = UnansweredQuestion.objects.filter(day__lt=(at - rules.COUNTED).date()).delete()
    return done + gone
