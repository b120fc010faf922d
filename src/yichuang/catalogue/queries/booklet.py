"""一册通: the persons' stages of life as one booklet. Template "catalogue/booklet".

What it says is decided by `booklet` alone; the edition's number and date, and the QR codes, are added when it is printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any

from yichuang.catalogue.models import ItemVersion
from yichuang.catalogue.models.item import PUBLISHED
from yichuang.catalogue.queries.guide import Guide, material_words, source_words
from yichuang.catalogue.queries.life import life
from yichuang.catalogue.queries.versions import facts_of, whole
from yichuang.catalogue.rules.facts import MaterialFacts
from yichuang.catalogue.rules.pinyin import syllables

LAYOUT = 1
"""Goes up when the booklet's template says something else of the same content."""
CHUNK = 50
OTHER = "#"


def booklet(division: str, tell: Callable[[int], None] = lambda count: None) -> dict[str, Any]:
    """Stages, situations, items and index of names. tell: how many items were read, each time some were.

    items: by id, as text; each is printed where it is named first. A constant number of queries for each CHUNK of items.
    """
    stages = life(division, audience="person")
    named = [item.id for stage in stages for situation in stage.situations for item in situation.items]
    ids = list(dict.fromkeys(named))
    items: dict[str, dict[str, Any]] = {}
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        for row in whole().filter(item__in=part, state=PUBLISHED):
            items[str(row.item_id)] = _item(row)
        tell(len(part))
    told = []
    printed: set[int] = set()
    for stage in stages:
        situations = []
        for situation in stage.situations:
            rows = []
            for item in situation.items:
                rows.append({"id": str(item.id), "here": item.id not in printed})
                printed.add(item.id)
            situations.append(
                {"code": situation.code, "name": situation.name, "summary": situation.summary, "rows": rows}
            )
        told.append({"code": stage.code, "name": stage.name, "summary": stage.summary, "situations": situations})
    return {
        "layout": LAYOUT,
        "stages": told,
        "items": items,
        "index": index_of((one["name"], key) for key, one in items.items()),
        "counts": {
            "stages": len(told),
            "situations": sum(len(stage["situations"]) for stage in told),
            "items": len(items),
            "nearby": sum(one["nearby"] for one in items.values()),
        },
    }


def index_of(names: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    """(name, key) by the sound of the name: [{"letter", "names": [[name, key]]}]; what has no sound stands last."""

    def sound(pair: tuple[str, str]) -> tuple[str, tuple[str, ...], str]:
        syllable = _sounds(pair[0])
        first = syllable[0][:1].upper() if syllable else ""
        return (first if "A" <= first <= "Z" else "~", syllable, pair[0])

    ordered = sorted(names, key=sound)
    return [
        {"letter": OTHER if letter == "~" else letter, "names": [list(pair) for pair in group]}
        for letter, group in groupby(ordered, key=lambda pair: sound(pair)[0])
    ]


def _sounds(name: str) -> tuple[str, ...]:
    """Syllables of a name, a Latin letter or digit at its start as it stands."""
    start = name[:1]
    if start.isascii() and start.isalnum():
        return (start.lower(), *syllables(name))
    return syllables(name)


def _item(row: ItemVersion) -> dict[str, Any]:
    guide = Guide(facts_of(row), row.department)
    v, e, organ = guide.version, guide.elements, guide.organ
    visits = f"{v.visits}次" if v.visits else "不用跑"
    return {
        "name": v.name,
        "code": v.item_code,
        "summary": v.summary,
        "department": v.department,
        "promised": guide.promised,
        "visits": visits,
        "fee": "；".join(f"{fee.name} {fee.standard}" for fee in v.fees) or "收费" if v.is_fee else "不收费",
        "who": "；".join(v.conditions) or e.get("accept_condition") or "",
        "bring": [_material(m) for m in guide.brought],
        "held": [m.name for m in guide.held],
        "where": e.get("transact_addr") or organ.address,
        "when": e.get("transact_time") or "",
        "phone": e.get("link_way") or organ.phone,
        "online": v.online,
        "nearby": bool(row.is_nearby),
    }


def _material(m: MaterialFacts) -> list[str]:
    """Name, and what is asked of it; what goes without saying (必要, 申请人自备) is left out."""
    return [m.name, "，".join(_words(m))]


def _words(m: MaterialFacts) -> Iterator[str]:
    yield from (word for word in material_words(m) if word and word != "必要")
    if m.source != "10" or m.source_explain:
        yield from filter(None, [source_words(m)])
    if m.when:
        yield "视情况"
