"""Finding items by what people say.

Three statements, and a fourth where a list is long, whatever the question and however many items:
1. how many items have each term of the question (and which terms begin with a single character or syllable);
2. for each term the items in which it weighs most, up to TOP (an index holds them in that order);
3. the weights of the best items that a cut list left out;
4. the cards of the best.
The score of an item: for each unit of the question the best of its alternatives (factor * sum of idf * weight), summed; then
lowered where much of the question is not met, and raised where the name itself holds the question.

Measured (2 cores, SQLite, 340 questions, processor time of the whole call): 1,135 items 2.7 ms in the middle and 4.7 ms at the
95th percentile; 100,000 items 8.3 and 15 ms, because no list is read beyond TOP. An index in the process was the other way: it
answers as fast, but every process would build and hold it (a minute and hundreds of megabytes for a province).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Case, Q, When
from django.db.models.functions import Collate

from yichuang.catalogue.models import Item, Posting, Term
from yichuang.catalogue.models.item import PUBLISHED
from yichuang.catalogue.rules import question as reading
from yichuang.catalogue.rules import words

EXPANDED = 12
"""Most terms that a single character or syllable stands for."""
TOP = 250
"""Longest list read per term."""
DEEP = 120
"""How many of the best are scored in full and may be shown."""
ENOUGH, ENOUGH_BY_SOUND = 0.34, 0.55
"""Least part of the question (by how much its pieces tell) that a hit must meet to be firm."""
LOOSE, LOOSE_BY_SOUND, BESIDE = 0.1, 0.34, 0.4
"""Least part that a loose hit must meet, and of the best hit's score: people tell a story, and one word of it is what they want.
The page says that these may not be it."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One item found. by_sound: only its sound fits what was typed ("did you mean"). loose: it meets little of the question."""

    id: int
    code: str
    name: str
    department: str
    department_id: int
    task_type: str
    audience: str
    online: bool
    mobile: bool
    state: str
    score: float
    by_sound: bool = False
    loose: bool = False
    summary: str = ""
    promised: int | None = None
    visits: int | None = None

    @property
    def draft(self) -> bool:
        return self.state != PUBLISHED


def search(text: str, limit: int = 20, *, public: bool = True) -> list[Hit]:
    """The items that fit a question, best first, the loose ones after all firm ones. public: only what is published; otherwise
    drafts and retired ones too, marked by their state. An empty question finds nothing."""
    question = reading.read(text)
    if not question.units:
        return []
    counts, expanded, total = _counts(question, public=public)
    question = reading.chosen(question, counts, expanded)
    known = [t for t in question.terms if counts.get(t)]
    if not known:
        return []
    lists = _lists(known, public=public)
    idf = {t: math.log(1 + (total - counts[t] + 0.5) / (counts[t] + 0.5)) for t in known}
    scores = _scores(question, lists, idf)
    best = sorted(scores, key=lambda item: (-scores[item].score, item))[:DEEP]
    cut = [t for t in known if counts[t] > TOP]
    if cut:
        scores = _scores(question, _complete(lists, best, cut), idf)
    return _ranked(question, scores, limit)


@dataclass(slots=True)
class _Score:
    """met: how much of the question, 0 to 1. by_sound: nothing of it is met but by its sound."""

    score: float = 0.0
    met: float = 0.0
    by_sound: bool = True


Lists = dict[str, dict[int, int]]
"""term -> item -> weight."""


def _counts(question: reading.Question, *, public: bool) -> tuple[dict[str, int], dict[str, list[str]], int]:
    """(items per term, terms per prefix, number of items). One statement."""
    exact = Q(text__in=[*question.terms, ""])
    condition = exact
    sqlite = connection.vendor == "sqlite"
    for prefix in question.prefixes:  # each database by the form that its index serves
        after = prefix[:-1] + chr(ord(prefix[-1]) + 1)
        condition |= Q(text__gte=prefix, text__lt=after) if sqlite else Q(text__startswith=prefix)
    column = "published" if public else "total"
    rows = Term.objects.filter(condition, **{f"{column}__gt": 0}).order_by(
        Case(When(exact, then=0), default=1), f"-{column}", Collate("text", "BINARY" if sqlite else "C")
    )
    counts = dict(rows.values_list("text", column)[: len(question.terms) + 1 + EXPANDED * len(question.prefixes)])
    expanded = {p: [t for t in counts if t.startswith(p)][:EXPANDED] for p in question.prefixes}
    return counts, expanded, counts.get("", 0)


def _lists(terms: Sequence[str], *, public: bool) -> Lists:
    """The tops of the terms' lists. One statement."""
    parameters: list[Any]
    pairs = [(term, scope) for term in terms for scope in ((1,) if public else (1, 0))]
    if connection.vendor == "sqlite":
        one = (
            "SELECT * FROM (SELECT term, item_id, weight FROM catalogue_posting WHERE term = %s AND scope = %s "
            "ORDER BY weight DESC, item_id LIMIT %s)"
        )
        statement = " UNION ALL ".join([one] * len(pairs))
        parameters = [value for term, scope in pairs for value in (term, scope, TOP)]
    else:  # one plan for all lists: planning a union of many would cost more than reading them
        statement = (
            "SELECT wanted.term, part.item_id, part.weight FROM unnest(%s::text[], %s::int[]) AS wanted (term, scope) "
            "CROSS JOIN LATERAL (SELECT item_id, weight FROM catalogue_posting AS p WHERE p.term = wanted.term "
            "AND p.scope = wanted.scope ORDER BY weight DESC, item_id LIMIT %s) AS part"
        )
        parameters = [[term for term, _ in pairs], [scope for _, scope in pairs], TOP]
    lists: Lists = {term: {} for term in terms}
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        for term, item, weight in cursor.fetchall():
            lists[term][item] = weight
    return lists


def _complete(lists: Lists, best: Sequence[int], cut: Sequence[str]) -> Lists:
    """The lists of the best items alone, with what the cut lists did not show of them. One statement."""
    wanted = set(best)
    whole = {term: {i: w for i, w in held.items() if i in wanted} for term, held in lists.items()}
    rows = Posting.objects.filter(item__in=best, term__in=cut).values_list("item_id", "term", "weight")
    for item, term, weight in rows:
        whole[term][item] = weight
    return whole


def _scores(question: reading.Question, lists: Lists, idf: Mapping[str, float]) -> dict[int, _Score]:
    """The items of the lists, scored. Goes along the lists, so that it costs as much as they are long."""
    rarest = max(idf.values(), default=1.0)
    mass = 0.0
    found: dict[int, _Score] = defaultdict(_Score)
    for unit in question.units:
        whole = any(t.startswith("=") for way in unit.alternatives for t in way.terms)
        tells = max((sum(idf[t] for t in way.terms) * way.factor for way in unit.alternatives), default=0.0)
        if not whole and not unit.lifts:
            mass += tells or 0.5 * rarest * unit.size
        for item, (value, met, sound) in _unit(unit, lists, idf).items():
            score = found[item]
            score.score += value
            if not whole and not unit.lifts:
                score.met += met
            score.by_sound = score.by_sound and sound
    for score in found.values():
        score.met = min(1.0, score.met / mass) if mass else 1.0
        score.score *= 0.3 + 0.7 * score.met
    return found


def _unit(unit: reading.Unit, lists: Lists, idf: Mapping[str, float]) -> dict[int, tuple[float, float, bool]]:
    """item -> (value, what is met, by sound) of the best alternative."""
    best: dict[int, tuple[float, float, bool]] = {}
    for way in unit.alternatives:
        summed: dict[int, tuple[float, float]] = {}
        for term in way.terms:
            tells = idf[term] * way.factor
            share = tells / 1000
            for item, weight in lists[term].items():
                value, met = summed.get(item, (0.0, 0.0))
                summed[item] = (value + share * weight, met + tells)
        for item, (value, met) in summed.items():
            if item not in best or value > best[item][0]:
                best[item] = (value, met, way.sound)
    return best


CARD = (
    "pk", "code", "name", "department__name", "department_id", "task_type", "audience", "online", "mobile", "state",
    "current__summary", "current__promise_day", "current__limit_scene_num",
)  # fmt: skip


def _ranked(question: reading.Question, scores: Mapping[int, _Score], limit: int) -> list[Hit]:
    """The hits in their order, what meets too little of the question left out. One statement."""
    wanted = question.core
    best = sorted(scores, key=lambda item: (-scores[item].score, item))[:DEEP]
    top = max((scores[i].score for i in best), default=0.0)
    hits = []
    rows = Item.objects.filter(pk__in=best).values_list(*CARD)
    for pk, code, name, department, department_id, task_type, audience, online, mobile, state, *told in rows:
        found = scores[pk]
        score = found.score
        plain = words.squeeze(reading.spoken(words.clean(name)))
        loose = False
        if len(wanted) > 1 and wanted in plain:
            score += top * (0.25 + 0.25 * len(wanted) / len(plain))
        elif found.met < (ENOUGH_BY_SOUND if found.by_sound else ENOUGH):
            loose = True
            if found.met < (LOOSE_BY_SOUND if found.by_sound else LOOSE) or score < BESIDE * top:
                continue
        score *= reading.act_factor(name, question.text)
        summary, promised, visits = told
        hits.append(
            Hit(
                id=pk,
                code=code,
                name=name,
                department=department,
                department_id=department_id,
                task_type=task_type,
                audience=audience,
                online=online,
                mobile=mobile,
                state=state,
                score=round(score, 4),
                by_sound=found.by_sound,
                loose=loose,
                summary=summary or "",
                promised=promised,
                visits=visits,
            )
        )
    hits.sort(key=lambda hit: (hit.loose, -hit.score, hit.draft, len(hit.name), hit.id))
    return hits[:limit]
