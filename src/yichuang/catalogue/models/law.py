"""Laws, their versions and articles, the items that rest on them, and what a new version asks to be looked at."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from yichuang.core.events import Event
from yichuang.core.models import Logged

IN_FORCE, AMENDED, REPEALED, PENDING = "in_force", "amended", "repealed", "pending"
LAW_STATES = [(IN_FORCE, "现行有效"), (AMENDED, "已修改"), (REPEALED, "已废止"), (PENDING, "尚未施行")]

OPEN, ANSWERED = "open", "answered"
TASK_STATES = [(OPEN, "待核对"), (ANSWERED, "已核对")]
UNCHANGED, DRAFTED = "unchanged", "drafted"
ANSWERS = [(UNCHANGED, "不需修改"), (DRAFTED, "已起草新版本")]
REVISION, REPEAL = "revision", "repeal"
CAUSES = [(REVISION, "法规有新版本"), (REPEAL, "法规已废止")]


class Law(Logged):
    """法律法规规章文件: by its name; level as in rules.facts.LAW_LEVELS ("法律", "行政法规", ...). number: 文号. organ: who issued
    it. state: "" until an editor has said it. A citation that names a law for the first time makes its row, with no event
    (seq 0): such a law is incomplete until `set_law`, whose event says everything."""

    stream_kind: ClassVar[str] = "law"
    replayed: ClassVar[tuple[str, ...]] = ("name", "level", "number", "organ", "state", "source_url")
    begins_unlogged: ClassVar[bool] = True

    name = models.CharField("名称", max_length=200, unique=True)
    level = models.CharField("层级", max_length=20, blank=True)
    number = models.CharField("文号", max_length=100, blank=True)
    organ = models.CharField("制定机关", max_length=100, blank=True)
    state = models.CharField("效力", max_length=10, choices=LAW_STATES, blank=True)
    source_url = models.URLField("公布文本网址", max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["", IN_FORCE, AMENDED, REPEALED, PENDING]), name="law_state")
        ]
        indexes = [models.Index(fields=["level", "name"], name="law_level_name")]

    def __str__(self) -> str:
        return f"《{self.name}》"

    @property
    def incomplete(self) -> bool:
        """Known only from citations: nobody has entered what it is."""
        return self.seq == 0

    def apply(self, event: Event) -> None:
        data = event.data
        if event.kind == "law.set":
            for name in ("name", "level", "number", "organ", "state", "source_url"):
                setattr(self, name, data[name])
        elif event.kind == "law.version_added":
            self.number, self.state = data["law_number"], data["state"]
        else:
            raise ValueError(f"a law does not know {event.kind}")


class LawVersion(models.Model):
    """法规版本: one text of a law. note: what changed, in our own words. digest: of number, days and articles.
    changes: how it differs from the version before (rules.lawchanges.Changes as data); position 1 is the first one loaded."""

    law = models.ForeignKey(Law, on_delete=models.PROTECT, related_name="versions")
    position = models.PositiveIntegerField("次序")
    number = models.CharField("文号", max_length=100, blank=True)
    passed_on = models.DateField("通过日期", null=True, blank=True)
    published_on = models.DateField("公布日期", null=True, blank=True)
    effective_on = models.DateField("施行日期")
    note = models.TextField("修订说明", max_length=4000, blank=True)
    digest = models.CharField(max_length=64)
    changes = models.JSONField(default=dict)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["law", "position"], name="law_version_position"),
            models.UniqueConstraint(fields=["law", "digest"], name="law_version_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.law}（{self.effective_on.isoformat()}起施行）"


class Article(models.Model):
    """条文: number 14 is 第十四条; branch 1 with number 120 is 第一百二十条之一. text: only as an operator loaded it.
    summary: our own words."""

    version = models.ForeignKey(LawVersion, on_delete=models.CASCADE, related_name="articles")
    position = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    branch = models.PositiveSmallIntegerField(default=0)
    label = models.CharField(max_length=40)
    chapter = models.CharField(max_length=100, blank=True)
    text = models.TextField(max_length=20000, blank=True)
    summary = models.TextField(max_length=2000, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "number", "branch"], name="law_article_number")]


class Citation(models.Model):
    """设定依据: an article of a law that a version rests on, with our own summary of it. level and number are as they stood
    when the version was written; the law's own may move on."""

    version = models.ForeignKey("catalogue.ItemVersion", on_delete=models.CASCADE, related_name="citations")
    position = models.PositiveSmallIntegerField()
    law = models.ForeignKey(Law, on_delete=models.PROTECT, related_name="citations")
    level = models.CharField(max_length=20, blank=True)
    number = models.CharField(max_length=100, blank=True)
    article = models.CharField(max_length=200, blank=True)
    summary = models.TextField(max_length=2000, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="citation_position")]


class ReviewTask(Logged):
    """核对任务: look at an item because a law it rests on changed. elements: which of its elements name what changed
    ("citations.0", "materials.1.by_law"). version: the one looked at, in force or else the draft."""

    stream_kind: ClassVar[str] = "lawreview"
    replayed: ClassVar[tuple[str, ...]] = (
        "division",
        "law_id",
        "law_version_id",
        "cause",
        "item_id",
        "version_id",
        "department_id",
        "elements",
        "state",
        "due_on",
        "answer",
        "reason",
        "draft_id",
        "answered_by",
        "answered_at",
    )

    division = models.CharField("行政区划", max_length=12)
    law = models.ForeignKey(Law, on_delete=models.PROTECT, related_name="tasks")
    law_version = models.ForeignKey(LawVersion, null=True, on_delete=models.PROTECT, related_name="tasks")
    cause = models.CharField("事由", max_length=10, choices=CAUSES)
    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, related_name="law_tasks")
    version = models.ForeignKey("catalogue.ItemVersion", on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    elements = models.JSONField("涉及要素", default=list)
    state = models.CharField("状态", max_length=10, choices=TASK_STATES, default=OPEN)
    due_on = models.DateField("应于")
    answer = models.CharField("结论", max_length=10, choices=ANSWERS, blank=True)
    reason = models.CharField("理由", max_length=1000, blank=True)
    draft = models.ForeignKey("catalogue.ItemVersion", null=True, on_delete=models.PROTECT, related_name="+")
    answered_by = models.CharField(max_length=80, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[OPEN, ANSWERED]), name="law_task_state"),
            models.CheckConstraint(condition=Q(state=OPEN) | ~Q(answer=""), name="law_task_answer"),
            models.UniqueConstraint(
                fields=["law_version", "item"], condition=Q(cause=REVISION), name="law_task_one_per_version"
            ),
            models.UniqueConstraint(
                fields=["law", "item"], condition=Q(cause=REPEAL, state=OPEN), name="law_task_one_repeal"
            ),
        ]
        indexes = [models.Index(fields=["division", "state", "due_on", "id"], name="law_task_due")]

    def apply(self, event: Event) -> None:
        data = event.data
        if event.kind == "lawreview.opened":
            for name in ("division", "cause", "elements"):
                setattr(self, name, data[name])
            self.law_id, self.law_version_id = data["law"], data["law_version"]
            self.item_id, self.version_id, self.department_id = data["item"], data["version"], data["department"]
            self.state, self.due_on = OPEN, date.fromisoformat(data["due_on"])
        elif event.kind == "lawreview.answered":
            self.state, self.answer, self.reason = ANSWERED, data["answer"], data["reason"]
            self.draft_id, self.answered_by = data["draft"], event.actor
            self.answered_at = event.at
        else:
            raise ValueError(f"a review task does not know {event.kind}")

    def late(self, at: datetime | date) -> bool:
        day = timezone.localtime(at).date() if isinstance(at, datetime) else at
        return self.state == OPEN and day > self.due_on
