"""Tables of cases. Import from here."""

from yichuang.cases.models.case import Case, CaseStep, CaseSuspension
from yichuang.cases.models.desk import Bar, ClockRule, StaffNotice
from yichuang.cases.models.draft import Draft, DraftFile
from yichuang.cases.models.papers import CaseForm, CaseMaterial, Document, MaterialFile, Statement

__all__ = [
    "Bar",
    "Case",
    "CaseForm",
    "CaseMaterial",
    "CaseStep",
    "CaseSuspension",
    "ClockRule",
    "Document",
    "Draft",
    "DraftFile",
    "MaterialFile",
    "StaffNotice",
    "Statement",
]
