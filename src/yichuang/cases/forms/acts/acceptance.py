"""What becomes of an application that was handed in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yichuang.core.forms import DateField
from yichuang.core.refusal import Refusal

if TYPE_CHECKING:
    pass
from yichuang.cases.forms.acts.base import ActForm, long_text


class Checklist(ActForm):
    """Material by material: points to tick, paper copies, the day by which a deferrable one follows."""

    layout = "cases/acts/checklist.html"

    def build(self) -> None:
        for line in self.page.materials:
            facts = self.page.version.material(line.code)
            if not line.applies or facts is None:
                continue
            if facts.points:
                self.fields[f"material.{line.code}"] = forms.MultipleChoiceField(
                    label=line.name,
                    required=False,
                    choices=[(p, p) for p in facts.points],
                    initial=list(line.ticks),
                    widget=forms.CheckboxSelectMultiple,
                )
            if not facts.exempt:
                self.fields[f"paper.{line.code}"] = forms.IntegerField(
                    label=_("纸质份数"),
                    required=False,
                    min_value=0,
                    max_value=99,
                    initial=line.copies or None,
                    widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "yc-w-short"}),
                )
            if line.need == "3" and line.state not in ("provided", "paper"):
                self.fields[f"deferred.{line.code}"] = DateField(label=_("约定补交日期"), required=False)
        self.fields["note"] = forms.CharField(label=_("备注"), required=False, max_length=500)

    @property
    def parts(self) -> list[Any]:
        return [
            {
                "line": line,
                "facts": self.page.version.material(line.code),
                "points": self[f"material.{line.code}"] if f"material.{line.code}" in self.fields else None,
                "paper": self[f"paper.{line.code}"] if f"paper.{line.code}" in self.fields else None,
                "deferred": self[f"deferred.{line.code}"] if f"deferred.{line.code}" in self.fields else None,
            }
            for line in self.page.materials
            if line.applies and self.page.version.material(line.code)
        ]

    def _of(self, prefix: str) -> dict[str, Any]:
        """code -> what was given under "prefix.<code>"."""
        return {
            name.partition(".")[2]: value
            for name, value in self.cleaned_data.items()
            if name.startswith(f"{prefix}.") and value not in (None, "", [])
        }

    def arguments(self) -> dict[str, Any]:
        return {"ticks": self._of("material"), "paper": self._of("paper"), "note": self.cleaned_data["note"]}

    def take(self, refusal: Refusal | Mapping[str, str], *, prefix: str = "") -> None:
        """As the kit does; what names a material lands beside its copies, or beside the day that was to be agreed."""
        if isinstance(refusal, Refusal) and refusal.fields:
            refusal = {self._beside(path): message for path, message in refusal.fields.items()}
        super().take(refusal, prefix=prefix)

    def _beside(self, path: str) -> str:
        code = path.removeprefix("material.")
        return next((name for name in (f"deferred.{code}", f"paper.{code}") if name in self.fields), path)


class Accept(Checklist):
    verb = "accept"
    tone = "seal"
    lead = _("逐项核对材料。受理后出具受理通知书，办理期限从今天的次日起算。")

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "deferred": self._of("deferred")}


class AcceptAndDecide(Checklist):
    verb = "accept_and_decide"
    tone = "seal"
    lead = _("即办件：材料齐全、符合法定形式的，当场受理并作出准予决定。")


class RequestCorrection(ActForm):
    """What is to be mended, per material and per field, all at once. What is lacking is filled in already."""

    verb = "request_correction"
    layout = "cases/acts/correction.html"
    lead = _("一次性告知全部需要补正的内容。没有写在这里的，不得再要求补正。")
    SPARE = 2

    def build(self) -> None:
        for line in self.page.materials:
            facts = self.page.version.material(line.code)
            if not line.applies or facts is None:
                continue
            lacking = line.need == "1" and line.state == "missing"
            if facts.points:
                self.fields[f"fails.{line.code}"] = forms.MultipleChoiceField(
                    label=_("不符合的核对点"),
                    required=False,
                    choices=[(p, p) for p in facts.points],
                    widget=forms.CheckboxSelectMultiple,
                )
            self.fields[f"material.{line.code}"] = forms.CharField(
                label=_("怎样补正"),
                required=False,
                max_length=500,
                initial=_("未提交，请补交。") if lacking else "",
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        choices: list[tuple[str, Any]] = [("", _("（不涉及）"))]
        definition = self.page.version.form
        for group, item in definition.walk():
            path = f"{group.code}.0.{item.code}" if group.repeat else f"{group.code}.{item.code}"
            choices.append((path, f"{group.title}：{item.label}"))
        for n in range(self._rows()):
            self.fields[f"field.{n}"] = forms.ChoiceField(
                label=_("表中的一栏"), required=False, choices=choices, widget=forms.Select
            )
            self.fields[f"what.{n}"] = forms.CharField(label=_("怎样修改"), required=False, max_length=500)
        self.fields["due_on"] = DateField(
            label=_("补正期限"), required=False, help_text=_("不填的，按部门规定的补正期限。")
        )
        if self.page.case.corrections:
            self.fields["reason"] = long_text(_("再次补正的理由"), help=_("本件已告知过补正，再次要求补正须说明理由。"))

    def _rows(self) -> int:
        used = [n for n in range(50) if self.data.get(f"field.{n}") or self.data.get(f"what.{n}")]
        return min(50, max(self.SPARE, (used[-1] + 2) if used else 0))

    @property
    def parts(self) -> list[Any]:
        return [
            {
                "line": line,
                "facts": self.page.version.material(line.code),
                "fails": self[f"fails.{line.code}"] if f"fails.{line.code}" in self.fields else None,
                "what": self[f"material.{line.code}"],
            }
            for line in self.page.materials
            if f"material.{line.code}" in self.fields
        ]

    @property
    def field_rows(self) -> list[tuple[Any, Any]]:
        return [(self[f"field.{n}"], self[f"what.{n}"]) for n in range(self._rows())]

    def points(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = []
        for line in self.page.materials:
            if f"material.{line.code}" not in self.fields:
                continue
            fails = self.cleaned_data.get(f"fails.{line.code}") or []
            said = (self.cleaned_data.get(f"material.{line.code}") or "").strip()
            what = "；".join([*(f"“{point}”未达到要求" for point in fails), *([said] if said else [])])
            if what:
                found.append({"material": line.code, "what": what})
        for n in range(self._rows()):
            path, what = self.cleaned_data.get(f"field.{n}", ""), (self.cleaned_data.get(f"what.{n}") or "").strip()
            if path or what:
                found.append({"field": path, "what": what} if path else {"what": what})
        return found

    def arguments(self) -> dict[str, Any]:
        return {
            "points": self.points(),
            "due_on": self.cleaned_data.get("due_on"),
            "reason": self.cleaned_data.get("reason", ""),
        }


class Decline(ActForm):
    verb = "decline"
    tone = "seal"
    lead = _("依法不需要取得行政许可，或者不符合受理条件的，出具不予受理决定书。")

    def build(self) -> None:
        self.fields["reasons"] = long_text(_("不予受理的理由"))
        self.fields["basis"] = forms.CharField(label=_("依据"), required=False, max_length=500)


class Redirect(ActForm):
    verb = "redirect"
    tone = "seal"
    lead = _("不属于本机关职权的，当场决定不予受理，并告知向哪个机关申请。")

    def build(self) -> None:
        self.fields["to"] = forms.CharField(
            label=_("应当向哪个机关申请"), max_length=200, error_messages={"required": _("请写明有权机关的名称。")}
        )
        self.fields["reasons"] = long_text(_("说明"), required=False)
