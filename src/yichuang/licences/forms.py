"""The shape of what people hand in about licences."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yichuang.core.forms import ChoiceField, DateField, FileField, Form
from yichuang.licences import rules
from yichuang.licences.models import Licence
from yichuang.licences.queries import Filters


class IdentifierForm(Form):
    identifier = forms.CharField(
        label=_("电子证照标识"),
        help_text=_("印在证照左下方，以 1.2.156.3005.2 开头，逐字输入。"),
        max_length=120,
        error_messages={"required": _("请填写电子证照标识。")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )


class FileForm(Form):
    file = FileField(
        label=_("电子证照 PDF 文件"),
        kinds=("pdf",),
        limit_mib=20,
        help_text=_("请选择从平台下载的原件，不要用照片、截图或打印扫描件。文件只用于本次核验，不会保存。"),
        error_messages={"required": _("请选择电子证照 PDF 文件。")},
    )


class RegistryFilters(Form):
    """The registry's filters, read from the address."""

    q = forms.CharField(label=_("编号、标识或持证主体"), required=False, max_length=120)
    type = ChoiceField(label=_("证照类型"), required=False, widget=forms.Select)
    state = ChoiceField(label=_("状态"), required=False, choices=list(rules.STATES.items()), widget=forms.Select)
    until = DateField(label=_("此日前到期"), required=False)

    def __init__(self, data: Any, *, types: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["type"].choices = [("", _("全部")), *types]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["state"].choices = [("", _("全部")), *rules.STATES.items()]  # type: ignore[attr-defined]

    def filters(self) -> Filters:
        """What is well-formed of it; the rest does not narrow."""
        self.is_valid()
        data = self.cleaned_data
        return Filters(
            text=data.get("q") or "",
            type_code=data.get("type") or "",
            state=data.get("state") or "",
            expires_before=data.get("until"),
        )


class ReplaceForm(Form):
    """更正、换发: the face as it shall be, and why. One field for each line that the licence has."""

    error_title = _("还不能换发")
    reason = forms.CharField(
        label=_("更正或者换发的理由"),
        help_text=_("例如：经营地址门牌号变更。"),
        max_length=200,
        error_messages={"required": _("请填写理由。")},
    )

    def __init__(self, licence: Licence, data: Any = None) -> None:
        super().__init__(data)
        self.lines = {line.code: line for line in licence.lines}
        for code, line in self.lines.items():
            self.fields[f"face.{code}"] = forms.CharField(
                label=line.label, initial=line.value, max_length=500, required=False
            )
        self.fields["expires_on"] = DateField(
            label=_("有效期至"), required=False, initial=licence.expires_on, help_text=_("不填的保持不变。")
        )

    def changed_face(self) -> dict[str, str]:
        """The lines that were changed, by code."""
        return {
            code: self.cleaned_data[f"face.{code}"]
            for code, line in self.lines.items()
            if self.cleaned_data[f"face.{code}"] != line.value
        }


class LookForm(Form):
    why = forms.CharField(
        label=_("查看用途"),
        help_text=_("例如：核对持证人身份。查看会记录在案。"),
        max_length=100,
        error_messages={"required": _("请填写查看用途。")},
    )
