"""What followers are told, in which words, and how packages above say whom else an adjustment concerns. Pure values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

KINDS = {"item": "事项", "law": "法规"}
MOST = 500
"""How many items and laws one applicant may follow."""
NAMED = 5
"""How many changed elements, articles or items a sentence names."""


@dataclass(frozen=True, slots=True)
class Message:
    """title, body, link: of a notice."""

    title: str
    body: str
    link: str


@dataclass(frozen=True, slots=True)
class Move:
    """What an adjustment does to one item. way: as in rules.adjustment.WAYS. to: who exercises it from now on, "" when nobody."""

    item: int
    way: str
    name: str
    to: str = ""


@dataclass(frozen=True, slots=True)
class Adjusted:
    """An adjustment in effect. at: the moment it took effect. on: the day from which it applies. moves: by item."""

    title: str
    number: str
    on: date
    at: datetime
    moves: Mapping[int, Move]


class Concerned(NamedTuple):
    """Whom an adjustment concerns, and what they read.

    who(adjusted, after, size): the `size` lowest numbers of applicants beyond `after`, in order, each once.
    words(adjusted, applicants): a sentence for each of them whom it concerns."""

    who: Callable[[Adjusted, int, int], list[int]]
    words: Callable[[Adjusted, Sequence[int]], Mapping[int, str]]


def item_published(name: str, number: int, on: date, changed: Sequence[str], link: str) -> Message:
    """changed: labels of the elements that differ from the version before."""
    what = f"，改动了{some(changed, '处')}" if changed else ""
    return Message(f"您关注的事项有新版本：{name}", f"“{name}”自{day(on)}起实施第{number}版{what}。", link)


def item_retired(name: str, on: date, reason: str, link: str) -> Message:
    why = f"，原因：{reason}" if reason else ""
    return Message(f"您关注的事项已停用：{name}", f"“{name}”自{day(on)}起停用{why}。", link)


def law_version(name: str, on: date, today: date, changes: Mapping[str, Any], link: str) -> Message:
    """changes: rules.lawchanges.Changes as data."""
    told = [
        f"{verb}{some(articles, '条')}"
        for verb, articles in (
            ("修改了", [*changes.get("changed", ()), *changes.get("named", ())]),
            ("增加了", changes.get("added", ())),
            ("删去了", changes.get("removed", ())),
        )
        if articles
    ]
    when = "将自" if on > today else "自"
    body = f"《{name}》的新版本{when}{day(on)}起施行{''.join(f'，{t}' for t in told)}。"
    return Message(f"您关注的法规有新版本：{name}", body, link)


def law_repealed(name: str, on: date, link: str) -> Message:
    return Message(f"您关注的法规已废止：{name}", f"《{name}》自{day(on)}起在法规库中列为已废止。", link)


def moved(moves: Iterable[Move], on: date) -> str:
    """For the followers of items that an adjustment moved."""
    told = [f"“{m.name}”{_way(m)}" for m in moves]
    return f"您关注的{some(told, '项')}，自{day(on)}起生效。"


def _way(move: Move) -> str:
    if move.way == "cancel":
        return "取消"
    return f"下放给{move.to}" if move.way == "delegate" else f"由{move.to}承接"


def some(words: Sequence[str], unit: str) -> str:
    """The first few, and how many there are."""
    words = list(dict.fromkeys(words))
    told = "、".join(words[:NAMED])
    return told if len(words) <= NAMED else f"{told}等{len(words)}{unit}"


def day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"
