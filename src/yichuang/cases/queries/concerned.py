"""Whom an adjustment of powers concerns here: the applicants with open cases. Named in `site/wiring.py` CONCERNED."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db.models import QuerySet

from yichuang.cases.models import Case
from yichuang.catalogue.rules.following import Adjusted, Concerned, some


def _open(adjusted: Adjusted) -> QuerySet[Case]:
    """What was open under its items when it took effect and still is."""
    return Case.objects.filter(item_id__in=list(adjusted.moves), open=True, received_at__lte=adjusted.at)


def _who(adjusted: Adjusted, after: int, size: int) -> list[int]:
    """1 query."""
    rows = _open(adjusted).filter(applicant_id__gt=after).order_by("applicant_id")
    return list(rows.values_list("applicant_id", flat=True).distinct()[:size])


def _words(adjusted: Adjusted, applicants: Sequence[int]) -> Mapping[int, str]:
    """A case goes on under the version it began under (行政许可法 8). 1 query."""
    rows = _open(adjusted).filter(applicant_id__in=applicants).order_by("received_at", "pk")
    held: dict[int, list[str]] = defaultdict(list)
    for applicant, title, number, version in rows.values_list("applicant_id", "title", "number", "version__number"):
        held[applicant].append(f"“{title}”（{number}，第{version}版）")
    return {
        applicant: f"您正在办理的{some(told, '件')}，仍按申请时适用的版本办完，期限和要求不变。"
        for applicant, told in held.items()
    }


CONCERNED = Concerned(_who, _words)
