"""A list costs the same number of queries at 2 rows and at 200, and the number is written down.

`pinned(name, act)` runs `act` and compares what it cost with `query_counts.json`; with `YICHUANG_PIN_QUERIES=1` in the
environment the number is written there instead, for a person to look at in the change.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from django.db import connection
from django.test.utils import CaptureQueriesContext

PINS = Path(__file__).with_name("query_counts.json")
Answer = TypeVar("Answer")


def pinned(name: str, act: Callable[[], Answer]) -> Answer:
    """The answer of `act`, whose number of queries is that of `name`."""
    with CaptureQueriesContext(connection) as caught:
        answer = act()
    pins: dict[str, int] = json.loads(PINS.read_text()) if PINS.exists() else {}
    if os.environ.get("YICHUANG_PIN_QUERIES"):
        PINS.write_text(json.dumps({**pins, name: len(caught)}, indent=2, sort_keys=True) + "\n")
        return answer
    told = "\n".join(query["sql"][:160] for query in caught.captured_queries)
    assert len(caught) == pins.get(name), f"{name}: {len(caught)} queries, {pins.get(name)} are written down\n{told}"
    return answer
