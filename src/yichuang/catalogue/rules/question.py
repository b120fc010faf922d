"""How a question is read: into units, each with alternatives of which the best one counts.

A unit is two characters side by side (or their sound), a longer word, or an everyday word with the official words for it
(data/synonyms.toml, data/everyday.toml). An everyday word may be of parts that stand near each other ("养 猪" in 养五百头猪) or of a
single character (only where it is a word of its own). Particles and stop words fall away; two characters that belong to two words,
and words of a later act (补办, 变更), tell less. A department's nickname lifts that department's items and asks for nothing.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from yichuang.catalogue.rules import pinyin
from yichuang.catalogue.rules.words import LONGEST, clean, cut, squeeze

SOUND, INITIALS, OFFICIAL, WORD, ACROSS, ACT = 0.55, 0.6, 0.9, 0.6, 0.25, 0.3
"""What a piece counts against two characters of one word (1): its sound, initials, the official word for an everyday one, a whole
longer word, two characters of two words, a word of a later act."""
SINGLE, NICKNAME = 0.6, 0.5
"""What an everyday word of one character counts, and a department's nickname."""
GAP = 6
"""How far the parts of an everyday word may stand from each other."""
PARTICLES = re.compile(
    r"[了着嘛呗哦]|的(?![士确])|个(?![人体税私])|(?<=[\u3400-\u9fff])过(?![户期敏世继度程滤节年冬来境])|一下|这个|那个|哪个|那种|那边|这边|这儿|那儿|(?<=[\u3400-\u9fff])儿(?![童子女媳科])"
)
"""What is said between the words and never meant."""
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
    lifts: bool = False
    """It only lifts: not having it is no lack."""


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


@dataclass(frozen=True, slots=True)
class Everyday:
    """The tables. means: everyday word (parts parted by a space) -> official words. starts: first character -> a pattern of the
    words that begin so, longest first. singles: words of one character."""

    stop: frozenset[str]
    means: Mapping[str, tuple[str, ...]]
    starts: Mapping[str, re.Pattern[str]]
    words: Mapping[str, tuple[str, ...]]
    singles: Mapping[str, tuple[str, ...]]
    nicknames: frozenset[str]


FILES = ("synonyms", "everyday", "trades")


@cache
def everyday() -> Everyday:
    stop: set[str] = set()
    nicknames: set[str] = set()
    table: dict[str, tuple[str, ...]] = {}
    for name in FILES:
        raw = tomllib.loads(files("yichuang.catalogue").joinpath(f"data/{name}.toml").read_text(encoding="utf-8"))
        stop.update(raw.get("stop", "").split())
        for entry in (*raw.get("synonym", ()), *raw.get("nickname", ())):
            for word in entry["words"]:
                key = clean(word)
                table[key] = tuple(dict.fromkeys((*table.get(key, ()), *(clean(m) for m in entry["means"]))))
        nicknames.update(clean(word) for entry in raw.get("nickname", ()) for word in entry["words"])
    singles = {word: means for word, means in table.items() if len(word) == 1}
    starts: dict[str, list[str]] = {}
    for word in sorted(table, key=lambda w: (-len(w), w)):
        if word not in singles:
            starts.setdefault(word[0], []).append(word)
    patterns = {first: re.compile("|".join(f"({_pattern(word)})" for word in held)) for first, held in starts.items()}
    return Everyday(
        frozenset(stop), table, patterns, {f: tuple(held) for f, held in starts.items()}, singles, frozenset(nicknames)
    )


def _pattern(word: str) -> str:
    return rf"[^\s，。,]{{0,{GAP}}}?".join(re.escape(part) for part in word.split(" "))


def _said(text: str) -> Iterator[tuple[str, str]]:
    """(plain text, everyday word after it or "") from left to right; what stands within a gap follows as plain text."""
    told = everyday()
    place = start = 0
    while place < len(text):
        pattern = told.starts.get(text[place])
        found = pattern.match(text, place) if pattern else None
        if not found or not found.lastindex:
            place += 1
            continue
        word = told.words[text[place]][found.lastindex - 1]
        yield text[start:place], word
        if " " in word:
            within = found.group()
            for part in word.split(" "):
                within = within.replace(part, " ", 1)
            yield from _said(within)
        place = start = found.end()
    yield text[start:], ""


def read(text: str) -> Question:
    """The units of a question. Everyday words are found first (longest first), stop words fall, characters, sounds and
    codes are what is left."""
    text = clean(text)[:100]
    units: list[Unit] = []
    whole = squeeze(text)
    if re.fullmatch(r"[0-9a-z][0-9a-z-]{5,}", text) and re.search(r"\d", text):
        units.append(Unit(text, (Alternative(("#" + text[: LONGEST - 1],), 4.0),), prefix="#" + text[: LONGEST - 1]))
    core = ""
    for plain, word in _said(spoken(text)):
        kept, pieces = _plain(plain)
        units += pieces
        core += kept
        if word:
            units.append(_everyday_unit(word))
            core += word
    if not units and whole:
        units = list(_run(whole)) if pinyin.HAN.fullmatch(whole) else list(_letters(whole))
    if len(whole) > 1 and units:
        units.append(Unit(text, (Alternative(("=" + whole[: LONGEST - 1],), 1.0),), size=0.5))
    return Question(text, tuple(units[:UNITS]), squeeze(core) or whole)


def spoken(text: str) -> str:
    """Without the particles that stand between what is meant."""
    return PARTICLES.sub("", text)


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
    told = everyday()
    plain = word.replace(" ", "")
    lifts = word in told.nicknames
    size = NICKNAME if lifts else SINGLE if len(word) == 1 else max(1.0, min(3.0, (len(plain) - 1) * 0.8))
    alternatives = []
    own = () if lifts else _bigrams(plain)
    if own:
        alternatives.append(Alternative(own, size / len(own)))
    for means in told.means[word]:
        official = tuple(t for run in pinyin.HAN.findall(means) for t in (_bigrams(run) or ("b" + run,)))
        if official:
            alternatives.append(Alternative(official, OFFICIAL * size / len(official)))
    return Unit(word, tuple(alternatives), size, lifts=lifts)


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
            units += [_everyday_unit(w) for w in words if w in everyday().singles]
    return left, units


def _without_stops(run: str) -> Iterator[list[str]]:
    """The words of a run of characters, in stretches between stop words."""
    kept: list[str] = []
    for word in cut(run):
        if word not in everyday().stop:
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
        units.append(replace(unit, alternatives=tuple(ways)))
    return Question(question.text, tuple(units), question.core)
