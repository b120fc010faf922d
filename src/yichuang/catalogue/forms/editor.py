"""Shapes of input of the editor: a field for every element, row and part of a content; a new item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yichuang.catalogue.rules import conditions, editing, facts
from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules.elements import Element
from yichuang.catalogue.rules.findings import ERROR, Finding
from yichuang.catalogue.rules.form import FormDefinition
from yichuang.catalogue.rules.reading import SUB, SUB_CODES
from yichuang.core.forms import ChoiceField, Field, Form
from yichuang.core.forms import field as kit_field

LONG = 200
"""Longer texts get several lines."""
ONE_LINE = ("task_name",)
HIDDEN = ("form_guid", "example_guid")
"""Files of a material: the page of blank forms and samples changes them, a row takes them along."""
MAIN: Mapping[str, tuple[str, ...]] = {
    "materials": (
        *(
            "code",
            "material_name",
            "is_need",
            "material_type",
            "material_format",
            "page_num",
            "source_type",
            "source_explain",
        ),
        *("points", "exempt", "accept_stand", "fill_explain"),
    ),
}
"""Columns of a list that stand open; the others are folded. A list that is not named has them all open."""
FOLDED = 6
"""A list of more columns shows its rows folded, by their names."""
YES_NO = (("1", _("是")), ("0", _("否")))
A_LINE = _("每行一个。")
UNSAID = _("未填")
TYPES = ("原件", "复印件")


@dataclass(frozen=True, slots=True)
class Offered:
    """What the fields offer to choose from. own: departments that the editor may write for; certificates, intermediaries: code -> name."""

    departments: Sequence[str] = ()
    own: Sequence[str] = ()
    laws: Sequence[str] = ()
    certificates: Mapping[str, str] = field(default_factory=dict)
    intermediaries: Mapping[str, str] = field(default_factory=dict)
    form: FormDefinition = field(default_factory=FormDefinition)
    fixed: str = ""

    @property
    def lists(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Suggestions of text fields: the id of each and (value, label)."""
        return [
            ("of-laws", [(name, "") for name in self.laws]),
            ("of-types", [(name, "") for name in TYPES]),
            ("of-certificates", list(self.certificates.items())),
            ("of-intermediaries", list(self.intermediaries.items())),
        ]

    @property
    def asked(self) -> list[tuple[str, str]]:
        """The fields of the application form, as conditions name them."""
        return [
            (f"{group.code}.{one.code}", f"{group.title}：{one.label}")
            for group, one in self.form.walk()
            if not group.repeat
        ]


class Typed(forms.Field):
    """Takes whatever is typed: the rules of the content judge it, in their own words."""

    def clean(self, value: Any) -> Any:
        return value


@dataclass(slots=True)
class Shown:
    """One element as the page shows it. fields: one; three of a condition."""

    name: str
    fields: list[Field]
    findings: list[Finding]
    wide: bool = False
    label: str = ""


@dataclass(slots=True)
class Row:
    """One row of a list. hidden: what it takes along."""

    n: int
    title: str
    main: list[Shown]
    more: list[Shown]
    hidden: list[Field]
    findings: list[Finding]
    open: bool = False
    here: bool = False
    more_open: bool = False


@dataclass(slots=True)
class Section:
    part: editing.Part
    fields: list[Shown] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    folded: bool = False
    errors: int = 0
    warnings: int = 0


class EditorForm(Form):
    """Every element of a draft. posted: of rules.editing."""

    error_title = _("还没有保存：有内容需要修改")

    def __init__(self, posted: conditions.Posted, offered: Offered) -> None:
        super().__init__(MultiValueDict(posted), auto_id="e-%s")
        self.offered = offered
        self.posted = posted
        for part in editing.outline():
            if part.kind == "elements":
                for name in part.names:
                    self.fields[name] = self._element(shape.BY_NAME[name])
            elif part.kind == "part":
                self._columns(part.key, f"{part.key}.", shape.PARTS[part.key][1])
            else:
                for n, _row in enumerate(editing.rows_of(posted, part.key)):
                    self._columns(part.key, f"{part.key}.{n}.", shape.LISTS[part.key][1])

    def _now(self, name: str) -> str:
        return (self.posted.get(name) or [""])[-1]

    def _element(self, element: Element) -> Typed:
        how: dict[str, Any] = {"label": element.label, "required": element.needed}
        now = self._now(element.name)
        if element.name == "department":
            return Typed(widget=_select([(d, d) for d in self.offered.own], now), **how)
        if element.kind == "yes":
            return Typed(widget=forms.RadioSelect(choices=[*YES_NO, ("", UNSAID)]), **how)
        if element.kind == "codes" and element.codes:
            return Typed(widget=forms.CheckboxSelectMultiple(choices=list(element.codes.items())), **how)
        if element.kind == "code" and element.codes:
            return Typed(widget=_select(list(element.codes.items()), now), **how)
        if element.kind in ("days", "count"):
            return Typed(widget=_number(), **how)
        if element.kind in ("words", "codes"):
            return Typed(widget=_lines(2), help_text=A_LINE, **how)
        if element.name == self.offered.fixed:
            line = forms.TextInput(attrs={"readonly": True})
            return Typed(widget=line, help_text=_("事项以此编码识别，不能改。"), **how)
        if element.name == "merged_into":
            how["help_text"] = _("已纳入多证合一的，填写承载它的登记事项的编码；没有的留空。")
        return Typed(widget=_words(element.size, now, element.name in ONE_LINE), **how)

    def _columns(self, key: str, place: str, columns: Mapping[str, tuple[str, int]]) -> None:
        for name, (kind, size) in columns.items():
            if kind != "any":
                self.fields[place + name] = self._column(key, name, kind, size, self._now(place + name))
            elif f"{place}{name}.raw" in self.posted:
                self.fields[f"{place}{name}.raw"] = Typed(label=SUB.get(name, name), required=False, widget=_lines(2))
            else:
                now = self._now(f"{place}{name}.field")
                asked = _select(self.offered.asked, now, _("（总是适用）"))
                self.fields[f"{place}{name}.field"] = Typed(label=_("表单字段"), widget=asked)
                ops = forms.Select(choices=list(conditions.OPS.items()))
                self.fields[f"{place}{name}.op"] = Typed(label=_("关系"), widget=ops)
                value = Typed(label=_("值"), widget=_lines(1), help_text=_("多个值每行一个。"))
                self.fields[f"{place}{name}.value"] = value

    def _column(self, key: str, name: str, kind: str, size: int, now: str) -> Typed:
        how: dict[str, Any] = {"label": SUB.get(name, name), "required": True}  # a row's columns carry no mark
        offers = {"law": "of-laws", "material_type": "of-types", "certificate": "of-certificates", "intermediary": "of-intermediaries"}  # fmt: skip
        if name in HIDDEN:
            return Typed(widget=forms.HiddenInput(), **how)
        if name in SUB_CODES:
            return Typed(widget=_select(list(SUB_CODES[name].items()), now, None), **how)
        if (key, name) == ("citations", "level"):
            return Typed(widget=_select([(one, one) for one in facts.LAW_LEVELS], now), **how)
        if (key, name) == ("steps", "department"):
            return Typed(widget=_select([(d, d) for d in self.offered.departments], now, _("（本部门）")), **how)
        if kind == "yes":
            return Typed(widget=forms.Select(choices=YES_NO), **how)
        if kind == "count":
            return Typed(widget=_number(), **how)
        if kind == "words":
            return Typed(widget=_lines(2), help_text=A_LINE, **how)
        if name in offers:
            return Typed(widget=forms.TextInput(attrs={"list": offers[name], "autocomplete": "off"}), **how)
        return Typed(widget=_words(size, now), **how)

    # -- as the page shows it -----------------------------------------------------------------------------------------

    def sections(self, findings: Iterable[Finding], at: tuple[str, int | None] = ("", None)) -> list[Section]:
        """The page, section by section. at: the list and row that was just added or moved."""
        by: dict[str, list[Finding]] = {}
        for one in findings:
            by.setdefault(one.element, []).append(one)
        return [self._section(part, by, at) for part in editing.outline()]

    def _section(self, part: editing.Part, by: Mapping[str, list[Finding]], at: tuple[str, int | None]) -> Section:
        found = Section(part, findings=by.get(part.key, []))
        own = list(found.findings)
        if part.kind == "list":
            columns = shape.LISTS[part.key][1]
            found.folded = len(columns) > FOLDED
            for n, row in enumerate(editing.rows_of(self.posted, part.key)):
                found.rows.append(self._row(part, n, row, by, at))
        else:
            prefix = f"{part.key}." if part.key else ""
            found.fields = self._shown(prefix, part.names, by)
        own += [one for shown in found.fields for one in shown.findings]
        own += [one for row in found.rows for shown in (*row.main, *row.more) for one in shown.findings]
        own += [one for row in found.rows for one in row.findings]
        found.errors = sum(one.severity == ERROR for one in own)
        found.warnings = len(own) - found.errors
        return found

    def _row(
        self,
        part: editing.Part,
        n: int,
        row: conditions.Posted,
        by: Mapping[str, list[Finding]],
        at: tuple[str, int | None],
    ) -> Row:
        place = f"{part.key}.{n}."
        main = MAIN.get(part.key, part.names)
        title = next((row[k][-1] for k in TITLES if row.get(k) and row[k][-1]), "")
        made = Row(
            n=n,
            title=title,
            main=self._shown(place, main, by),
            more=self._shown(place, [name for name in part.names if name not in main], by),
            hidden=[self[place + name] for name in part.names if name in HIDDEN],  # type: ignore[misc]
            findings=by.get(place[:-1], []),
            here=at == (part.key, n),
        )
        wrong = any(shown.findings or any(f.errors for f in shown.fields) for shown in made.more)
        made.more_open = wrong
        made.open = made.here or wrong or any(s.findings or any(f.errors for f in s.fields) for s in made.main)
        return made

    def _shown(self, prefix: str, names: Iterable[str], by: Mapping[str, list[Finding]]) -> list[Shown]:
        found = []
        for name in names:
            place = prefix + name
            if name in HIDDEN:
                continue
            if place in self.fields:
                bound = self[place]
                wide = isinstance(bound.field.widget, forms.Textarea | forms.CheckboxSelectMultiple) or name in ONE_LINE
                own = [one for one in by.get(place, []) if not (bound.errors and one.code == editing.SHAPE)]
                found.append(Shown(place, [bound], own, wide=wide))  # type: ignore[list-item]
            else:
                parts = [
                    self[f"{place}.{one}"] for one in ("raw", "field", "op", "value") if f"{place}.{one}" in self.fields
                ]
                found.append(Shown(place, parts, by.get(place, []), wide=True, label=SUB.get(name, name)))  # type: ignore[arg-type]
        return found


TITLES = ("material_name", "name", "fee_name", "question", "law", "text", "title", "code")


def _select(choices: Sequence[tuple[Any, Any]], now: str, empty: str | Promise | None = UNSAID) -> forms.Select:
    listed = list(choices)
    if empty is not None:
        listed.insert(0, ("", empty))
    if now and now not in {str(value) for value, _ in choices}:
        listed.append((now, now))
    return forms.Select(choices=listed)


def _number() -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": "numeric", "class": "yc-w-short", "autocomplete": "off"})


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _words(size: int, now: str, one_line: bool = False) -> forms.Widget:
    if "\n" in now or (size > LONG and not one_line):
        return _lines(2 if size <= 500 else 3)
    return forms.TextInput(attrs={"autocomplete": "off"})


class NewItemForm(Form):
    """A new item: what it cannot do without. Everything else is written in the editor."""

    error_title = _("还不能新建")

    task_name = kit_field("text", label=_("事项名称"), max_length=1000)
    task_type = kit_field("choice", label=_("事项类型"), choices=list(facts.TASK_TYPES.items()))
    main_audience = kit_field("choice", label=_("主要服务对象"), choices=list(facts.AUDIENCES.items()))
    local_task_code = kit_field(
        "text", label=_("地方实施编码"), required=False, max_length=100, help=_("事项以此编码识别，新建后不能改。")
    )
    task_code = kit_field(
        "text", label=_("实施编码"), required=False, max_length=31, help=_("31位。两个编码至少填一个；没有地方实施编码的，以实施编码识别。")
    )  # fmt: skip
    catalog_code = kit_field(
        "text", label=_("基本编码"), required=False, max_length=12, help=_("国家基本目录的12位数字。")
    )

    def __init__(self, *args: Any, departments: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(name, name) for name in departments]
        self.fields["department"] = ChoiceField(label=_("实施主体"), choices=names, widget=forms.Select)
        self.order_fields(["task_name", "department", "task_type", "main_audience"])
        if len(names) == 1:
            self.fields["department"].initial = names[0][0]
