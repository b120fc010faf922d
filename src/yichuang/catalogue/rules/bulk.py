"""One change to many items: what may be changed so, and what becomes of a content.

A change is a flat mapping of texts, as a form sends it and a program writes it; `parse` makes it a Change or says what is wrong with
which field. What changes nothing in an item says why: `Outcome.notes`.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules.cells import text as read_text
from yichuang.catalogue.rules.findings import Finding
from yichuang.core.refusal import Refusal

MOST_CHANGES = 5
LONGEST = 4000

KINDS: Mapping[str, str] = {
    "set": "改为一个值",
    "replace": "把一段文字换成另一段",
    "add": "加一个条目",
    "remove": "去一个条目",
    "exempt": "一份材料标为免提交",
    "justify": "一份材料写明保留理由",
    "cite": "法条换号",
}
"""What can be done. replace: in a text; add, remove: in an element of several values; exempt, justify: a material by its name; cite: a
law was renumbered, in the citations and wherever 《law》article stands in a text."""
FIXED: frozenset[str] = frozenset({"local_task_code", "task_code", "task_handle_item"})
"""Codes name one item and no other."""
MATERIAL: Mapping[str, str] = {"exempt": "免提交理由", "justify": "保留理由"}
COLUMN: Mapping[str, str] = {"exempt": "exempt", "justify": "justified"}
BASES: Mapping[str, tuple[str, ...]] = {"materials": ("by_law",), "fees": ("by_law",)}
TEXTS = ("by_law", "fee_basis")
"""Where a basis is written out: in columns of lists, in elements."""
_SEVERAL = re.compile(r"[、，,；;和及至]")


@dataclass(frozen=True, slots=True)
class Change:
    """kind: of KINDS. element: of set, replace, add, remove. target: the text that is replaced, or the material's name. value: the
    element's new value, the new text, the entry, the reason. The last four: of cite, articles as "第四条"."""

    kind: str
    element: str = ""
    target: str = ""
    value: str = ""
    law: str = ""
    article: str = ""
    new_law: str = ""
    new_article: str = ""

    def as_dict(self) -> dict[str, str]:
        return {name: text for name, text in asdict(self).items() if text}


@dataclass(frozen=True, slots=True)
class Outcome:
    """content: afterwards, with the shape. notes: why a change changed nothing."""

    content: shape.Content
    notes: list[str] = field(default_factory=list)


Laws = Mapping[str, tuple[str, str]]
"""Name -> (level, number) of the laws of the library."""


def elements(kind: str) -> dict[str, str]:
    """The elements that this kind of change may name, with their labels."""
    fits: dict[str, Callable[[Any], bool]] = {
        "set": lambda e: e.name != "task_name",
        "replace": lambda e: e.kind == "text" and e.name != "department",
        "add": lambda e: e.kind in ("words", "codes"),
        "remove": lambda e: e.kind in ("words", "codes"),
    }
    wanted = fits.get(kind, lambda _: False)
    return {e.name: e.label for e in shape.ELEMENTS if e.name not in FIXED and wanted(e)}


# -- what is asked ----------------------------------------------------------------------------------------------------


def parse(given: Sequence[Mapping[str, Any]]) -> tuple[Change, ...]:
    """Raises Refusal 422 "catalogue.bulk_change" with messages by place ("changes.0.value")."""
    problems: dict[str, str] = {}
    changes = []
    if not given:
        problems["changes"] = "请至少写一项改动"
    if len(given) > MOST_CHANGES:
        problems["changes"] = f"一次最多{MOST_CHANGES}项改动"
    for n, one in enumerate(given[:MOST_CHANGES]):
        texts: dict[str, str] = {}
        wrong: dict[str, str] = {}
        for name in Change.__dataclass_fields__:
            try:
                texts[name] = read_text(one.get(name), LONGEST)
            except ValueError as no:
                wrong[name] = str(no)
        wrong |= {str(name): f"不认识的属性“{name}”" for name in one if name not in Change.__dataclass_fields__}
        change = Change(**{"kind": "", **texts})
        change = _plain(change)
        wrong = wrong or _wrong(change)
        problems |= {f"changes.{n}.{name}": words for name, words in wrong.items()}
        changes.append(change)
    if problems:
        raise Refusal(
            "catalogue.bulk_change",
            f"改动写得不对：{'；'.join(list(problems.values())[:3])}。",
            "请按提示改正后重新预览。",
            fields=problems,
            status=422,
        )
    return tuple(changes)


def _plain(change: Change) -> Change:
    """Names of laws without their marks."""
    bare = {name: getattr(change, name).strip("《》 ") for name in ("law", "new_law")}
    return Change(**{**asdict(change), **bare})


def _wrong(change: Change) -> dict[str, str]:
    if change.kind not in KINDS:
        return {"kind": "请选择怎么改"}
    if change.kind == "cite":
        return _wrong_citation(change)
    if change.kind in MATERIAL:
        needed = {"target": "请填写材料名称", "value": f"请填写{MATERIAL[change.kind]}"}
        wrong = {name: words for name, words in needed.items() if not getattr(change, name)}
        most = shape.LISTS["materials"][1][COLUMN[change.kind]][1]
        if len(change.value) > most:
            wrong["value"] = f"最多{most}字，现有{len(change.value)}字，请删减"
        return wrong
    if words := _wrong_element(change):
        return {"element": words}
    if change.kind == "replace":
        if not change.target:
            return {"target": "请填写要换掉的文字"}
        return {"value": "新旧文字相同"} if change.target == change.value else {}
    return _wrong_value(change)


def _wrong_element(change: Change) -> str:
    if not change.element:
        return "请选择要素"
    if change.element not in shape.LABELS:
        return f"不认识的要素“{change.element}”"
    label = shape.LABELS[change.element]
    if change.element in FIXED:
        return f"{label}每个事项各不相同，不能批量修改"
    if change.element not in shape.BY_NAME:
        return f"{label}是一张表，请在事项的编辑页修改"
    if change.element not in elements(change.kind):
        return f"{label}不能这样批量修改，请换一种改法"
    return ""


def _wrong_value(change: Change) -> dict[str, str]:
    element = shape.BY_NAME[change.element]
    if not change.value:
        if change.kind != "set":
            return {"value": "请填写条目"}
        return {"value": f"{element.label}不能为空，请填写"} if element.needed else {}
    try:
        read = shape.normalise({change.element: change.value})[change.element]
    except shape.Malformed as wrong:
        return {"value": next(iter(wrong.problems.values()))}
    return {"value": "一次只加减一个条目"} if change.kind != "set" and len(read) != 1 else {}


def _wrong_citation(change: Change) -> dict[str, str]:
    labels = {"law": "原法规名称", "article": "原条号", "new_law": "新法规名称", "new_article": "新条号"}
    wrong = {name: f"请填写{label}" for name, label in labels.items() if not getattr(change, name)}
    for name in ("article", "new_article"):
        if name not in wrong and not re.fullmatch(r"第\S{1,20}条\S{0,40}", getattr(change, name)):
            wrong[name] = "条号应如“第十四条”"
    if not wrong and (change.law, change.article) == (change.new_law, change.new_article):
        wrong["new_article"] = "新旧法条相同"
    return wrong


# -- what becomes of a content ----------------------------------------------------------------------------------------


def apply(changes: Sequence[Change], content: Mapping[str, Any], laws: Laws) -> Outcome:
    """The content after all changes, in their order. laws: those that the changes name as new. Raises content.Malformed for what no
    longer has the shape (a text that grew too long)."""
    after = copy.deepcopy(dict(content))
    notes = []
    for change in changes:
        note = _DO[change.kind](change, after, laws)
        if note:
            notes.append(note)
    return Outcome(shape.normalise(after), notes)


def _set(change: Change, c: shape.Content, _: Laws) -> str:
    value = shape.normalise({change.element: change.value})[change.element]
    if value == c[change.element] or (value in (None, "", []) and c[change.element] in (None, "", [])):
        return f"{shape.LABELS[change.element]}已经是这个值"
    c[change.element] = value
    return ""


def _replace(change: Change, c: shape.Content, _: Laws) -> str:
    before = c[change.element] or ""
    if change.target not in before:
        return f"{shape.LABELS[change.element]}里没有“{change.target[:30]}”"
    c[change.element] = before.replace(change.target, change.value)
    return ""


def _entry(change: Change) -> str:
    return str(shape.normalise({change.element: change.value})[change.element][0])


def _add(change: Change, c: shape.Content, _: Laws) -> str:
    entry, before = _entry(change), list(c[change.element] or [])
    if entry in before:
        return f"{shape.LABELS[change.element]}已有这个条目"
    c[change.element] = [*before, entry]
    return ""


def _remove(change: Change, c: shape.Content, _: Laws) -> str:
    entry, before = _entry(change), list(c[change.element] or [])
    if entry not in before:
        return f"{shape.LABELS[change.element]}没有这个条目"
    c[change.element] = [one for one in before if one != entry]
    return ""


def _material(change: Change, c: shape.Content, _: Laws) -> str:
    rows = [row for row in c["materials"] if row["material_name"] == change.target]
    if not rows:
        return f"没有材料“{change.target[:30]}”"
    column = COLUMN[change.kind]
    if all(row[column] == change.value for row in rows):
        return f"“{change.target[:30]}”已写明这一{MATERIAL[change.kind]}"
    for row in rows:
        row[column] = change.value
    return ""


def _cite(change: Change, c: shape.Content, laws: Laws) -> str:
    """An article that is one of several in a row goes to another law by hand: which summary belongs to which, a person knows."""
    place = re.compile(re.escape(change.article) + "(?!之)")
    several, done = False, False
    rows: list[shape.Content] = []
    for row in c["citations"]:
        if row["law"] == change.law and place.search(row["article"]):
            if change.law != change.new_law and _SEVERAL.search(row["article"]):
                several = True
            else:
                row = {**row, "law": change.new_law, "article": place.sub(change.new_article, row["article"])}
                if change.law != change.new_law:
                    row["level"], row["number"] = laws.get(change.new_law, (row["level"], row["number"]))
                done = True
        if not any((row["law"], row["article"]) == (other["law"], other["article"]) for other in rows):
            rows.append(row)
    written = re.compile(f"《{re.escape(change.law)}》{re.escape(change.article)}(?!之)")
    new = f"《{change.new_law}》{change.new_article}"
    if not several:
        inside: list[tuple[dict[str, Any], str]] = [(c, name) for name in TEXTS]
        inside += [(row, name) for key, names in BASES.items() for row in c[key] for name in names]
        for holder, name in inside:
            if holder[name] and written.search(holder[name]):
                holder[name] = written.sub(lambda _: new, holder[name])
                done = True
    c["citations"] = rows if done else c["citations"]
    if several:
        return f"{change.article}与其他条写在一起，换到另一部法规请在编辑页改"
    return "" if done else f"没有引用《{change.law[:60]}》{change.article}"


_DO: Mapping[str, Callable[[Change, shape.Content, Laws], str]] = {
    "set": _set,
    "replace": _replace,
    "add": _add,
    "remove": _remove,
    "exempt": _material,
    "justify": _material,
    "cite": _cite,
}


def turned(before: Sequence[Finding], after: Sequence[Finding]) -> tuple[list[Finding], list[Finding]]:
    """The findings that a change brings, and those that it mends: by rule and place."""
    old, new = {(f.code, f.element) for f in before}, {(f.code, f.element) for f in after}
    return [f for f in after if (f.code, f.element) not in old], [f for f in before if (f.code, f.element) not in new]
