"""How an applicant stands to an item: open cases of the same kind, bars, and what the law asks to be kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from django.conf import settings
from django.db.models import Count, Exists, Max, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from yichuang.cases.models import Bar, Case
from yichuang.cases.rules import retention
from yichuang.identity.models import Agency, Applicant
from yichuang.identity.rules import Stay

LAST = datetime(9999, 1, 1, tzinfo=UTC)


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


def proven(on: date) -> Exists:
    """Of an agency: a case, running or still kept, in which the agent could act by its letter."""
    rows = Case.objects.filter(
        applicant=OuterRef("principal"),
        received_at__date__gte=OuterRef("valid_from"),
        received_at__lte=Coalesce(OuterRef("ended_at"), Value(LAST)),
    )
    return Exists(rows.filter(Q(open=True) | Q(closed_at__gte=kept_from(on))).exclude(applicant_name=""))


def stays(applicant: Applicant, on: date) -> list[Stay]:
    """What of an applicant's papers is kept although they are erased, until when and why. For `identity`'s erasure.
    2 queries."""
    kept = Case.objects.filter(applicant=applicant, open=False, closed_at__gte=kept_from(on)).exclude(applicant_name="")
    told = kept.aggregate(count=Count("pk"), last=Max("closed_at"))
    found = []
    if told["last"] is not None:
        until = retention.kept_until(timezone.localdate(told["last"]), settings.YICHUANG.archive_years)
        found.append(
            Stay(
                f"已办结的{told['count']}件办件的案卷（申请表、申请材料、文书）",
                "办件案卷是行政机关的档案，保存期满后删除其中的个人信息",
                until,
                retention.LAW,
            )
        )
    agencies = Agency.objects.filter(Q(principal=applicant) | Q(agent=applicant), letter__erased_at__isnull=True)
    letters = agencies.filter(proven(on), letter__isnull=False).count()
    if letters:
        found.append(Stay(f"{letters}份授权委托书", "它证明代理人有权办理，随所涉办件的案卷保存", None, retention.LAW))
    return found


def _start(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time.min))
