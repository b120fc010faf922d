"""A condition on the answers of the form, as fields of a page and back: ".field", ".op", ".value", or ".raw" for another one;
and how any such page's fields are read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from yichuang.catalogue.rules import formread
from yichuang.catalogue.rules.form import FormDefinition

Posted = dict[str, list[str]]

CONDITIONS = ("when",)
"""Columns of kind "any" that hold a condition on the form; another one is written as JSON."""
OPS: Mapping[str, str] = {"eq": "是", "ne": "不是", "in": "属于"}


def condition_said(value: Any, definition: FormDefinition) -> dict[str, str] | None:
    """Field, relation and values of a condition in words, one value a line; None for what is no such condition."""
    if not value:
        return {"field": "", "op": "", "value": ""}
    if not isinstance(value, Mapping) or len(value) != 2 or not isinstance(value.get("field"), str):
        return None
    op = next(key for key in value if key != "field")
    given = value[op] if op == "in" else [value[op]]
    if op not in OPS or not isinstance(given, list) or any(isinstance(v, (list, dict)) for v in given):
        return None
    yes = _asks_yes(definition, value["field"])
    words = [_said(one, yes) for one in given]
    back = [_meant(word, yes) for word in lines("\n".join(words))]
    if [(type(one), one) for one in back] != [(type(one), one) for one in given]:
        return None
    return {"field": value["field"], "op": op, "value": "\n".join(words)}


def _asks_yes(definition: FormDefinition, name: str) -> bool:
    """Whether the condition asks a yes or no of the form."""
    found = formread.target(definition, None, name)
    group = definition.group(found[0]) if found else None
    asked = group.field(found[1]) if group and found else None
    return asked is not None and asked.type == "boolean"


def _said(value: Any, yes: bool) -> str:
    if yes and isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str) and _meant(value, yes) == value:
        return value
    return json.dumps(value, ensure_ascii=False)


def _meant(text: str, yes: bool) -> Any:
    """ "是" of a yes-or-no field is True; 12 and true are no text; "12" in quotes is."""
    if yes and text in ("是", "否"):
        return text == "是"
    if re.fullmatch(r'true|false|null|-?\d{1,15}(\.\d{1,9})?|".*"', text):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


def condition_meant(row: Posted, name: str, definition: FormDefinition) -> Any:
    raw, asked, op = (last(row, f"{name}.{part}").strip() for part in ("raw", "field", "op"))
    if raw:
        try:
            return json.loads(raw)
        except ValueError:
            return {"field": raw}
    if name not in CONDITIONS:
        return None
    typed = lines(last(row, f"{name}.value"))
    if not (asked or typed):  # a relation alone says nothing: a browser sends the first one of the list
        return None
    values = [_meant(line, _asks_yes(definition, asked)) for line in typed]
    if op == "in" or (len(values) > 1 and op in ("", "eq")):
        return {"field": asked, "in": values}
    when = {"field": asked, op or "eq": values[0] if values else ""}
    return when if len(values) < 2 else {**when, "in": values[1:]}  # two relations: lint says that there may be one


def last(posted: Mapping[str, Sequence[str]], name: str) -> str:
    values = posted.get(name) or [""]
    return values[-1]


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.replace("\r\n", "\n").split("\n") if line.strip()]


def words_of(*parts: Any) -> set[str]:
    """Every code and value in forms and situations as they are stored."""
    found: set[str] = set()
    for part in parts:
        if isinstance(part, Mapping):
            found |= {str(part[key]) for key in ("code", "value") if isinstance(part.get(key), str)}
            found |= words_of(*part.values())
        elif isinstance(part, list):
            found |= words_of(*part)
    return found


def numbers(posted: Mapping[str, Sequence[str]], name: str, most: int) -> list[int]:
    """The lines that a grid had, in their order; one beyond the most it may have, so that this is seen."""
    found = [int(v) for v in posted.get(name, ()) if v.isascii() and v.isdigit() and len(v) < 5]
    return list(dict.fromkeys(found))[: most + 1]
