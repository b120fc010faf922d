"""How a question is read: into units, each with alternatives of which the best one counts.

A unit is two characters side by side (or their sound), a longer word, or an everyday word with the official words for it
(data/synonyms.toml). Stop words fall away; two characters that belong to two words, and words of a later act (补办, 变更), tell less.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from yichuang.catalogue.rules import pinyin
from yichuang.catalogue.rules.words import LONGEST, clean, cut, squeeze

SOUND, INITIALS, OFFICIAL, WORD, ACROSS, ACT = 0.55, 0.6, 0.9, 0.6, 0.25, 0.3
"""What a piece counts against two characters of one word (1): its sound, initials, the official word for an everyday one, a whole
longer word, two characters of two words, a word of a later act."""
UNITS, TERMS = 24, 64
"""The most that is read of a question: the rest of an over-long one adds nothing."""
HAN_OR_LETTERS = re.compile(r"[\u3400-\u9fff]+|[0-9a-z']+")


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way in which a unit may be met: all its terms together count factor * size."""

    terms: tuple[str, ...]
    factor: float
    sound: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of the question. size: how much it counts. prefix: any term that begins so (a single character or syllable)."""

    text: str
    alternatives: tuple[Alternative, ...]
    size: float = 1.0
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """text: cleaned. core: what is left of it without stop words, joined."""

    text: str
    units: tuple[Unit, ...]
    core: str = ""

    @property
    def terms(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(t for u in self.units for a in u.alternatives for t in a.terms))

    @property
    def prefixes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(u.prefix for u in self.units if u.prefix))


@cache
def _data() -> tuple[frozenset[str], dict[str, tuple[str, ...]], re.Pattern[str]]:
    """(stop words, everyday word -> official words, a pattern of the everyday words, longest first)."""
    raw = tomllib.loads(files("yichuang.catalogue").joinpath("data/synonyms.toml").read_text(encoding="utf-8"))
    table: dict[str, tuple[str, ...]] = {}
    for entry in raw["synonym"]:
        for word in entry["words"]:
            key = clean(word)
            table[key] = tuple(dict.fromkeys((*table.get(key, ()), *(clean(m) for m in entry["means"]))))
    everyday = re.compile("|".join(re.escape(w) for w in sorted(table, key=lambda w: (-len(w), w))))
    return frozenset(raw["stop"].split()), table, everyday


def read(text: str) -> Question:
    """The units of a question. Everyday words are found first (longest first), stop words fall, characters, sounds and
    codes are what is left."""
    text = clean(text)[:100]
    units: list[Unit] = []
    whole = squeeze(text)
    if re.fullmatch(r"[0-9a-z][0-9a-z-]{5,}", text) and re.search(r"\d", text):
        units.append(Unit(text, (Alternative(("#" + text[: LONGEST - 1],), 4.0),), prefix="#" + text[: LONGEST - 1]))
    place = 0
    core = ""
    for found in _data()[2].finditer(text):
        kept, pieces = _plain(text[place : found.start()])
        units += pieces
        units.append(_everyday_unit(found.group()))
        core += kept + found.group()
        place = found.end()
    kept, pieces = _plain(text[place:])
    units += pieces
    core += kept
    if not units and whole:
        units = list(_run(whole)) if pinyin.HAN.fullmatch(whole) else list(_letters(whole))
    if len(whole) > 1 and units:
        units.append(Unit(text, (Alternative(("=" + whole[: LONGEST - 1],), 1.0),), size=0.5))
    return Question(text, tuple(units[:UNITS]), squeeze(core) or whole)


ACTS: Mapping[str, tuple[str, str]] = {
    "cancel": ("注销|歇业|终止|废止|取消", "注销|关门|关店|不干|停业|歇业|终止|取消|倒闭"),
    "change": ("变更|更改|迁移|转移|增项|增减", "变更|更改|改|换地址|换法人|迁|转|增加"),
    "renew": ("延续|延期|换发|换证|换领|续期|年检|年审|校验", "延续|延期|到期|换|续|过期|年检|年审"),
    "replace": ("补办|补发|补领|补证|遗失|挂失|补换", "补|丢|遗失|挂失|坏|损"),
}
"""Kind of a later act -> (how its name shows it, how a person asks for it)."""
_ACTS = {act: (re.compile(named), re.compile(asked)) for act, (named, asked) in ACTS.items()}
WANTED, UNWANTED = 1.15, 0.85
ACT_WORD = re.compile("|".join(f"^(?:{pattern})" for pattern, _ in ACTS.values()) + "|^到期")

GENERIC = frozenset(("许可证", "许可", "审批", "证", "证件", "证照", "登记", "备案", "资格证", "手续", "服务"))
"""Words that half of the list has: which kind of act it is tells less than what it is about."""


def act_factor(name: str, question: str) -> float:
    """Lifts the act that is asked for (补办, 变更, ...) and lowers other acts on something that one must have first: who asks
    for a licence without saying more means a new one."""
    named = {act for act, (pattern, _) in _ACTS.items() if pattern.search(name)}
    if not named:
        return 1.0
    return WANTED if any(_ACTS[act][1].search(question) for act in named) else UNWANTED


def _everyday_unit(word: str) -> Unit:
    size = max(1.0, min(3.0, (len(word) - 1) * 0.8))
    alternatives = []
    own = _bigrams(word)
    if own:
        alternatives.append(Alternative(own, size / len(own)))
    for means in _data()[1][word]:
        official = tuple(t for run in pinyin.HAN.findall(means) for t in (_bigrams(run) or ("b" + run,)))
        if official:
            alternatives.append(Alternative(official, OFFICIAL * size / len(official)))
    return Unit(word, tuple(alternatives), size)


def _bigrams(run: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys("b" + run[n : n + 2] for n in range(len(run) - 1)))


def _plain(text: str) -> tuple[str, list[Unit]]:
    """(what is left without stop words, its units) of text without everyday words."""
    left = ""
    units: list[Unit] = []
    for run in HAN_OR_LETTERS.findall(text):
        if not pinyin.HAN.match(run):
            left += run
            units += _letters(run.replace("'", ""))
            continue
        for words in _without_stops(run):
            left += "".join(words)
            if sum(len(w) for w in words) > 1:
                units += _run("".join(words), words)
    return left, units


def _without_stops(run: str) -> Iterator[list[str]]:
    """The words of a run of characters, in stretches between stop words."""
    kept: list[str] = []
    for word in cut(run):
        if word not in _data()[0]:
            kept.append(word)
        elif kept:
            yield kept
            kept = []
    if kept:
        yield kept


def _run(run: str, words: Iterable[str] = ()) -> Iterator[Unit]:
    if len(run) == 1:
        yield Unit(run, (Alternative(("b" + run,), 1.0),), prefix="b" + run)
        return
    words = list(words) or cut(run)
    owner = [n for n, word in enumerate(words) for _ in word]
    heard = pinyin.syllables(run)
    sounds = [pinyin.fold(s) for s in heard] if len(heard) == len(run) else []
    for n in range(len(run) - 1):
        within = owner[n] == owner[n + 1]
        size = 1.0 if within else ACROSS
        if within and (ACT_WORD.search(words[owner[n]]) or words[owner[n]] in GENERIC):
            size = ACT
        elif not within and (ACT_WORD.search(words[owner[n + 1]]) or ACT_WORD.search(words[owner[n]])):
            continue
        ways = [Alternative(("b" + run[n : n + 2],), size)]
        if sounds:
            ways.append(Alternative((f"p{sounds[n]} {sounds[n + 1]}",), SOUND * size, sound=True))
        yield Unit(run[n : n + 2], tuple(ways), size)
    for word in words:
        if len(word) > 2 and word not in GENERIC:
            yield Unit(word, (Alternative(("w" + word[: LONGEST - 1],), WORD),), size=WORD)


def _letters(run: str) -> Iterator[Unit]:
    if not run:
        return
    ways: list[Alternative] = [Alternative(("w" + run[: LONGEST - 1],), 1.0)]
    if not run.isalpha():
        yield Unit(run, tuple(ways))
        return
    found, skipped = pinyin.split(run)
    folded = [pinyin.fold(s) for s in found]
    if len(found) > 1 and skipped <= len(run) // 4:
        for n in range(len(found) - 1):
            yield Unit(" ".join(found[n : n + 2]), (Alternative((f"p{folded[n]} {folded[n + 1]}",), 1.0, sound=True),))
    if len(run) <= 12 and (len(found) < 2 or len(run) / len(found) < 2):
        initials = ("i" + run,) if len(run) == 2 else tuple("i" + run[n : n + 3] for n in range(len(run) - 2))
        if initials:
            ways.append(Alternative(initials, INITIALS * 2 / len(initials), sound=True))
    if len(found) < 2 or len(ways) > 1:
        prefix = f"p{folded[0]} " if len(found) == 1 and not skipped else ""
        yield Unit(run, tuple(ways), prefix=prefix)


def chosen(question: Question, counts: Mapping[str, int], expanded: Mapping[str, Iterable[str]]) -> Question:
    """The question with what the index does not hold left out. counts: how many items have each term. A sound helps only
    where the characters are unknown or far rarer than it (a homophone typed by mistake). expanded: terms for a prefix."""
    units = []
    total = 0
    for unit in question.units:
        ways = []
        written = max((counts.get(t, 0) for a in unit.alternatives if not a.sound for t in a.terms), default=0)
        for way in unit.alternatives:
            held = tuple(t for t in way.terms if counts.get(t, 0) > 0)
            if not held or (way.sound and written * 5 > max(counts[t] for t in held)):
                continue
            if total + len(held) > TERMS:
                continue
            total += len(held)
            ways.append(Alternative(held, way.factor, way.sound))
        for term in expanded.get(unit.prefix, ()) if unit.prefix else ():
            ways.append(Alternative((term,), 1.0, unit.prefix[0] == "p"))
        units.append(Unit(unit.text, tuple(ways), unit.size, unit.prefix))
    return Question(question.text, tuple(units), question.core)
