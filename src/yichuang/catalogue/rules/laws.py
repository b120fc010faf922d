"""Articles of laws as people write them: 第十四条第一款, 第十二条、第十六条, 第五条至第九条, 第一百二十条之一.

Pure: words in, places out. A place is (number, branch): 第十四条 is (14, 0), 第一百二十条之一 is (120, 1).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

Place = tuple[int, int]
MOST = 9999

DIGITS = {"〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
UNITS = {"十": 10, "百": 100, "千": 1000}
_WRITTEN = "〇一二三四五六七八九"

_NUM = r"[〇零一二两三四五六七八九十百千\d]+"
_AND, _TO = r"[、,和及与]", r"(?:至|到|-+|—+|–|~)"
_ARTICLE = re.compile(
    rf"(?:第|(?<=[、,和及与至到\-—–~]))\s*(?P<list>{_NUM}(?:\s*(?:{_AND}|{_TO})\s*{_NUM})*)\s*条(?:之(?P<branch>{_NUM}))?"
)
_PART = re.compile(rf"第?\s*\(?{_NUM}\)?(?:\s*{_AND}\s*\(?{_NUM}\)?)*\s*[款项目]|的?规定|\s")
_PIECE = re.compile(rf"\s*(?P<join>{_AND}|{_TO})?\s*(?P<num>{_NUM})")
_STATE = "中华人民共和国"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Articles from first to last, both of them in it."""

    first: Place
    last: Place

    def __contains__(self, place: object) -> bool:
        return isinstance(place, tuple) and self.first <= place <= self.last


def plain(text: str) -> str:
    """Full-width letters, digits and brackets as their plain ones; "〇" and Chinese numerals stay."""
    return unicodedata.normalize("NFKC", text)


def numeral(text: str) -> int | None:
    """一百二十 -> 120, 一二〇 -> 120, 14 -> 14; None for what is no number from 1 to 9999 ("十十", "百")."""
    text = plain(text).strip()
    if text.isascii() and text.isdigit():
        value = int(text) if len(text) <= 4 else 0
    elif text and all(c in DIGITS for c in text) and (len(text) == 1 or "零" not in text):
        value = int("".join(str(DIGITS[c]) for c in text)) if len(text) <= 4 else 0
    else:
        value = _by_units(text)
    return value if 1 <= value <= MOST else None


def _by_units(text: str) -> int:
    """The value of digits and units, each unit smaller than the one before; 0 when it is not well formed."""
    total, digit, last, gap = 0, None, 10_000, False
    for c in text:
        if c in ("零", "〇"):
            if digit is not None or gap or not total:
                return 0
            gap = True
        elif c in DIGITS:
            if digit is not None:
                return 0
            digit = DIGITS[c]
        elif c in UNITS:
            unit = UNITS[c]
            if unit >= last or (digit is None and (unit != 10 or total)):
                return 0
            total += (1 if digit is None else digit) * unit
            digit, last, gap = None, unit, False
        else:
            return 0
    if gap and digit is None:
        return 0
    return total + (digit or 0)


def spell(number: int) -> str:
    """120 -> 一百二十, 10 -> 十, 1005 -> 一千零五. Raises ValueError outside 1 to 9999."""
    if not 1 <= number <= MOST:
        raise ValueError(f"no article has the number {number}")
    told, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            told += ("零" if gap else "") + ("" if unit == 10 and digit == 1 and not told else _WRITTEN[digit]) + name
            gap = False
        else:
            gap = bool(told)
    return told


def label(place: Place) -> str:
    """(120, 1) -> 第一百二十条之一."""
    number, branch = place
    return f"第{spell(number)}条" + (f"之{spell(branch)}" if branch else "")


def spans(text: str) -> tuple[Span, ...]:
    """The articles that the words name, in order, joined where they meet; () when they name none (小餐饮许可有关条款, 第三章).

    Paragraphs and points (第一款, 第（三）项) are read over: the article they stand in counts. A range written backwards is
    read forwards."""
    text = plain(text)
    found: list[Span] = []
    end = 0
    for match in _ARTICLE.finditer(text):
        here = _listed(match["list"], match["branch"])
        if here is None:
            continue
        between = _PART.sub("", text[end : match.start()])
        if found and re.fullmatch(_TO, between):
            before = found.pop()
            here = [_span(before.first, here[0].last), *here[1:]]
        found += here
        end = match.end()
    return joined(found)


def _listed(words: str, branch: str | None) -> list[Span] | None:
    """十二、十六 -> two; 五至九 -> one. None when a number is not well formed."""
    found: list[Span] = []
    for piece in _PIECE.finditer(words):
        number = numeral(piece["num"])
        if number is None:
            return None
        place = (number, 0)
        if piece["join"] and found and re.fullmatch(_TO, piece["join"]):
            found[-1] = _span(found[-1].first, place)
        else:
            found.append(Span(place, place))
    sub = numeral(branch) if branch else None
    if sub and found:
        at = (found[-1].last[0], sub)
        found[-1] = Span(at if found[-1].first == found[-1].last else found[-1].first, at)
    return found or None


def _span(a: Place, b: Place) -> Span:
    return Span(min(a, b), max(a, b))


def joined(found: Iterable[Span]) -> tuple[Span, ...]:
    """In order; what overlaps becomes one."""
    told: list[Span] = []
    for span in sorted(found):
        if told and span.first <= told[-1].last:
            told[-1] = Span(told[-1].first, max(told[-1].last, span.last))
        else:
            told.append(span)
    return tuple(told)


def holds(found: Iterable[Span], place: Place) -> bool:
    return any(place in span for span in found)


def short(name: str) -> str:
    """The name as texts shorten it: without 中华人民共和国 and without what stands in brackets at its end (（2019年修订）)."""
    bare = re.sub(r"\s*\([^()]*\)\s*$", "", plain(name)).strip().strip("《》")
    return bare.removeprefix(_STATE) or bare


def named(text: str, name: str) -> tuple[Span, ...] | None:
    """The articles of the law `name` that a text names: None when it does not name the law, () when it names it whole.

    《名称》 is read up to the next 《; a name without marks counts where no other word runs into it, so that
    公共场所卫生管理条例 is not found in 公共场所卫生管理条例实施细则."""
    text, wanted = plain(text), short(name)
    if not wanted or wanted not in text:
        return None
    found: list[str] = []
    for match in re.finditer(r"《([^《》]+)》([^《]*)", text):
        if short(match[1]) == wanted:
            found.append(re.sub(r"^\s*\([^()]*\)", "", match[2]))
    outside = re.sub(r"《[^《》]*》", "《》", text)
    bare = re.compile(
        rf"(?:(?<![\u4e00-\u9fff])|(?<=根据|依据|按照|依照))(?:{_STATE})?{re.escape(wanted)}(?=第|[^\u4e00-\u9fff《]|$)([^《》;。]*)"
    )
    found += [match[1] for match in bare.finditer(outside)]
    if not found:
        return None
    read = [spans(words) for words in found]
    return () if any(not one for one in read) else joined(span for one in read for span in one)
