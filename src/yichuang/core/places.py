"""Where the public is served, as lower packages need it: the table of the wiring, not the package that keeps the points."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from django.conf import settings

Points = Callable[[str], list[tuple[str, str]]]
"""A division -> (code, name) of its service points."""


def points(division: str) -> list[tuple[str, str]]:
    """(code, name) of the service points of a division that are open to the public, the district's hall first. 1 query."""
    ask: Points = import_module(settings.YICHUANG_WIRING).POINTS
    return ask(division)
