"""Shapes of input: a stage and a situation of life."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yichuang.core.forms import ChoiceField, Form, field


class StageForm(Form):
    """What a stage is called and what it holds, in words."""

    error_title = _("阶段需要修改")
    name = field("text", label=_("名称"), max_length=30)
    summary = field("text", label=_("一句话说明"), max_length=200, required=False)


class SituationForm(Form):
    """Name, words and stage of a situation; its code when it is new. Its items are buttons beside the form."""

    error_title = _("情形需要修改")

    def __init__(self, *args: Any, stages: Sequence[tuple[str, str]], new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if new:
            self.fields["code"] = field(
                "text", label=_("代码"), max_length=30, help=str(_("小写字母、数字和下划线，例如 newborn；以后不变。"))
            )
        self.fields["name"] = field("text", label=_("名称"), max_length=40)
        self.fields["summary"] = field("text", label=_("一句话说明"), max_length=200, required=False)
        self.fields["stage"] = ChoiceField(label=_("阶段"), choices=stages, widget=forms.Select)
