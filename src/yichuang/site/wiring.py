"""What follows from what: one literal table, kind of event -> reactions. There are no Django signals."""

from __future__ import annotations

from yichuang.core.log import Reaction

REACTIONS: dict[str, tuple[Reaction, ...]] = {}
