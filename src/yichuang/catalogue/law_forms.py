"""Shapes of input of the law library: filters, what a law is, a new version, an answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yichuang.catalogue.models import ItemVersion
from yichuang.catalogue.models.law import ANSWERS, LAW_STATES, TASK_STATES
from yichuang.catalogue.rules.facts import LAW_LEVELS
from yichuang.core.forms import ChoiceField, DateField, FileField, Form

LEVELS = [(level, level) for level in LAW_LEVELS]
MOST = 600_000
"""Characters of a version as text: the whole of the longest code fits."""


class LawFilter(Form):
    q = forms.CharField(
        label=_("法规名称"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    level = ChoiceField(label=_("层级"), required=False, choices=[("", _("全部")), *LEVELS], widget=forms.Select)


class DeskLawFilter(LawFilter):
    state = ChoiceField(
        label=_("效力"),
        required=False,
        choices=[("", _("全部")), *LAW_STATES, ("incomplete", _("信息不全"))],
        widget=forms.Select,
    )


class LawForm(Form):
    """What a law is."""

    error_title = _("法规信息需要修改")
    name = forms.CharField(label=_("名称"), max_length=200, help_text=_("全称，不加书名号。"))
    level = ChoiceField(label=_("层级"), choices=LEVELS, widget=forms.Select)
    organ = forms.CharField(label=_("制定机关"), max_length=100, required=False)
    number = forms.CharField(label=_("文号"), max_length=100, required=False)
    state = ChoiceField(label=_("效力"), choices=LAW_STATES)
    source_url = forms.CharField(
        label=_("公布文本网址"), max_length=500, required=False, help_text=_("国家公布全文的网页，以 https:// 开头。")
    )


class VersionForm(Form):
    """A new version, loaded from a file or typed; `text` carries it from the preview to the end."""

    error_title = _("新版本需要修改")
    number = forms.CharField(
        label=_("文号"), max_length=100, required=False, help_text=_("文本里写明的，可以不填；日期也一样。")
    )
    passed_on = DateField(label=_("通过日期"), required=False)
    published_on = DateField(label=_("公布日期"), required=False)
    effective_on = DateField(label=_("施行日期"), required=False)
    note = forms.CharField(
        label=_("修订说明"),
        required=False,
        max_length=4000,
        help_text=_("用自己的话说明改了什么。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    changed = forms.CharField(
        label=_("另外指明的修改条文"),
        required=False,
        max_length=500,
        help_text=_("没有条文可比时填写，例如：第四条、第十二条至第十五条。"),
    )
    file = FileField(
        label=_("条文文件"),
        required=False,
        kinds=("md", "txt", "csv"),
        limit_mib=2,
        help_text=_("Markdown 或 CSV。编码可为 UTF-8 或 GB 18030。"),
    )
    text = forms.CharField(
        label=_("或粘贴条文"), required=False, max_length=MOST, strip=False, widget=forms.Textarea(attrs={"rows": 8})
    )
    kind = ChoiceField(label=_("条文格式"), required=False, choices=[("", ""), ("md", "Markdown"), ("csv", "CSV")])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].widget = forms.HiddenInput()


class TaskFilter(Form):
    state = ChoiceField(label=_("状态"), required=False, choices=[("", _("全部")), *TASK_STATES], widget=forms.Select)
    mine = ChoiceField(
        label=_("范围"),
        required=False,
        choices=[("", _("全部部门")), ("1", _("我编辑的部门"))],
        widget=forms.Select,
    )


class AnswerForm(Form):
    """The answer of a review task. drafts: the versions that may follow the law."""

    error_title = _("答复需要修改")
    answer = ChoiceField(label=_("结论"), choices=ANSWERS)
    reason = forms.CharField(
        label=_("理由"),
        required=False,
        max_length=1000,
        help_text=_("不需修改的，必须写明理由。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, drafts: Sequence[ItemVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [
            (str(v.pk), _("第 %(n)s 版（%(state)s）") % {"n": v.number, "state": v.get_state_display()}) for v in drafts
        ]
        self.fields["draft"] = ChoiceField(
            label=_("新版本"), required=False, choices=[("", _("最新的一版")), *listed], widget=forms.Select
        )
