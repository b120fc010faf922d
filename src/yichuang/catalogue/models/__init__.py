"""Tables of the catalogue. Import from here."""

from yichuang.catalogue.models.adjustment import Adjustment, AdjustmentLine, AdjustmentOpinion
from yichuang.catalogue.models.item import Item, ItemVersion
from yichuang.catalogue.models.law import Citation, Law
from yichuang.catalogue.models.parts import Alias, Condition, Fee, Material, Question, Step
from yichuang.catalogue.models.search import Posting, Term

__all__ = [
    "Adjustment",
    "AdjustmentLine",
    "AdjustmentOpinion",
    "Alias",
    "Citation",
    "Condition",
    "Fee",
    "Item",
    "ItemVersion",
    "Law",
    "Material",
    "Posting",
    "Question",
    "Step",
    "Term",
]
