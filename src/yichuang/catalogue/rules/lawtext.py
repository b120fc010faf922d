"""A version of a law read from Markdown or from the rows of a table. Bad rows are listed; nothing is guessed.

Markdown: `# 名称`, then lines such as `文号：国务院令第714号` and `施行日期：2019-04-23`, chapters as headings
(`## 第一章 总则`) or as lines of their own, articles as paragraphs that begin with `第一条`, further paragraphs of an
article below it, our own summary of it in lines that begin with `>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from yichuang.catalogue.rules.lawchanges import ArticleText
from yichuang.catalogue.rules.laws import label, numeral, plain, short

MOST_ARTICLES, MOST_TEXT, MOST_SUMMARY = 2000, 20000, 2000
ENCODINGS: Mapping[str, str] = {"utf-8-sig": "UTF-8", "gb18030": "GB 18030"}
META: Mapping[str, str] = {
    "文号": "number",
    "层级": "level",
    "效力层级": "level",
    "制定机关": "organ",
    "公布机关": "organ",
    "通过日期": "passed_on",
    "公布日期": "published_on",
    "施行日期": "effective_on",
    "生效日期": "effective_on",
    "来源": "source_url",
    "网址": "source_url",
    "修订说明": "note",
}
DAYS = ("passed_on", "published_on", "effective_on")
HEADINGS = {
    "article": ("article", "条", "条号"),
    "text": ("text", "条文", "正文"),
    "summary": ("summary", "摘要", "大意"),
}

_NUM = r"[〇零一二两三四五六七八九十百千\d]+"
_ARTICLE = re.compile(rf"^第\s*({_NUM})\s*条(?:之({_NUM}))?(?P<gap>[\s　:：]*)(.*)$")
_ARTICLE_ONLY = re.compile(rf"^第?\s*({_NUM})\s*条?(?:之({_NUM}))?$")
_CHAPTER = re.compile(rf"^第\s*{_NUM}\s*[编章节](?:\s|　|$).*$")
_DAY = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$")


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that cannot be read. row: its number in the file, from 1."""

    row: int
    text: str
    reason: str


@dataclass(slots=True)
class Read:
    """What was read. meta: by the names of META's values, days as ISO text. bad: every row that must be mended first."""

    name: str = ""
    meta: dict[str, str] = field(default_factory=dict)
    articles: list[ArticleText] = field(default_factory=list)
    bad: list[Bad] = field(default_factory=list)
    encoding: str = ""


def decode(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding (UTF-8 or GB 18030). Raises ValueError for what is neither, or no text."""
    for codec, name in ENCODINGS.items():
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text, name
    raise ValueError("文字编码不是 UTF-8 或 GB 18030")


def day_of(text: str) -> date | None:
    """2019-04-23, 2019年4月23日; None for what is no day."""
    match = _DAY.match(plain(text).strip())
    try:
        return date(*(int(part) for part in match.groups())) if match else None
    except ValueError:
        return None


def markdown(text: str, of: str = "") -> Read:
    """Reads every line: what is not understood is in `bad`, never passed over. of: the law that it should be, if known."""
    read, keep = Read(), _Keeper()
    for row, line in enumerate(text.splitlines(), 1):
        words = line.strip().strip("　").strip()
        if not words:
            continue
        if words.startswith("#"):
            title = words.lstrip("#").strip()
            if words.startswith("# ") and not read.name and not keep.rows:
                read.name = title.strip("《》")
            elif _CHAPTER.match(title) or keep.rows or not _ARTICLE.match(title):
                keep.chapter = title
            continue
        if words.startswith(">"):
            keep.more(row, words.lstrip("> ").strip(), read, summary=True)
            continue
        match = _ARTICLE.match(words)
        if match and keep.begins(match):
            keep.begin(row, words, match, read)
        elif _CHAPTER.match(words) and len(words) <= 60:
            keep.chapter = re.sub(r"[\s　]+", " ", words)
        elif keep.rows:
            keep.more(row, words, read)
        else:
            _meta(row, words, read)
    read.articles = keep.rows
    _finish(read, keep)
    if not read.name:
        read.bad.insert(0, Bad(1, "", "第一行应为“# 法规名称”"))
    elif of and short(read.name) != short(of):
        read.bad.insert(0, Bad(1, read.name[:60], f"这是《{read.name}》，不是《{of}》"))
    return read


class _Keeper:
    """The articles so far, and where each began."""

    def __init__(self) -> None:
        self.rows: list[ArticleText] = []
        self.where: list[int] = []
        self.chapter = ""
        self.lost = False

    def begins(self, match: re.Match[str]) -> bool:
        """An article, not a sentence that begins with one (第三条规定的……): a gap follows its number, or it is the next one."""
        if match["gap"] or not match[4]:
            return True
        place = _place(match[1], match[2])
        last = self.rows[-1].number if self.rows else 0
        return place is not None and place[0] == last + 1

    def begin(self, row: int, words: str, match: re.Match[str], read: Read) -> None:
        place = _place(match[1], match[2])
        if place is None:
            self.lost = True
            read.bad.append(Bad(row, words[:60], "条号写得不对"))
            return
        self.lost = False
        self.put(row, ArticleText(*place, text=match[4].strip(), chapter=self.chapter), words, read)

    def put(self, row: int, one: ArticleText, words: str, read: Read) -> None:
        if any(one.place == other.place for other in self.rows):
            read.bad.append(Bad(row, words[:60], f"{one.label}出现了两次"))
        elif self.rows and one.place < self.rows[-1].place:
            read.bad.append(Bad(row, words[:60], f"{one.label}排在{self.rows[-1].label}之后，次序不对"))
        self.rows.append(one)
        self.where.append(row)

    def more(self, row: int, words: str, read: Read, *, summary: bool = False) -> None:
        if self.lost:
            return
        if not self.rows:
            read.bad.append(Bad(row, words[:60], "大意应写在条文之后"))
            return
        last = self.rows[-1]
        before = last.summary if summary else last.text
        whole = f"{before}\n{words}" if before else words
        self.rows[-1] = replace(last, summary=whole) if summary else replace(last, text=whole)


def _place(number: str, branch: str | None) -> tuple[int, int] | None:
    n, b = numeral(number), numeral(branch) if branch else 0
    return None if n is None or b is None else (n, b)


def _meta(row: int, words: str, read: Read) -> None:
    """A line before the first article: one of META, or the note in brackets under the name."""
    key, _, value = plain(words).lstrip("-* ").partition(":")
    name = META.get(key.strip("* "))
    value = value.strip()
    if name is None:
        if words[0] in "（(" and words[-1] in "）)":
            return
        read.bad.append(Bad(row, words[:60], "看不懂这一行：应为“文号：…”一类说明，或以“第…条”开头的条文"))
    elif name in DAYS:
        day = day_of(value)
        if day is None:
            read.bad.append(Bad(row, words[:60], "日期写得不对，应如 2019-04-23 或 2019年4月23日"))
        else:
            read.meta[name] = day.isoformat()
    elif value:
        read.meta[name] = value


def _finish(read: Read, keep: _Keeper) -> None:
    for row, one in zip(keep.where, keep.rows, strict=True):
        if not one.text and not one.summary:
            read.bad.append(Bad(row, one.label, f"{one.label}既没有条文，也没有大意"))
        if len(one.text) > MOST_TEXT or len(one.summary) > MOST_SUMMARY:
            read.bad.append(
                Bad(row, one.label, f"{one.label}太长：条文不超过{MOST_TEXT}字，大意不超过{MOST_SUMMARY}字")
            )
    if not keep.rows:
        read.bad.append(Bad(1, "", "没有读到条文：条文应以“第一条”这样的条号开头"))
    elif len(keep.rows) > MOST_ARTICLES:
        read.bad.append(Bad(keep.where[MOST_ARTICLES], "", f"条文超过{MOST_ARTICLES}条"))
    read.bad.sort(key=lambda b: b.row)


def table(rows: Iterable[Mapping[str, str]]) -> Read:
    """Rows with the columns article, text, summary (条号, 条文, 大意 too); the heading is row 1. Empty rows are passed over."""
    read, keep = Read(), _Keeper()
    for number, row in enumerate(rows, 2):
        cells = {name: next((row[h] for h in names if row.get(h)), "").strip() for name, names in HEADINGS.items()}
        if not any(cells.values()):
            if any(row.values()):
                read.bad.append(
                    Bad(number, " ".join(row.values())[:60], "没有条号（article）、条文（text）或大意（summary）列")
                )
            continue
        match = _ARTICLE_ONLY.match(plain(cells["article"]))
        place = _place(match[1], match[2]) if match else None
        if place is None:
            read.bad.append(Bad(number, cells["article"][:60], "条号写得不对，应如“第十四条”或 14"))
            continue
        one = ArticleText(*place, text=cells["text"], summary=cells["summary"])
        keep.put(number, one, one.label, read)
    read.articles = keep.rows
    _finish(read, keep)
    return read


__all__ = ["Bad", "Read", "day_of", "decode", "label", "markdown", "table"]
