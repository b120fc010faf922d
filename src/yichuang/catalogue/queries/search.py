"""Finding items by what people say.

Three statements, whatever the question and however many items:
1. how many items have each term of the question (and which terms begin with a single character or syllable);
2. for each term, the items in which it weighs most (up to TOP: an index holds them in that order);
3. the cards of the best, and the weights that a cut list left out.
The score of an item: for each unit of the question the best of its alternatives (factor * sum of idf * weight), summed; then lowered
where much of the question is not met, and raised where the name itself holds the question.

Chosen by measuring (2 cores, this machine, median of 300 questions): see `yichuang bench search`; 860 items and 100,000 items
stay under 20 ms at the 95th percentile because no list longer than TOP is ever read.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Case, Q, When
from django.db.models.functions import Collate

from yichuang.catalogue.models import Item, Posting, Term
from yichuang.catalogue.models.item import PUBLISHED
from yichuang.catalogue.rules import question as reading
from yichuang.catalogue.rules import words

EXPANDED = 12
"""Most terms that a single character or syllable stands for."""
TOP = 300
"""Longest list read per term."""
DEEP = 150
"""How many of the best are scored in full and may be shown."""
ENOUGH, ENOUGH_BY_SOUND = 0.34, 0.55
"""Least part of the question (by how much its pieces tell) that a hit must meet."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One item found. by_sound: only its sound fits what was typed ("did you mean")."""

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
    summary: str = ""
    promised: int | None = None
    visits: int | None = None

    @property
    def draft(self) -> bool:
        return self.state != PUBLISHED


def search(text: str, limit: int = 20, *, public: bool = True) -> list[Hit]:
    """The items that fit a question, best first. public: only what is published; otherwise drafts and retired ones too,
    marked by their state. An empty question finds nothing."""
    question = reading.read(text)
    if not question.units:
        return []
    counts, expanded, total = _counts(question, public=public)
    question = reading.chosen(question, counts, expanded)
    known = [t for t in question.terms if counts.get(t)]
    if not known:
        return []
    weights, cut = _lists(known, counts, public=public)
    idf = {t: math.log(1 + (total - counts[t] + 0.5) / (counts[t] + 0.5)) for t in known}
    rough = _scores(question, weights, idf)
    best = sorted(rough, key=lambda item: (-rough[item][0], item))[:DEEP]
    if cut:
        _complete(weights, best, cut)
        rough = _scores(question, {i: weights[i] for i in best}, idf)
    return _ranked(question, rough, best, limit)


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


def _lists(
    terms: Sequence[str], counts: Mapping[str, int], *, public: bool
) -> tuple[dict[int, dict[str, int]], list[str]]:
    """(item -> term -> weight from the tops of the lists, terms whose list was cut). One statement."""
    scopes = (1,) if public else (1, 0)
    one = (
        "SELECT * FROM (SELECT term, item_id, weight FROM catalogue_posting WHERE term = %s AND scope = %s "
        "ORDER BY weight DESC, item_id LIMIT %s) AS part"
    )
    parameters: list[str | int] = []
    for term in terms:
        for scope in scopes:
            parameters += [term, scope, TOP]
    weights: dict[int, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([one] * (len(terms) * len(scopes))), parameters)
        for term, item, weight in cursor.fetchall():
            weights[item][term] = weight
    return weights, [t for t in terms if counts[t] > TOP]


def _complete(weights: dict[int, dict[str, int]], best: Iterable[int], cut: Iterable[str]) -> None:
    """Add what a cut list did not show of the best items."""
    rows = Posting.objects.filter(item__in=list(best), term__in=list(cut)).values_list("item_id", "term", "weight")
    for item, term, weight in rows:
        weights[item][term] = weight


def _scores(
    question: reading.Question, weights: Mapping[int, Mapping[str, int]], idf: Mapping[str, float]
) -> dict[int, tuple[float, float, bool]]:
    """item -> (score, part of the question that is met, met by sound alone)."""
    most = max(idf.values(), default=1.0)
    plans = []
    mass = 0.0
    for unit in question.units:
        ways = [
            ([(t, idf[t] * way.factor / 1000) for t in way.terms if t in idf], way.sound)
            for way in unit.alternatives
            if any(t in idf for t in way.terms)
        ]
        tells = max((sum(idf[t] for t in w.terms if t in idf) * w.factor for w in unit.alternatives), default=0.0)
        whole = unit.alternatives and unit.alternatives[0].terms and unit.alternatives[0].terms[0].startswith("=")
        if not whole:
            mass += tells or 0.5 * most * unit.size
        plans.append((ways, bool(whole)))
    found: dict[int, tuple[float, float, bool]] = {}
    for item, held in weights.items():
        score = met = 0.0
        heard = written = False
        for ways, whole in plans:
            best, best_met, best_sound = 0.0, 0.0, False
            for terms, sound in ways:
                value = sum(tells * held[t] for t, tells in terms if t in held)
                if value > best:
                    best, best_sound = value, sound
                    best_met = sum(tells * 1000 for t, tells in terms if t in held)
            score += best
            if best and not whole:
                met += best_met
                heard, written = heard or best_sound, written or not best_sound
        part = min(1.0, met / mass) if mass else 1.0
        found[item] = (score * (0.3 + 0.7 * part), part, heard and not written)
    return found


def _ranked(
    question: reading.Question, scores: Mapping[int, tuple[float, float, bool]], best: Sequence[int], limit: int
) -> list[Hit]:
    wanted = question.core
    cards = Item.objects.filter(pk__in=best).select_related("department", "current")
    cards = cards.only(
        "code", "name", "department__name", "task_type", "audience", "online", "mobile", "state",
        "current__summary", "current__promise_day", "current__limit_scene_num",
    )  # fmt: skip
    hits = []
    top = max((scores[i][0] for i in best), default=0.0)
    for item in cards:
        score, part, by_sound = scores[item.pk]
        name = words.squeeze(words.clean(item.name))
        if len(wanted) > 1 and wanted in name:
            score += top * (0.25 + 0.25 * len(wanted) / len(name))
        elif part < (ENOUGH_BY_SOUND if by_sound else ENOUGH):
            continue
        score *= reading.act_factor(item.name, question.text)
        hits.append(
            Hit(
                id=item.pk,
                code=item.code,
                name=item.name,
                department=item.department.name,
                department_id=item.department_id,
                task_type=item.task_type,
                audience=item.audience,
                online=item.online,
                mobile=item.mobile,
                state=item.state,
                score=round(score, 4),
                by_sound=by_sound,
                summary=item.current.summary if item.current else "",
                promised=item.current.promise_day if item.current else None,
                visits=item.current.limit_scene_num if item.current else None,
            )
        )
    hits.sort(key=lambda hit: (-hit.score, hit.draft, len(hit.name), hit.id))
    return hits[:limit]
