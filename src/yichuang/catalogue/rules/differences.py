"""What differs between two contents, element by element."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules import situations


@dataclass(frozen=True, slots=True)
class Difference:
    """One element that differs. before and after as they are in the content; label: Chinese, with the row's own name."""

    key: str
    label: str
    before: Any
    after: Any


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What differs between two contents, element by element, nested rows matched by code (or name, or place)."""
    a, b = shape.normalise(before), shape.normalise(after)
    found = [Difference(e.name, e.label, a[e.name], b[e.name]) for e in shape.ELEMENTS if a[e.name] != b[e.name]]
    for key, (label, _) in shape.LISTS.items():
        old, new = named(a[key]), named(b[key])
        for name in dict.fromkeys([*old, *new]):
            if old.get(name) != new.get(name):
                found.append(
                    Difference(key, f"{label}：{title(new.get(name) or old[name])}", old.get(name), new.get(name))
                )
        if list(old) != list(new) and set(old) == set(new):
            found.append(Difference(key, f"{label}：顺序", list(old), list(new)))
    for key in shape.PARTS:
        if a[key] != b[key]:
            found.append(Difference(key, shape.LABELS[key], a[key], b[key]))
    old, new = form_fields(a["form"]), form_fields(b["form"])
    for path in dict.fromkeys([*old, *new]):
        if old.get(path) != new.get(path):
            label = (new.get(path) or old[path]).get("label") or path
            found.append(Difference("form", f"申请表单：{label}", old.get(path), new.get(path)))
    if a["form"] != b["form"] and old == new:
        found.append(Difference("form", "申请表单：顺序", list(old), list(new)))
    before_, after_ = situation_parts(a["situations"]), situation_parts(b["situations"])
    for name in dict.fromkeys([*before_, *after_]):
        if before_.get(name) != after_.get(name):
            found.append(Difference("situations", f"情形引导：{name}", before_.get(name), after_.get(name)))
    return found


def situation_parts(given: Any) -> dict[str, Any]:
    """The questions, rows and examples of a 情形引导 in words, by what they are called."""
    table, _ = situations.parse(given)
    found: dict[str, Any] = {q.label: "、".join(label for _, label in q.choices) for q in table.questions}
    for row in table.rows:
        told = [row.handling, *(f"不要{code}（{why}）" for code, why in row.without), row.fee, row.note]
        told.append(f"{row.days}天" if row.days else "")
        found[f"〔{table.say_row(row)}〕"] = "；".join(one for one in told if one)
    for n, example in enumerate(table.examples, 1):
        found[f"用例{example.name or n}"] = f"{table.say(dict(example.answers))} → {'、'.join(example.materials)}"
    return found


def form_fields(form: Any) -> dict[str, shape.Content]:
    """The groups (without their fields) and the fields of a form, by path."""
    found: dict[str, shape.Content] = {}
    for group in (form or {}).get("groups") or []:
        if isinstance(group, Mapping):
            code = str(group.get("code", ""))
            found[code] = {"label": group.get("title", code), **{k: v for k, v in group.items() if k != "fields"}}
            for one in group.get("fields") or []:
                if isinstance(one, Mapping):
                    found[f"{code}.{one.get('code', '')}"] = dict(one)
    return found


def named(rows: list[shape.Content]) -> dict[str, shape.Content]:
    """Nested rows by what they are matched by: code, or name, or place."""
    named: dict[str, shape.Content] = {}
    for n, row in enumerate(rows):
        name = row.get("code") or row.get("fee_name") or row.get("question") or row.get("text") or ""
        name = name or f"{row.get('law', '')}{row.get('article', '')}"
        named[name if name and name not in named else f"{name}#{n + 1}"] = row
    return named


def title(row: shape.Content) -> str:
    """What a nested row is called."""
    for key in ("material_name", "name", "fee_name", "question", "text"):
        if row.get(key):
            return str(row[key])
    return f"{row.get('law', '')}{row.get('article', '')}"
