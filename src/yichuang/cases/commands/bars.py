"""限制申请 (行政许可法 78, 79): set, lifted; asked at every intake (`queries.barred`)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from yichuang.cases.models import Bar, Case
from yichuang.cases.rules import decision as rules
from yichuang.cases.rules.clock import Moment
from yichuang.cases.rules.decision import BAR_YEARS
from yichuang.cases.rules.facts import day
from yichuang.catalogue import queries as catalogue
from yichuang.catalogue.models import Item
from yichuang.core import log, personal
from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.refusal import Refusal
from yichuang.identity.models import Applicant
from yichuang.licences.models import Licence


def _until(on: date, years: int) -> date:
    """The same day, `years` on: the last day of the bar (民法典 202)."""
    try:
        return on.replace(year=on.year + years)
    except ValueError:  # 29 February
        return on.replace(year=on.year + years, day=28)


def for_false_statement(case: Case, *, declared: bool, now: Moment) -> Bar | None:
    """In the transaction of the refusal: the bar of a year, where the case's own version concerns safety."""
    concerns = catalogue.version(case.version_id).concerns_safety
    rules.not_declared_against(concerns, "false_statement", declared=declared)
    if not rules.barring(concerns, declared=declared):
        return None
    return _set(case.applicant_id, case.item_id, "false_statement", case.stream, now.by, now.at)


def _set(applicant_id: int, item_id: int, ground: str, source: str, by: Actor, at: datetime) -> Bar:
    on = day(at)
    bar = Bar.objects.create(
        applicant_id=applicant_id,
        item_id=item_id,
        ground=ground,
        starts_on=on,
        ends_on=_until(on, BAR_YEARS[ground]),
        source=source,
        created_by=by.ref,
        created_at=at,
    )
    data = {"applicant_id": applicant_id, "item_id": item_id, "ground": ground, "ends_on": bar.ends_on.isoformat()}
    log.append(f"bar:{bar.pk}", Event("bar.set", {**data, "source": source}), by=by, at=at)
    return bar


def record_bar(applicant: Applicant, item_id: int, *, ground: str, source: str, by: Actor, at: datetime) -> Bar:
    """Set a bar by the head, for what happened outside a case (a licence got by fraud and revoked: three years).

    Only for an item that directly concerns safety: as the version says under which it was decided, where source names the
    case or its licence, else the version in force; where that does not say, the head's word holds.
    source: the stream or document number it rests on. Raises Refusal 403, 422.
    """
    item = Item.objects.get(pk=item_id)
    by.require("head", f"department:{item.department_id}")
    if ground not in BAR_YEARS or not source.strip():
        raise Refusal(
            "bar.incomplete",
            "请选择限制事由，并写明所依据的决定文书。",
            "补充后再提交。",
            law="行政许可法第七十八条、第七十九条",
            status=422,
        )
    rules.not_declared_against(_concerns_safety(item, source.strip()), ground, declared=True)
    with transaction.atomic():
        return _set(applicant.pk, item_id, ground, source.strip()[:80], by, at)


def _concerns_safety(item: Item, source: str) -> bool | None:
    """Of the version that binds: the case's own, where source names one ("case:...", or its licence); else the one in force."""
    cases = Case.objects.filter(item=item)
    if source.startswith("licence:"):
        licences = Licence.objects.filter(identifier=source.removeprefix("licence:"))
        cases = cases.filter(licence_id__in=licences.values("pk"))
    else:
        cases = cases.filter(number=source.removeprefix("case:"))
    version_id = cases.values_list("version_id", flat=True).first() or item.current_id
    return catalogue.version(version_id).concerns_safety if version_id else None


def lift_bar(bar_id: int, *, reason: str, by: Actor, at: datetime) -> Bar:
    """Lift a bar that should not stand (an objection upheld). Raises Refusal 403, 409, 422."""
    with transaction.atomic():
        bar = log.lock(Bar, pk=bar_id)
        item = Item.objects.get(pk=bar.item_id)
        by.require("head", f"department:{item.department_id}")
        if bar.lifted_at is not None:
            raise Refusal("bar.lifted", "该限制已经解除。", "无须重复办理。")
        if not reason.strip():
            raise Refusal(
                "bar.incomplete", "请写明解除理由。", "补充后再提交。", fields={"reason": "请写明解除理由"}, status=422
            )
        bar.lifted_at = at
        bar.save(update_fields=["lifted_at"])
        log.append(f"bar:{bar.pk}", Event("bar.lifted", {"reason": personal.mask_text(reason.strip())}), by=by, at=at)
    return bar
