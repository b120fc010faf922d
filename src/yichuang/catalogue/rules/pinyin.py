"""Chinese as it sounds: syllables of a text, syllables of what somebody typed in letters.

Sounds are folded (zh=z, ch=c, sh=s, -ng=-n, l=n kept apart) so that the usual slips of ear and keyboard still meet.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

HAN = re.compile(r"[\u3400-\u9fff]+")
SKIP = 3.0
"""Cost of a letter that fits no syllable, against 1 for a syllable."""


@lru_cache(maxsize=20_000)
def syllables(han: str) -> tuple[str, ...]:
    """One syllable per character, without tones, not folded."""
    from pypinyin import lazy_pinyin  # a second to load: only who needs it pays

    return tuple(lazy_pinyin(han, errors="ignore"))


def fold(syllable: str) -> str:
    if syllable[:2] in ("zh", "ch", "sh"):
        syllable = syllable[0] + syllable[2:]
    if syllable.endswith("ng") and len(syllable) > 2:
        syllable = syllable[:-1]
    return syllable.replace("ü", "v")


@cache
def known() -> frozenset[str]:
    """Every syllable of the language."""
    from pypinyin.contrib.tone_convert import to_normal
    from pypinyin.pinyin_dict import pinyin_dict

    toned = {one for many in pinyin_dict.values() for one in many.split(",")}
    plain = {to_normal(one).replace("ü", "v") for one in toned}
    return frozenset(
        s for s in plain if re.fullmatch(r"[a-z]{1,6}", s) and (re.search(r"[aeiouv]", s)) and s not in "iuv"
    )


def split(letters: str) -> tuple[list[str], int]:
    """Letters as syllables by the cheapest reading, and how many letters fitted none: "shipinj" -> (["shi", "pin"], 1)."""
    table = known()
    best: list[tuple[float, int, str]] = [(0.0, 0, "")]  # cost, where the last piece starts, its syllable
    for end in range(1, len(letters) + 1):
        options = [(best[end - 1][0] + SKIP, end - 1, "")]
        for start in range(max(0, end - 6), end):
            piece = letters[start:end]
            if piece in table:
                options.append((best[start][0] + 1.0 + (0.5 if len(piece) == 1 else 0.0), start, piece))
        best.append(min(options))
    found: list[str] = []
    skipped, end = 0, len(letters)
    while end:
        _, start, piece = best[end]
        if piece:
            found.append(piece)
        else:
            skipped += 1
        end = start
    return found[::-1], skipped
