"""What may be asked of people: 证明事项 and 中介服务 are listed with their basis, amended, taken out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from yichuang.catalogue import queries
from yichuang.catalogue.models import Certificate, Intermediary
from yichuang.catalogue.models.listing import Listed
from yichuang.catalogue.rules import listed
from yichuang.core import log
from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.refusal import Refusal

Entry = TypeVar("Entry", bound=Listed)


def list_certificate(
    given: Mapping[str, Any], *, effective_on: date | None = None, division: str = "", by: Actor, at: datetime
) -> Certificate:
    """Put a 证明事项 on the list. given: fields of `rules.listed.CERTIFICATE`. Raises Refusal 403, 409 (a code or name that is
    listed), 422 (no basis in law: "listed.basis")."""
    with transaction.atomic():
        row, data = _entered(Certificate, given, effective_on, division, by, at)
        return log.record(row, Event("certificate.listed", data), by=by, at=at)


def list_intermediary(
    given: Mapping[str, Any], *, effective_on: date | None = None, division: str = "", by: Actor, at: datetime
) -> Intermediary:
    """Put a 中介服务 on the list. given: fields of `rules.listed.INTERMEDIARY`. Raises Refusal as `list_certificate`."""
    with transaction.atomic():
        row, data = _entered(Intermediary, given, effective_on, division, by, at)
        return log.record(row, Event("intermediary.listed", data), by=by, at=at)


def amend_certificate(pk: int, given: Mapping[str, Any], *, by: Actor, at: datetime) -> Certificate:
    """Write an entry anew; the same values write no event. Raises Refusal 403, 404, 409, 422."""
    with transaction.atomic():
        row, values = _amended(Certificate, pk, given, by)
        return log.record(row, Event("certificate.amended", {"values": values}), by=by, at=at) if values else row


def amend_intermediary(pk: int, given: Mapping[str, Any], *, by: Actor, at: datetime) -> Intermediary:
    """Write an entry anew; the same values write no event. Raises Refusal 403, 404, 409, 422."""
    with transaction.atomic():
        row, values = _amended(Intermediary, pk, given, by)
        return log.record(row, Event("intermediary.amended", {"values": values}), by=by, at=at) if values else row


def unlist_certificate(pk: int, *, reason: str, by: Actor, at: datetime) -> Certificate:
    """Take a 证明事项 off the list. Raises Refusal 403, 404, 409 (items in force ask for it: they are named), 422."""
    with transaction.atomic():
        row = _locked(Certificate, pk, by)
        data = listed.unlisted(row.shape, row.name, queries.asking(row), reason, _day(at))
        return log.record(row, Event("certificate.unlisted", data), by=by, at=at)


def unlist_intermediary(pk: int, *, reason: str, by: Actor, at: datetime) -> Intermediary:
    """Take a 中介服务 off the list. Raises Refusal as `unlist_certificate`."""
    with transaction.atomic():
        row = _locked(Intermediary, pk, by)
        data = listed.unlisted(row.shape, row.name, queries.asking(row), reason, _day(at))
        return log.record(row, Event("intermediary.unlisted", data), by=by, at=at)


def _entered(
    model: type[Entry], given: Mapping[str, Any], effective_on: date | None, division: str, by: Actor, at: datetime
) -> tuple[Entry, dict[str, Any]]:
    division = division or by.division
    _may(by)
    values = listed.read(model.shape, given)
    effective = effective_on or _day(at)
    if effective > _day(at):
        raise Refusal(
            "listed.not_yet_effective",
            f"列入日期{effective.isoformat()}还没有到。",
            "请在列入日期当天或之后办理。",
            fields={"effective_on": "列入日期不能晚于今天"},
            status=422,
        )
    _not_taken(model, values, division)
    row = model(division=division)
    return row, {"division": division, "effective_on": effective.isoformat(), "values": values}


def _amended(model: type[Entry], pk: int, given: Mapping[str, Any], by: Actor) -> tuple[Entry, dict[str, Any]]:
    row = _locked(model, pk, by)
    values = listed.read(row.shape, given)
    if values["code"] != row.code:
        raise Refusal(
            "listed.code_differs",
            f"“{row.name}”的编码是“{row.code}”，不能改动。",
            "编码被事项引用，请保留原编码；确需新编码的，另行列入。",
            fields={"code": f"应为“{row.code}”"},
            status=422,
        )
    lost = [name for name in row.known_as if name not in _names(values)]
    if lost and (asking := queries.asking(row)):
        row_names = "、".join(lost)
        still = queries.served(model, row.division, [_as(model, row, values)])[row.pk]
        if gone := [item for item in asking if item not in still]:
            listed.unlisted(row.shape, row_names, gone, "amended", row.effective_on)
    _not_taken(model, values, row.division, but=row.pk)
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    return row, values if changed else {}


def _as(model: type[Entry], row: Entry, values: Mapping[str, Any]) -> Entry:
    return model(pk=row.pk, division=row.division, **values)


def _names(values: Mapping[str, Any]) -> list[str]:
    return [values["name"], *values["names"], *values.get("products", ())]


def _not_taken(model: type[Entry], values: Mapping[str, Any], division: str, but: int | None = None) -> None:
    own = {values["code"], *_names(values)}
    for other in queries.entries(model, division).exclude(pk=but):
        if both := sorted(own & {other.code, *other.known_as}):
            raise Refusal(
                "listed.taken",
                f"“{both[0]}”已由清单中的“{other.name}”（{other.code}）使用。",
                "请在已有的条目上修改，或改用别的编码、名称。",
                fields={"code" if both[0] == other.code else "name": f"“{both[0]}”已列入清单"},
            )


def _locked(model: type[Entry], pk: int, by: Actor) -> Entry:
    _may(by)
    if not by.is_system:
        queries.entry_for(by, model, pk)
    row = log.lock(model, pk=pk)
    if not row.in_force:
        raise Refusal("listed.ended", f"“{row.name}”已经移出清单。", "需要再用时，请重新列入并写明依据。")
    return row


def _may(by: Actor) -> None:
    if not by.is_system:
        by.require("catalogue_editor")


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()
