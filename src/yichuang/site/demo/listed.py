"""What the model district has listed: the 证明事项 that its items ask for, and the intermediary services that it keeps."""

from __future__ import annotations

import tomllib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from yichuang.catalogue import commands as catalogue
from yichuang.catalogue.models import Certificate, Intermediary
from yichuang.core.actor import Actor

HERE = Path(__file__).parent


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
