"""The words of search: which terms an item's content gives and how much each weighs; how a question is read.

Terms carry the family in their first letter: b two characters side by side, w a longer word (segmented), p two syllables
side by side (folded sounds: finds full pinyin and homophones typed by mistake), i initials (three in a row, or a whole short
word), = a whole alias, # a code. Two characters side by side need no dictionary and forgive a wrong character elsewhere.

Weight of a term in an item: BM25F with constant average lengths, so that it depends on the item alone and the same item weighs
the same on every database and at every time. w = sum over fields of boost * tf / (1 - b + b * len / average); then
1000 * w / (w + K).

A question is read into units; each unit has alternatives (its characters, its sound, the official words for an everyday word)
of which the best one counts. See `queries.search` for the scoring.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import rjieba

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


def clean(text: str) -> str:
    """Full-width to half-width, lower case, control characters to spaces."""
    return re.sub(r"[\s\x00-\x1f]+", " ", unicodedata.normalize("NFKC", text)).strip().lower()


@cache
def _synonyms() -> dict[str, tuple[str, ...]]:
    """Everyday word -> official words, from data/synonyms.toml."""
    raw = tomllib.loads(files("yichuang.catalogue").joinpath("data/synonyms.toml").read_text(encoding="utf-8"))
    table: dict[str, tuple[str, ...]] = {}
    for entry in raw["synonym"]:
        for word in entry["words"]:
            key = clean(word)
            table[key] = tuple(dict.fromkeys((*table.get(key, ()), *(clean(m) for m in entry["means"]))))
    return table


@cache
def _everyday() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(w) for w in sorted(_synonyms(), key=lambda w: (-len(w), w))))


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
        pieces = [w for w in rjieba.cut(run) if len(w) > 1]
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
        for word in rjieba.cut(run):
            if len(word) == 2:
                yield "i" + first[place : place + 2]
            place += len(word)


# -- how a question is read -------------------------------------------------------------------------------------------

STOP = frozenset(
    [
        "的",
        "了",
        "呢",
        "吗",
        "啊",
        "吧",
        "呀",
        "么",
        "我",
        "你",
        "他",
        "想",
        "要",
        "需要",
        "需",
        "怎么",
        "怎样",
        "怎么样",
        "如何",
        "什么",
        "啥",
        "哪里",
        "哪儿",
        "哪",
        "哪些",
        "在",
        "去",
        "到",
        "请问",
        "一个",
        "个",
        "一下",
        "办",
        "办理",
        "办个",
        "办一个",
        "弄",
        "搞",
        "做",
        "可以",
        "可不可以",
        "能",
        "能不能",
        "能否",
        "是否",
        "应该",
        "该",
        "得",
        "给",
        "给我",
        "帮",
        "帮我",
        "多少",
        "多少钱",
        "多久",
        "几天",
        "多长时间",
        "手续",
        "流程",
        "步骤",
        "有",
        "没有",
        "是",
        "和",
        "与",
        "或",
        "及",
        "或者",
        "以及",
        "对",
        "把",
        "被",
        "从",
        "向",
        "为",
        "为了",
        "关于",
        "有关",
        "相关",
        "进行",
        "先",
        "还",
        "还是",
        "就",
        "都",
        "也",
        "才",
        "又",
        "呗",
        "嘛",
        "地方",
        "时候",
        "问",
        "问一下",
        "咨询",
        "找",
        "谁",
        "找谁",
        "部门",
        "事",
        "事情",
        "怎么办",
        "怎么办理",
        "咋",
        "咋办",
        "咋弄",
        "想要",
        "我要",
        "我想",
        "开个",
        "开一个",
        "这个",
        "那个",
        "家",
        "间",
        "家里",
        "自己",
        "自家",
        "现在",
        "今年",
        "已经",
        "怎么回事",
        "具体",
        "带",
        "带什么",
        "哪个",
        "什么样",
        "为什么",
        "必须",
        "条件",
        "要求",
        "不",
        "不能",
        "行",
        "行不行",
        "走",
        "跑",
        "跑一趟",
        "单位",
        "办证",
        "材料",
    ]
)
CHARACTERS, SOUND, INITIALS, OFFICIAL, WORD = 1.0, 0.55, 0.6, 0.9, 0.6
UNITS, TERMS = 24, 64
"""The most that is read of a question: the rest of an over-long one adds nothing."""


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
    text: str
    units: tuple[Unit, ...]

    @property
    def terms(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(t for u in self.units for a in u.alternatives for t in a.terms))

    @property
    def prefixes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(u.prefix for u in self.units if u.prefix))


def read(text: str) -> Question:
    """The units of a question. Everyday words are found first (longest first), stop words fall, characters, sounds and
    codes are what is left."""
    text = clean(text)[:100]
    units: list[Unit] = []
    whole = squeeze(text)
    if re.fullmatch(r"[0-9a-z][0-9a-z-]{5,}", text) and re.search(r"\d", text):
        units.append(Unit(text, (Alternative(("#" + text[: LONGEST - 1],), 4.0),), prefix="#" + text[: LONGEST - 1]))
    place = 0
    for found in _everyday().finditer(text):
        units += _plain(text[place : found.start()])
        units.append(_everyday_unit(found.group()))
        place = found.end()
    units += _plain(text[place:])
    if not units and whole:
        units = list(_run(whole)) if pinyin.HAN.fullmatch(whole) else list(_letters(whole))
    if len(whole) > 1 and units:
        units.append(Unit(text, (Alternative(("=" + whole[: LONGEST - 1],), 1.0),), size=0.5))
    return Question(text, tuple(units[:UNITS]))


ACTS: Mapping[str, tuple[str, str]] = {
    "cancel": ("注销|歇业|终止|废止|取消", "注销|关门|关店|不干|停业|歇业|终止|取消|倒闭"),
    "change": ("变更|更改|迁移|转移|增项|增减", "变更|更改|改|换地址|换法人|迁|转|增加"),
    "renew": ("延续|延期|换发|换证|换领|续期|年检|年审|校验", "延续|延期|到期|换|续|过期|年检|年审"),
    "replace": ("补办|补发|补领|补证|遗失|挂失|补换", "补|丢|遗失|挂失|坏|损"),
}
"""Kind of a later act -> (how its name shows it, how a person asks for it)."""
WANTED, UNWANTED = 1.15, 0.85


def act_factor(name: str, question: str) -> float:
    """Lifts the act that is asked for (补办, 变更, ...) and lowers other acts on something that one must have first: who asks
    for a licence without saying more means a new one."""
    named = {act for act, (pattern, _) in ACTS.items() if re.search(pattern, name)}
    asked = {act for act, (_, pattern) in ACTS.items() if re.search(pattern, question)}
    if named & asked:
        return WANTED
    return UNWANTED if named else 1.0


def _everyday_unit(word: str) -> Unit:
    size = max(1.0, min(3.0, (len(word) - 1) * 0.8))
    alternatives = []
    own = _bigrams(word)
    if own:
        alternatives.append(Alternative(own, size / len(own)))
    for means in _synonyms()[word]:
        official = tuple(t for run in pinyin.HAN.findall(means) for t in (_bigrams(run) or ("b" + run,)))
        if official:
            alternatives.append(Alternative(official, OFFICIAL * size / len(official)))
    return Unit(word, tuple(alternatives), size)


def _bigrams(run: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys("b" + run[n : n + 2] for n in range(len(run) - 1)))


def _plain(text: str) -> Iterator[Unit]:
    for run in re.findall(r"[\u3400-\u9fff]+|[0-9a-z']+", text):
        if pinyin.HAN.match(run):
            yield from _chinese(run)
        else:
            yield from _letters(run.replace("'", ""))


def _chinese(run: str) -> Iterator[Unit]:
    """Cut into words, let stop words fall, keep what stays side by side together."""
    kept = ""
    for word in (*rjieba.cut(run), ""):
        if word and word not in STOP:
            kept += word
        elif kept:
            if len(kept) > 1:
                yield from _run(kept)
            kept = ""


def _run(run: str) -> Iterator[Unit]:
    if len(run) == 1:
        yield Unit(run, (Alternative(("b" + run,), 1.0),), prefix="b" + run)
        return
    heard = pinyin.syllables(run)
    sounds = [pinyin.fold(s) for s in heard] if len(heard) == len(run) else []
    for n in range(len(run) - 1):
        ways = [Alternative(("b" + run[n : n + 2],), CHARACTERS)]
        if sounds:
            ways.append(Alternative((f"p{sounds[n]} {sounds[n + 1]}",), SOUND, sound=True))
        yield Unit(run[n : n + 2], tuple(ways))
    for word in rjieba.cut(run):
        if len(word) > 2:
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
    return Question(question.text, tuple(units))
