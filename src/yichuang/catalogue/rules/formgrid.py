"""The application form as fields of a page, and back. Names of fields: "g.0.title", "g.0.f.2.label", conditions as rules.conditions.

`spread` gives what the page shows, `gather` takes what a browser sends and gives the data of rules.form, `act` is what a
button does to it. `gather(spread(form))` says the same as the form.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from yichuang.catalogue.rules import formread
from yichuang.catalogue.rules.conditions import Posted, condition_meant, condition_said, last, numbers
from yichuang.catalogue.rules.situationgrid import choices, choices_said

Data = dict[str, Any]
MOST_GROUPS, MOST_FIELDS = 30, 80
GROUP_TEXTS, FIELD_TEXTS = ("code", "title", "help"), ("code", "label", "help", "pattern", "min", "max", "source")
WITH_CHOICES = ("choice", "choices")


def groups_of(form: Mapping[str, Any] | None) -> list[Data]:
    """The groups of a form as it is stored, each with its fields; what is no group is left out."""
    held = (form or {}).get("groups")
    found = [copy.deepcopy(dict(g)) for g in held if isinstance(g, Mapping)] if isinstance(held, list) else []
    for group in found:
        fields = group.get("fields")
        group["fields"] = [dict(f) for f in fields if isinstance(f, Mapping)] if isinstance(fields, list) else []
    return found


def settled(groups: Sequence[Data]) -> Data | None:
    """The form as it is stored, without what says nothing; None when there is no group."""
    return {"groups": [_told(g) | {"fields": [_told(f) for f in g["fields"]]} for g in groups]} if groups else None


def _told(one: Mapping[str, Any]) -> Data:
    return {k: v for k, v in one.items() if k != "fields" and v not in (None, "", [], {}, False)}


# -- data -> fields ---------------------------------------------------------------------------------------------------


def condition(one: Mapping[str, Any], groups: Sequence[Data]) -> dict[str, str]:
    """field, op, value of a condition in words; raw for one that is none."""
    said = condition_said(one.get("when"), formread.parse({"groups": list(groups)})[0])
    return said if said is not None else {"raw": json.dumps(one["when"], ensure_ascii=False)}


def spread(groups: Sequence[Data]) -> Posted:
    """The fields of the page, as a browser sends them."""
    found: Posted = {"g.line": []}
    for n, group in enumerate(groups):
        place = f"g.{n}."
        found["g.line"].append(str(n))
        found |= {f"{place}{name}": [str(group.get(name) or "")] for name in (*GROUP_TEXTS, "min", "max")}
        found[f"{place}repeat"] = ["1" if group.get("repeat") else ""]
        found |= {f"{place}when.{part}": [text] for part, text in condition(group, groups).items()}
        found[f"{place}f.line"] = [str(m) for m in range(len(group["fields"]))]
        for m, field in enumerate(group["fields"]):
            inner = f"{place}f.{m}."
            found |= {f"{inner}{name}": [_said(field.get(name))] for name in (*FIELD_TEXTS, "type", "max_length")}
            found[f"{inner}required"] = ["1" if field.get("required") else ""]
            found[f"{inner}choices"] = [choices_said(field.get("choices") or [])]
            found |= {f"{inner}when.{part}": [text] for part, text in condition(field, groups).items()}
    return found


def _said(value: Any) -> str:
    return "" if value is None else str(value)


# -- fields -> data ---------------------------------------------------------------------------------------------------


def gather(posted: Mapping[str, Sequence[str]], used: Collection[str] = ()) -> list[Data]:
    """What the fields say; unchecked (rules.formread and lint judge it). used: codes and values of all versions of the item: what is new
    gets none of them, for drafts and old versions know something else by it."""
    found, taken = [], {last(posted, f"g.{n}.code").strip() for n in numbers(posted, "g.line", MOST_GROUPS)} | set(used)
    places: list[tuple[Data, str]] = []
    for n in numbers(posted, "g.line", MOST_GROUPS):
        place = f"g.{n}."
        group: Data = {name: last(posted, f"{place}{name}").strip() for name in GROUP_TEXTS}
        group["code"] = group["code"] or _free("group", taken)
        group["repeat"] = last(posted, f"{place}repeat") == "1"
        if group["repeat"]:
            group |= {name: _count(last(posted, f"{place}{name}")) for name in ("min", "max")}
        own = numbers(posted, f"{place}f.line", MOST_FIELDS)
        codes = {last(posted, f"{place}f.{m}.code").strip() for m in own} | set(used)
        group["fields"] = [_field(posted, f"{place}f.{m}.", codes, used) for m in own]
        places += [(group, place), *((f, f"{place}f.{m}.") for f, m in zip(group["fields"], own, strict=True))]
        found.append(group)
    definition = formread.parse({"groups": copy.deepcopy(found)})[0]  # as typed: a new field may be named at once
    for one, place in places:
        one["when"] = condition_meant(_within(posted, place), "when", definition)
    return found


def _field(posted: Mapping[str, Sequence[str]], place: str, taken: set[str], used: Collection[str]) -> Data:
    field: Data = {name: last(posted, f"{place}{name}").strip() for name in FIELD_TEXTS}
    field["code"] = field["code"] or _free("field", taken)
    field["type"] = last(posted, f"{place}type") or "text"
    field["required"] = last(posted, f"{place}required") == "1"
    field["max_length"] = _count(last(posted, f"{place}max_length"))
    if field["type"] in WITH_CHOICES:
        field["choices"] = choices(last(posted, f"{place}choices"), used)
    return field


def _within(posted: Mapping[str, Sequence[str]], place: str) -> Posted:
    return {name.removeprefix(place): list(v) for name, v in posted.items() if name.startswith(f"{place}when.")}


def _count(text: str) -> Any:
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 7 else plain or None


def _free(word: str, taken: set[str]) -> str:
    code = next(c for n in range(1, 9999) if (c := f"{word}{n}") not in taken)
    taken.add(code)
    return code


# -- buttons ----------------------------------------------------------------------------------------------------------


def act(groups: Sequence[Data], do: str, used: Collection[str] = ()) -> list[Data]:
    """The groups after a button: "g.add", "g.0.up", "g.0.remove", "g.0.f.add", "g.0.f.2.down", … Raises LookupError with why it cannot be
    done, in Chinese."""
    made: list[Data] = copy.deepcopy(list(groups))
    parts = do.split(".")
    if parts[:1] != ["g"]:
        raise LookupError("没有这个动作")
    if len(parts) > 2 and parts[2] == "f":
        group = _at(made, parts[1])
        _move(group["fields"], parts[3:], lambda: {"code": "", "label": "", "type": "text"}, MOST_FIELDS)
        _named(group["fields"], "field", used)
    else:
        _move(made, parts[1:], lambda: {"code": "", "title": "", "fields": []}, MOST_GROUPS)
        _named(made, "group", used)
    return made


def _named(rows: list[Data], word: str, used: Collection[str]) -> None:
    taken = {row["code"] for row in rows if row.get("code")} | set(used)
    for row in rows:
        row["code"] = row.get("code") or _free(word, taken)


def _at(rows: list[Data], number: str) -> Data:
    if not (number.isascii() and number.isdigit()) or int(number) >= len(rows):
        raise LookupError("没有这一项，请刷新页面")
    return rows[int(number)]


def _move(rows: list[Data], parts: Sequence[str], fresh: Callable[[], Data], most: int) -> None:
    if list(parts) == ["add"]:
        if len(rows) >= most:
            raise LookupError(f"最多{most}项")
        rows.append(fresh())
        return
    if len(parts) != 2 or parts[1] not in ("up", "down", "remove"):
        raise LookupError("没有这个动作")
    _at(rows, parts[0])
    n, verb = int(parts[0]), parts[1]
    if verb == "remove":
        del rows[n]
        return
    other = n - 1 if verb == "up" else n + 1
    if not 0 <= other < len(rows):
        raise LookupError("已经在头上或末尾")
    rows[n], rows[other] = rows[other], rows[n]
