"""What `chinesecalendar` knows, as rows for the table."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, datetime
from importlib.metadata import version

from chinese_calendar.constants import holidays, workdays
from django.apps.registry import Apps

from yichuang.core.rules.hours import DEFAULT
from yichuang.core.rules.notices import Day

FIRST_YEAR = 2018
LAST_YEAR = max(holidays).year
YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
SOURCE = f"国务院办公厅关于各年度节假日安排的通知（据 chinesecalendar {version('chinesecalendar')}）"
NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}


def days() -> Iterator[Day]:
    """Holidays and make-up days of `YEARS`, in order. The library lists holidays' make-up days also when a weekday."""
    known: dict[date, Day] = {}
    for table, working in ((holidays, False), (workdays, True)):
        for on, name in table.items():
            if on.year in YEARS:
                known[on] = Day(on, working, NAMES[name])
    yield from (known[on] for on in sorted(known))


def fill(tables: Apps, at: datetime) -> None:
    """First filling, by the migration that follows the tables: years, days, default hours, version 1."""
    year, day = tables.get_model("core", "CalendarYear"), tables.get_model("core", "CalendarDay")
    version, hours = tables.get_model("core", "CalendarVersion"), tables.get_model("core", "ServiceHours")
    if version.objects.exists():
        return
    year.objects.bulk_create(
        [year(year=y, published=True, source=SOURCE, changed_at=at, changed_by="system:calendar") for y in YEARS]
    )
    day.objects.bulk_create([day(day=d.on, working=d.working, name=d.name, source=SOURCE) for d in days()])
    hours.objects.bulk_create([hours(opens=o.opens, closes=o.closes) for o in DEFAULT.every])
    version.objects.create(pk=1, version=1, stamp=uuid.uuid4().hex)
