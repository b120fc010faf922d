"""What the desk keeps beside cases: notices to staff, bars on applying, configuration of the clock."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class StaffNotice(models.Model):
    """提醒 to the handler, or to whoever holds a role in the department: a light, a deemed acceptance, a second correction."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="staff_notices")
    division = models.CharField(max_length=6)
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey("identity.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=30, blank=True)
    kind = models.CharField(max_length=30)
    text = models.CharField(max_length=300)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(staff__isnull=False) | ~Q(role=""), name="staff_notice_addressed")
        ]
        indexes = [
            models.Index(fields=["staff", "-id"], condition=Q(read_at__isnull=True), name="staff_notice_staff"),
            models.Index(
                fields=["department", "role", "-id"], condition=Q(read_at__isnull=True), name="staff_notice_role"
            ),
        ]


class Bar(models.Model):
    """限制申请 (行政许可法 78, 79): the applicant may not ask for this item again until the day named."""

    GROUNDS = [
        ("false_statement", "隐瞒情况或提供虚假材料（第七十八条）"),
        ("fraud", "以欺骗、贿赂取得许可（第七十九条）"),
    ]
    applicant = models.ForeignKey("identity.Applicant", on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=20, choices=GROUNDS)
    starts_on = models.DateField()
    ends_on = models.DateField()
    source = models.CharField(max_length=80)
    created_by = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="bar_order")]
        indexes = [models.Index(fields=["applicant", "item", "ends_on"], name="bar_applicant")]


class ClockRule(models.Model):
    """A department's own thresholds; without a row the defaults of `rules.clock.Thresholds` hold."""

    department = models.OneToOneField("identity.Department", on_delete=models.PROTECT, related_name="clock_rule")
    yellow_share = models.PositiveSmallIntegerField("黄灯比例（期限的几分之一）", default=5)
    yellow_least = models.PositiveSmallIntegerField("黄灯最少剩余工作日", default=1)
    correction_days = models.PositiveSmallIntegerField("补正期限（工作日）", default=15)
    lapse_warn_days = models.JSONField("补正期满前提醒（工作日）", default=list)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(yellow_share__gt=0), name="clock_rule_share")]
