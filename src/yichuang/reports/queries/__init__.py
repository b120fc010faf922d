"""Every read of figures and of what reforms changed. Import from here."""

from yichuang.reports.queries.catalogue import Before, changes, in_force
from yichuang.reports.queries.figures import Evidence, evidence, figure_of, figures
from yichuang.reports.queries.reform import Reformed, Stage, Way, reform, reform_history

__all__ = [
    "Before",
    "Evidence",
    "Reformed",
    "Stage",
    "Way",
    "changes",
    "evidence",
    "figure_of",
    "figures",
    "in_force",
    "reform",
    "reform_history",
]
