"""Tables of the hall."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yichuang.identity.models import Department


class ServicePoint(models.Model):
    """服务点: the district's hall, a street's convenience centre or a community's station, on the map."""

    LEVELS = [(4, "区县政务大厅"), (5, "镇街便民服务中心"), (6, "村社区便民服务站")]
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    level = models.PositiveSmallIntegerField(choices=LEVELS)
    division = models.CharField(max_length=6)
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="points")
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    longitude = models.DecimalField("经度", max_digits=9, decimal_places=6, null=True, blank=True, help_text="WGS 84")
    latitude = models.DecimalField("纬度", max_digits=8, decimal_places=6, null=True, blank=True, help_text="WGS 84")
    hours = models.CharField("服务时间", max_length=200, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__in=[4, 5, 6]), name="point_level"),
            models.CheckConstraint(
                condition=Q(longitude__isnull=True) | Q(longitude__gte=-180, longitude__lte=180), name="point_longitude"
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True) | Q(latitude__gte=-90, latitude__lte=90), name="point_latitude"
            ),
        ]
        indexes = [models.Index(fields=["division", "level", "code"], name="point_division")]

    @property
    def scope(self) -> str:
        return f"point:{self.code}"


class Window(models.Model):
    """窗口 of a service point. open: taking people now."""

    KINDS = [("comprehensive", "综合窗口"), ("special", "专窗")]
    point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="windows")
    number = models.CharField(max_length=10)
    name = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=20, choices=KINDS, default="comprehensive")
    open = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["point", "number"], name="window_number")]
