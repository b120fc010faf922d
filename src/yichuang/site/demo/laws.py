"""The law library of the model district, from `laws.toml`: the laws that its items cite, their versions, what a new one asks for."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from yichuang.catalogue import commands as catalogue
from yichuang.catalogue.models import Citation, Law, ReviewTask
from yichuang.catalogue.models.law import OPEN, REPEALED, UNCHANGED
from yichuang.catalogue.rules.lawchanges import ArticleText
from yichuang.catalogue.rules.laws import Place, spans
from yichuang.core.actor import Actor
from yichuang.identity import queries as people
from yichuang.identity.models import Account

FILE = Path(__file__).with_suffix(".toml")
EDITOR = "shixiang"
LOOKED = timedelta(days=2)
"""How long ago the editor answered what is answered."""

Cited = dict[str, dict[Place, list[str]]]
"""law -> article -> the items in force that rest on it, by name."""


@cache
def contents() -> dict[str, Any]:
    with FILE.open("rb") as file:
        return tomllib.load(file)


def enter(by: Actor, at: datetime) -> int:
    """Says of every law that an item cites, and that nobody has described, what it is, with its version and the articles that are
    cited. Returns how many were entered."""
    told = contents()
    levels, numbers, cited = _citations()
    laws = {row.name: row for row in Law.objects.filter(seq=0)}
    revised = {one["law"]: one for one in told["revised"]}
    entered = 0
    before = at - timedelta(days=9)
    for organ, dates in told["organs"].items():
        for name, effective_on in dates.items():
            law = laws.get(name)
            if law is None or name not in levels:
                continue
            given = {"name": name, "level": levels[name], "organ": organ, "number": numbers[name]}
            catalogue.set_law(law, **given, by=by, at=before)
            for version in revised[name]["versions"] if name in revised else _version(effective_on, given["number"]):
                articles = _articles(version["articles"]) if "articles" in version else _resting(cited[name], version)
                catalogue.add_law_version(law, **{**version, "articles": articles}, by=by, at=before)
            if name in told["repealed"]:
                catalogue.set_law(law, **given, state=REPEALED, by=by, at=before)
            entered += 1
    _answer(revised.values(), at - LOOKED)
    return entered


def _citations() -> tuple[dict[str, str], dict[str, str], Cited]:
    """What items in force say of the laws they cite: level, number (the fullest), articles."""
    levels: dict[str, str] = {}
    numbers: dict[str, str] = {}
    cited: Cited = defaultdict(lambda: defaultdict(list))
    rows = Citation.objects.filter(version__state="published").order_by("pk")
    for law, level, number, article, item in rows.values_list(
        "law__name", "level", "number", "article", "version__task_name"
    ):
        levels.setdefault(law, level)
        numbers[law] = max(numbers.get(law, ""), number, key=len)
        for span in spans(article):
            for place in _places(span.first, span.last):
                cited[law][place].append(item)
    return levels, numbers, cited


def _places(first: Place, last: Place) -> list[Place]:
    return [first] if first == last else [(n, 0) for n in range(first[0], last[0] + 1)]


def _version(effective_on: date | str, number: str) -> list[dict[str, Any]]:
    return [{"effective_on": effective_on, "number": number}] if isinstance(effective_on, date) else []


def _resting(cited: Mapping[Place, list[str]], version: Mapping[str, Any]) -> list[ArticleText]:
    """The articles that items name, each with what rests on it: our own words. A later version has none here."""
    if "changed" in version:
        return []
    return [
        ArticleText(number, branch, summary=f"“{'”“'.join(dict.fromkeys(items))}”依据本条办理。"[:300])
        for (number, branch), items in sorted(cited.items())
    ]


def _articles(told: Iterable[tuple[str, str]]) -> list[ArticleText]:
    return [ArticleText(*spans(label)[0].first, summary=summary) for label, summary in told]


def _answer(revised: Iterable[Mapping[str, Any]], at: datetime) -> None:
    """Some of the tasks have been looked at by the editor; the others wait."""
    account = Account.objects.filter(username=EDITOR).first()
    if account is None:
        return
    editor = people.actor_of_account(account, at)
    for one in revised:
        for given in one["answers"]:
            task = ReviewTask.objects.filter(law__name=one["law"], item__code=given["item"], state=OPEN).first()
            if task is not None:
                catalogue.answer_review(task.pk, answer=UNCHANGED, reason=given["reason"], by=editor, at=at)
