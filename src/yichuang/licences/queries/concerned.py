"""Whom an adjustment of powers concerns here: the holders of valid licences. Named in `site/wiring.py` CONCERNED."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.utils import timezone

from yichuang.catalogue.models import ItemVersion
from yichuang.catalogue.models.item import DRAFT
from yichuang.catalogue.rules.following import Adjusted, Concerned, Move, some
from yichuang.licences import rules
from yichuang.licences.models import Licence

Given = dict[tuple[str, int], Move]
"""(type of licence, issuer) -> what happened to the item under which it is issued."""


def _given(adjusted: Adjusted) -> Given:
    """The licences that versions of its items lead to. 1 query."""
    versions = ItemVersion.objects.filter(item_id__in=list(adjusted.moves), licence__isnull=False).exclude(state=DRAFT)
    return {
        (str(licence["type_code"]), department): adjusted.moves[item]
        for item, department, licence in versions.order_by("pk").values_list("item_id", "department_id", "licence")
        if licence and licence.get("type_code")
    }


def _valid(adjusted: Adjusted, given: Given) -> QuerySet[Licence]:
    """In force on the day on which the adjustment took effect."""
    if not given:
        return Licence.objects.none()
    day = timezone.localtime(adjusted.at).date()
    kinds = reduce(or_, (Q(type_code=code, issuer_id=issuer) for code, issuer in given))
    rows = Licence.objects.filter(kinds, state=rules.IN_FORCE, issued_on__lte=day)
    return rows.filter(Q(expires_on__isnull=True) | Q(expires_on__gte=day))


def _who(adjusted: Adjusted, after: int, size: int) -> list[int]:
    """2 queries."""
    rows = _valid(adjusted, _given(adjusted)).filter(holder_id__gt=after).order_by("holder_id")
    return list(rows.values_list("holder_id", flat=True).distinct()[:size])


def _words(adjusted: Adjusted, applicants: Sequence[int]) -> Mapping[int, str]:
    """What becomes of a licence that was granted by law: it stays valid (行政许可法 8). 2 queries."""
    given = _given(adjusted)
    rows = _valid(adjusted, given).filter(holder_id__in=applicants).order_by("issued_on", "pk")
    held: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for holder, name, number, code, issuer in rows.values_list("holder_id", "name", "number", "type_code", "issuer_id"):
        held[holder][_becomes(given[code, issuer])].append(f"《{name}》（{number}）")
    return {
        holder: "".join(f"您持有的{some(told, '份')}{then}" for then, told in groups.items())
        for holder, groups in held.items()
    }


def _becomes(move: Move) -> str:
    if move.way == "cancel":
        return "在有效期内继续有效；该事项取消后不再办理变更、延续，以后怎样办理，见公布取消的文件。"
    return f"继续有效，不需要换证，以后的变更、延续、补办向{move.to}申请。"


CONCERNED = Concerned(_who, _words)
