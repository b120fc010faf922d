"""Tables of publicity."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from yichuang.core.events import JSON, Event
from yichuang.core.models import Logged
from yichuang.identity.models import Applicant, Department
from yichuang.publicity.rules import publish
from yichuang.publicity.rules.record import LONG_TERM, Problem


class PublicRecord(Logged):
    """公示记录 of one licence decision, from the decision on.

    `record` is the 双公示 record in the standard's fields: it can hold personal data and can be erased; the log
    names it by
    `record_digest` (salted). `problems`: what is wrong with it, by field. `held`: the item says that its results
    are not public without naming a lawful ground, so nothing goes out before the officer decides.
    `receipts`: adapter -> when and under which number the other side took it.
    """

    stream_kind = "publicity"
    replayed = (
        "division", "case_number", "department_id", "item_id", "applicant_id", "licensed", "held", "document_name",
        "decision_number", "category", "decided_on", "due_on", "provisional", "state", "reason", "note_digest",
        "licence", "licence_name", "licence_number", "valid_from",
        "valid_to", "record_digest", "problem_fields", "published_at", "ended_at", "pushed_key", "pushed_to",
        "pushed_at", "receipted", "receipted_at", "warned",
    )  # fmt: skip

    division = models.CharField(max_length=6)
    case_number = models.CharField("办件编号", max_length=40, unique=True)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    item_id = models.BigIntegerField()
    item_name = models.CharField("事项名称", max_length=1000)
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="+")
    licensed = models.BooleanField("结果为证照", default=False)
    held = models.BooleanField("须由公示专员决定", default=False)
    document_name = models.CharField("决定文书名称", max_length=200)
    decision_number = models.CharField("决定文书号", max_length=80)
    category = models.CharField("许可类别", max_length=256)
    decided_on = models.DateField("决定日期")
    due_on = models.DateField("公示期限")
    provisional = models.BooleanField("期限暂定", default=False)
    state = models.CharField(max_length=10, choices=list(publish.STATES.items()))
    reason = models.CharField(
        max_length=20, blank=True, choices=list((publish.REASONS | publish.WITHDRAW_REASONS).items())
    )
    note = models.CharField("说明", max_length=500, blank=True)
    note_salt = models.CharField(max_length=32, blank=True)
    note_digest = models.CharField(max_length=64, blank=True)
    licence = models.CharField("电子证照标识", max_length=100, blank=True)
    licence_name = models.CharField("许可证书名称", max_length=200, blank=True)
    licence_number = models.CharField("许可编号", max_length=64, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    record = models.JSONField(default=dict)
    record_salt = models.CharField(max_length=32, blank=True)
    record_digest = models.CharField(max_length=64, blank=True)
    corrections = models.JSONField("更正的字段", default=dict, blank=True)
    problems = models.JSONField(default=list, blank=True)
    problem_fields = models.JSONField(default=list, blank=True)
    shown_name = models.CharField("公示的相对人名称", max_length=200, blank=True)
    content = models.TextField("许可内容", blank=True)

    published_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField("撤下时间", null=True, blank=True)
    pushed_key = models.CharField(max_length=100, blank=True)
    pushed_to = models.JSONField(default=list, blank=True)
    pushed_at = models.DateTimeField(null=True, blank=True)
    receipts = models.JSONField(default=dict, blank=True)
    receipted = models.JSONField(default=list, blank=True)
    receipted_at = models.DateTimeField(null=True, blank=True)
    warned = models.CharField(max_length=4, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(publish.STATES)), name="publicity_state"),
            models.CheckConstraint(condition=Q(due_on__gt=models.F("decided_on")), name="publicity_due_after_decision"),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False), name="publicity_published_has_time"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["withheld", "withdrawn"]) | ~Q(reason=""), name="publicity_withheld_has_reason"
            ),
        ]
        indexes = [
            models.Index(
                fields=["division", "-decided_on", "-id"], condition=Q(state="published"), name="publicity_results"
            ),
            models.Index(fields=["division", "-decided_on", "-id"], name="publicity_desk"),
            models.Index(fields=["department", "-decided_on", "-id"], name="publicity_department"),
            models.Index(fields=["due_on", "id"], condition=Q(state="pending"), name="publicity_due"),
            models.Index(fields=["decision_number"], name="publicity_decision_number"),
            models.Index(fields=["licence_number"], name="publicity_licence_number"),
            models.Index(fields=["shown_name"], name="publicity_shown_name"),
            models.Index(fields=["item_id", "-decided_on"], name="publicity_item"),
        ]

    def apply(self, event: Event) -> None:
        data = event.data
        match event.kind:
            case "publicity.recorded":
                for name in (
                    "division", "case_number", "department_id", "item_id", "applicant_id", "licensed", "held",
                    "document_name", "decision_number", "category",
                ):  # fmt: skip
                    setattr(self, name, data[name])
                self.decided_on = date.fromisoformat(data["decided_on"])
                self.due_on = date.fromisoformat(data["due_on"])
                self.provisional = data["provisional"]
                self.state = publish.WITHHELD if data["withheld"] else publish.PENDING
                self.reason = data["withheld"]
                self._recorded(data)
            case "publicity.completed":
                self.licence, self.licence_number = data["licence"], data["licence_number"]
                self.licence_name = data["licence_name"]
                self.valid_from = date.fromisoformat(data["valid_from"])
                self.valid_to = date.fromisoformat(data["valid_to"]) if data["valid_to"] else None
                self._recorded(data)
            case "publicity.mended":
                self._recorded(data)
            case "publicity.published":
                self.state, self.reason, self.note_digest = publish.PUBLISHED, "", ""
                self.published_at = self.published_at or event.at
                self.ended_at, self.held = None, False
            case "publicity.withheld":
                self.state, self.reason, self.note_digest = publish.WITHHELD, data["reason"], data["note"]
                self.held = False
            case "publicity.withdrawn":
                self.state, self.reason, self.note_digest = publish.WITHDRAWN, data["reason"], data["note"]
                self.ended_at = event.at
            case "publicity.pushed":
                self.pushed_key, self.pushed_to, self.pushed_at = data["key"], data["adapters"], event.at
                self.receipted, self.receipted_at = [], None
            case "publicity.receipted":
                self.receipted = [*self.receipted, data["adapter"]]
                if set(self.receipted) >= set(self.pushed_to):
                    self.receipted_at = event.at
            case "publicity.rescheduled":
                self.due_on, self.provisional = date.fromisoformat(data["now"]), data["provisional"]
            case "publicity.warned":
                self.warned = data["level"]
            case _:
                raise ValueError(f"a public record knows no {event.kind}")

    def _recorded(self, data: JSON) -> None:
        self.record_digest, self.problem_fields = data["record"], data["problems"]

    def facts(self) -> publish.Facts:
        return publish.Facts(
            state=self.state,
            department_scope=f"department:{self.department_id}",
            due_on=self.due_on,
            problems=self.wrong,
            complete=not self.licensed or bool(self.licence),
        )

    @property
    def wrong(self) -> tuple[Problem, ...]:
        return tuple(Problem(**each) for each in self.problems)

    @property
    def long_term(self) -> bool:
        return self.valid_to is None or self.valid_to >= LONG_TERM
