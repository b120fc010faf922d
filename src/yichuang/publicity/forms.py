"""The shape of what people ask of public records and what the officer hands in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yichuang.core.forms import ChoiceField, DateField, Form
from yichuang.publicity.models import PublicRecord
from yichuang.publicity.rules import publish, record

NUMBERS = ("XK_XDR_ZJHM", "XK_FR_ZJHM")  # of persons: never shown back in full


class ResultFilters(Form):
    """The public's filters, read from the address."""

    q = forms.CharField(
        label=_("相对人、文书号、证照编号或事项"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    department = ChoiceField(label=_("许可机关"), required=False, widget=forms.Select)
    since = DateField(label=_("决定日期自"), required=False)
    until = DateField(label=_("至"), required=False)

    def __init__(self, data: Any, *, departments: list[tuple[int, str]]) -> None:
        super().__init__(data)
        choices = [("", _("全部")), *((str(key), name) for key, name in departments)]
        self.fields["department"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def asked(self) -> dict[str, Any]:
        """What is well-formed of it, as `queries.results` takes it; the rest does not narrow."""
        self.is_valid()
        data = self.cleaned_data
        return {
            "text": data.get("q") or "",
            "department": int(data["department"]) if data.get("department") else None,
            "since": data.get("since"),
            "until": data.get("until"),
        }

    @property
    def narrowed(self) -> bool:
        return any(self.asked().values())


class DeskFilters(ResultFilters):
    """The officer's: with the view, which the tabs set."""

    view = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def asked(self) -> dict[str, Any]:
        return super().asked() | {"view": self.cleaned_data.get("view") or ""}


class _ReasonForm(Form):
    reason = ChoiceField(label=_("理由"), error_messages={"required": _("请选择理由。")})
    note = forms.CharField(
        label=_("说明"),
        required=False,
        max_length=500,
        help_text=_("只供内部查阅，不对外公开，请勿填写个人信息。"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class WithholdForm(_ReasonForm):
    error_title = _("还不能设为不予公开")
    reason = ChoiceField(
        label=_("不予公开的法定理由（行政许可法第五条）"),
        choices=list(publish.REASONS.items()),
        error_messages={"required": _("请选择不予公开的法定理由。")},
    )


class WithdrawForm(_ReasonForm):
    error_title = _("还不能撤下")
    reason = ChoiceField(
        label=_("撤下的理由"),
        choices=list(publish.WITHDRAW_REASONS.items()),
        error_messages={"required": _("请选择撤下的理由。")},
    )


class MendForm(Form):
    """更正: one field for each of the standard that the officer may change; what is wrong comes first. A person's
    number is not shown back: left empty, it stays as it is."""

    error_title = _("还不能更正")

    def __init__(self, row: PublicRecord, data: Any = None) -> None:
        super().__init__(data)
        self.row = row
        wrong = {problem.field: problem.message for problem in row.wrong}
        self.first = [name for name in record.MENDABLE if name in wrong]
        self.others = [name for name in record.MENDABLE if name not in wrong]
        for name in (*self.first, *self.others):
            field = record.BY_NAME[name]
            number = name in NUMBERS
            long = field.length > 256
            self.fields[name] = forms.CharField(
                label=field.label,
                help_text=wrong.get(name) or (_("出于保护个人信息不显示，不填的保持不变。") if number else ""),
                required=False,
                max_length=field.length,
                initial="" if number else row.record.get(name, ""),
                widget=forms.Textarea(attrs={"rows": 3}) if long else forms.TextInput(),
            )

    def rows(self, names: list[str]) -> list[Any]:
        return [self[name] for name in names]

    @property
    def mended(self) -> list[Any]:
        """The fields that are wrong, as the page shows them."""
        return self.rows(self.first)

    @property
    def rest(self) -> list[Any]:
        return self.rows(self.others)

    def corrections(self) -> dict[str, str]:
        """What was changed, by field of the standard."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if value != (self.fields[name].initial or "") and not (name in NUMBERS and not value)
        }
