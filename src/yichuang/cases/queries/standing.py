"""How an applicant stands to an item: open cases of the same kind, bars, and what the law asks to be kept."""

from __future__ import annotations

from datetime import date

from yichuang.cases.models import Bar, Case
from yichuang.identity.models import Applicant


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
