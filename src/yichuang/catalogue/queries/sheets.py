"""Blank forms and samples that an editor uploaded for materials."""

from __future__ import annotations

from collections.abc import Mapping

from yichuang.catalogue.queries.versions import not_found
from yichuang.catalogue.rules.facts import VersionFacts
from yichuang.core.models import File

KINDS: Mapping[str, str] = {"form": "form_guid", "example": "example_guid"}
"""kind of sheet -> the element of a material that names it."""

Sheets = dict[str, dict[str, File]]


def sheets(version: VersionFacts) -> Sheets:
    """material code -> kind -> file, of the materials that have one. At most 1 query; none when no material names one.

    What an import brought along from another system names no file here and is left out.
    """
    named = {(m.code, kind): digest for m in version.materials for kind, digest in _named(m) if digest}
    if not named:
        return {}
    rows = File.objects.filter(
        owner=f"item:{version.item_id}", digest__in=set(named.values()), erased_at__isnull=True
    ).order_by("pk")
    kept = {row.digest: row for row in rows}
    found: Sheets = {}
    for (code, kind), digest in named.items():
        if digest in kept:
            found.setdefault(code, {})[kind] = kept[digest]
    return found


def sheet_of(version: VersionFacts, material: str, kind: str) -> File:
    """One file. Raises Refusal 404 when the material has none of this kind."""
    file = sheets(version).get(material, {}).get(kind)
    if file is None:
        raise not_found()
    return file


def _named(material: object) -> list[tuple[str, str]]:
    return [(kind, str(getattr(material, name))) for kind, name in KINDS.items()]
