"""权力事项动态调整: proposed, asked about, reviewed, approved, published, in effect; or entered from old papers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from yichuang.catalogue import queries
from yichuang.catalogue.commands.effects import take_effect
from yichuang.catalogue.models import Adjustment, AdjustmentLine, AdjustmentOpinion, Item
from yichuang.catalogue.models.item import DRAFT, PUBLISHED
from yichuang.catalogue.rules import adjustment as rules
from yichuang.core import calendar, log
from yichuang.core.actor import Actor, system
from yichuang.core.events import Event
from yichuang.core.refusal import Refusal
from yichuang.identity.models import Department

Lines = Sequence[Mapping[str, Any]]


def propose_adjustment(
    *, title: str, basis: str, reason: str = "", lines: Lines = (), by: Actor, at: datetime
) -> Adjustment:
    """A new adjustment of the actor's division. basis: the document that triggers it. lines: each {"way": cancel | take_over
    | delegate, "code": of the item, "to": receiving department (delegate), "from": body above (take_over), "level",
    "note"}; a taken-over item is a draft made before. Raises Refusal 403, 422."""
    with transaction.atomic():
        by.require("catalogue_editor")
        data = {"title": title, "basis": basis, "reason": reason, "lines": _resolved(lines, by.division)}
        event = _placed(rules.propose(data, by), by.division)
        row = log.record(Adjustment(), event, by=by, at=at)
        _write_lines(row, event)
    return row


def revise_adjustment(
    pk: int, *, title: str, basis: str, reason: str = "", lines: Lines, by: Actor, at: datetime
) -> Adjustment:
    """Write it anew. One that was returned is a draft again, and opinions are asked again. Raises Refusal 403, 404, 409, 422."""
    with transaction.atomic():
        row = _locked(pk, by)
        rules.permit(_facts(row), "revise", by)
        data = {"title": title, "basis": basis, "reason": reason, "lines": _resolved(lines, row.division)}
        event = rules.revise(_facts(row), data, by)
        log.record(row, event, by=by, at=at)
        row.lines.all().delete()
        _write_lines(row, event)
    return row


def ask_opinions(
    pk: int, *, departments: Iterable[int], days: int = rules.OPINION_DAYS, by: Actor, at: datetime
) -> Adjustment:
    """Ask departments of the division, to be answered within so many working days. Raises Refusal 403, 404, 409, 422."""
    with transaction.atomic():
        row = _locked(pk, by)
        wanted = list(
            Department.objects.filter(division=row.division, pk__in=set(departments), active=True)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        due_on = calendar.current().add(_day(at), rules.due_days(days))
        log.record(row, rules.ask(_facts(row), wanted, due_on, by), by=by, at=at)
        AdjustmentOpinion.objects.bulk_create(
            AdjustmentOpinion(adjustment=row, round=row.round, department_id=one, due_on=due_on) for one in wanted
        )
    return row


def give_opinion(pk: int, *, answer: str, words: str = "", by: Actor, at: datetime) -> Adjustment:
    """The opinion of the actor's own department: agree, amend or disagree. Raises Refusal 403 (not asked), 404, 409, 422."""
    with transaction.atomic():
        row = _locked(pk, by)
        department = queries.department_of(by)
        event = rules.answer(_facts(row), department, answer, words, by)
        log.record(row, event, by=by, at=at)
        row.opinions.filter(round=row.round, department_id=event.data["department"]).update(
            answer=answer, words=event.data["words"], answered_by=by.name, answered_at=at
        )
    return row


def note_overdue(pk: int, *, note: str, by: Actor, at: datetime) -> Adjustment:
    """Put on record that departments let the day pass, and what was done about it. Raises Refusal 403, 404, 409, 422."""
    with transaction.atomic():
        row = _locked(pk, by)
        event = rules.note_overdue(_facts(row), note, _day(at), by)
        log.record(row, event, by=by, at=at)
        late = row.opinions.filter(round=row.round, department_id__in=event.data["departments"])
        late.update(noted=event.data["note"])
    return row


def send_to_legal(pk: int, *, summary: str = "", by: Actor, at: datetime) -> Adjustment:
    """To 合法性审查, when every department answered or its silence is on record. Raises Refusal 403, 404, 409, 422."""
    with transaction.atomic():
        row = _locked(pk, by)
        log.record(row, rules.send(_facts(row), summary, _day(at), by), by=by, at=at)
    return row


def pass_legal_review(pk: int, *, words: str = "", by: Actor, at: datetime) -> Adjustment:
    """Raises Refusal 403 (no legal reviewer, or the proposer), 404, 409."""
    with transaction.atomic():
        row = _locked(pk, by)
        log.record(row, rules.clear(_facts(row), words, by), by=by, at=at)
    return row


def return_legal_review(pk: int, *, reason: str, by: Actor, at: datetime) -> Adjustment:
    """Raises Refusal 403 (no legal reviewer, or the proposer), 404, 409, 422."""
    with transaction.atomic():
        row = _locked(pk, by)
        log.record(row, rules.give_back(_facts(row), reason, by), by=by, at=at)
    return row


def approve_adjustment(pk: int, *, number: str, approved_on: date, by: Actor, at: datetime) -> Adjustment:
    """The government's approval, by its document. Raises Refusal 403, 404, 409, 422."""
    with transaction.atomic():
        row = _locked(pk, by)
        log.record(row, rules.approve(_facts(row), number, approved_on, _day(at), by), by=by, at=at)
    return row


def disapprove_adjustment(pk: int, *, reason: str, by: Actor, at: datetime) -> Adjustment:
    """The government did not approve; back to who proposed. Raises Refusal 403, 404, 409, 422."""
    with transaction.atomic():
        row = _locked(pk, by)
        log.record(row, rules.disapprove(_facts(row), reason, by), by=by, at=at)
    return row


def publish_adjustment(
    pk: int, *, number: str, published_on: date, effective_on: date, by: Actor, at: datetime
) -> Adjustment:
    """Published by its document; takes effect at once when its day has come. Raises Refusal 403, 404, 409, 422."""
    with transaction.atomic():
        row = _locked(pk, by)
        today = _day(at)
        event = rules.publish(_facts(row), number, published_on, effective_on, today, by)
        log.record(row, event, by=by, at=at)
        if effective_on <= today:
            take_effect(row, by=system("adjust", row.division), at=at)
    return row


def effect_adjustment(pk: int, *, by: Actor, at: datetime) -> Adjustment:
    """Try again now: all its powers, or none and `troubles` says why. Raises Refusal 403, 404, 409 (not published, too early)."""
    with transaction.atomic():
        row = _locked(pk, by)
        rules.due(_facts(row), _day(at), by)
        take_effect(row, by=system("adjust", row.division), at=at)
    return row


def effect_due(at: datetime) -> int:
    """The sweep: every published adjustment whose day has come. Returns how many took effect."""
    due = Adjustment.objects.filter(state="published", effective_on__lte=_day(at)).order_by("effective_on", "pk")
    done = 0
    for pk in list(due.values_list("pk", flat=True)):
        with transaction.atomic():
            row = log.lock(Adjustment, pk=pk)
            if row.state == "published":
                done += take_effect(row, by=system("adjust", row.division), at=at)
    return done


def withdraw_adjustment(pk: int, *, reason: str, by: Actor, at: datetime) -> Adjustment:
    """Before the government approves. Raises Refusal 403, 404, 409, 422."""
    with transaction.atomic():
        row = _locked(pk, by)
        log.record(row, rules.withdraw(_facts(row), reason, by), by=by, at=at)
    return row


def record_past_adjustment(
    *,
    title: str,
    basis: str,
    number: str,
    published_on: date,
    effective_on: date,
    lines: Lines,
    reason: str = "",
    approval: str = "",
    division: str = "",
    by: Actor,
    at: datetime,
) -> Adjustment:
    """An adjustment of the past as its papers have it. lines: {"way", "name", "code", "from", "to", "level", "note"}; a code that
    the catalogue has is linked to its item, the catalogue itself is not changed. Raises Refusal 403, 422."""
    division = division or by.division
    if not by.is_system:
        by.require("catalogue_editor")
    with transaction.atomic():
        codes = [str(line.get("code") or "") for line in lines]
        known = dict(Item.objects.filter(division=division, code__in=[c for c in codes if c]).values_list("code", "pk"))
        told = [{**line, "item": known.get(str(line.get("code") or ""))} for line in lines]
        data = {"title": title, "basis": basis, "reason": reason, "lines": told}
        event = _placed(rules.recorded(data, number, approval, published_on, effective_on, _day(at)), division)
        row = log.record(Adjustment(), event, by=by, at=at)
        _write_lines(row, event)
    return row


# -- shared -----------------------------------------------------------------------------------------------------------


def _locked(pk: int, by: Actor) -> Adjustment:
    try:
        row = log.lock(Adjustment, pk=pk)
    except Adjustment.DoesNotExist:
        raise queries.no_adjustment() from None
    if row.division != by.division and not by.is_system:
        raise queries.no_adjustment()
    return row


def _facts(row: Adjustment) -> rules.Facts:
    return queries.adjustment_facts(row)


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()


def _placed(event: Event, division: str) -> Event:
    return replace(event, data={**event.data, "division": division})


def _write_lines(row: Adjustment, event: Event) -> None:
    AdjustmentLine.objects.bulk_create(
        AdjustmentLine(
            adjustment=row,
            position=n,
            way=line["way"],
            name=line["name"],
            code=line["code"],
            item_id=line["item"],
            version_id=line["version"],
            from_department=line["from"],
            to_department=line["to"],
            receiving_id=line["department"],
            level=line["level"],
            note=line["note"],
        )
        for n, line in enumerate(event.data["lines"])
    )


def _resolved(lines: Lines, division: str) -> list[dict[str, Any]]:
    """What was typed, with the items and departments it means. Raises Refusal 422 by line."""
    codes = {str(line.get("code") or "").strip() for line in lines} - {""}
    items = {
        i.code: i
        for i in Item.objects.filter(division=division, code__in=codes).select_related("department", "current")
    }
    drafts = {v.item_id: v for i in items.values() for v in i.versions.filter(state=DRAFT)}
    receivers = {str(line.get("to") or "").strip() for line in lines} - {""}
    bodies = {d.name: d for d in Department.objects.filter(division=division, name__in=receivers, active=True)}
    found, wrong = [], {}
    for n, line in enumerate(lines):
        code, to = str(line.get("code") or "").strip(), str(line.get("to") or "").strip()
        item, way = items.get(code), str(line.get("way") or "")
        told = {**line, "code": code, "to": to, "item": None, "version": None, "department": None}
        if item is None:
            wrong[f"lines.{n}.code"] = f"没有编码为“{code}”的事项" + (
                "，承接的事项要先起草" if way == "take_over" else ""
            )
            continue
        told |= {"item": item.pk, "name": item.name}
        if way == "take_over":
            prepared = drafts.get(item.pk)
            if prepared is None or item.state == PUBLISHED:
                wrong[f"lines.{n}.code"] = f"“{item.name}”没有待发布的草稿，承接的事项要先起草、暂不发布"
                continue
            told |= {"version": prepared.pk, "to": item.department.name, "department": item.department_id}
            told["level"] = prepared.use_level
        else:
            if item.state != PUBLISHED:
                wrong[f"lines.{n}.code"] = f"“{item.name}”不在用，不能{rules.WAYS.get(way, '调整')}"
                continue
            told["from"] = item.department.name
            if way == "cancel":
                told["to"] = ""
            elif way == "delegate":
                body = bodies.get(to)
                if body is None or body.pk == item.department_id:
                    wrong[f"lines.{n}.to"] = f"“{item.name}”下放，请选择本地已登记的另一个部门或街道"
                    continue
                told["department"] = body.pk
                told["level"] = str(line.get("level") or "") or _level(body.name, item)
        found.append(told)
    if wrong:
        raise Refusal(
            "adjustment.lines",
            f"要调整的事项有误：{'；'.join(list(wrong.values())[:3])}。",
            "请核对事项编码和承接单位后再保存。",
            law=rules.LIST,
            fields=wrong,
            status=422,
        )
    return found


def _level(name: str, item: Item) -> str:
    """行使层级 of the body that receives: a street or town is level 5."""
    if "街道" in name or name.endswith(("镇", "镇人民政府", "乡", "乡人民政府")):
        return "5"
    return item.current.use_level if item.current else ""
