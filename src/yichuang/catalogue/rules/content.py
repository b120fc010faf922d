"""The one shape of an item's content: what an editor writes, an import fills, a digest covers, two versions compare.

Keys are the national element names (实施清单, 材料, 收费, 常见问题); the nested lists are the platform's own. An element that
is not known yet is left out (or null): a draft may lack elements, lint says which. `normalise` gives the full shape, every
key present, in one order, so that equal contents have equal text.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from yichuang.catalogue.rules.cells import code, count, plain, text, words, yes
from yichuang.catalogue.rules.elements import (
    BY_NAME,
    DEFAULTS,
    ELEMENTS,
    KEYS,
    LABELS,
    LISTS,
    PARTS,
    Element,
    element_of,
)

__all__ = [
    "BY_NAME",
    "ELEMENTS",
    "FREE",
    "KEYS",
    "LABELS",
    "LISTS",
    "PARTS",
    "Content",
    "Malformed",
    "compact",
    "element_of",
    "faults",
    "normalise",
]

Content = dict[str, Any]
FREE = ("form", "situations")
"""Parts with a shape of their own (rules.form, rules.situations), which lint judges."""


class Malformed(ValueError):
    """The content does not have the shape. problems: message by place ("materials.0.code")."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("；".join(problems.values()))
        self.problems = dict(problems)


def normalise(given: Mapping[str, Any]) -> Content:
    """The full shape: every key, in one order, typed (`cells`). Raises Malformed with every problem at its place."""
    problems: dict[str, str] = {}
    found: Content = {}
    for key in given:
        if key not in LABELS:
            problems[str(key)] = f"不认识的要素“{key}”，请核对要素名"
    for element in ELEMENTS:
        found[element.name] = _checked(
            element.name, element.label, _element, element, given.get(element.name), problems
        )
    for key, (label, shape) in LISTS.items():
        found[key] = _list(key, label, shape, given.get(key), problems)
    for key, (label, shape) in PARTS.items():
        part = given.get(key)
        if not part:
            found[key] = None
        elif not isinstance(part, Mapping):
            problems[key] = f"{label}应为一组属性"
        else:
            found[key] = _row(key, label, shape, {}, part, problems)
    for key in FREE:
        one = given.get(key) or None
        if one is not None and not isinstance(one, Mapping):
            problems[key] = f"{LABELS[key]}应为一组属性"
        found[key] = plain(one)
    if problems:
        raise Malformed(problems)
    return found


def compact(content: Mapping[str, Any]) -> Content:
    """Without the elements that say nothing: what files and the log hold. normalise(compact(c)) == normalise(c)."""
    return {
        key: [{k: v for k, v in row.items() if v not in (None, "", [])} for row in value]
        if key in LISTS and value
        else value
        for key, value in content.items()
        if value not in (None, "", [])
    }


def faults(content: Content, departments: Collection[str]) -> dict[str, str]:
    """What a whole content lacks or contradicts so that no version can be made of it: message by place. departments: names known in
    the division."""
    problems: dict[str, str] = {}
    if not content["task_name"]:
        problems["task_name"] = "缺少事项名称（task_name）"
    if not content["local_task_code"] and not content["task_code"]:
        problems["local_task_code"] = "缺少地方实施编码（local_task_code）或实施编码（task_code）"
    if not content["department"]:
        problems["department"] = "缺少实施主体（department）"
    for n, step in enumerate(content["steps"]):
        if step["department"] and step["department"] not in departments:
            problems[f"steps.{n}.department"] = f"环节“{step['name']}”的部门“{step['department']}”不在本地部门中"
    for key in ("materials", "steps", "handlings"):
        codes = [row["code"] for row in content[key]]
        for one in sorted({c for c in codes if codes.count(c) > 1}):
            problems[key] = f"{LABELS[key]}的编码“{one}”重复"
    if content["department"] and content["department"] not in departments:
        problems["department"] = f"实施主体“{content['department']}”不在本地部门中，请先登记该部门或改正名称"
    return problems


def _checked(
    place: str, label: str, read: Callable[[Any, Any], Any], how: Any, value: Any, problems: dict[str, str]
) -> Any:
    try:
        return read(how, value)
    except ValueError as wrong:
        problems[place] = f"{label}{wrong}"
        return None


def _element(element: Element, value: Any) -> Any:
    if element.kind == "text":
        return text(value, element.size)
    if element.kind == "code":
        return code(value, element.codes or {})
    if element.kind in ("days", "count"):
        return count(value)
    if element.kind == "yes":
        return yes(value)
    many = words(value, element.size)
    return [code(one, element.codes) for one in many] if element.kind == "codes" and element.codes else many


def _list(
    key: str, label: str, shape: Mapping[str, tuple[str, int]], given: Any, problems: dict[str, str]
) -> list[Content]:
    if not given:
        return []
    if not isinstance(given, (list, tuple)):
        problems[key] = f"{label}应为列表"
        return []
    rows = []
    for n, one in enumerate(given):
        if isinstance(one, str) and key == "conditions":
            one = {"text": one}
        if not isinstance(one, Mapping):
            problems[f"{key}.{n}"] = f"{label}第{n + 1}项应为一组属性"
            continue
        rows.append(_row(f"{key}.{n}", f"{label}第{n + 1}项：", shape, DEFAULTS.get(key, {}), one, problems))
    for n, row in enumerate(rows):
        if "code" in shape and not row.get("code"):
            row["code"] = f"{key[0]}{n + 1}"
    return rows


def _row(
    place: str,
    label: str,
    shape: Mapping[str, tuple[str, int]],
    defaults: Mapping[str, Any],
    given: Mapping[str, Any],
    problems: dict[str, str],
) -> Content:
    for key in given:
        if key not in shape and key != "order_num":
            problems[f"{place}.{key}"] = f"{label}不认识的属性“{key}”"
    row: Content = {}
    for key, how in shape.items():
        value = given.get(key)
        if value in (None, "") and key in defaults:
            value = defaults[key]
        row[key] = _checked(f"{place}.{key}", label, _sub, how, value, problems)
    return row


def _sub(how: tuple[str, int], value: Any) -> Any:
    kind, size = how
    if kind == "text":
        return text(value, size)
    if kind == "count":
        return count(value) or 0
    if kind == "yes":
        return bool(yes(value))
    if kind == "words":
        return words(value if isinstance(value, (list, tuple)) else [value] if value else [], size)
    return plain(value) or None
