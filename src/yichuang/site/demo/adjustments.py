"""The adjustments of powers of the model district since 2020, entered from `adjustments.toml` as old papers."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from yichuang.catalogue import commands as catalogue
from yichuang.catalogue.models import Adjustment, Item
from yichuang.core.actor import Actor

FILE = Path(__file__).with_suffix(".toml")
POWER = ("way", "name", "from", "to", "note")


def contents() -> dict[str, Any]:
    with FILE.open("rb") as file:
        return tomllib.load(file)


def enter(by: Actor, at: datetime) -> int:
    """Enters what is not there yet, by number. A power taken over is linked to the item of its name, when the catalogue has
    it. Returns how many powers were entered."""
    told = contents()
    there = set(Adjustment.objects.filter(division=by.division).values_list("number", flat=True))
    codes = dict(Item.objects.filter(division=by.division).order_by("-pk").values_list("name", "code"))
    entered = 0
    with transaction.atomic():
        for one in told["adjustments"]:
            if one["number"] in there:
                continue
            lines = [dict(zip(POWER, power, strict=True)) for power in one["powers"]]
            for line in lines:
                line["code"] = codes.get(line["name"], "") if line["way"] == "take_over" else ""
            given = {key: one[key] for key in ("title", "basis", "number", "approval", "published_on", "effective_on")}
            catalogue.record_past_adjustment(**given, reason=told["note"], lines=lines, by=by, at=at)
            entered += len(lines)
    return entered
