"""What an import would do, row by row, without doing it: as a stream, so that a table of any length is looked through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from yichuang.catalogue import queries
from yichuang.catalogue.commands import writing
from yichuang.catalogue.commands.imports import BATCH, FIRST, Rejected, Report, Row, bases, read_row
from yichuang.catalogue.models import Item, ItemVersion
from yichuang.catalogue.models.item import DRAFT
from yichuang.catalogue.rules import publication, reading
from yichuang.core.actor import Actor
from yichuang.core.refusal import Refusal
from yichuang.identity.models import Department

NEW, CHANGED, SAME, BAD = "new", "changed", "same", "bad"

Differences = list[tuple[str, str, str]]
"""(label, before, after) in words."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would become of a row. outcome: new, changed, same or bad. item: its id, None for a new one. reason: of a bad one."""

    row: int
    outcome: str
    code: str = ""
    name: str = ""
    item: int | None = None
    differences: tuple[tuple[str, str, str], ...] = ()
    reason: str = ""


def foresee(
    rows: Iterable[Mapping[str, Any]],
    *,
    division: str = "",
    first: int = FIRST,
    start: int = 0,
    compare: bool = True,
    by: Actor,
) -> Iterator[Foreseen]:
    """Row by row in the order of the table, read as far as it is asked for; empty lines are passed over (the database's own
    refusals cannot be foreseen). start: number of the first row that is told; those before are only looked at for their
    codes. compare: tell the differences. Raises Refusal 403 for who edits no catalogue."""
    if not by.is_system:
        by.require("catalogue_editor")
    return _foresee(rows, division or by.division, first, start, compare, by)


def _foresee(
    rows: Iterable[Mapping[str, Any]], division: str, first: int, start: int, compare: bool, by: Actor
) -> Iterator[Foreseen]:
    seen: dict[str, int] = {}
    departments = writing.departments_of(division)
    numbered = enumerate(rows, first)
    for number, raw in islice(numbered, max(0, start - first)):
        code = writing.code_of({name: str(raw.get(name) or "").strip() for name in ("local_task_code", "task_code")})
        if code:
            seen.setdefault(code, number)
    while batch := list(islice(numbered, BATCH)):
        report = Report()
        read = [row for number, raw in batch if (row := read_row(number, raw, seen, report)) is not None]
        found = {bad.row: Foreseen(bad.row, BAD, reason=bad.reason) for bad in report.rejected}
        held = {i.code: i for i in Item.objects.filter(division=division, code__in=[r.code for r in read])}
        for row in read:
            if row.code not in held:
                found[row.number] = _new(row, division, departments, by)
        for row, item, base in bases([(row, held[row.code]) for row in read if row.code in held]):
            found[row.number] = _known(row, item, base, division, departments, compare, by)
        yield from (found[number] for number in sorted(found))


def rehearse(rows: Iterable[Mapping[str, Any]], *, division: str = "", first: int = FIRST, by: Actor) -> Report:
    """What an import of these rows would do, in numbers. Raises Refusal 403 for who edits no catalogue."""
    report = Report()
    for one in foresee(rows, division=division, first=first, compare=False, by=by):
        report.created += one.outcome == NEW
        report.updated += one.outcome == CHANGED
        report.unchanged += one.outcome == SAME
        if one.outcome == BAD:
            report.rejected.append(Rejected(one.row, one.reason))
    return report


def _new(row: Row, division: str, departments: Mapping[str, Department], by: Actor) -> Foreseen:
    name = str(row.given.get("task_name") or "")
    try:
        writing.may_edit(by, writing.prepare(row.given, _with(row, division, departments)).department)
    except Refusal as no:
        return Foreseen(row.number, BAD, row.code, name, reason=_reason(no))
    return Foreseen(row.number, NEW, row.code, name)


def _known(
    row: Row,
    item: Item,
    base: ItemVersion,
    division: str,
    departments: Mapping[str, Department],
    compare: bool,
    by: Actor,
) -> Foreseen:
    before = queries.content(base)
    after = {**before, **row.given}
    if writing.digest_of(after) == base.digest:
        return Foreseen(row.number, SAME, row.code, item.name, item.pk)
    try:
        writing.may_edit(by, writing.prepare(after, _with(row, division, departments)).department, base.department)
        if base.state == DRAFT and base.stage:
            publication.permit(publication.Facts(base.number, base.stage), "revise", by)
    except Refusal as no:
        return Foreseen(row.number, BAD, row.code, item.name, item.pk, reason=_reason(no))
    told = tuple(reading.differences(before, after)) if compare else ()
    return Foreseen(row.number, CHANGED, row.code, item.name, item.pk, told)


def _with(row: Row, division: str, departments: Mapping[str, Department]) -> Mapping[str, Department]:
    """The departments, with the row's own as the import would make it."""
    name = str(row.given.get("department") or "")
    if not name or name in departments:
        return departments
    return {**departments, name: Department(division=division, name=name)}


def _reason(no: Refusal) -> str:
    return "；".join(dict.fromkeys(no.fields.values())) or no.message
