"""The working-day calendar in the database: loading, seeding, a year's notice, hours of service.

`current()` is the value to hand to rules; ask for it once per request. Counting itself is in `rules/workdays.py`.
"""

from yichuang.core.calendar.loading import current, hours_of, own_hours, published_years
from yichuang.core.calendar.notices import Change, Plan, import_year, plan, seed
from yichuang.core.calendar.openings import Line, set_hours
from yichuang.core.calendar.year import YearView, show
from yichuang.core.rules.notices import read

__all__ = [
    "Change",
    "Line",
    "Plan",
    "YearView",
    "current",
    "hours_of",
    "import_year",
    "own_hours",
    "plan",
    "published_years",
    "read",
    "seed",
    "set_hours",
    "show",
]
