"""Items as lists, pages and tables need them."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from yichuang.catalogue.models import Item, ItemVersion
from yichuang.catalogue.models.item import DRAFT, PUBLISHED, RETIRED
from yichuang.catalogue.queries.listed import known
from yichuang.catalogue.queries.search import Hit, search
from yichuang.catalogue.queries.versions import content, not_found, whole
from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules import facts, lint
from yichuang.core.actor import Actor
from yichuang.core.models import LogEvent
from yichuang.identity.models import Department, Staff

CODES = ("task_handle_item", "task_code", "local_task_code")
NAMED = (*CODES, "merged_into")
"""Codes of a content: its own, and that of the item that carries it."""
CHUNK = 200


# -- what the public sees ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filters:
    """What the lists are narrowed by; "" or None is everything. text: a question. department: its id."""

    text: str = ""
    audience: str = ""
    department: int | None = None
    task_type: str = ""
    online: bool | None = None
    state: str = ""

    def apply(self, rows: QuerySet[Item]) -> QuerySet[Item]:
        wanted: dict[str, Any] = {
            "audience": self.audience,
            "department_id": self.department,
            "task_type": self.task_type,
            "online": self.online,
            "state": self.state,
        }
        return rows.filter(**{name: value for name, value in wanted.items() if value not in ("", None)})

    def fits(self, hit: Hit) -> bool:
        return (
            (not self.audience or hit.audience == self.audience)
            and (self.department is None or hit.department_id == self.department)
            and (not self.task_type or hit.task_type == self.task_type)
            and (self.online is None or hit.online == self.online)
            and (not self.state or hit.state == self.state)
        )


@dataclass(slots=True)
class Facet:
    """One way to narrow: (value, label, how many) in order of how many."""

    name: str
    label: str
    values: list[tuple[str, str, int]] = field(default_factory=list)


def published(audience: str = "", limit: int = 100) -> list[Item]:
    """Items in force by department and name, of one audience or all. 1 query."""
    rows = Item.objects.filter(state=PUBLISHED).select_related("department")
    if audience:
        rows = rows.filter(audience=audience)
    return list(rows.order_by("department__name", "name", "pk")[:limit])


def browse(filters: Filters) -> QuerySet[Item]:
    """Items in force, for paging by ("id",), with what a row shows."""
    rows = Item.objects.filter(state=PUBLISHED).select_related("department", "current")
    return filters.apply(rows).only(
        "name", "department__name", "task_type", "audience", "online", "mobile", "state", "code", "division",
        "current__summary", "current__promise_day", "current__limit_scene_num", "current__project_type",
        "current__promise_type", "current__task_code",
    )  # fmt: skip


def facets(filters: Filters, hits: Sequence[Hit] | None = None) -> list[Facet]:
    """How the list may be narrowed, each facet counted under the others. hits: of the question, when there is one; else the
    whole list is counted in one statement."""
    if hits is None:
        rows = Item.objects.filter(state=PUBLISHED).values_list("audience", "online", "department_id", "task_type")
        counted = [(*key, n) for *key, n in rows.annotate(n=Count("id")).order_by()]
    else:
        counted = [(h.audience, h.online, h.department_id, h.task_type, 1) for h in hits]
    chosen = (filters.audience, filters.online, filters.department, filters.task_type)
    tallies: list[Counter[Any]] = [Counter() for _ in chosen]
    for *key, n in counted:
        for place, tally in enumerate(tallies):
            others = (c in ("", None) or c == k for i, (c, k) in enumerate(zip(chosen, key, strict=True)) if i != place)
            if all(others):
                tally[key[place]] += n
    names = dict(Department.objects.filter(pk__in=[pk for pk in tallies[2] if pk]).values_list("pk", "name"))
    labels: list[tuple[str, str, Any]] = [
        ("for", "服务对象", lambda v: facts.AUDIENCES.get(v, "")),
        ("online", "办理方式", lambda v: "网上可办" if v else "窗口办理"),
        ("department", "办理部门", lambda v: names.get(v, "")),
        ("type", "事项类型", lambda v: facts.TASK_TYPES.get(v, "")),
    ]
    found = []
    for (name, label, say), tally in zip(labels, tallies, strict=True):
        facet = Facet(name, label)
        for value, n in sorted(tally.items(), key=lambda pair: (-pair[1], str(pair[0]))):
            if say(value):
                facet.values.append((str(int(value)) if isinstance(value, bool) else str(value), say(value), n))
        found.append(facet)
    return found


# -- what the desk sees -----------------------------------------------------------------------------------------------


def catalogue(actor: Actor, filters: Filters) -> QuerySet[Item]:
    """Every item of the actor's division, whatever its state, for paging by ("code", "id"). has_draft: a draft beside or
    instead of what is in force."""
    draft = ItemVersion.objects.filter(item=OuterRef("pk"), state=DRAFT)
    rows = Item.objects.filter(division=actor.division).select_related("department")
    return filters.apply(rows.annotate(has_draft=Exists(draft)))


def found(actor: Actor, filters: Filters, limit: int = 100) -> list[Item]:
    """Items of the actor's division that fit the question, best first, drafts and retired ones too."""
    hits = search(filters.text, limit, public=False)
    rows = {item.pk: item for item in catalogue(actor, filters).filter(pk__in=[h.id for h in hits])}
    return [rows[h.id] for h in hits if h.id in rows]


def departments(actor: Actor) -> list[tuple[int, str]]:
    """Departments of the division that have items."""
    rows = Department.objects.filter(division=actor.division, items__isnull=False).distinct()
    return list(rows.order_by("name").values_list("pk", "name"))


def item_for(actor: Actor, pk: int) -> Item:
    """The one gate of the desk: an item of the actor's division. Raises Refusal 404."""
    row = Item.objects.filter(pk=pk, division=actor.division).select_related("department", "current").first()
    if row is None:
        raise not_found()
    return row


def version_for(actor: Actor, pk: int) -> ItemVersion:
    """A version of an item of the actor's division, whole. Raises Refusal 404."""
    row = whole().filter(pk=pk, item__division=actor.division).first()
    if row is None:
        raise not_found()
    return row


def may_edit(actor: Actor, item: Item) -> bool:
    return actor.has("catalogue_editor", item.department.scope)


def departments_to_edit(actor: Actor) -> list[str]:
    """Names of the departments whose items the actor may write, in order. 1 query."""
    rows = Department.objects.filter(division=actor.division).order_by("name")
    return [row.name for row in rows if actor.has("catalogue_editor", row.scope)]


def last_change(version: ItemVersion) -> LogEvent | None:
    """Who wrote the version last, and when. 1 query."""
    kinds = ("version.drafted", "version.revised")
    return LogEvent.objects.filter(stream=version.stream, kind__in=kinds).order_by("-recorded_at", "-id").first()


def who(ref: str) -> str:
    """The name of a member of staff by its ref; "系统" for the platform's own acts."""
    kind, _, number = ref.partition(":")
    if kind == "staff" and number.isdecimal():
        return Staff.objects.filter(pk=int(number)).values_list("name", flat=True).first() or ""
    return "系统" if kind == "system" else ""


def history(item: Item, limit: int = 100) -> list[LogEvent]:
    """What happened to the item's versions, the latest first (what follows on the item itself is left out)."""
    streams = [f"version:{pk}" for pk in item.versions.values_list("pk", flat=True)]
    return list(LogEvent.objects.filter(stream__in=streams).order_by("-recorded_at", "-id")[:limit])


# -- lint and export --------------------------------------------------------------------------------------------------


def lint_context(version: ItemVersion, content: Mapping[str, Any] | None = None) -> lint.Context:
    """What lint must know beyond this version's content: codes of other items, the issuer, the departments. content: what is to stand
    in the version's place, with codes and a department of its own."""
    typed = {(name, str(content[name])) for name in NAMED if content[name]} if content else set()
    issuer = version.department.uscc
    if content and content["department"] != version.department.name:
        own = Department.objects.filter(division=version.item.division, name=content["department"])
        issuer = own.values_list("uscc", flat=True).first() or ""
    return replace(next(lint_contexts([version.item], typed)), issuer=issuer)


def lint_contexts(items: Sequence[Item], typed: Iterable[tuple[str, str]] = ()) -> Iterator[lint.Context]:
    """Of items of one division, in their order, in as many queries however many. typed: further (kind, code) of the first of them."""
    if not items:
        return
    division = items[0].division
    own: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for item_id, *codes in ItemVersion.objects.filter(item__in=items).values_list("item_id", *NAMED):
        own[item_id] |= {(name, code) for name, code in zip(NAMED, codes, strict=True) if code}
    own[items[0].pk] |= set(typed)
    owners: dict[tuple[str, str], dict[int, str]] = defaultdict(dict)
    for name in CODES:
        wanted = {code for codes in own.values() for n, code in codes if n == name}
        if not wanted:
            continue
        rows = ItemVersion.objects.filter(**{f"{name}__in": wanted}, item__division=division).exclude(state=RETIRED)
        if name == "task_code":
            rows = rows.filter(task_handle_item="")
        for item_id, code, title in rows.values_list("item_id", name, "item__name"):
            owners[name, code][item_id] = title
    names = frozenset(Department.objects.filter(division=division).values_list("name", flat=True))
    listed = known(division)
    carrying = {code for codes in own.values() for name, code in codes if name == "merged_into"}
    carriers = _carriers(division, carrying) if carrying else {}
    for item in items:
        others = {
            code: next(title for other, title in owners[name, code].items() if other != item.pk)
            for name, code in own[item.pk]
            if any(other != item.pk for other in owners[name, code])
        }
        yield lint.Context(taken=others, issuer=item.department.uscc, departments=names, carriers=carriers, **listed)


def _carriers(division: str, codes: Iterable[str]) -> dict[str, str]:
    """code -> name of those items that are in force. 1 query."""
    rows = Item.objects.filter(division=division, code__in=list(codes), state=PUBLISHED)
    return dict(rows.values_list("code", "name"))


def newest(division: str = "") -> Iterator[list[tuple[Item, ItemVersion]]]:
    """Every item that is not retired with its version in force, else its newest draft, in parts; memory stays constant."""
    rows = Item.objects.exclude(state=RETIRED).select_related("department").order_by("pk")
    if division:
        rows = rows.filter(division=division)
    last = 0
    while part := list(rows.filter(pk__gt=last)[:CHUNK]):
        last = part[-1].pk
        versions: dict[int, ItemVersion] = {}
        for version in whole().filter(item__in=part, state__in=[DRAFT, PUBLISHED]):
            if version.item_id not in versions or version.state == PUBLISHED:
                versions[version.item_id] = version
        yield [(item, versions[item.pk]) for item in part if item.pk in versions]


def export_names() -> list[str]:
    """Columns of an export: the national element names, department as the national table has it, nested lists at the end."""
    names = [e.name for e in shape.ELEMENTS if e.name != "department"]
    names.insert(names.index("dept_type"), "dept_name")
    return [*names, *shape.LISTS, *shape.PARTS, *shape.FREE]


def export_rows(division: str = "") -> Iterator[dict[str, str]]:
    """Items as `items import` reads them back unchanged: yes/no as 1/0, words joined by "、", nested lists as JSON."""
    for part in newest(division):
        for _, version in part:
            yield told(content(version))


def told(content: shape.Content) -> dict[str, str]:
    """A content as a row of a table, every column of `export_names` as text."""
    compact = shape.compact(content)
    compact["dept_name"] = compact.pop("department", "")
    return {name: _text(compact.get(name)) for name in export_names()}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list) and all(isinstance(v, str) and not set(v) & set("、，,;；[") for v in value):
        return "、".join(value)
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return "" if value is None else str(value)


def lint_all(division: str = "") -> Iterator[dict[str, Any]]:
    """Every finding of every item: {"level", "item", "code", "name", "department", "state", "element", "rule", "message", "mend",
    "law"}."""
    own = [division] if division else Item.objects.order_by("division").values_list("division", flat=True).distinct()
    for place in own:
        for part in newest(place):
            for (item, version), context in zip(part, lint_contexts([item for item, _ in part]), strict=True):
                for one in lint.check(content(version), replace(context, issuer=version.department.uscc)):
                    yield {
                        "level": one.severity,
                        "item": item.pk,
                        "code": item.code,
                        "name": item.name,
                        "department": item.department.name,
                        "state": version.state,
                        "element": one.element,
                        "rule": one.code,
                        "message": one.message,
                        "mend": one.mend,
                        "law": one.law,
                    }
