"""Every read of figures. Import from here."""

from yichuang.reports.queries.catalogue import Before, changes, in_force
from yichuang.reports.queries.figures import Evidence, evidence, figure_of, figures

__all__ = ["Before", "Evidence", "changes", "evidence", "figure_of", "figures", "in_force"]
