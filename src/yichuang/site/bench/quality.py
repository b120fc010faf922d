"""`yichuang bench search --quality`: do everyday questions find their item? As a program: `python -m yichuang.site.bench.quality`.

The questions stand in `questions.toml`. A digest of its text puts each into one of two halves: search is changed by looking at
the development half alone. Whoever wrote the questions knew both halves when writing the words of search, so a third lot was written
when those words stood: `afterwards` tells what somebody may expect who asks something new.
"""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from yichuang.site.bench.world import child, databases, server

LIMIT = 20
"""How many hits are looked at: what stands further down counts as not found."""
DEVELOPMENT, HELD_OUT, AFTERWARDS = "development", "held_out", "afterwards"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, how it is asked (the table in the file) and the items that answer it."""

    text: str
    way: str
    codes: frozenset[str]

    @property
    def half(self) -> str:
        if self.way == AFTERWARDS:
            return AFTERWARDS
        return HELD_OUT if hashlib.sha256(self.text.encode()).digest()[0] % 2 else DEVELOPMENT


def questions() -> list[Asked]:
    raw = tomllib.loads(files("yichuang.site.bench").joinpath("questions.toml").read_text(encoding="utf-8"))
    return [Asked(text, way, frozenset(codes)) for way, told in raw.items() for text, codes in told.items()]


@dataclass(frozen=True, slots=True)
class Answer:
    """rank: of the first right item, from 1; 0 when none was among the hits. first: the name of the best hit. firm: that one
    is told as a hit and not as a guess."""

    asked: Asked
    rank: int
    first: str
    firm: bool = True


def told(answers: Iterable[Answer]) -> dict[str, Any]:
    """{"n", "hit_at_1", "hit_at_5", "mrr"}; shares of 1, to three places."""
    ranks = [one.rank for one in answers]
    n = len(ranks) or 1
    return {
        "n": len(ranks),
        "hit_at_1": round(sum(r == 1 for r in ranks) / n, 3),
        "hit_at_5": round(sum(0 < r <= 5 for r in ranks) / n, 3),
        "mrr": round(sum(1 / r for r in ranks if r) / n, 3),
    }


def report(answers: Sequence[Answer]) -> dict[str, Any]:
    """The whole, the halves, each way of asking, what was not among the first five; and of the questions that no item answers
    the share that was told so."""
    strange = [one for one in answers if not one.asked.codes]
    answers = [one for one in answers if one.asked.codes]
    ways = list(dict.fromkeys(one.asked.way for one in answers))
    return {
        "quality": {
            "whole": told(answers),
            DEVELOPMENT: told(a for a in answers if a.asked.half == DEVELOPMENT),
            HELD_OUT: told(a for a in answers if a.asked.half == HELD_OUT),
            AFTERWARDS: told(a for a in answers if a.asked.half == AFTERWARDS),
        },
        "nothing": {
            "n": len(strange),
            "told_so": round(sum(not (a.first and a.firm) for a in strange) / (len(strange) or 1), 3),
        },
        "ways": {way: told(a for a in answers if a.asked.way == way) for way in ways},
        "misses": [
            {
                "half": a.asked.half,
                "question": a.asked.text,
                "rank": a.rank,
                "first": a.first,
                "wanted": sorted(a.asked.codes),
            }
            for a in answers
            if not 0 < a.rank <= 5
        ],
    }


def measured(asked: Sequence[Asked]) -> list[Answer]:
    """Each question put to the search of this database, as the public asks it."""
    from yichuang.catalogue import queries

    answers = []
    for one in asked:
        hits = queries.search(one.text, LIMIT)
        ranks = [n for n, hit in enumerate(hits, 1) if hit.code.partition("-")[2] in one.codes]
        answers.append(
            Answer(one, ranks[0] if ranks else 0, hits[0].name if hits else "", bool(hits) and not hits[0].loose)
        )
    return answers


def bench() -> dict[str, Any]:
    """The report, from the model district's catalogue in a database of its own."""
    with databases(server(), "quality", seeded=False) as (url,):
        made: Mapping[str, Any] = json.loads(child(url, "quality").strip().splitlines()[-1])
    return dict(made)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yichuang.site.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from yichuang.catalogue.models import Item
    from yichuang.site.demo import district

    call_command("migrate", verbosity=0)
    if not Item.objects.exists():
        district.enter(timezone.localtime(), whole=True)
    print(json.dumps(report(measured(questions())), ensure_ascii=False))  # noqa: T201 - the answer of this program


if __name__ == "__main__":
    main()
