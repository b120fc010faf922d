"""全生命周期: stages of a life, the situations in them, the items of a situation in the order in which people do them.

Also 一册通, the printed booklet of it: one row for each edition, with the file that was given out.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class LifeStage(models.Model):
    """阶段 of a person's life or an enterprise's."""

    AUDIENCES = [("person", "个人"), ("legal", "企业")]
    division = models.CharField("行政区划", max_length=12)
    code = models.CharField("代码", max_length=30)
    name = models.CharField("名称", max_length=30)
    summary = models.CharField("一句话说明", max_length=200, blank=True)
    audience = models.CharField("服务对象", max_length=10, choices=AUDIENCES)
    position = models.PositiveSmallIntegerField("次序")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["division", "code"], name="life_stage_code"),
            models.CheckConstraint(condition=Q(audience__in=["person", "legal"]), name="life_stage_audience"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def stream(self) -> str:
        return f"stage:{self.division}-{self.code}"


class LifeSituation(models.Model):
    """情形 in a stage: what happens to people, and which items it takes."""

    division = models.CharField("行政区划", max_length=12)
    stage = models.ForeignKey(LifeStage, on_delete=models.PROTECT, related_name="situations")
    code = models.CharField("代码", max_length=30)
    name = models.CharField("名称", max_length=40)
    summary = models.CharField("一句话说明", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField("次序")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["division", "code"], name="life_situation_code")]

    def __str__(self) -> str:
        return self.name

    @property
    def stream(self) -> str:
        return f"situation:{self.division}-{self.code}"


class SituationItem(models.Model):
    """An item of a situation. position: 0, 1, 2, … in the order in which people do them."""

    situation = models.ForeignKey(LifeSituation, on_delete=models.CASCADE, related_name="rows")
    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField("次序")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["situation", "item"], name="situation_item_once"),
            models.UniqueConstraint(fields=["situation", "position"], name="situation_item_position"),
        ]


class BookletEdition(models.Model):
    """一册通, an edition as it was given out. digest: of what it says; file: the PDF. The counts are those of its content."""

    division = models.CharField("行政区划", max_length=12)
    number = models.PositiveIntegerField("版次")
    dated = models.DateField("编印日期")
    digest = models.CharField(max_length=64)
    file = models.ForeignKey("core.File", on_delete=models.PROTECT, related_name="+")
    stages = models.PositiveSmallIntegerField("阶段")
    situations = models.PositiveSmallIntegerField("情形")
    items = models.PositiveSmallIntegerField("事项")
    nearby = models.PositiveSmallIntegerField("就近可办")
    pages = models.PositiveSmallIntegerField("页数")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["division", "number"], name="booklet_number")]

    @property
    def stream(self) -> str:
        return f"booklet:{self.division}-{self.number}"
