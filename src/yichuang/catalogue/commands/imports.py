"""Many items at once, from a table in the national element names.

A row is one item: key local_task_code, else task_code. Elements that the row does not have are left as they are (a new item lacks
them and stays a draft). Rows are written in batches, each batch one transaction; where a batch fails its rows are tried one by
one, so that every good row enters whole and every bad one is told with its reason. The same table a second time changes nothing.

What is complete and lawful comes into force at once where the operator imports; where a person does, it is sent to legal review.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import DatabaseError, connection, transaction

from yichuang.catalogue import queries
from yichuang.catalogue.commands import index, publishing, versions, writing
from yichuang.catalogue.commands.writing import Prepared
from yichuang.catalogue.models import Item, ItemVersion, Posting, Term
from yichuang.catalogue.models.item import DRAFT, PUBLISHED
from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules import lint, publication
from yichuang.core import log, statistics
from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.refusal import Refusal
from yichuang.identity.commands import set_department
from yichuang.identity.models import Department

BATCH = 300
NOTE = "按事项表导入"
FIRST = 2
"""The number of the first row under a table's heading."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """row: its number in the table (the heading is 1). reason: what is wrong and how to mend it."""

    row: int
    reason: str


@dataclass
class Report:
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    submitted: int = 0
    """Of those created and updated: sent to legal review."""

    def as_dict(self) -> dict[str, Any]:
        return {
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": [{"row": r.row, "reason": r.reason} for r in self.rejected],
        }


@dataclass(slots=True)
class Row:
    number: int
    code: str
    given: shape.Content
    dept_code: str


def import_items(
    rows: Iterable[Mapping[str, Any]],
    *,
    division: str = "",
    first: int = FIRST,
    progress: Callable[[int], None] | None = None,
    note: str = NOTE,
    by: Actor,
    at: datetime,
) -> Report:
    """Import rows keyed by element names ("dept_name" is "department"; nested lists as lists or JSON text).

    note: 修改说明 of what is sent to legal review. first: the number of the first row in its table. progress: told how many rows are done, after each batch. Raises Refusal 403 for
    who edits no catalogue; what is wrong with a row is in the report."""
    if not by.is_system:
        by.require("catalogue_editor")
    division = division or by.division
    report = Report()
    seen: dict[str, int] = {}
    numbered = enumerate(rows, first)
    done = 0
    while batch := list(islice(numbered, BATCH)):
        read = [row for number, raw in batch if (row := read_row(number, raw, seen, report)) is not None]
        _enter(read, division, report, note, by=by, at=at)
        done += len(batch)
        if progress:
            progress(done)
    report.rejected.sort(key=lambda r: r.row)
    if done >= statistics.MANY:
        statistics.refresh(Item, ItemVersion, *writing.PARTS, Posting, Term)
    with transaction.atomic():
        log.append(
            f"items:{division}",
            Event("items.imported", {**report.as_dict(), "rejected": len(report.rejected)}),
            by=by,
            at=at,
        )
    return report


def read_row(number: int, raw: Mapping[str, Any], seen: dict[str, int], report: Report) -> Row | None:
    """The elements that the row has, in their shape; None (and a line of the report) when they are wrong."""
    given = {str(k).strip(): v for k, v in raw.items() if v is not None and str(v).strip() != ""}
    if not given:
        return None  # an empty line of the table
    if "dept_name" in given:
        given.setdefault("department", given["dept_name"])
    dept_code = str(given.pop("dept_code", "")).strip()
    given.pop("dept_name", None)
    problems: dict[str, str] = {}
    for key in (*shape.LISTS, *shape.PARTS, *shape.FREE):
        if isinstance(given.get(key), str):
            try:
                given[key] = json.loads(given[key])
            except ValueError:
                problems[key] = f"{shape.LABELS[key]}应为 JSON 文本"
                given.pop(key)
    try:
        full = shape.normalise(given)
    except shape.Malformed as wrong:
        problems |= wrong.problems
        full = {}
    if not problems:
        if not writing.code_of(full):
            problems["code"] = "缺少地方实施编码（local_task_code）或实施编码（task_code）"
        if not full["task_name"]:
            problems["task_name"] = "缺少事项名称（task_name）"
        code = writing.code_of(full)
        if code and code in seen:
            problems["code"] = f"编码“{code}”与第{seen[code]}行重复"
        if code and not problems:
            seen[code] = number
            return Row(number, code, {k: full[k] for k in given}, dept_code)
    report.rejected.append(Rejected(number, "；".join(problems.values())))
    return None


def _enter(rows: list[Row], division: str, report: Report, note: str, *, by: Actor, at: datetime) -> None:
    trial = Report()
    try:
        with transaction.atomic():
            _write(rows, division, trial, note, by=by, at=at)
    except (Refusal, DatabaseError):
        for row in rows:
            alone = Report()
            try:
                with transaction.atomic():
                    _write([row], division, alone, note, by=by, at=at)
            except Refusal as refusal:
                reason = "；".join(dict.fromkeys(refusal.fields.values())) or refusal.message
                report.rejected.append(Rejected(row.number, reason))
            except DatabaseError as broken:
                report.rejected.append(Rejected(row.number, f"数据库不能保存这一行：{str(broken).splitlines()[0]}"))
            else:
                _add(report, alone)
    else:
        _add(report, trial)


def _add(report: Report, part: Report) -> None:
    report.created += part.created
    report.updated += part.updated
    report.unchanged += part.unchanged
    report.submitted += part.submitted


def _write(rows: list[Row], division: str, report: Report, note: str, *, by: Actor, at: datetime) -> None:
    """Write rows in the caller's transaction; raises Refusal or DatabaseError when any of them cannot be written."""
    departments = writing.departments_of(division)
    there = Item.objects.filter(division=division, code__in=[r.code for r in rows]).order_by("pk")
    if connection.features.has_select_for_update:
        there = there.select_for_update()  # all of them before the index is written, see index._wait_for_turn
    held = {item.code: item for item in there}
    fresh: list[tuple[Row, Prepared]] = []
    for row in rows:
        if row.code not in held:
            _ensure_department(row, division, departments, by=by, at=at)
            prepared = writing.prepare(row.given, departments)
            writing.may_edit(by, prepared.department)
            fresh.append((row, prepared))
    _create(fresh, division, departments, report, note, by=by, at=at)
    known = [(row, held[row.code]) for row in rows if row.code in held]
    for row, item, base in bases(known):
        _update(row, item, base, division, departments, report, note, by=by, at=at)


def _ensure_department(row: Row, division: str, departments: dict[str, Department], *, by: Actor, at: datetime) -> None:
    """Known by its name or its 统一社会信用代码; else made, incomplete, to be completed by the administrator."""
    name = str(row.given.get("department") or "")
    if row.dept_code and name not in departments:
        same = next((d for d in departments.values() if d.uscc and d.uscc == row.dept_code), None)
        if same:
            row.given["department"] = same.name
            return
    if name and name not in departments:
        departments[name] = set_department(division=division, name=name, incomplete=True, by=by, at=at)


def _create(
    fresh: list[tuple[Row, Prepared]],
    division: str,
    departments: Mapping[str, Department],
    report: Report,
    note: str,
    *,
    by: Actor,
    at: datetime,
) -> None:
    if not fresh:
        return
    items = log.record_new([writing.created(p, division) for _, p in fresh], by=by, at=at)
    pairs = list(zip(items, (p for _, p in fresh), strict=True))
    drafts = log.record_new([writing.drafted(item, 1, p) for item, p in pairs], by=by, at=at)
    writing.write_parts(zip(drafts, (p for _, p in fresh), strict=True), departments)
    context = lint.Context(departments=frozenset(departments), **queries.known(division))
    fit = [(draft, item, p) for draft, (item, p) in zip(drafts, pairs, strict=True) if _fit(p.content, context)]
    today = writing.day_of(at)
    if by.is_system:
        in_force = Event("version.published", {"effective_on": today.isoformat()})
        log.record_each([(draft, in_force) for draft, _, _ in fit], by=by, at=at)
        log.record_each([(item, _published(draft, p)) for draft, item, p in fit], by=by, at=at)
    elif fit:
        at_hand = publication.Facts(1, DRAFT, frozenset((by.ref,)))
        sent = publication.submit(at_hand, note, None, today, by)
        log.record_each([(draft, sent) for draft, _, _ in fit], by=by, at=at)
        report.submitted += len(fit)
    index.put([(item, p.content) for item, p in pairs], new=True)
    report.created += len(fresh)


def _fit(content: shape.Content, context: lint.Context) -> bool:
    """In force and complete: such a row is published (or sent to review) as it comes; every other stays a draft."""
    return _whole(content) and not lint.errors(lint.check(content, context))


def _whole(content: Mapping[str, Any]) -> bool:
    """content: with its shape."""
    return content["task_state"] == "1" and not lint.missing(dict(content))


def _published(draft: ItemVersion, prepared: Prepared) -> Event:
    return Event("item.published", {"version": draft.pk, "number": draft.number, "card": prepared.card})


def bases(known: list[tuple[Row, Item]]) -> Iterator[tuple[Row, Item, ItemVersion]]:
    """With each item the version that the row is laid over."""
    held = laid_over([item for _, item in known])
    for row, item in known:
        yield row, item, held[item.pk]


def laid_over(items: Sequence[Item]) -> dict[int, ItemVersion]:
    """By item, the version over which changes are laid: its draft, else what is in force, else its last."""
    found: dict[int, ItemVersion] = {}
    order = {DRAFT: 2, PUBLISHED: 1}
    for version in queries.whole().filter(item__in=items):
        best = found.get(version.item_id)
        if best is None or (order.get(version.state, 0), version.number) > (order.get(best.state, 0), best.number):
            found[version.item_id] = version
    return found


def _update(
    row: Row,
    item: Item,
    base: ItemVersion,
    division: str,
    departments: dict[str, Department],
    report: Report,
    note: str,
    *,
    by: Actor,
    at: datetime,
) -> None:
    content = {**queries.content(base), **row.given}
    if writing.digest_of(content) == base.digest:
        report.unchanged += 1
        return
    _ensure_department(row, division, departments, by=by, at=at)
    content["department"] = row.given.get("department", content["department"])
    if base.state == DRAFT:
        made = versions.revise_draft(base.pk, content, by=by, at=at)
    else:
        made = versions.draft_version(item, content, by=by, at=at)
    report.updated += 1
    if not by.is_system and _whole(shape.normalise(content)):
        report.submitted += _submitted(made, note, by=by, at=at)


def _submitted(draft: ItemVersion, note: str, *, by: Actor, at: datetime) -> bool:
    """What lint finds wrong stays a draft."""
    try:
        publishing.submit_version(draft.pk, note=note, by=by, at=at)
    except Refusal as no:
        if no.code != "catalogue.lint":
            raise
        return False
    return True
