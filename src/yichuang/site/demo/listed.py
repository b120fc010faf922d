"""What the model district has listed: the 证明事项 that its items ask for, the intermediary services that it keeps, and its public
lists as they were first published."""

from __future__ import annotations

import tomllib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from yichuang.catalogue import commands as catalogue
from yichuang.catalogue import queries
from yichuang.catalogue.models import Certificate, Intermediary, ListEdition
from yichuang.catalogue.rules.lists import LISTS
from yichuang.core.actor import Actor

HERE = Path(__file__).parent
FIRST = {"commitment": "阎良区告知承诺制涉企经营许可事项清单（第一批）"}
"""list -> the title of its first edition, where it is not the list's name"""


@cache
def _read(name: str) -> dict[str, Any]:
    with (HERE / name).open("rb") as file:
        return tomllib.load(file)


def certificates() -> list[dict[str, Any]]:
    return list(_read("certificates.toml")["certificates"])


def intermediaries() -> list[dict[str, Any]]:
    told = _read("intermediaries.toml")
    shared = {name: told[name] for name in ("flow", "fee_way", "independence")}
    return [{**shared, **one} for one in told["intermediaries"]]


def enter(by: Actor, at: datetime) -> None:
    """Lists them, once: before the items are entered, so that every item is held to the lists."""
    there = set(Certificate.objects.filter(division=by.division).values_list("code", flat=True))
    for one in certificates():
        if one["code"] not in there:
            catalogue.list_certificate(one, by=by, at=at)
    there = set(Intermediary.objects.filter(division=by.division).values_list("code", flat=True))
    for one in intermediaries():
        if one["code"] not in there:
            catalogue.list_intermediary(one, by=by, at=at)


def publish(by: Actor, at: datetime) -> None:
    """Publishes the first edition of every list that has content and none yet."""
    there = set(ListEdition.objects.filter(division=by.division).values_list("code", flat=True))
    for code, one in LISTS.items():
        if code in there or next(queries.list_rows(one, by.division), None) is None:
            continue
        title = FIRST.get(code, f"阎良区{one.name}")
        catalogue.publish_edition(code, division=by.division, title=title, by=by, at=at)
