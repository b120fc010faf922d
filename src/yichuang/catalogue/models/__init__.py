"""Tables of the catalogue. Import from here."""

from yichuang.catalogue.models.adjustment import Adjustment, AdjustmentLine, AdjustmentOpinion
from yichuang.catalogue.models.follow import Follow, Telling
from yichuang.catalogue.models.item import Item, ItemVersion
from yichuang.catalogue.models.law import Article, Citation, Law, LawVersion, ReviewTask
from yichuang.catalogue.models.life import BookletEdition, LifeSituation, LifeStage, SituationItem
from yichuang.catalogue.models.listing import Certificate, EditionRow, Intermediary, ListEdition
from yichuang.catalogue.models.need import NeedRequest, QuestionAnswer, UnansweredQuestion
from yichuang.catalogue.models.parts import Alias, Condition, Fee, Handling, Material, Question, Step
from yichuang.catalogue.models.remark import VersionRemark
from yichuang.catalogue.models.search import Posting, Term

__all__ = [
    "Adjustment",
    "AdjustmentLine",
    "AdjustmentOpinion",
    "Alias",
    "Article",
    "BookletEdition",
    "Certificate",
    "Citation",
    "Condition",
    "EditionRow",
    "Fee",
    "Follow",
    "Handling",
    "Intermediary",
    "Item",
    "ItemVersion",
    "Law",
    "LawVersion",
    "LifeSituation",
    "LifeStage",
    "ListEdition",
    "Material",
    "NeedRequest",
    "Posting",
    "Question",
    "QuestionAnswer",
    "ReviewTask",
    "SituationItem",
    "Step",
    "Telling",
    "Term",
    "UnansweredQuestion",
    "VersionRemark",
]
