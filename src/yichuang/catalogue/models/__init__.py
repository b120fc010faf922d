"""Tables of the catalogue. Import from here."""

from yichuang.catalogue.models.item import Item, ItemVersion
from yichuang.catalogue.models.law import Citation, Law
from yichuang.catalogue.models.listing import Certificate, EditionRow, Intermediary, ListEdition
from yichuang.catalogue.models.parts import Alias, Condition, Fee, Handling, Material, Question, Step
from yichuang.catalogue.models.search import Posting, Term

__all__ = [
    "Alias",
    "Certificate",
    "Citation",
    "Condition",
    "EditionRow",
    "Fee",
    "Handling",
    "Intermediary",
    "Item",
    "ItemVersion",
    "Law",
    "ListEdition",
    "Material",
    "Posting",
    "Question",
    "Step",
    "Term",
]
