"""Reading and checking a form definition itself: what an editor may have got wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from yichuang.catalogue.rules import fieldtypes
from yichuang.catalogue.rules.form import SOURCES, Condition, Field, FormDefinition, Group, condition

CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
GROUP_KEYS = {"code", "title", "help", "repeat", "min", "max", "when", "fields"}
FIELD_KEYS = {
    "code",
    "label",
    "type",
    "required",
    "help",
    "max_length",
    "choices",
    "source",
    "when",
    "pattern",
    "min",
    "max",
}


def read(given: Mapping[str, Any] | None) -> FormDefinition:
    """The definition from its data. Raises ValueError with every problem on a line when it is not sound."""
    definition, problems = parse(given)
    if problems:
        raise ValueError("\n".join(problems))
    return definition


def parse(given: Mapping[str, Any] | None) -> tuple[FormDefinition, list[str]]:
    """The definition as far as it can be read, and what is wrong with it (Chinese, with the place)."""
    problems: list[str] = []
    if not given:
        return FormDefinition(), problems
    raw = given.get("groups") if isinstance(given, Mapping) else None
    if not isinstance(raw, list):
        return FormDefinition(), ["表单定义缺少 groups 列表"]
    _unknown(given, {"groups"}, "表单", problems)
    groups = [g for n, one in enumerate(raw) if (g := _group(one, f"第{n + 1}组", problems)) is not None]
    _repeated([g.code for g in groups], "组编码", problems)
    definition = FormDefinition(tuple(groups))
    _conditions(definition, problems)
    return definition, problems


def _unknown(given: Mapping[str, Any], known: set[str], place: str, problems: list[str]) -> None:
    for key in given:
        if key not in known:
            problems.append(f"{place}：不认识的属性“{key}”")


def _repeated(codes: list[str], what: str, problems: list[str]) -> None:
    for code in sorted({c for c in codes if codes.count(c) > 1}):
        problems.append(f"{what}“{code}”重复，请改为不同的编码")


def _group(given: Any, place: str, problems: list[str]) -> Group | None:
    if not isinstance(given, Mapping):
        problems.append(f"{place}：应为一组属性")
        return None
    code, title = str(given.get("code", "")), str(given.get("title", ""))
    place = f"组“{title or code}”"
    if not CODE.fullmatch(code):
        problems.append(f"{place}：编码“{code}”应以小写字母开头，只含小写字母、数字、下划线，不超过40位")
    if not title:
        problems.append(f"{place}：缺少标题")
    _unknown(given, GROUP_KEYS, place, problems)
    repeat = bool(given.get("repeat", False))
    low, high = (
        _count(given.get("min", 0), place, problems),
        _count(given.get("max", 20 if repeat else 1), place, problems),
    )
    if repeat and (high < 1 or high > 200 or low > high):
        problems.append(f"{place}：重复次数 {low} 至 {high} 不合理（上限1至200，且不小于下限）")
    raw = given.get("fields")
    if not isinstance(raw, list) or not raw:
        problems.append(f"{place}：至少要有一个字段")
        raw = []
    fields = [f for one in raw if (f := _field(one, place, problems)) is not None]
    _repeated([f.code for f in fields], f"{place}的字段编码", problems)
    return Group(
        code=code,
        title=title,
        fields=tuple(fields),
        help=str(given.get("help", "")),
        repeat=repeat,
        min=low,
        max=high,
        when=_when(given.get("when"), place, problems),
    )


def _count(value: Any, place: str, problems: list[str]) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    problems.append(f"{place}：次数或长度“{value}”应为不小于0的整数")
    return 0


def _when(given: Any, place: str, problems: list[str]) -> Condition | None:
    try:
        return condition(given)
    except ValueError as wrong:
        problems.append(f"{place}：{wrong}")
        return None


def _field(given: Any, group: str, problems: list[str]) -> Field | None:
    if not isinstance(given, Mapping):
        problems.append(f"{group}：字段应为一组属性")
        return None
    code, label, kind = (str(given.get(key, "")) for key in ("code", "label", "type"))
    place = f"{group}字段“{label or code}”"
    if not CODE.fullmatch(code):
        problems.append(f"{place}：编码“{code}”应以小写字母开头，只含小写字母、数字、下划线，不超过40位")
    if not label:
        problems.append(f"{place}：缺少名称")
    if kind not in fieldtypes.TYPES:
        problems.append(f"{place}：不认识的类型“{kind}”，可用：{'、'.join(fieldtypes.TYPES)}")
        return None
    _unknown(given, FIELD_KEYS, place, problems)
    found = Field(
        code=code,
        label=label,
        type=kind,
        required=bool(given.get("required", False)),
        help=str(given.get("help", "")),
        max_length=_count(given.get("max_length") or 0, place, problems),
        choices=_choices(given.get("choices"), kind, place, problems),
        source=str(given.get("source") or ""),
        when=_when(given.get("when"), place, problems),
        pattern=str(given.get("pattern") or ""),
        min=_bound(given.get("min")),
        max=_bound(given.get("max")),
    )
    _details(found, place, problems)
    return found


def _bound(value: Any) -> str:
    return "" if value is None else str(value)


def _choices(given: Any, kind: str, place: str, problems: list[str]) -> tuple[tuple[str, str], ...]:
    if kind not in ("choice", "choices"):
        if given:
            problems.append(f"{place}：只有单选、多选才有选项")
        return ()
    if not isinstance(given, list) or not given:
        problems.append(f"{place}：缺少选项")
        return ()
    found = []
    for one in given:
        if not isinstance(one, Mapping) or not one.get("value") or not one.get("label"):
            problems.append(f"{place}：每个选项都要有 value 与 label")
            continue
        found.append((str(one["value"]), str(one["label"])))
    _repeated([value for value, _ in found], f"{place}的选项值", problems)
    return tuple(found)


def _details(item: Field, place: str, problems: list[str]) -> None:
    if item.pattern:
        try:
            re.compile(item.pattern)
        except re.error as wrong:
            problems.append(f"{place}：格式表达式不正确（{wrong}）")
        if _explosive(item.pattern):
            problems.append(f"{place}：格式表达式含嵌套的重复，可能极慢，请改写")
    if item.source and item.source not in SOURCES and not re.fullmatch(r"licence\.[0-9A-Z]{21}\.[a-z_]+", item.source):
        problems.append(f"{place}：不认识的预填来源“{item.source}”")
    for text in (item.min, item.max):
        if not text:
            continue
        if item.type == "date":
            if text != fieldtypes.TODAY and (fieldtypes.day(text) is None or "-" not in text or len(text) != 10):
                problems.append(f"{place}：界限“{text}”应为 today 或 2026-11-24 样式的日期")
        elif item.type not in ("integer", "decimal", "money"):
            problems.append(f"{place}：这一类型没有大小界限")
        elif fieldtypes.bound(text) is None:
            problems.append(f"{place}：界限“{text}”应为数字")
    low, high = fieldtypes.bound(item.min), fieldtypes.bound(item.max)
    if item.type != "date" and low is not None and high is not None and low > high:
        problems.append(f"{place}：下限 {item.min} 大于上限 {item.max}")


def _explosive(pattern: str) -> bool:
    """A group that repeats and holds a repeat: (a+)+ and the like."""
    return bool(re.search(r"\([^()]*[+*][^()]*\)[+*{]", pattern))


def _conditions(definition: FormDefinition, problems: list[str]) -> None:
    """Every condition names a field that is there and stands before what depends on it."""
    place = {(g.code, f.code): n for n, (g, f) in enumerate(definition.walk())}
    for group in definition.groups:
        first = place.get((group.code, group.fields[0].code), 0) if group.fields else 0
        if group.when is not None:
            _refers(definition, None, group.when, first, place, f"组“{group.title}”", problems)
        for item in group.fields:
            if item.when is not None:
                name = f"组“{group.title}”字段“{item.label}”"
                _refers(definition, group, item.when, place[group.code, item.code], place, name, problems)


def target(definition: FormDefinition, group: Group | None, name: str) -> tuple[str, str] | None:
    """(group, field) that a condition's name means, seen from `group`; None if there is no such field."""
    if "." in name:
        code, _, last = name.partition(".")
        owner = definition.group(code)
        return (code, last) if owner and owner.field(last) else None
    if group is not None and group.field(name):
        return group.code, name
    found = next((g for g in definition.groups if not g.repeat and g.field(name)), None)
    return (found.code, name) if found else None


def _refers(
    definition: FormDefinition,
    group: Group | None,
    when: Condition,
    own: int,
    place: dict[tuple[str, str], int],
    name: str,
    problems: list[str],
) -> None:
    found = target(definition, group, when.field)
    if found is None:
        problems.append(f"{name}：条件所指的字段“{when.field}”不存在")
        return
    if place[found] >= own:
        problems.append(f"{name}：条件所指的字段“{when.field}”应排在它之前")
    asked = definition.field(".".join(found))
    if asked is not None and asked.choices:
        labels = dict(asked.choices)
        for value in when.value:
            if value not in ("", None) and str(value) not in labels:
                problems.append(f"{name}：条件的值“{value}”不是“{asked.label}”的选项")
