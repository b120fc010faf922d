"""The working-day calendar: what each year's notice says, whether it is published, and the hours of service points."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class CalendarYear(models.Model):
    """A year of the calendar. published: the State Council's notice for it has been entered (else weekends only)."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    published = models.BooleanField(default=False)
    source = models.CharField("依据的通知", max_length=200, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=80)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(year__gte=1949, year__lte=2200), name="calendar_year_sane")]


class CalendarDay(models.Model):
    """A day that the notice makes other than its weekday, or names: a holiday (rest) or a make-up day (working).

    A day without a row is working from Monday to Friday and at rest on Saturday and Sunday.
    """

    day = models.DateField(primary_key=True)
    working = models.BooleanField()
    name = models.CharField(max_length=40)
    source = models.CharField(max_length=200, blank=True)


class CalendarVersion(models.Model):
    """One row that counts the changes, so that every process learns of a new calendar by one cheap query."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    version = models.PositiveIntegerField(default=0)
    stamp = models.CharField(max_length=32)  # never twice: tells a change that was rolled back from one that stayed

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="calendar_version_one_row")]


class ServiceHours(models.Model):
    """Opening hours on working days. point "" is the default; weekday null is any working day, 0 Monday to 6 Sunday."""

    point = models.CharField("服务点代码", max_length=20, blank=True, default="")
    weekday = models.PositiveSmallIntegerField(null=True, blank=True)
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(opens__lt=F("closes")), name="service_hours_order"),
            models.CheckConstraint(condition=Q(weekday__isnull=True) | Q(weekday__lte=6), name="service_hours_weekday"),
            models.UniqueConstraint(fields=["point", "weekday", "opens"], name="service_hours_once"),
            models.UniqueConstraint(
                fields=["point", "opens"], condition=Q(weekday__isnull=True), name="service_hours_any_day_once"
            ),
        ]
