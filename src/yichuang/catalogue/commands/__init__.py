"""Every write of the catalogue. Import from here."""

from yichuang.catalogue.commands.imports import Rejected, Report, import_items, rehearse
from yichuang.catalogue.commands.listed import (
    amend_certificate,
    amend_intermediary,
    list_certificate,
    list_intermediary,
    unlist_certificate,
    unlist_intermediary,
)
from yichuang.catalogue.commands.sheets import put_sheet, take_sheet
from yichuang.catalogue.commands.tables import export_table, import_table, matched, start_export, start_import
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
    "amend_certificate",
    "amend_intermediary",
    "create_item",
    "draft_version",
    "export_table",
    "import_items",
    "import_table",
    "list_certificate",
    "list_intermediary",
    "matched",
    "publish_version",
    "put_sheet",
    "rehearse",
    "retire_version",
    "revise_draft",
    "start_export",
    "start_import",
    "take_sheet",
    "unlist_certificate",
    "unlist_intermediary",
]
