"""没有找到的事: questions counted by day without a person, how editors answer them, and what people sent."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from yichuang.catalogue.rules import needs
from yichuang.core.events import Event
from yichuang.core.models import Logged


class UnansweredQuestion(models.Model):
    """How often a question (`rules.needs.question`) found nothing, or guesses only, on a day. It names nobody and is no act
    of anybody: it has no events. loose: guesses were shown."""

    division = models.CharField("行政区划", max_length=12)
    words = models.CharField("说法", max_length=100)
    day = models.DateField("日期")
    times = models.PositiveIntegerField("次数", default=1)
    loose = models.BooleanField("有部分相符的事项", default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["division", "words", "day"], name="unanswered_once_a_day"),
            models.CheckConstraint(condition=Q(times__gt=0) & ~Q(words=""), name="unanswered_counted"),
        ]
        indexes = [models.Index(fields=["division", "day"], name="unanswered_day")]

    def __str__(self) -> str:
        return self.words


class QuestionAnswer(Logged):
    """答复 of a question, shown to whoever asks the same again. The log knows the words by their salted digest."""

    stream_kind: ClassVar[str] = "question"
    replayed: ClassVar[tuple[str, ...]] = (
        "division", "outcome", "item_id", "reason", "advice", "answered_by", "answered_at",
    )  # fmt: skip

    division = models.CharField("行政区划", max_length=12)
    words = models.CharField("说法", max_length=100)
    salt = models.CharField(max_length=32, blank=True)
    outcome = models.CharField("答复", max_length=10, choices=list(needs.OUTCOMES.items()))
    item = models.ForeignKey("catalogue.Item", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("理由", max_length=300, blank=True)
    advice = models.CharField("建议", max_length=500, blank=True)
    answered_by = models.CharField(max_length=80)
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["division", "words"], name="question_answered_once"),
            models.CheckConstraint(
                condition=Q(outcome="answered", item__isnull=False)
                | Q(outcome="not_ours", item__isnull=True) & ~Q(reason="") & ~Q(advice="")
                | Q(outcome="no_such", item__isnull=True),
                name="question_outcome",
            ),
        ]

    def apply(self, event: Event) -> None:
        if event.kind != "question.answered":
            raise ValueError(f"a question does not know {event.kind}")
        told: dict[str, Any] = event.data
        self.division, self.outcome, self.item_id = told["division"], told["outcome"], told["item"]
        self.reason, self.advice = told["reason"], told["advice"]
        self.answered_by, self.answered_at = event.actor, event.at or self.answered_at


class NeedRequest(Logged):
    """求助: what somebody wanted and did not find. phone, wish and salt are forgotten after `rules.needs.KEPT`; the log knows
    what was sent by its salted digest."""

    stream_kind: ClassVar[str] = "need"
    replayed: ClassVar[tuple[str, ...]] = (
        "division",
        "state",
        "note",
        "sent_at",
        "settled_by",
        "settled_at",
        "erased_at",
    )

    division = models.CharField("行政区划", max_length=12)
    words = models.CharField("搜索的说法", max_length=100, blank=True)
    wish = models.CharField("想办什么", max_length=500, blank=True)
    phone = models.CharField("电话", max_length=20, blank=True)
    salt = models.CharField(max_length=32, blank=True)
    state = models.CharField("情况", max_length=12, choices=list(needs.STATES.items()))
    note = models.CharField("备注", max_length=500, blank=True)
    sent_at = models.DateTimeField("提交时间")
    settled_by = models.CharField(max_length=80, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(needs.STATES)), name="need_state"),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(phone="", wish="", salt=""), name="need_erased_forgets"
            ),
        ]
        indexes = [
            models.Index(fields=["division", "-sent_at", "-id"], name="need_sent"),
            models.Index(fields=["sent_at"], condition=Q(erased_at__isnull=True), name="need_to_erase"),
        ]

    @property
    def ref(self) -> str:
        return f"need:{self.pk}"

    @property
    def waits(self) -> bool:
        """Somebody is to be called."""
        return self.state in needs.WAITING and not self.erased_at

    def apply(self, event: Event) -> None:
        told: dict[str, Any] = event.data
        if event.kind == "need.sent":
            self.division, self.sent_at = told["division"], event.at or self.sent_at
            self.state = needs.OPEN if told["calls"] else needs.NO_CALL
        elif event.kind == "need.settled":
            self.state, self.note = told["outcome"], told["note"]
            self.settled_by, self.settled_at = event.actor, event.at
        elif event.kind == "need.erased":
            self.phone = self.wish = self.salt = ""
            self.erased_at = event.at
        else:
            raise ValueError(f"a request does not know {event.kind}")
