"""开放数据: the items in force, row by row in constant memory, and what each column means."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Sum

from yichuang.catalogue.models import ItemVersion
from yichuang.catalogue.models.item import PUBLISHED
from yichuang.catalogue.queries.items import export_names, told
from yichuang.catalogue.queries.versions import content, whole
from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules.reading import section_of

PART = 200
KINDS = {
    "text": "文字",
    "code": "代码",
    "codes": "代码，可多个",
    "yes": "是否（1 是，0 否）",
    "days": "天数",
    "count": "次数",
    "words": "文字，可多个",
}


def open_state(division: str) -> tuple[int, str]:
    """(number of items in force, a mark that changes with any of them). 1 query."""
    found = ItemVersion.objects.filter(state=PUBLISHED, item__division=division).aggregate(n=Count("pk"), ids=Sum("pk"))
    return found["n"], f"{division}-{found['n']}-{found['ids'] or 0}"


def open_versions(division: str) -> Iterator[ItemVersion]:
    """The versions in force, whole, in the order of their making; so many at a time."""
    last = 0
    while True:
        rows = whole().filter(state=PUBLISHED, item__division=division, pk__gt=last).order_by("pk")[:PART]
        part = list(rows)
        yield from part
        if len(part) < PART:
            return
        last = part[-1].pk


def open_rows(division: str) -> Iterator[dict[str, str]]:
    """As tables have them: by national element names, words joined, nested lists as JSON."""
    for version in open_versions(division):
        yield told(content(version))


def open_documents(division: str) -> Iterator[dict[str, Any]]:
    """As JSON has them: nested lists as lists; what says nothing is left out."""
    for version in open_versions(division):
        assert version.effective_on is not None  # published
        yield {
            "id": version.item_id,
            "number": version.number,
            "effective_on": version.effective_on.isoformat(),
            "digest": version.digest,
            **shape.compact(content(version)),
        }


def dictionary() -> list[dict[str, str]]:
    """What each column of the items means: element, label, group, kind, codes."""
    found = []
    for name in export_names():
        key = "department" if name == "dept_name" else name
        element = shape.BY_NAME.get(key)
        codes = element.codes if element and element.codes else {}
        found.append(
            {
                "要素名": name,
                "名称": shape.LABELS[key],
                "分组": section_of(key),
                "类型": KINDS.get(element.kind, "文字") if element else "JSON",
                "代码": "；".join(f"{code} {label}" for code, label in codes.items()),
            }
        )
    return found
