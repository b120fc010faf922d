"""Every write of the catalogue. Import from here."""

from yichuang.catalogue.commands.imports import Rejected, Report, import_items
from yichuang.catalogue.commands.versions import (
    create_item,
    draft_version,
    publish_version,
    retire_version,
    revise_draft,
)

__all__ = [
    "Rejected",
    "Report",
    "create_item",
    "draft_version",
    "import_items",
    "publish_version",
    "retire_version",
    "revise_draft",
]
