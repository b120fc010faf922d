"""Decision tables, judged by zen-engine: which rows of a table do given answers meet?

A row has a cell for every column: the values of which the answer must be one, or none at all when any answer will do.
Every row that is met is told, so that the caller sees a table that matches nothing or twice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson
import zen

Cells = tuple[tuple[str, ...], ...]
VALUE = re.compile(r"[A-Za-z0-9_.\-]{1,60}")
"""What a value of a cell may be: it stands in quotes in the engine's own language."""
_engine = zen.ZenEngine()


def met(columns: Sequence[str], rows: Sequence[Sequence[Sequence[str]]], answers: Mapping[str, str]) -> list[int]:
    """The numbers (from 0) of the rows that the answers meet, in order. rows: for each, a cell per column. An answer that is
    not there counts as "". Raises ValueError for a value that is no VALUE."""
    cells = tuple(tuple(tuple(cell) for cell in row) for row in rows)
    if not cells:
        return []
    told = {f"c{n}": answers.get(name, "") for n, name in enumerate(columns)}
    found: Any = _decision(len(columns), cells).evaluate(told)["result"]
    return sorted(int(one["row"]) for one in found)


@lru_cache(maxsize=1024)
def _decision(columns: int, rows: tuple[Cells, ...]) -> zen.ZenDecision:
    names = [f"c{n}" for n in range(columns)]
    rules = [
        {"_id": str(n), **{name: _cell(cell) for name, cell in zip(names, row, strict=True)}, "row": str(n)}
        for n, row in enumerate(rows)
    ]
    table = {
        "hitPolicy": "collect",
        "inputs": [{"id": name, "name": name, "field": name} for name in names],
        "outputs": [{"id": "row", "name": "row", "field": "row"}],
        "rules": rules,
    }
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {"id": "table", "type": "decisionTableNode", "name": "table", "content": table},
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "table", "type": "edge"},
        {"id": "2", "sourceId": "table", "targetId": "out", "type": "edge"},
    ]
    return _engine.create_decision(orjson.dumps({"nodes": nodes, "edges": edges}).decode())


def _cell(values: tuple[str, ...]) -> str:
    for value in values:
        if not VALUE.fullmatch(value):
            raise ValueError(f"“{value}”不能作为决策表的值")
    return ",".join(f'"{value}"' for value in values)
