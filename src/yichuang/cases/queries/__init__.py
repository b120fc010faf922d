"""Every read of cases that a screen or a package above needs, visibility included. Import from here."""

from yichuang.cases.queries.concerned import CONCERNED
from yichuang.cases.queries.drafts import draft_for, my_drafts
from yichuang.cases.queries.gate import case_for, documents_for, material_file, roles_in, visible_cases
from yichuang.cases.queries.lists import colleagues, counts, handlers_for, my_cases, notices, staff_to_name, worklist
from yichuang.cases.queries.page import CasePage, case_page, correction_points, delivery_of, explain, form_of, timeline
from yichuang.cases.queries.standing import barred, duplicates, retained, stays
from yichuang.cases.queries.window import applicant_at_window, frequent_items, kept_files, known, may_apply, points_of

__all__ = [
    "CONCERNED",
    "CasePage",
    "applicant_at_window",
    "barred",
    "case_for",
    "case_page",
    "colleagues",
    "correction_points",
    "counts",
    "delivery_of",
    "documents_for",
    "draft_for",
    "duplicates",
    "explain",
    "form_of",
    "frequent_items",
    "handlers_for",
    "kept_files",
    "known",
    "material_file",
    "may_apply",
    "my_cases",
    "my_drafts",
    "notices",
    "points_of",
    "retained",
    "roles_in",
    "staff_to_name",
    "stays",
    "timeline",
    "visible_cases",
    "worklist",
]
