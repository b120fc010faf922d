"""Two contents side by side: element by element, rows of the lists matched, what was added, removed, changed or moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules.differences import form_fields, named, situation_parts
from yichuang.catalogue.rules.differences import title as title_of
from yichuang.catalogue.rules.reading import SECTIONS, SUB, say, say_sub

SAME, CHANGED, ADDED, REMOVED, MOVED = "same", "changed", "added", "removed", "moved"
LONGEST = 1500
"""Longer texts are told whole: finding the changed words would take too long."""

Pieces = list[tuple[bool, str]]


@dataclass(frozen=True, slots=True)
class Line:
    """One element on both sides. before, after: pieces of text, True where they differ."""

    label: str
    mark: str
    before: Pieces
    after: Pieces


@dataclass(frozen=True, slots=True)
class Block:
    """A section, or one row of a list. mark: of the row. place: 1, 2, ... before and after, 0 where it is not."""

    title: str
    mark: str
    lines: list[Line]
    rows: list[Block]
    old: int = 0
    new: int = 0

    def only_differing(self) -> Block:
        lines = [line for line in self.lines if line.mark != SAME]
        rows = [row.only_differing() for row in self.rows if row.mark != SAME]
        return Block(self.title, self.mark, lines, rows, self.old, self.new)


def aligned(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Block]:
    """Both contents, whole (`content.normalise`d here), section by section."""
    a, b = shape.normalise(before), shape.normalise(after)
    found = [_block(t, [_line(shape.LABELS[n], say(n, a[n]), say(n, b[n])) for n in names]) for t, names in SECTIONS]
    for key, (label, columns) in shape.LISTS.items():
        found.append(_list(label, {c: SUB.get(c, c) for c in columns}, named(a[key]), named(b[key])))
    for key, (label, columns) in shape.PARTS.items():
        old, new = a[key] or {}, b[key] or {}
        found.append(
            _block(label, [_line(SUB.get(c, c), say_sub(c, old.get(c)), say_sub(c, new.get(c))) for c in columns])
        )
    old, new = form_fields(a["form"]), form_fields(b["form"])
    names = list(dict.fromkeys(name for row in (*old.values(), *new.values()) for name in row))
    found.append(_list(shape.LABELS["form"], {n: SUB.get(n, n) for n in names if n != "code"}, old, new))
    told = [{n: {"name": n, "text": t} for n, t in situation_parts(c["situations"]).items()} for c in (a, b)]
    found.append(_list(shape.LABELS["situations"], {"text": SUB["text"]}, *told))
    return [block for block in found if block.lines or block.rows]


def count(blocks: Sequence[Block]) -> int:
    """How many elements and rows differ."""
    return sum(line.mark != SAME for b in blocks for line in b.lines) + sum(
        row.mark != SAME for b in blocks for row in b.rows
    )


def _block(title: str, lines: list[Line]) -> Block:
    told = [line for line in lines if line.before or line.after]
    return Block(title, CHANGED if any(line.mark != SAME for line in told) else SAME, told, [])


def _list(
    title: str, columns: Mapping[str, str], old: Mapping[str, shape.Content], new: Mapping[str, shape.Content]
) -> Block:
    moved = _moved([n for n in old if n in new], [n for n in new if n in old])
    olds, news = list(old), list(new)
    rows = []
    for name in _merged(olds, news):
        a, b = old.get(name), new.get(name)
        lines = [
            _line(label, say_sub(c, (a or {}).get(c)), say_sub(c, (b or {}).get(c))) for c, label in columns.items()
        ]
        lines = [line for line in lines if line.before or line.after]
        mark = REMOVED if b is None else ADDED if a is None else CHANGED if a != b else MOVED if name in moved else SAME
        place = (olds.index(name) + 1 if a is not None else 0, news.index(name) + 1 if b is not None else 0)
        rows.append(Block(title_of(b or a or {}) or name, mark, lines, [], *place))
    return Block(title, CHANGED if any(row.mark != SAME for row in rows) else SAME, [], rows)


def _merged(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """The rows as they are now, what was removed behind the row that it stood behind."""
    found = list(new)
    for n, name in enumerate(old):
        if name not in found:
            behind = next((found.index(one) + 1 for one in reversed(old[:n]) if one in found), 0)
            found.insert(behind, name)
    return found


def _moved(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The fewest rows that stand elsewhere."""
    kept = {
        old[m.a + i]
        for m in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
        for i in range(m.size)
    }
    return set(old) - kept


def _line(label: str, before: str, after: str) -> Line:
    if before == after:
        return Line(label, SAME, [(False, before)] if before else [], [(False, after)] if after else [])
    if not before or not after:
        mark = REMOVED if before else ADDED
        return Line(label, mark, [(True, before)] if before else [], [(True, after)] if after else [])
    return Line(label, CHANGED, *_pieces(before, after))


def _pieces(before: str, after: str) -> tuple[Pieces, Pieces]:
    if max(len(before), len(after)) > LONGEST:
        return [(True, before)], [(True, after)]
    match = SequenceMatcher(None, before, after, autojunk=False)
    if match.ratio() < 0.4:
        return [(True, before)], [(True, after)]
    old: Pieces = []
    new: Pieces = []
    for op, i, j, k, m in match.get_opcodes():
        if i < j:
            old.append((op != "equal", before[i:j]))
        if k < m:
            new.append((op != "equal", after[k:m]))
    return old, new
