"""The application form that a version defines: typed fields in groups, conditions, repeats, sources, and its check.

The definition is data (JSON of the item's content):
{"groups": [{"code", "title", "help", "repeat", "min", "max", "when", "fields": [{"code", "label", "type", "required", "help",
"max_length", "choices": [{"value", "label"}], "source", "when", "pattern", "min", "max"}]}]}.

Values are nested by group: {"business": {"name": "..."}, "staff": [{"name": "..."}, {...}]} (a list where the group repeats).
The path of a field is "business.name" or "staff.0.name". A condition names a field of the same group by its code, or any
field by "group.field": {"field": "kind", "eq": "1"}, {"field": "business.kind", "in": ["1", "2"]}, {"field": "kind", "ne": ""}.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from yichuang.catalogue.rules import fieldtypes

Values = dict[str, Any]

SOURCES: Mapping[str, str] = {
    "applicant.name": "实名信息",
    "applicant.id_kind": "实名信息",
    "applicant.id_number": "实名信息",
    "applicant.phone": "登记的联系电话",
    "applicant.address": "登记的地址",
    "applicant.postcode": "登记的地址",
    "applicant.legal_representative": "登记的法定代表人",
}


@dataclass(frozen=True, slots=True)
class Condition:
    """field is, is not, or is among. The answer of a field that is itself hidden counts as empty."""

    field: str
    op: str
    value: tuple[Any, ...]

    def holds(self, answer: Any) -> bool:
        answers = answer if isinstance(answer, list) else [answer]
        among = any(_same(a, v) for a in answers for v in self.value) or (not answers and "" in self.value)
        return not among if self.op == "ne" else among

    def as_dict(self) -> dict[str, Any]:
        return {"field": self.field, self.op: list(self.value) if self.op == "in" else self.value[0]}


def _same(a: Any, b: Any) -> bool:
    return a == b or (a in (None, "") and b in (None, "")) or (type(a) is not type(b) and _word(a) == _word(b))


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def condition(given: Any) -> Condition | None:
    """Read {"field", "eq"|"ne"|"in"}; None when there is none. Raises ValueError with what is wrong, in Chinese."""
    if not given:
        return None
    if not isinstance(given, Mapping) or not isinstance(given.get("field"), str) or not given["field"]:
        raise ValueError("条件应写明字段（field）")
    ops = [key for key in given if key != "field"]
    if len(ops) != 1 or ops[0] not in ("eq", "ne", "in"):
        raise ValueError("条件应恰有 eq、ne、in 之一")
    value = given[ops[0]]
    if ops[0] == "in":
        if not isinstance(value, list) or not value:
            raise ValueError("条件 in 应为非空列表")
        return Condition(given["field"], "in", tuple(value))
    return Condition(given["field"], ops[0], (value,))


@dataclass(frozen=True, slots=True)
class Field:
    code: str
    label: str
    type: str
    required: bool = False
    help: str = ""
    max_length: int = 0
    choices: tuple[tuple[str, str], ...] = ()
    source: str = ""
    when: Condition | None = None
    pattern: str = ""
    min: str = ""
    max: str = ""

    def shown(self, value: Any) -> str:
        """The answer as a person reads it."""
        return fieldtypes.shown(self, value)


@dataclass(frozen=True, slots=True)
class Group:
    code: str
    title: str
    fields: tuple[Field, ...]
    help: str = ""
    repeat: bool = False
    min: int = 0
    max: int = 1
    when: Condition | None = None

    def field(self, code: str) -> Field | None:
        return next((f for f in self.fields if f.code == code), None)


@dataclass(frozen=True, slots=True)
class Checked:
    """values: clean, typed, with hidden and unknown answers gone. errors: message by path, in the form's order."""

    values: Values
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return not self.errors


@dataclass(frozen=True, slots=True)
class FormDefinition:
    groups: tuple[Group, ...] = ()

    def group(self, code: str) -> Group | None:
        return next((g for g in self.groups if g.code == code), None)

    def walk(self) -> Iterator[tuple[Group, Field]]:
        for group in self.groups:
            for item in group.fields:
                yield group, item

    def field(self, path: str) -> Field | None:
        """The field at "group.field" or "group.0.field"."""
        parts = path.split(".")
        group = self.group(parts[0])
        return group.field(parts[-1]) if group and len(parts) > 1 else None

    # -- conditions ---------------------------------------------------------------------------------------------

    def applies(self, when: Condition | None, values: Mapping[str, Any]) -> bool:
        """Does the condition hold under these answers? A bare code is looked for in the groups that do not repeat."""
        if when is None:
            return True
        return when.holds(self._answer(when.field, values, None, None))

    def _answer(self, name: str, values: Mapping[str, Any], group: Group | None, row: Mapping[str, Any] | None) -> Any:
        if "." not in name:
            if group is not None and group.field(name) is not None:
                return (row or {}).get(name, "")
            owner = next((g for g in self.groups if not g.repeat and g.field(name)), None)
            code, name = (owner.code if owner else ""), name
        else:
            code, _, name = name.partition(".")
            if group is not None and group.code == code:
                return (row or {}).get(name, "")
        held = values.get(code)
        if isinstance(held, list):
            return [r.get(name, "") for r in held if isinstance(r, Mapping)]
        return held.get(name, "") if isinstance(held, Mapping) else ""

    def visible(
        self, group: Group, values: Mapping[str, Any], row: Mapping[str, Any] | None = None
    ) -> tuple[Field, ...]:
        """The fields of a group (of one row, where it repeats) that are asked under these answers."""
        if not self._holds(group.when, values, None, None):
            return ()
        if row is None:
            held = values.get(group.code)
            row = held if isinstance(held, Mapping) else {}
        return tuple(f for f in group.fields if self._holds(f.when, values, group, row))

    def _holds(
        self, when: Condition | None, values: Mapping[str, Any], group: Group | None, row: Mapping[str, Any] | None
    ) -> bool:
        return when is None or when.holds(self._answer(when.field, values, group, row))

    def asked(self, values: Mapping[str, Any]) -> tuple[Group, ...]:
        """The groups that are asked under these answers: the pages of the application."""
        return tuple(g for g in self.groups if self._holds(g.when, values, None, None))

    # -- check --------------------------------------------------------------------------------------------------

    def check(self, values: Mapping[str, Any], *, only: str = "", today: str = "") -> Checked:
        """Check and clean the answers; of one group when `only` names it (the other answers serve its conditions).

        today: ISO date for fields bounded by "today". Unknown groups and fields are refused by name; answers of hidden
        fields are dropped. Answers are cleaned in the order of the form, so a condition sees clean answers before it.
        """
        errors: dict[str, str] = {}
        clean: Values = {}
        for code in values:
            if self.group(str(code)) is None:
                errors[str(code)] = f"没有“{code}”这一栏，请删去"
        for group in self.groups:
            context = {**values, **clean}
            held = values.get(group.code)
            if only and group.code != only:
                if held is not None:
                    clean[group.code] = held
                continue
            if not self._holds(group.when, context, None, None):
                continue
            if group.repeat:
                clean[group.code] = self._check_rows(group, held, context, errors, today)
            elif held is not None and not isinstance(held, Mapping):
                errors[group.code] = f"“{group.title}”的内容格式不对，请重新填写"
            else:
                clean[group.code] = self._check_row(group, held or {}, context, errors, group.code, today)
        return Checked({g.code: clean[g.code] for g in self.groups if g.code in clean}, errors)

    def _check_rows(self, group: Group, held: Any, values: Values, errors: dict[str, str], today: str) -> list[Values]:
        rows = [] if held is None else held
        if not isinstance(rows, Sequence) or isinstance(rows, str) or not all(isinstance(r, Mapping) for r in rows):
            errors[group.code] = f"“{group.title}”的内容格式不对，请重新填写"
            return []
        rows = [r for r in rows if any(v not in (None, "", [], False) for v in r.values())]
        if len(rows) < group.min:
            errors[group.code] = f"“{group.title}”至少填写{group.min}项，现有{len(rows)}项，请补充"
        elif group.max and len(rows) > group.max:
            errors[group.code] = (
                f"“{group.title}”最多填写{group.max}项，现有{len(rows)}项，请删去{len(rows) - group.max}项"
            )
            rows = rows[: group.max]
        return [self._check_row(group, row, values, errors, f"{group.code}.{n}", today) for n, row in enumerate(rows)]

    def _check_row(
        self, group: Group, held: Mapping[str, Any], values: Values, errors: dict[str, str], path: str, today: str
    ) -> Values:
        clean: Values = {}
        for code in held:
            if group.field(str(code)) is None:
                errors[f"{path}.{code}"] = f"“{group.title}”中没有“{code}”这一项，请删去"
        for item in group.fields:
            if not self._holds(item.when, {**values, group.code: clean}, group, clean):
                continue
            try:
                clean[item.code] = fieldtypes.clean(item, held.get(item.code), today)
            except fieldtypes.Unfit as unfit:
                errors[f"{path}.{item.code}"] = str(unfit)
                clean[item.code] = held.get(item.code)
        return clean

    # -- pre-fill -----------------------------------------------------------------------------------------------

    def prefill(
        self, sources: Mapping[str, Any], values: Mapping[str, Any] | None = None
    ) -> tuple[Values, dict[str, str]]:
        """Answers known already, and by path where each comes from (a key of `sources`). Nothing typed is replaced."""
        filled: Values = {}
        marked: dict[str, str] = {}
        for group in self.groups:
            held = (values or {}).get(group.code)
            if group.repeat:
                if held:
                    filled[group.code] = held
                continue
            row = dict(held) if isinstance(held, Mapping) else {}
            for item in group.fields:
                known = sources.get(item.source) if item.source else None
                if known in (None, "") or row.get(item.code) not in (None, ""):
                    continue
                try:
                    row[item.code] = fieldtypes.clean(item, known, "")
                except fieldtypes.Unfit:
                    continue  # what is held elsewhere does not fit this field: the person types it
                marked[f"{group.code}.{item.code}"] = item.source
            filled[group.code] = row
        return filled, marked

    def sources(self) -> tuple[str, ...]:
        """Every source that a field draws on."""
        return tuple(dict.fromkeys(f.source for _, f in self.walk() if f.source))

    def readable(self, values: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, str, str]]]]:
        """For "check your answers" and documents: [(title, [(path, label, answer)])], hidden fields left out."""
        pages: list[tuple[str, list[tuple[str, str, str]]]] = []
        for group in self.asked(values):
            held = values.get(group.code)
            rows = held if isinstance(held, list) else [held or {}]
            for n, row in enumerate(rows):
                prefix = f"{group.code}.{n}" if group.repeat else group.code
                lines = [
                    (f"{prefix}.{f.code}", f.label, f.shown(row.get(f.code))) for f in self.visible(group, values, row)
                ]
                pages.append((f"{group.title}（{n + 1}）" if group.repeat else group.title, lines))
        return pages
