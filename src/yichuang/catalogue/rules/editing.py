"""An item's content as the fields of a page, and back. Names of fields are places of the content: "promise_day",
"materials.0.code", "licence.name"; a condition is three of them ("materials.0.when.field", ".op", ".value").

Driven by ELEMENTS, LISTS and PARTS: what is added there appears by itself; UNSHOWN is what has a page of its own and is
carried over. `gather(spread(c), c)` has the shape of c again.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules import formread, lint
from yichuang.catalogue.rules.conditions import CONDITIONS, Posted, condition_meant, condition_said, last, lines
from yichuang.catalogue.rules.elements import DEFAULTS
from yichuang.catalogue.rules.findings import ERROR, Context, Finding
from yichuang.catalogue.rules.form import FormDefinition
from yichuang.catalogue.rules.reading import SECTIONS

UNSHOWN: frozenset[str] = frozenset({"form", "situations"})
"""Keys that the editor shows and does not change."""

AFTER: Mapping[str, str] = {
    "citations": "依据和条件",
    "conditions": "依据和条件",
    "materials": "依据和条件",
    "steps": "怎么办",
    "handlings": "怎么办",
    "fees": "收费",
    "licence": "结果",
    "publicity": "结果",
    "questions": "地点和联系",
}
"""Behind which section a list or a part stands; one that is not named stands at the end."""

MOST_ROWS = 100
SHAPE = "content.shape"
"""The code of a finding about what cannot be read or saved as it is."""


@dataclass(frozen=True, slots=True)
class Part:
    """One section of the page. key: of a list or a part of the content, "" for elements. names: of its elements or columns."""

    key: str
    title: str
    anchor: str
    names: tuple[str, ...] = ()
    kind: str = "elements"


def outline() -> list[Part]:
    """The sections of the page in order; every element, list and part that is shown stands in one of them."""
    nested = {
        **{key: Part(key, label, f"s-{key}", tuple(columns), "list") for key, (label, columns) in shape.LISTS.items()},
        **{key: Part(key, label, f"s-{key}", tuple(columns), "part") for key, (label, columns) in shape.PARTS.items()},
    }
    nested = {key: part for key, part in nested.items() if key not in UNSHOWN}
    found: list[Part] = []
    for n, (title, names) in enumerate(SECTIONS):
        found.append(Part("", title, f"s-{n}", names))
        found += [nested.pop(key) for key, behind in AFTER.items() if behind == title and key in nested]
    named = {name for _, names in SECTIONS for name in names}
    if left := tuple(e.name for e in shape.ELEMENTS if e.name not in named):
        found.append(Part("", "其他", f"s-{len(SECTIONS)}", left))
    return [*found, *nested.values()]


# -- content -> fields ------------------------------------------------------------------------------------------------


def spread(content: Mapping[str, Any]) -> Posted:
    """The fields of a whole content (`content.normalise`), as a browser sends them."""
    definition = formread.parse(content["form"])[0]
    found: Posted = {}
    for element in shape.ELEMENTS:
        value = content[element.name]
        found[element.name] = ["", *value] if element.kind == "codes" else [_text(element.kind, value)]
    for key, (_, columns) in shape.LISTS.items():
        if key not in UNSHOWN:
            _put_rows(found, key, [_row(columns, row, definition) for row in content[key]])
    for key, (_, columns) in shape.PARTS.items():
        if key not in UNSHOWN:
            for name, values in _row(columns, content[key] or {}, definition).items():
                found[f"{key}.{name}"] = values
    return found


def _row(columns: Mapping[str, tuple[str, int]], row: Mapping[str, Any], definition: FormDefinition) -> Posted:
    found: Posted = {}
    for name, (kind, _) in columns.items():
        value = row.get(name)
        if kind != "any":
            found[name] = [_text(kind, bool(value) if kind == "yes" else value)]
        elif name not in CONDITIONS or (said := condition_said(value, definition)) is None:
            found[f"{name}.raw"] = [json.dumps(value, ensure_ascii=False) if value else ""]
        else:
            found |= {f"{name}.{part}": [text] for part, text in said.items()}
    return found


def _text(kind: str, value: Any) -> str:
    if value is None:
        return ""
    if kind == "yes":
        return "1" if value else "0"
    if kind == "words":
        return "\n".join(value)
    return str(value)


# -- fields -> content ------------------------------------------------------------------------------------------------


def gather(posted: Mapping[str, Sequence[str]], base: Mapping[str, Any]) -> shape.Content:
    """What the fields say, not yet checked (`content.normalise` does that). base: the content that the page was made from; what the
    page did not send at all is kept from it."""
    definition = formread.parse(base.get("form"))[0]
    found: shape.Content = {key: base.get(key) for key in shape.KEYS if key in UNSHOWN}
    for element in shape.ELEMENTS:
        name = element.name
        if name not in posted:
            found[name] = base.get(name)
        elif element.kind == "codes":
            found[name] = _in_order([v for v in posted[name] if v], base.get(name) or [])
        else:
            found[name] = _value(element.kind, last(posted, name))
    for key, (_, columns) in shape.LISTS.items():
        if key in UNSHOWN or f"{key}.row" not in posted:
            found[key] = base.get(key)
        else:
            found[key] = [_gathered(columns, row, definition) for row in rows_of(posted, key)]
    for key, (_, columns) in shape.PARTS.items():
        own = {name.removeprefix(f"{key}."): list(v) for name, v in posted.items() if name.startswith(f"{key}.")}
        if key in UNSHOWN or not own:
            found[key] = base.get(key)
            continue
        part = _gathered(columns, own, definition)
        found[key] = part if any(v not in (None, "", "0", []) for v in part.values()) else None
    return found


def _gathered(columns: Mapping[str, tuple[str, int]], row: Posted, definition: FormDefinition) -> shape.Content:
    return {
        name: condition_meant(row, name, definition) if kind == "any" else _value(kind, last(row, name))
        for name, (kind, _) in columns.items()
    }


def _value(kind: str, text: str) -> Any:
    return lines(text) if kind == "words" else text


def _in_order(chosen: Sequence[str], before: Sequence[str]) -> list[str]:
    """The boxes in the order that they had, new ones behind: a page alone does not reorder."""
    return [*(v for v in before if v in chosen), *(v for v in chosen if v not in before)]


# -- what is wrong ----------------------------------------------------------------------------------------------------


def readable(given: Mapping[str, Any]) -> tuple[shape.Content, dict[str, str]]:
    """The whole content of what was typed, what cannot be read left out; and the messages, by place, about that."""
    try:
        return shape.normalise(given), {}
    except shape.Malformed as wrong:
        rest = copy.deepcopy(dict(given))
        for place in wrong.problems:
            _leave_out(rest, place.split("."))
        return shape.normalise(rest), wrong.problems


def _leave_out(inside: Any, path: Sequence[str]) -> None:
    """Take the place out of the content; a row stays, empty."""
    whole, first = ".".join(path), path[0]
    if isinstance(inside, list):
        below = inside[int(first)]
        if len(path) > 1 and isinstance(below, (dict, list)):
            _leave_out(below, path[1:])
        else:
            inside[int(first)] = {}
    elif whole not in inside and isinstance(inside.get(first), (dict, list)):
        _leave_out(inside[first], path[1:])
    else:
        inside.pop(whole if whole in inside else first, None)


def look(content: shape.Content, problems: Mapping[str, str], context: Context) -> list[Finding]:
    """Everything wrong with what was typed, as `lint.check` tells it: first what cannot be read or saved. One finding is told of a place
    that cannot be read, not two. content, problems: of `readable`."""
    hard = {**problems, **shape.faults(content, context.departments)}
    told = [Finding(SHAPE, ERROR, place, f"{words}。", "改好才能保存。") for place, words in hard.items()]
    return told + [one for one in lint.check(content, context) if one.element not in hard]


# -- rows -------------------------------------------------------------------------------------------------------------


def settle(posted: Iterable[tuple[str, Sequence[str]]]) -> Posted:
    """The fields of the page among what was sent, rows numbered by their order. What the page does not know is left out."""
    given = {name: list(values) for name, values in posted}
    found: Posted = {e.name: given[e.name] for e in shape.ELEMENTS if e.name in given}
    for key in shape.PARTS:
        found |= {name: values for name, values in given.items() if name.startswith(f"{key}.")}
    for key in shape.LISTS:
        if key not in UNSHOWN and f"{key}.row" in given:
            _put_rows(found, key, rows_of(given, key))
    return found


def rows_of(posted: Mapping[str, Sequence[str]], key: str) -> list[Posted]:
    """The rows of a list, in the order of the page, by column."""
    order = [n for n in dict.fromkeys(posted.get(f"{key}.row", ())) if n.isdecimal()]
    own: dict[str, Posted] = {n: {} for n in order}
    for name, values in posted.items():
        first, _, rest = name.partition(".")
        n, _, column = rest.partition(".")
        if first == key and column and n in own:
            own[n][column] = list(values)
    return list(own.values())


def _put_rows(found: Posted, key: str, rows: Sequence[Posted]) -> None:
    found[f"{key}.row"] = ["", *(str(n) for n in range(len(rows)))]
    for n, row in enumerate(rows):
        found |= {f"{key}.{n}.{name}": values for name, values in row.items()}


@dataclass(frozen=True, slots=True)
class Moved:
    """The fields after a row was added, removed or moved. key: of the list. at: the row to look at, None when it is empty."""

    posted: Posted = field(repr=False)
    key: str
    at: int | None


def moved(posted: Posted, what: str, used: Iterable[str] = ()) -> Moved:
    """Do "materials.add", "materials.2.remove", "materials.2.up" or "materials.2.down". used: codes that rows of the list have had in
    any version. Raises LookupError, with words for the person, when there is no such list or row."""
    key, _, rest = what.partition(".")
    if key not in shape.LISTS or key in UNSHOWN:
        raise LookupError(f"没有“{key[:40]}”这张表")
    label, columns = shape.LISTS[key]
    rows = rows_of(posted, key)
    number, _, verb = rest.rpartition(".")
    if verb == "add":
        if len(rows) >= MOST_ROWS:
            raise LookupError(f"{label}最多{MOST_ROWS}项")
        rows.append(
            _row(columns, {**DEFAULTS.get(key, {}), **_fresh(key, columns, rows, used)}, formread.parse(None)[0])
        )
        at = len(rows) - 1
    elif verb not in ("remove", "up", "down") or number not in [str(n) for n in range(len(rows))]:
        raise LookupError(f"{label}没有这一项，页面可能已经变了")
    else:
        at = int(number)
        row = rows.pop(at)
        if verb != "remove":
            at = min(max(at + (1 if verb == "down" else -1), 0), len(rows))
            rows.insert(at, row)
    kept = {name: values for name, values in posted.items() if not name.startswith(f"{key}.")}
    _put_rows(kept, key, rows)
    return Moved(kept, key, min(at, len(rows) - 1) if rows else None)


def _fresh(
    key: str, columns: Mapping[str, tuple[str, int]], rows: Sequence[Posted], used: Iterable[str]
) -> dict[str, str]:
    """The code after the last one: a code names one row through all versions of an item."""
    if "code" not in columns:
        return {}
    numbered = [re.fullmatch(rf"{key[0]}(\d{{1,6}})", code) for code in (*used, *(last(row, "code") for row in rows))]
    return {"code": f"{key[0]}{max((int(found[1]) for found in numbered if found), default=0) + 1}"}
