"""Tables of the catalogue. Import from here."""

from yichuang.catalogue.models.item import Item, ItemVersion
from yichuang.catalogue.models.law import Article, Citation, Law, LawVersion, ReviewTask
from yichuang.catalogue.models.parts import Alias, Condition, Fee, Material, Question, Step
from yichuang.catalogue.models.search import Posting, Term

__all__ = [
    "Alias",
    "Article",
    "Citation",
    "Condition",
    "Fee",
    "Item",
    "ItemVersion",
    "Law",
    "LawVersion",
    "Material",
    "Posting",
    "Question",
    "ReviewTask",
    "Step",
    "Term",
]
