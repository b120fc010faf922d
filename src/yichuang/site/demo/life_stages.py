"""The model district's stages of life, as far as its catalogue has the items: `life.toml` through the public verbs."""

from __future__ import annotations

import tomllib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from yichuang.catalogue import commands as catalogue
from yichuang.catalogue.models import Item
from yichuang.catalogue.models.item import PUBLISHED
from yichuang.core.actor import Actor

SOURCE = Path(__file__).with_name("life.toml")


@cache
def contents() -> dict[str, Any]:
    return tomllib.loads(SOURCE.read_text(encoding="utf-8"))


def enter(by: Actor, at: datetime) -> int:
    """Stages and situations of `by`'s division; returns how many situations there are. What is there already is left as it is.

    An item that the district has not published is left out, and a situation of which nothing is left.
    """
    there = set(Item.objects.filter(division=by.division, state=PUBLISHED).values_list("code", flat=True))
    for n, stage in enumerate(contents()["stages"]):
        catalogue.set_stage(**stage, position=n, by=by, at=at)
    entered = 0
    for n, situation in enumerate(contents()["situations"]):
        items = [code for code in situation["items"] if code in there]
        if items:
            catalogue.set_situation(**(situation | {"items": items}), position=n, by=by, at=at)
            entered += 1
    return entered
