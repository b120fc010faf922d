"""How an applicant stands to an item: open cases of the same kind, bars, and what the law asks to be kept."""

from __future__ import annotations

from datetime import date, datetime, time

from django.conf import settings
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from yichuang.cases.models import Bar, Case
from yichuang.cases.rules import retention
from yichuang.identity.models import Agency, Applicant
from yichuang.identity.rules import Stay


def duplicates(applicant_id: int, item_id: int) -> list[Case]:
    """Open cases of the same applicant and item: shown before another one is taken in. 1 query."""
    rows = Case.objects.filter(applicant=applicant_id, item=item_id, open=True).order_by("-received_at", "-id")
    return list(rows[:20])


def barred(applicant_id: int, item_id: int, on: date) -> Bar | None:
    """The bar (行政许可法 78, 79) that keeps the applicant from this item on that day; the longest. 1 query."""
    rows = Bar.objects.filter(applicant=applicant_id, item=item_id, starts_on__lte=on, ends_on__gte=on)
    return rows.filter(lifted_at__isnull=True).order_by("-ends_on").first()


def retained(applicant: Applicant) -> str:
    """Why the applicant's data must stay: an open case; "" when none. For `identity.commands.erase_applicant`."""
    open_cases = Case.objects.filter(applicant=applicant, open=True).count()
    return f"尚有{open_cases}件申请正在办理" if open_cases else ""


def kept_from(on: date) -> datetime:
    """Cases that ended before this moment need not be kept any longer on that day."""
    return _start(retention.ended_before(on, settings.YICHUANG.archive_years))


def proves(agency: Agency, on: date) -> QuerySet[Case]:
    """The cases, running or still kept, in which the agent could act by this agency's letter."""
    rows = Case.objects.filter(applicant=agency.principal_id, received_at__gte=_start(agency.valid_from))
    if agency.ended_at is not None:
        rows = rows.filter(received_at__lte=agency.ended_at)
    return rows.filter(Q(open=True) | Q(closed_at__gte=kept_from(on))).exclude(applicant_name="")


def stays(applicant: Applicant, on: date) -> list[Stay]:
    """What of an applicant's papers is kept although they are erased, until when and why. For `identity`'s erasure."""
    kept = Case.objects.filter(applicant=applicant, open=False, closed_at__gte=kept_from(on)).exclude(applicant_name="")
    count, last = kept.count(), kept.aggregate(last=Max("closed_at"))["last"]
    found = []
    if last is not None:
        until = retention.kept_until(timezone.localdate(last), settings.YICHUANG.archive_years)
        found.append(
            Stay(
                f"已办结的{count}件办件的案卷（申请表、申请材料、文书）",
                "办件案卷是行政机关的档案，保存期满后删除其中的个人信息",
                until,
                retention.LAW,
            )
        )
    agencies = Agency.objects.filter(Q(principal=applicant) | Q(agent=applicant), letter__erased_at__isnull=True)
    held = [row for row in agencies.filter(letter__isnull=False) if proves(row, on).exists()]
    if held:
        found.append(
            Stay(f"{len(held)}份授权委托书", "它证明代理人有权办理，随所涉办件的案卷保存", None, retention.LAW)
        )
    return found


def _start(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time.min))
