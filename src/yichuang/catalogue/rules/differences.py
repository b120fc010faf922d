"""What differs between two contents, element by element."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yichuang.catalogue.rules import content as shape


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
