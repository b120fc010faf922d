"""Reading a year's holiday notice: rows of dates, what is wrong with them, and what they would change."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from yichuang.core.refusal import Refusal

KINDS = {
    "holiday": False,
    "放假": False,
    "休": False,
    "makeup_workday": True,
    "调休上班": True,
    "上班": True,
    "班": True,
}
HEADERS = {"日期": "date", "名称": "name", "节日": "name", "节假日": "name", "类型": "kind", "类别": "kind"}
FIRST_YEAR = 2000
AHEAD = 3  # no notice is published more than a year ahead; a typing error in the year is
FIXED = ((1, 1, "元旦"), (5, 1, "劳动节"), (10, 1, "国庆节"))  # rest in every year, 全国年节及纪念日放假办法
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Day:
    """A day as a notice names it. working: a make-up day (True) or a holiday (False)."""

    on: date
    working: bool
    name: str


def read(data: bytes) -> list[dict[str, str]]:
    """Rows of a CSV file, UTF-8 or GB 18030, with the headings date, name, kind (or 日期, 名称, 类型).

    Raises Refusal 422 "calendar.unreadable".
    """
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        text = ""
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
    except csv.Error:
        rows = []
    named = [
        {HEADERS.get(k.strip(), k.strip()): (v or "").strip() for k, v in row.items() if k and not isinstance(v, list)}
        for row in rows
    ]
    if not named or not {"date", "name", "kind"} <= set(named[0]):
        raise Refusal(
            "calendar.unreadable",
            "没有读到放假安排：文件应为CSV表格，并含有“日期、名称、类型”三列。",
            "请按页面提供的样例整理后重新上传，编码为UTF-8或GB18030均可。",
            status=422,
        )
    return named


def check(rows: Iterable[Mapping[str, str]], *, today: date) -> list[Day]:
    """The days of a notice, in order.

    Raises Refusal 422 "calendar.rows" with every bad row in `fields` ("第3行" -> what is wrong), none is taken over.
    """
    wrong: dict[str, str] = {}
    days: dict[date, Day] = {}
    for number, row in enumerate(rows, start=2):  # the heading is line 1
        try:
            day = _day(row, today)
            if day.on in days:
                raise ValueError(f"日期“{day.on.isoformat()}”重复出现")
            days[day.on] = day
        except ValueError as error:
            wrong[f"第{number}行"] = str(error)
    if wrong:
        shown = "；".join(f"{row}：{why}" for row, why in list(wrong.items())[:SHOWN])
        more = f"；另有{len(wrong) - SHOWN}行" if len(wrong) > SHOWN else ""
        raise Refusal(
            "calendar.rows",
            f"放假安排中有{len(wrong)}行不正确，未作任何更改。{shown}{more}。",
            "请对照国务院办公厅通知改正这些行后重新导入。",
            fields=wrong,
            status=422,
        )
    if not days:
        raise Refusal("calendar.empty", "放假安排中没有任何日期。", "请核对文件内容后重新上传。", status=422)
    return [days[on] for on in sorted(days)]


def whole_years(days: Iterable[Day], *, published: frozenset[int]) -> frozenset[int]:
    """Years that the days tell completely, and whose days replace what was known before.

    The other years must be published already: their days amend it (a notice names the last days of the year before,
    and is sometimes amended during the year). Raises Refusal 422 "calendar.incomplete".
    """
    days = list(days)
    rest = {day.on for day in days if not day.working}
    years = {day.on.year for day in days}
    whole = {y for y in years if all(date(y, month, day) in rest for month, day, _ in FIXED)}
    missing = {
        f"{y}年": f"缺少{'、'.join(name for m, d, name in FIXED if date(y, m, d) not in rest)}"
        for y in sorted(years - whole - published)
    }
    if missing:
        raise Refusal(
            "calendar.incomplete",
            f"放假安排不完整：{'；'.join(f'{year}{what}' for year, what in missing.items())}。",
            "请补齐该年度全部放假和调休日期后重新导入；跨年的日期请在上一年度安排公布后再导入。",
            fields=missing,
            status=422,
        )
    return frozenset(whole)


def _day(row: Mapping[str, str], today: date) -> Day:
    on = _date(row.get("date", ""))
    if not FIRST_YEAR <= on.year <= today.year + AHEAD:
        raise ValueError(f"年份“{on.year}”不在{FIRST_YEAR}年至{today.year + AHEAD}年之间")
    kind = row.get("kind", "").strip()
    if kind not in KINDS:
        raise ValueError(f"类型“{kind}”不认识，应为“放假”或“调休上班”")
    name = row.get("name", "").strip()
    if not name or len(name) > 40:
        raise ValueError("名称没有填写" if not name else "名称超过40个字")
    return Day(on, KINDS[kind], name)


def _date(text: str) -> date:
    found = re.fullmatch(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})日?", text.strip())
    try:
        if found is None:
            raise ValueError
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise ValueError(f"日期“{text}”不存在，应写作2027-01-01") from None


def remarks(days: Iterable[Day]) -> tuple[str, ...]:
    """What is possible but rare, for a person to look at before entering it: "resume work on Monday" is a notice, too."""
    return tuple(
        f"{day.on.isoformat()}（{_weekday(day.on)}）本来就是工作日，表中列为调休上班"
        for day in days
        if day.working and day.on.weekday() < 5
    )


def _weekday(day: date) -> str:
    return "星期" + "一二三四五六日"[day.weekday()]
