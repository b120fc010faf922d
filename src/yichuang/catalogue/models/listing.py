"""What may be asked of people beyond their own papers, and the public lists as they were published."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from yichuang.catalogue.rules import listed
from yichuang.core.events import Event
from yichuang.core.models import Logged


class Listed(Logged):
    """An entry of a list of what may be asked: known by its code, by its name and by every other name of it."""

    shape: ClassVar[listed.Shape]

    division = models.CharField("行政区划", max_length=12)
    code = models.CharField("编码", max_length=40)
    name = models.CharField("名称", max_length=200)
    names = models.JSONField("其他名称", default=list)
    law = models.CharField("设定依据", max_length=200)
    law_level = models.CharField("依据效力级别", max_length=20)
    article = models.CharField("条款", max_length=200)
    effective_on = models.DateField("列入日期")
    ended_on = models.DateField("移出日期", null=True, blank=True)
    ended_for = models.CharField("移出原因", max_length=300, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def in_force(self) -> bool:
        return self.ended_on is None

    @property
    def known_as(self) -> list[str]:
        """Every name that a material may bear for it."""
        return [self.name, *self.names]

    def write(self, event: Event) -> None:
        data = event.data
        if event.kind.endswith(".listed"):
            self.division, self.effective_on = data["division"], date.fromisoformat(data["effective_on"])
        if event.kind.endswith((".listed", ".amended")):
            for name, value in data["values"].items():
                setattr(self, name, value)
        elif event.kind.endswith(".unlisted"):
            self.ended_on, self.ended_for = date.fromisoformat(data["ended_on"]), data["reason"]
        else:
            raise ValueError(f"an entry of a list does not know {event.kind}")


BASES = Q(law_level__in=listed.BASES) & ~Q(law="") & ~Q(article="")


class Certificate(Listed):
    """证明事项: a fact that somebody else must attest (国办发〔2018〕47号). way: what stands in its place."""

    stream_kind: ClassVar[str] = "certificate"
    shape = listed.CERTIFICATE
    replayed: ClassVar[tuple[str, ...]] = (
        "division",
        "effective_on",
        "ended_on",
        "ended_for",
        *listed.CERTIFICATE.names,
    )

    purpose = models.CharField("用途", max_length=500)
    issuer = models.CharField("开具单位", max_length=200)
    way = models.CharField("替代方式", max_length=20)
    guidance = models.CharField("开具办法", max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["division", "code"], condition=Q(ended_on__isnull=True), name="certificate_code"
            ),
            models.CheckConstraint(condition=BASES, name="certificate_basis"),
            models.CheckConstraint(condition=Q(way__in=listed.WAYS), name="certificate_way"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("effective_on")), name="certificate_ended"
            ),
        ]

    def apply(self, event: Event) -> None:
        self.write(event)


class Intermediary(Listed):
    """法定行政审批中介服务 (优化营商环境条例 43). products: what the institutions make of it, as materials are called.
    independence: that the organ has no part in the institutions."""

    stream_kind: ClassVar[str] = "intermediary"
    shape = listed.INTERMEDIARY
    replayed: ClassVar[tuple[str, ...]] = (
        "division", "effective_on", "ended_on", "ended_for", *listed.INTERMEDIARY.names,
    )  # fmt: skip

    products = models.JSONField("服务成果", default=list)
    serves = models.CharField("服务于", max_length=500)
    days = models.PositiveSmallIntegerField("服务时限（工作日）", null=True, blank=True)
    flow = models.CharField("服务流程", max_length=1000)
    conditions = models.CharField("机构条件", max_length=1000)
    fee_way = models.CharField("收费方式", max_length=20)
    independence = models.CharField("脱钩声明", max_length=500)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["division", "code"], condition=Q(ended_on__isnull=True), name="intermediary_code"
            ),
            models.CheckConstraint(condition=BASES, name="intermediary_basis"),
            models.CheckConstraint(condition=Q(fee_way__in=listed.FEE_WAYS), name="intermediary_fee_way"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("effective_on")), name="intermediary_ended"
            ),
        ]

    @property
    def known_as(self) -> list[str]:
        return [self.name, *self.names, *self.products]

    def apply(self, event: Event) -> None:
        self.write(event)


class ListEdition(Logged):
    """A list as it was published on a day: never changed again. code: of rules.lists.LISTS. columns: their headings then.
    digest: over its rows in their order (rules.lists.fold)."""

    stream_kind: ClassVar[str] = "edition"
    replayed: ClassVar[tuple[str, ...]] = (
        "division", "code", "number", "title", "published_on", "columns", "count", "algorithm", "digest",
    )  # fmt: skip

    division = models.CharField("行政区划", max_length=12)
    code = models.CharField("清单", max_length=20)
    number = models.PositiveIntegerField("版次")
    title = models.CharField("标题", max_length=200)
    published_on = models.DateField("公布日期")
    columns = models.JSONField("栏目", default=list)
    count = models.PositiveIntegerField("行数")
    algorithm = models.CharField(max_length=10)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["division", "code", "number"], name="edition_number")]

    def __str__(self) -> str:
        return self.title

    def apply(self, event: Event) -> None:
        if event.kind != "edition.published":
            raise ValueError(f"an edition does not know {event.kind}")
        told: dict[str, Any] = dict(event.data)
        self.published_on = date.fromisoformat(told.pop("published_on"))
        for name, value in told.items():
            setattr(self, name, value)


class EditionRow(models.Model):
    """A row of an edition. key: what it is about, the same from edition to edition. cells: as many as the edition has columns."""

    edition = models.ForeignKey(ListEdition, on_delete=models.PROTECT, related_name="rows")
    position = models.PositiveIntegerField()
    key = models.CharField(max_length=150)
    cells = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "position"], name="edition_row_position"),
            models.UniqueConstraint(fields=["edition", "key"], name="edition_row_key"),
        ]

    @property
    def told(self) -> list[tuple[str, str]]:
        """Heading and cell of each column."""
        return list(zip(self.edition.columns, self.cells, strict=True))
