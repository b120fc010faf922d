"""What the window takes in beside the form: the materials with their check points, and what becomes of the application."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from django import forms
from django.utils.translation import gettext_lazy as _

from yichuang.catalogue.rules.facts import MaterialFacts, VersionFacts
from yichuang.catalogue.rules.situations import GROUP
from yichuang.core.forms import ChoiceField, DateField, Form
from yichuang.core.models import File
from yichuang.core.refusal import Refusal

OUTCOMES = {
    "accept": _("受理"),
    "decide": _("当场受理并办结"),
    "receive": _("只收件，稍后审查"),
    "correct": _("告知补正"),
    "decline": _("不予受理"),
    "redirect": _("不属于本机关，告知有权机关"),
}


class IntakeForm(Form):
    """Material by material: points, paper copies, the day a deferrable one follows, what is to be mended; then the outcome."""

    error_title = _("还不能收件")

    def __init__(
        self,
        version: VersionFacts,
        values: Mapping[str, Any],
        *args: Any,
        agents: Sequence[tuple[int, str]] = (),
        points: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.version = version
        self.asked = {m.code for m in version.materials_for(values)}
        for material in version.materials:
            self._add(material)
        if agents:
            self.fields["agent"] = ChoiceField(
                label=_("谁来办理"),
                choices=[("", _("申请人本人或法定代表人")), *((str(pk), name) for pk, name in agents)],
                required=False,
                widget=forms.Select,
            )
        if len(points) > 1:
            self.fields["point"] = ChoiceField(
                label=_("收件地点"), choices=points, initial=points[0][0], widget=forms.Select
            )
        self.only_point = points[0][0] if len(points) == 1 else ""
        outcomes = [o for o in OUTCOMES if o != ("accept" if version.instant else "decide")]
        self.fields["outcome"] = ChoiceField(
            label=_("办理结果"),
            choices=[(o, OUTCOMES[o]) for o in outcomes],
            initial=outcomes[0],
            error_messages={"required": _("请选择办理结果。")},
        )
        self.fields["note"] = forms.CharField(label=_("备注"), required=False, max_length=500)
        self.fields["reasons"] = forms.CharField(
            label=_("理由"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
        )
        self.fields["to"] = forms.CharField(label=_("应当向哪个机关申请"), required=False, max_length=200)

    def _add(self, material: MaterialFacts) -> None:
        code = material.code
        if material.points:
            self.fields[f"ticks.{code}"] = forms.MultipleChoiceField(
                label=material.name,
                required=False,
                choices=[(p, p) for p in material.points],
                widget=forms.CheckboxSelectMultiple,
            )
        self.fields[f"copies.{code}"] = forms.IntegerField(
            label=_("纸质份数"),
            required=False,
            min_value=0,
            max_value=99,
            widget=forms.TextInput(
                attrs={"inputmode": "numeric", "class": "yc-w-short", "data-copies": str(material.copies or 1)}
            ),
        )
        if material.need == "3":
            self.fields[f"deferred.{code}"] = DateField(label=_("约定补交日期"), required=False)
        self.fields[f"what.{code}"] = forms.CharField(label=_("怎样补正"), required=False, max_length=500)

    def take(self, refusal: Refusal | Mapping[str, str], *, prefix: str = "") -> None:
        """As the kit does; what names a material lands beside its number of copies, a correction's text beside it."""
        fields = refusal.fields if isinstance(refusal, Refusal) else refusal
        moved = {
            f"copies.{path[9:]}"
            if path.startswith("material.") and f"copies.{path[9:]}" in self.fields
            else path: message
            for path, message in fields.items()
        }
        if isinstance(refusal, Refusal):
            refusal = Refusal(
                refusal.code, refusal.message, refusal.next_step, law=refusal.law, fields=moved, status=refusal.status
            )
            super().take(refusal, prefix=prefix)
        else:
            super().take(moved, prefix=prefix)

    def rows(self) -> list[dict[str, Any]]:
        """The materials as the page shows them."""
        return [
            {
                "material": m,
                "asked": m.code in self.asked,
                "unneeded": self._unneeded(m.code),
                "ticks": self[f"ticks.{m.code}"] if m.points else None,
                "copies": self[f"copies.{m.code}"],
                "deferred": self[f"deferred.{m.code}"] if m.need == "3" else None,
                "what": self[f"what.{m.code}"],
                "input": f"file.{m.code}",
            }
            for m in self.version.materials
        ]

    def _unneeded(self, code: str) -> str:
        """For form.js: the sets of answers under which the situation leaves the material out; "" if none does."""
        table = self.version.situations
        sets = [
            {f"{GROUP}.{name}": cell for name, cell in zip(table.columns, row.when, strict=True) if cell}
            for row in table.rows
            if code in dict(row.without)
        ]
        return orjson.dumps(sets).decode() if sets else ""

    def handed(self, files: Mapping[str, Sequence[File]]) -> dict[str, dict[str, Any]]:
        """For `commands.intake`. files: by name of the input ("file.<code>")."""
        found: dict[str, dict[str, Any]] = {}
        for m in self.version.materials:
            copies = self.cleaned_data.get(f"copies.{m.code}") or 0
            found[m.code] = {
                "copies": copies,
                "paper": copies > 0,
                "ticks": self.cleaned_data.get(f"ticks.{m.code}") or [],
                "files": list(files.get(f"file.{m.code}", ())),
                "deferred": self.cleaned_data.get(f"deferred.{m.code}"),
            }
        return found

    def points(self, files: Mapping[str, Sequence[File]]) -> list[dict[str, str]]:
        """What a correction on the spot asks for: what was written, and every required material that is lacking."""
        found = []
        for m in self.version.materials:
            if m.code not in self.asked:
                continue
            said = (self.cleaned_data.get(f"what.{m.code}") or "").strip()
            there = self.cleaned_data.get(f"copies.{m.code}") or files.get(f"file.{m.code}")
            if not said and m.required and not there:
                said = str(_("未提交，请补交。"))
            if said:
                found.append({"material": m.code, "what": said})
        return found
