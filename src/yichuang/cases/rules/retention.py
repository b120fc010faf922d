"""How long the file of a finished case is kept, whoever asks for its erasure (个人信息保护法 47, second paragraph)."""

from __future__ import annotations

from datetime import date

LAW = "《中华人民共和国个人信息保护法》第四十七条第二款、《中华人民共和国档案法》"


def kept_until(ended_on: date, years: int) -> date:
    """The last day: whole years from the year after the one in which the case ended, as archives count."""
    return date(ended_on.year + years, 12, 31)


def ended_before(on: date, years: int) -> date:
    """Cases that ended before this day are not kept any longer on the day `on`. The reverse of `kept_until`."""
    return date(on.year - years, 1, 1)
