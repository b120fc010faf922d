"""From content to rows: what every verb that writes a version shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from yichuang.catalogue import queries
from yichuang.catalogue.models import (
    Alias,
    Citation,
    Condition,
    Fee,
    Handling,
    Item,
    ItemVersion,
    Law,
    Material,
    Question,
    Step,
)
from yichuang.catalogue.rules import content as shape
from yichuang.core import log
from yichuang.core.actor import Actor
from yichuang.core.events import Event, canonical, digest
from yichuang.core.refusal import Refusal
from yichuang.identity.models import Department


@dataclass(frozen=True, slots=True)
class Prepared:
    """Content that has its shape and whose departments are known."""

    content: shape.Content
    department: Department
    digest: str

    @property
    def data(self) -> dict[str, Any]:
        """What the event of a draft holds."""
        return {"content": shape.compact(self.content), "department": self.department.pk, "digest": self.digest}

    @property
    def card(self) -> dict[str, Any]:
        """What lists and search show of the item."""
        c = self.content
        return {
            "name": c["task_name"],
            "department_id": self.department.pk,
            "task_type": c["task_type"],
            "audience": c["main_audience"],
            "online": bool(c["is_online"]),
            "mobile": bool(c["is_mobile"]),
        }


def digest_of(content: Mapping[str, Any]) -> str:
    """The digest of a whole content: equal for equal contents, whatever order or gaps they were written with."""
    return digest(canonical(shape.compact(shape.normalise(content))))


def code_of(content: Mapping[str, Any]) -> str:
    """The key of the item: local_task_code, else task_code."""
    return str(content.get("local_task_code") or content.get("task_code") or "")


def told_why(data: dict[str, Any], note: str) -> dict[str, Any]:
    """The data of an event with the reason that was given for it, if there was one."""
    return {**data, "note": note.strip()} if note.strip() else data


def day_of(at: datetime) -> date:
    return timezone.localtime(at).date()


def locked(version_id: int) -> tuple[ItemVersion, Item]:
    """The version and its item, the item locked first, so that two verbs on one item take their turn. Raises Refusal 404."""
    item_id = ItemVersion.objects.filter(pk=version_id).values_list("item_id", flat=True).first()
    if item_id is None:
        raise queries.not_found()
    item = log.lock(Item, pk=item_id)
    return log.lock(ItemVersion, pk=version_id), item


def may_edit(by: Actor, *departments: Department) -> None:
    """Raises Refusal 403 unless the actor edits the catalogue of each department (the platform's own acts pass)."""
    if not by.is_system:
        for department in departments:
            by.require("catalogue_editor", department.scope)


def prepare(content: Mapping[str, Any], departments: Mapping[str, Department]) -> Prepared:
    """Check the shape and find the departments (by name). Raises Refusal 422 with messages by element."""
    try:
        full = shape.normalise(content)
    except shape.Malformed as wrong:
        raise malformed(wrong.problems) from None
    problems = shape.faults(full, departments)
    if problems:
        raise malformed(problems)
    return Prepared(full, departments[full["department"]], digest(canonical(shape.compact(full))))


def malformed(problems: Mapping[str, str]) -> Refusal:
    more = len(problems) - 3
    words = "；".join(list(problems.values())[:3]) + (f"等{len(problems)}处" if more > 0 else "")
    return Refusal(
        "catalogue.malformed", f"事项要素有误：{words}。", "请按提示改正这些要素后再保存。", fields=problems, status=422
    )


def departments_of(division: str) -> dict[str, Department]:
    """The division's departments by name."""
    return {d.name: d for d in Department.objects.filter(division=division)}


PARTS: tuple[type[Any], ...] = (Material, Step, Condition, Fee, Question, Alias, Citation, Handling)


def write_parts(written: Iterable[tuple[ItemVersion, Prepared]], departments: Mapping[str, Department]) -> None:
    """Insert the nested rows of new or emptied drafts: one statement per table, however many versions."""
    written = list(written)
    laws = _laws(prepared.content for _, prepared in written)
    rows: dict[type[Any], list[Any]] = {m: [] for m in PARTS}
    for version, prepared in written:
        c = prepared.content
        for model, key in ((Material, "materials"), (Condition, "conditions"), (Fee, "fees"), (Question, "questions")):
            rows[model] += [model(version=version, position=n, **row) for n, row in enumerate(c[key])]
        for n, row in enumerate(c["steps"]):
            own = {**row, "department": departments.get(row["department"])}
            rows[Step].append(Step(version=version, position=n, **own))
        rows[Alias] += [Alias(version=version, position=n, text=text) for n, text in enumerate(c["aliases"])]
        rows[Handling] += _handlings(version, c)
        rows[Citation] += [
            Citation(version=version, position=n, **{**row, "law": laws[row["law"]]})
            for n, row in enumerate(c["citations"])
            if row["law"]
        ]
    for model, made in rows.items():
        if made:
            model.objects.bulk_create(made, batch_size=200)


def _handlings(version: ItemVersion, c: shape.Content) -> list[Handling]:
    if c["handlings"]:
        return [Handling(version=version, position=n, **row) for n, row in enumerate(c["handlings"])]
    own = Handling(
        version=version,
        position=0,
        implied=True,
        code="h1",
        name=c["task_name"],
        task_handle_item=c["task_handle_item"] or c["task_code"],
        is_online=bool(c["is_online"]),
        is_window=bool(c["is_entry_center"]),
    )
    return [own]


def _laws(contents: Iterable[shape.Content]) -> dict[str, Law]:
    cited = {row["law"]: row for c in contents for row in c["citations"] if row["law"]}
    if not cited:
        return {}
    Law.objects.bulk_create(
        [Law(name=name, level=row["level"], number=row["number"]) for name, row in sorted(cited.items())],
        ignore_conflicts=True,
    )
    return {law.name: law for law in Law.objects.filter(name__in=cited)}


def empty_parts(version: ItemVersion) -> None:
    """Take the nested rows of a draft away, before they are written anew."""
    for model in PARTS:
        model.objects.filter(version=version).delete()


def created(prepared: Prepared, division: str) -> tuple[Item, Event]:
    """A new item, not saved, and its first event."""
    event = Event("item.created", {"division": division, "code": code_of(prepared.content), "card": prepared.card})
    return Item(division=division), event


def drafted(item: Item, number: int, prepared: Prepared) -> tuple[ItemVersion, Event]:
    """A new draft, not saved, and its first event."""
    return ItemVersion(), Event("version.drafted", {"item": item.pk, "number": number, **prepared.data})
