"""Items as lists and pages need them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yichuang.catalogue.models import Item, ItemVersion
from yichuang.catalogue.models.item import DRAFT, PUBLISHED, RETIRED
from yichuang.catalogue.queries.versions import content, whole
from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules import lint
from yichuang.catalogue.rules.lint import Context
from yichuang.identity.models import Department

BATCH = 500


def lint_context(item: Item) -> Context:
    """What lint must know beyond the newest content of this item: codes of others, the issuer, the departments."""
    names = ("task_handle_item", "task_code", "local_task_code")
    codes = {code for row in ItemVersion.objects.filter(item=item).values_list(*names) for code in row if code}
    taken: dict[str, str] = {}
    for name in names:
        rows = ItemVersion.objects.filter(**{f"{name}__in": codes}, item__division=item.division).exclude(item=item)
        if name == "task_code":
            rows = rows.filter(task_handle_item="")
        taken |= dict(rows.exclude(state=RETIRED).values_list(name, "item__name"))
    return Context(
        taken=taken,
        issuer=item.department.uscc,
        departments=frozenset(Department.objects.filter(division=item.division).values_list("name", flat=True)),
    )


def published(audience: str = "", limit: int = 100) -> list[Item]:
    """Items in force by department and name, of one audience or all. 1 query."""
    rows = Item.objects.filter(state=PUBLISHED).select_related("department")
    if audience:
        rows = rows.filter(audience=audience)
    return list(rows.order_by("department__name", "name", "pk")[:limit])


def _newest() -> Iterator[tuple[Item, shape.Content]]:
    """Every item that is not retired, with the content of the version in force, else of its newest draft."""
    wanted = Item.objects.exclude(state=RETIRED).select_related("department").order_by("code")
    items = {item.pk: item for item in wanted}
    drafts = ItemVersion.objects.filter(item__current=None, state=DRAFT).order_by("number")
    newest = dict(drafts.values_list("item_id", "pk"))  # the last one of each item stays
    newest |= {item.pk: item.current_id for item in items.values() if item.current_id}
    chosen = [newest[pk] for pk in items if pk in newest]
    for start in range(0, len(chosen), BATCH):
        for version in whole().filter(pk__in=chosen[start : start + BATCH]).order_by("item__code"):
            yield items[version.item_id], content(version)


def export_rows() -> Iterator[dict[str, str]]:
    """Items in the national element names, as `items import` reads them back; lists within an element joined by "、"."""
    for _item, told in _newest():
        yield {e.name: _text(told[e.name]) for e in shape.ELEMENTS}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list | tuple):
        return "、".join(str(v) for v in value)
    return "" if value is None else str(value)


def lint_all() -> Iterator[dict[str, str]]:
    """Every finding of every item: {"level", "code", "name", "element", "message", "mend", "law"}."""
    for item, told in _newest():
        for found in lint.check(told, lint_context(item)):
            yield {
                "level": found.severity,
                "code": item.code,
                "name": item.name,
                "element": found.element,
                "message": found.message,
                "mend": found.mend,
                "law": found.law,
            }
