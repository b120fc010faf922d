"""Materials against what the version asks: what is there, what is lacking, what may follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yichuang.catalogue.rules.facts import MaterialFacts, VersionFacts

PRESENT = ("provided", "paper", "exempt")


@dataclass(frozen=True, slots=True)
class Handed:
    """What came in for one material. ticks: the check points found in order. deferred: the day by which it will follow."""

    files: int = 0
    copies: int = 0
    ticks: tuple[str, ...] = ()
    deferred: date | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """One material of the case. applies: asked under the form's answers."""

    code: str
    name: str
    need: str
    applies: bool
    state: str
    points: tuple[str, ...]
    ticks: tuple[str, ...] = ()

    @property
    def lacking(self) -> bool:
        """Required, and neither handed in nor exempt nor agreed to follow."""
        return self.applies and self.need == "1" and self.state not in PRESENT

    @property
    def to_agree(self) -> bool:
        """May follow later (容缺), is not there, and no day has been agreed yet."""
        return self.applies and self.need == "3" and self.state not in (*PRESENT, "deferred")


def check(version: VersionFacts, values: Mapping[str, Any], handed: Mapping[str, Handed]) -> tuple[Checked, ...]:
    """Every material of the version with its state."""
    asked = {m.code for m in version.materials_for(values)}
    return tuple(_one(m, handed.get(m.code, Handed()), m.code in asked) for m in version.materials)


def _one(material: MaterialFacts, handed: Handed, applies: bool) -> Checked:
    if handed.files:
        state = "provided"
    elif handed.copies:
        state = "paper"
    elif material.exempt:
        state = "exempt"
    else:
        state = "deferred" if handed.deferred else "missing"
    ticks = tuple(p for p in material.points if p in handed.ticks)
    return Checked(material.code, material.name, material.need, applies, state, material.points, ticks)


def states(lines: Iterable[Checked]) -> dict[str, str]:
    """code -> state of the materials that are asked: what an event says of them."""
    return {line.code: line.state for line in lines if line.applies}
