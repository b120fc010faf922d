"""Every write of the catalogue. Import from here."""

from yichuang.catalogue.commands.adjustments import (
    approve_adjustment,
    ask_opinions,
    disapprove_adjustment,
    effect_adjustment,
    effect_due,
    give_opinion,
    note_overdue,
    pass_legal_review,
    propose_adjustment,
    publish_adjustment,
    record_past_adjustment,
    return_legal_review,
    revise_adjustment,
    send_to_legal,
    withdraw_adjustment,
)
from yichuang.catalogue.commands.booklet import print_booklet, start_booklet
from yichuang.catalogue.commands.imports import Rejected, Report, import_items, rehearse
from yichuang.catalogue.commands.laws import add_law_version, answer_review, look_at_version, set_law
from yichuang.catalogue.commands.life import item_retired, remove_situation, set_situation, set_stage
from yichuang.catalogue.commands.listed import (
    amend_certificate,
    amend_intermediary,
    list_certificate,
    list_intermediary,
    unlist_certificate,
    unlist_intermediary,
)
from yichuang.catalogue.commands.lists import publish_edition, publish_list, start_list
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
    "add_law_version",
    "amend_certificate",
    "amend_intermediary",
    "answer_review",
    "approve_adjustment",
    "ask_opinions",
    "create_item",
    "disapprove_adjustment",
    "draft_version",
    "effect_adjustment",
    "effect_due",
    "export_table",
    "give_opinion",
    "import_items",
    "import_table",
    "item_retired",
    "list_certificate",
    "list_intermediary",
    "look_at_version",
    "matched",
    "note_overdue",
    "pass_legal_review",
    "print_booklet",
    "propose_adjustment",
    "publish_adjustment",
    "publish_edition",
    "publish_list",
    "publish_version",
    "put_sheet",
    "record_past_adjustment",
    "rehearse",
    "remove_situation",
    "retire_version",
    "return_legal_review",
    "revise_adjustment",
    "revise_draft",
    "send_to_legal",
    "set_law",
    "set_situation",
    "set_stage",
    "start_booklet",
    "start_export",
    "start_import",
    "start_list",
    "take_sheet",
    "unlist_certificate",
    "unlist_intermediary",
    "withdraw_adjustment",
]
