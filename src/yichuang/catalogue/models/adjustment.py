"""权力事项动态调整: an adjustment, its powers, the opinions of departments."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from yichuang.catalogue.rules import adjustment as rules
from yichuang.core.events import Event
from yichuang.core.models import Logged

STATES = list(rules.STATES.items())
STEPS: dict[str, str] = {
    "adjustment.opinion_given": "answer",
    "adjustment.overdue_noted": "note_overdue",
    "adjustment.sent_to_legal": "send",
    "adjustment.legal_passed": "clear",
    "adjustment.legal_returned": "return",
    "adjustment.not_approved": "disapprove",
    "adjustment.withdrawn": "withdraw",
}


class Adjustment(Logged):
    """调整: one document's change of powers. basis: the document of the higher government that triggers it. number: of the
    document that publishes it. past: entered from old papers. troubles: why its powers could not take effect."""

    stream_kind: ClassVar[str] = "adjustment"
    replayed: ClassVar[tuple[str, ...]] = (
        "division",
        "title",
        "basis",
        "reason",
        "state",
        "proposer",
        "size",
        "round",
        "opinions_due_on",
        "approval_number",
        "approved_on",
        "number",
        "published_on",
        "effective_on",
        "past",
        "troubles",
    )

    division = models.CharField("行政区划", max_length=12)
    title = models.CharField("标题", max_length=200)
    basis = models.CharField("依据文件", max_length=500)
    reason = models.TextField("调整理由", blank=True)
    state = models.CharField("状态", max_length=10, choices=STATES, default="drafted")
    proposer = models.CharField(max_length=80)
    size = models.PositiveIntegerField("事项数", default=0)
    round = models.PositiveSmallIntegerField("第几次征求意见", default=0)
    opinions_due_on = models.DateField("答复期限", null=True, blank=True)
    approval_number = models.CharField("批准文号", max_length=100, blank=True)
    approved_on = models.DateField("批准日期", null=True, blank=True)
    number = models.CharField("公布文号", max_length=100, blank=True)
    published_on = models.DateField("公布日期", null=True, blank=True)
    effective_on = models.DateField("生效日期", null=True, blank=True)
    past = models.BooleanField("补录", default=False)
    troubles = models.JSONField(default=list)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(rules.STATES)), name="adjustment_state"),
            models.CheckConstraint(
                condition=~Q(state__in=rules.PUBLIC) | Q(published_on__isnull=False, effective_on__isnull=False),
                name="adjustment_published",
            ),
        ]
        indexes = [
            models.Index(fields=["division", "state", "-id"], name="adjustment_desk"),
            models.Index(fields=["published_on", "id"], name="adjustment_public"),
            models.Index(fields=["state", "effective_on"], name="adjustment_due"),
        ]

    def __str__(self) -> str:
        return self.title

    def apply(self, event: Event) -> None:
        data = event.data
        if event.kind in ("adjustment.proposed", "adjustment.recorded"):
            self.division, self.state, self.proposer = data["division"], "drafted", event.actor
            self.created_at = event.at or self.created_at
            self._write(data)
            if event.kind == "adjustment.recorded":
                self.state, self.past = "effected", True
                self.approval_number = data["approval"]
                self._publish(data)
        elif event.kind == "adjustment.revised":
            self.state = data["state"]
            self._write(data)
        elif event.kind == "adjustment.opinions_asked":
            self.state, self.round = rules.next_state(self.state, "ask"), self.round + 1
            self.opinions_due_on = date.fromisoformat(data["due_on"])
        elif event.kind == "adjustment.approved":
            self.state = rules.next_state(self.state, "approve")
            self.approval_number, self.approved_on = data["number"], date.fromisoformat(data["on"])
        elif event.kind == "adjustment.published":
            self.state = rules.next_state(self.state, "publish")
            self._publish(data)
        elif event.kind == "adjustment.effected":
            self.state, self.troubles = rules.next_state(self.state, "effect"), []
        elif event.kind == "adjustment.effect_failed":
            self.troubles = data["troubles"]
        elif event.kind in STEPS:
            self.state = rules.next_state(self.state, STEPS[event.kind])
        else:
            raise ValueError(f"an adjustment does not know {event.kind}")

    def _write(self, data: dict[str, Any]) -> None:
        self.title, self.basis, self.reason = data["title"], data["basis"], data["reason"]
        self.size = len(data["lines"])

    def _publish(self, data: dict[str, Any]) -> None:
        self.number, self.published_on = data["number"], date.fromisoformat(data["on"])
        self.effective_on = date.fromisoformat(data["effective_on"])


class AdjustmentLine(models.Model):
    """One power of an adjustment. item: null for a power of the past that the catalogue has no more. version: the draft that
    was prepared (承接, 下放). before, after: the versions in force before and after it took effect."""

    adjustment = models.ForeignKey(Adjustment, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    way = models.CharField("方式", max_length=10, choices=list(rules.WAYS.items()))
    name = models.CharField("事项名称", max_length=1000)
    code = models.CharField("事项编码", max_length=100, blank=True)
    item = models.ForeignKey(
        "catalogue.Item", null=True, blank=True, on_delete=models.PROTECT, related_name="adjustment_lines"
    )
    version = models.ForeignKey(
        "catalogue.ItemVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    from_department = models.CharField("原实施主体", max_length=200, blank=True)
    to_department = models.CharField("承接单位", max_length=200, blank=True)
    receiving = models.ForeignKey(
        "identity.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    level = models.CharField("行使层级", max_length=1, blank=True)
    note = models.CharField("说明", max_length=500, blank=True)
    before = models.ForeignKey(
        "catalogue.ItemVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    after = models.ForeignKey(
        "catalogue.ItemVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=["adjustment", "position"], name="adjustment_line_position"),
            models.CheckConstraint(condition=Q(way__in=list(rules.WAYS)), name="adjustment_line_way"),
        ]

    def __str__(self) -> str:
        return self.name


class AdjustmentOpinion(models.Model):
    """What one department was asked in one round and what it answered. noted: how its silence was followed up."""

    adjustment = models.ForeignKey(Adjustment, on_delete=models.PROTECT, related_name="opinions")
    round = models.PositiveSmallIntegerField()
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    answer = models.CharField(max_length=10, blank=True, choices=list(rules.ANSWERS.items()))
    words = models.TextField(blank=True)
    answered_by = models.CharField(max_length=80, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    noted = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("-round", "id")
        constraints = [
            models.UniqueConstraint(fields=["adjustment", "round", "department"], name="adjustment_opinion_once")
        ]
