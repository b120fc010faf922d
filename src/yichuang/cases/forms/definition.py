"""The application form of an item version as it is shown and read.

A field is named by its path ("place.name", "equipment.0.name"), so that what `FormDefinition.check` and a Refusal say
lands beside it. The definition judges, never this file: fields here only draw. A group that repeats carries its number
of rows in "equipment.rows", so that a row with nothing in it survives a round trip.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orjson
from django.forms.boundfield import BoundField
from django.forms.utils import ErrorDict
from django.http import QueryDict

from yichuang.catalogue.rules.form import SOURCES, Condition, Field, FormDefinition, Group, Values
from yichuang.core.forms import Form
from yichuang.core.forms import field as kit_field

MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """A field with what decides that it is asked. when: JSON for form.js, "" if nothing on this page decides it."""

    bound: BoundField
    visible: bool
    when: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    fields: tuple[Shown, ...]

    @property
    def label(self) -> int:
        return self.number + 1


@dataclass(frozen=True, slots=True)
class Section:
    """A group as a fieldset. faults: what is wrong with the group as a whole (too few rows)."""

    group: Group
    rows: tuple[Row, ...]
    visible: bool = True
    when: str = ""
    faults: tuple[str, ...] = field(default=())

    @property
    def can_add(self) -> bool:
        return self.group.repeat and len(self.rows) < (self.group.max or MOST_ROWS)

    @property
    def can_remove(self) -> bool:
        return self.group.repeat and len(self.rows) > self.group.min


def read(definition: FormDefinition, data: QueryDict, groups: Sequence[Group], kept: Mapping[str, Any]) -> Values:
    """The answers as they were typed, unjudged: of the groups on the page from the request, of the others as kept."""
    values: Values = {code: held for code, held in kept.items() if definition.group(code)}
    for group in groups:
        if not group.repeat:
            values[group.code] = {item.code: _typed(item, data, f"{group.code}.{item.code}") for item in group.fields}
            continue
        rows = _count(data.get(f"{group.code}.rows", "0"), group)
        values[group.code] = [
            {item.code: _typed(item, data, f"{group.code}.{n}.{item.code}") for item in group.fields}
            for n in range(rows)
        ]
    return values


def _count(text: str, group: Group) -> int:
    return (
        min(int(text), (group.max or MOST_ROWS) + 1, MOST_ROWS)
        if text.isascii() and text.isdigit() and len(text) < 5
        else 0
    )


def _typed(item: Field, data: QueryDict, name: str) -> Any:
    if item.type == "choices":
        return data.getlist(name)
    if item.type == "boolean":
        return data.get(name, "") not in ("", "false")
    return data.get(name, "")


def rearrange(definition: FormDefinition, values: Values, action: str) -> Values:
    """The answers after "add:equipment" or "remove:equipment:2"; as they were for anything else."""
    word, _, rest = action.partition(":")
    code, _, number = rest.partition(":")
    group = definition.group(code)
    if group is None or not group.repeat:
        return values
    rows = list(values.get(code) or [])
    if word == "add" and len(rows) < min(group.max or MOST_ROWS, MOST_ROWS):
        rows.append({})
    elif word == "remove" and number.isascii() and number.isdigit() and int(number) < len(rows):
        del rows[int(number)]
    return {**values, code: rows}


class DefinitionForm(Form):
    """Some groups of a definition under given answers.

    values: every answer known, of these groups and of the others (they serve conditions). sources: path -> key of
    where a pre-filled value came from. `check()` judges; until then nothing is wrong.
    """

    def __init__(
        self,
        definition: FormDefinition,
        values: Mapping[str, Any],
        *,
        groups: Sequence[Group] | None = None,
        sources: Mapping[str, str] | None = None,
        today: date | None = None,
    ) -> None:
        marked = {path: SOURCES.get(key, "电子证照") for path, key in (sources or {}).items()}
        super().__init__(sources=marked)
        self.definition = definition
        self.values: Values = dict(values)
        self.groups = tuple(definition.groups if groups is None else groups)
        self.today = today
        self._judged = False
        self._rows: dict[str, list[Mapping[str, Any]]] = {}
        self._faults: dict[str, list[str]] = {}
        self.cleaned_values: Values = {}
        for group in self.groups:
            self._add_group(group)

    def _add_group(self, group: Group) -> None:
        held = self.values.get(group.code)
        if group.repeat:
            rows = [r for r in held if isinstance(r, Mapping)] if isinstance(held, list) else []
            rows += [{}] * (group.min - len(rows))
        else:
            rows = [held if isinstance(held, Mapping) else {}]
        self._rows[group.code] = rows
        for n, row in enumerate(rows):
            for item in group.fields:
                self.fields[self._path(group, n, item)] = kit_field(
                    item.type,
                    label=item.label,
                    required=item.required,
                    help=item.help,
                    choices=item.choices,
                    max_length=item.max_length or None,
                    minimum=self._day(item, item.min),
                    maximum=self._day(item, item.max),
                    initial=row.get(item.code),
                )

    def _day(self, item: Field, bound: str) -> str | None:
        if item.type != "date" or not bound:
            return None
        if bound == "today":
            return self.today.isoformat() if self.today else None
        return bound

    @staticmethod
    def _path(group: Group, n: int, item: Field) -> str:
        return f"{group.code}.{n}.{item.code}" if group.repeat else f"{group.code}.{item.code}"

    def check(self) -> bool:
        """Judge the answers by the definition; True when all is well, and then `cleaned_values` holds them."""
        self._judged = True
        self._errors = None
        return not self.errors and not self._faults

    def full_clean(self) -> None:
        self._errors = ErrorDict(renderer=self.renderer)  # type: ignore[assignment]  # the stubs know only None
        self.cleaned_data: dict[str, Any] = {}
        self._faults = {}
        if not self._judged:
            return
        asked = {group.code: self.values.get(group.code) for group in self.definition.groups}
        self.cleaned_values = {code: held for code, held in asked.items() if held is not None}
        for group in self.groups:
            only = group.code
            checked = self.definition.check(
                self.cleaned_values, only=only, today=self.today.isoformat() if self.today else ""
            )
            if only in checked.values:
                self.cleaned_values[only] = checked.values[only]
            self._place(group, checked.errors)

    def _place(self, group: Group, errors: Mapping[str, str]) -> None:
        """Beside the field. Rows with nothing in them are left out by the check: its numbers are those of the others."""
        numbers = [
            n
            for n, row in enumerate(self._rows[group.code])
            if any(v not in (None, "", [], False) for v in row.values())
        ]
        for path, message in errors.items():
            if group.repeat and path.startswith(f"{group.code}.") and (parts := path.split("."))[1].isdigit():
                index = int(parts[1])
                if index < len(numbers):
                    path = f"{group.code}.{numbers[index]}.{parts[-1]}"
            if path in self.fields:
                self.add_error(path, message)
            elif path == group.code or path.startswith(f"{group.code}."):
                self._faults.setdefault(group.code, []).append(message)
                self.add_error(None, message)

    @property
    def conditional(self) -> bool:
        """Does an answer on this page decide what else is asked on it?"""
        return any(s.when or any(f.when for row in s.rows for f in row.fields) for s in self.sections)

    @property
    def sections(self) -> tuple[Section, ...]:
        return tuple(self._section(group) for group in self.groups)

    def _section(self, group: Group) -> Section:
        errors = self.errors  # judged before the faults of groups are read
        rows = []
        for n, row in enumerate(self._rows[group.code]):
            asked = {f.code for f in self.definition.visible(group, self.values, row)}
            rows.append(
                Row(
                    n,
                    tuple(
                        Shown(
                            self[self._path(group, n, item)],
                            visible=item.code in asked or self._path(group, n, item) in errors,
                            when=self._when(item.when, group, n),
                        )
                        for item in group.fields
                    ),
                )
            )
        holds = self.definition.applies(group.when, self.values)
        return Section(
            group, tuple(rows), holds, self._when(group.when, None, 0), tuple(self._faults.get(group.code, ()))
        )

    def when(self, condition: Condition | None) -> str:
        """As `_when`, for what is asked beside the form: a material."""
        return self._when(condition, None, 0)

    def _when(self, when: Condition | None, group: Group | None, n: int) -> str:
        """For form.js: the inputs on this page whose answer decides, and among which values; "" if none is here."""
        if when is None:
            return ""
        owner, code = group, when.field
        if "." in code:
            first, _, code = code.partition(".")
            owner = self.definition.group(first)
        elif group is None or group.field(code) is None:
            owner = next((g for g in self.definition.groups if not g.repeat and g.field(code)), None)
        if owner is None or owner not in self.groups or owner.field(code) is None:
            return ""
        item = owner.field(code)
        assert item is not None  # looked up the line before
        same_row = owner == group
        rows = [n] if same_row or not owner.repeat else range(len(self._rows[owner.code]))
        names = [self._path(owner, r, item) for r in rows]
        values = ["true" if v is True else "false" if v is False else str("" if v is None else v) for v in when.value]
        return orjson.dumps({"names": names, "not": when.op == "ne", "values": values, "type": item.type}).decode()
