"""What a new version of a law changes, and which elements of an item that touches. Pure values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from yichuang.catalogue.rules.laws import Place, Span, holds, label, named, short, spans
from yichuang.core.events import canonical, digest

EXPLAINED = ("by_law", "anticipate_explain", "promise_explain", "fee_basis", "limit_explain", "special_procedure")
"""Elements of a version whose words may name a law: shown with what is touched, though they alone do not ask for a review."""


@dataclass(frozen=True, slots=True)
class ArticleText:
    """One article as loaded. number, branch: 第十四条 is 14, 0. text: only where the operator loaded it."""

    number: int
    branch: int = 0
    text: str = ""
    summary: str = ""
    chapter: str = ""

    @property
    def place(self) -> Place:
        return (self.number, self.branch)

    @property
    def label(self) -> str:
        return label(self.place)


@dataclass(frozen=True, slots=True)
class Changes:
    """changed, added, removed: articles by place. whole: nobody knows which, so that every article counts as changed.
    first: there is no version before, so that nothing counts as changed unless it was named."""

    changed: tuple[Place, ...] = ()
    added: tuple[Place, ...] = ()
    removed: tuple[Place, ...] = ()
    named: tuple[Span, ...] = ()
    whole: bool = False
    first: bool = False

    @property
    def nothing(self) -> bool:
        return not (self.changed or self.added or self.removed or self.named or self.whole)

    def hits(self, cited: Iterable[Span]) -> bool:
        """Whether a cited article was changed or removed."""
        cited = tuple(cited)
        if self.whole:
            return bool(cited)
        if any(holds(cited, place) for place in (*self.changed, *self.removed)):
            return True
        return any(a.first <= b.last and b.first <= a.last for a in cited for b in self.named)

    def as_data(self) -> dict[str, Any]:
        """For the log and the version's row: labels a person reads."""
        return {
            "changed": [label(p) for p in self.changed],
            "added": [label(p) for p in self.added],
            "removed": [label(p) for p in self.removed],
            "named": [_span_label(s) for s in self.named],
            "whole": self.whole,
            "first": self.first,
        }


def _span_label(span: Span) -> str:
    return label(span.first) if span.first == span.last else f"{label(span.first)}至{label(span.last)}"


def compare(
    before: Sequence[ArticleText] | None, after: Sequence[ArticleText], *, named: Iterable[Span] = ()
) -> Changes:
    """before: None when there is no version before. named: articles that the editor says were changed, beside what the texts
    show. When either side has no articles and none are named, every article counts as changed."""
    named = tuple(named)
    if before is None:
        return Changes(named=named, first=True)
    if not before or not after:
        return Changes(named=named, whole=not named)
    old, new = {a.place: a for a in before}, {a.place: a for a in after}
    both = sorted(old.keys() & new.keys())
    return Changes(
        changed=tuple(place for place in both if _differs(old[place], new[place])),
        added=tuple(sorted(new.keys() - old.keys())),
        removed=tuple(sorted(old.keys() - new.keys())),
        named=named,
    )


def version_digest(number: str, effective_on: date, articles: Iterable[ArticleText]) -> str:
    """What a version of a law is known by: its number, its day and its articles in their order."""
    told = [[a.number, a.branch, a.text, a.summary] for a in articles]
    return digest(canonical({"number": number.strip(), "effective_on": effective_on.isoformat(), "articles": told}))


def outline_digest(articles: Iterable[ArticleText]) -> str:
    """Of the chapters under which the articles stand, in their order."""
    return digest(canonical([[a.label, a.chapter] for a in articles]))


def _differs(old: ArticleText, new: ArticleText) -> bool:
    """By their texts where both have one, by their summaries otherwise. Spaces and line ends are no change."""
    if old.text and new.text:
        return _bare(old.text) != _bare(new.text)
    return _bare(old.summary) != _bare(new.summary) or bool(old.text) != bool(new.text)


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


@dataclass(frozen=True, slots=True)
class Resting:
    """What of a version of an item may name the law. citations: (position, article) of that law only; materials, fees:
    (position, by_law); words: other elements by name."""

    citations: tuple[tuple[int, str], ...] = ()
    materials: tuple[tuple[int, str], ...] = ()
    fees: tuple[tuple[int, str], ...] = ()
    words: tuple[tuple[str, str], ...] = ()


def touched(law: str, changes: Changes, held: Resting, *, repealed: bool = False) -> tuple[str, ...]:
    """The elements that a change of the law touches: ("citations.0", "materials.1.by_law"), () when it does not touch the item.

    A citation without an article is touched by any change; a material or a fee is when its basis names the law and an
    article that was changed or removed. repealed: whatever names the law is touched. When something is touched, the
    explanations that name the law are listed too."""
    if changes.nothing and not repealed:
        return ()
    found = []
    for position, article in held.citations:
        cited = spans(article)
        if repealed or not cited or changes.hits(cited):
            found.append(f"citations.{position}")
    for key, rows in (("materials", held.materials), ("fees", held.fees)):
        for position, words in rows:
            cited_here = named(words, law)
            if cited_here is not None and (repealed or changes.hits(cited_here)):
                found.append(f"{key}.{position}.by_law")
    if found:
        for name, words in held.words:
            cited_here = named(words, law)
            if cited_here is not None and (repealed or not cited_here or changes.hits(cited_here)):
                found.append(name)
    return tuple(found)


WORDS: Mapping[str, str] = {
    "by_law": "设定依据一栏",
    "anticipate_explain": "法定办结时限说明",
    "promise_explain": "承诺办结时限说明",
    "fee_basis": "收费依据",
    "limit_explain": "数量限制",
    "special_procedure": "特别程序",
}


def element_words(element: str) -> str:
    """ "citations.0" -> 设定依据第1条, "materials.1.by_law" -> 第2项材料的依据."""
    key, _, rest = element.partition(".")
    if key in ("citations", "materials", "fees"):
        n = int(rest.partition(".")[0]) + 1
        return {"citations": f"第{n}条设定依据", "materials": f"第{n}项材料的依据", "fees": f"第{n}项收费的依据"}[key]
    return WORDS.get(element, element)


__all__ = ["EXPLAINED", "ArticleText", "Changes", "Resting", "compare", "element_words", "short", "touched"]
