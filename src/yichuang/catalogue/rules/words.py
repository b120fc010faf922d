"""The words of search: which terms an item's content gives and how much each weighs.

Terms carry the family in their first letter: b two characters side by side, w a longer word (segmented), p two syllables
side by side (folded sounds: finds full pinyin and homophones typed by mistake), i initials (three in a row, or a whole short
word), = a whole alias, # a code. Two characters side by side need no dictionary and forgive a wrong character elsewhere.

Weight of a term in an item: BM25F with constant average lengths, so that it depends on the item alone and the same item weighs
the same on every database and at every time. w = sum over fields of boost * tf / (1 - b + b * len / average); then
1000 * w / (w + K).

How a question is read into the same terms: rules.question. How items are scored: queries.search.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules import pinyin

LONGEST = 40
K = 6.0


@dataclass(frozen=True, slots=True)
class FieldWeight:
    boost: float
    average: float
    b: float
    sounds: bool = False


FIELDS: Mapping[str, FieldWeight] = {
    "name": FieldWeight(6.0, 16, 0.6, sounds=True),
    "alias": FieldWeight(5.0, 8, 0.3, sounds=True),
    "result": FieldWeight(2.5, 10, 0.5, sounds=True),
    "topic": FieldWeight(1.5, 8, 0.5),
    "summary": FieldWeight(2.0, 30, 0.7),
    "department": FieldWeight(1.2, 9, 0.5),
    "law": FieldWeight(0.6, 20, 0.7),
    "material": FieldWeight(0.5, 60, 0.8),
}


def cut(run: str) -> list[str]:
    """Chinese text in words."""
    import rjieba  # its dictionary is large: loaded with the first question or item

    words: list[str] = rjieba.cut(run)
    return words


def clean(text: str) -> str:
    """Full-width to half-width, lower case, control characters to spaces."""
    return re.sub(r"[\s\x00-\x1f]+", " ", unicodedata.normalize("NFKC", text)).strip().lower()


# -- what an item says ------------------------------------------------------------------------------------------------


def said(content: shape.Content) -> Iterator[tuple[str, str]]:
    """(field, text) of everything that is searched."""
    yield "name", content["task_name"]
    for alias in content["aliases"]:
        yield "alias", alias
    if content["licence"]:
        yield "result", content["licence"]["name"]
    yield "result", content["result_name"]
    for topic in (*content["user_topic_type"], *content["corp_topic_type"]):
        yield "topic", topic
    yield "summary", content["summary"]
    yield "department", content["department"]
    for citation in content["citations"]:
        yield "law", citation["law"]
    for material in content["materials"]:
        yield "material", material["material_name"]


def weigh(content: shape.Content) -> dict[str, int]:
    """term -> weight, 1 to 1000, of a whole content (rules.content.normalise)."""
    counts: dict[str, dict[str, int]] = {}
    lengths: dict[str, int] = {}
    for field, text in said(content):
        text = clean(text)
        lengths[field] = lengths.get(field, 0) + len(text)
        for term in terms(text, sounds=FIELDS[field].sounds):
            by_field = counts.setdefault(term, {})
            by_field[field] = by_field.get(field, 0) + 1
    weights: dict[str, int] = {}
    for term, by_field in counts.items():
        total = 0.0
        for field, count in by_field.items():
            how = FIELDS[field]
            length = lengths[field] / how.average if field != "alias" else 1.0  # many aliases are no fault
            total += how.boost * count / (1 - how.b + how.b * length)
        weights[term] = max(1, round(1000 * total / (total + K)))
    for alias in content["aliases"]:
        weights["=" + squeeze(clean(alias))[: LONGEST - 1]] = 1000
    for name in ("local_task_code", "task_code", "task_handle_item", "catalog_code", "local_catalog_code"):
        if content[name]:
            weights["#" + clean(content[name])[: LONGEST - 1]] = 1000
    return weights


def squeeze(text: str) -> str:
    return re.sub(r"[^0-9a-z\u3400-\u9fff]", "", text)


def terms(text: str, *, sounds: bool) -> Iterator[str]:
    """Every term of a cleaned text, repeats included."""
    for run in re.findall(r"[\u3400-\u9fff]+|[0-9a-z]+", text):
        if not pinyin.HAN.match(run):
            yield "w" + run[: LONGEST - 1]
            continue
        yield from ("b" + run[n : n + 2] for n in range(len(run) - 1))
        if len(run) == 1:
            yield "b" + run
        pieces = [w for w in cut(run) if len(w) > 1]
        yield from ("w" + w[: LONGEST - 1] for w in pieces if len(w) > 2)
        if not sounds:
            continue
        heard = pinyin.syllables(run)
        if len(heard) != len(run):
            continue
        folded = [pinyin.fold(s) for s in heard]
        yield from (f"p{folded[n]} {folded[n + 1]}" for n in range(len(run) - 1))
        first = "".join(s[0] for s in heard)
        yield from ("i" + first[n : n + 3] for n in range(len(run) - 2))
        place = 0
        for word in cut(run):
            if len(word) == 2:
                yield "i" + first[place : place + 2]
            place += len(word)
