"""Shapes of input of 权力事项调整: its text, its powers, what each verb asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yichuang.catalogue.rules import adjustment as rules
from yichuang.core.forms import ChoiceField, Form, field

WAYS = list(rules.WAYS.items())
SEPARATOR = re.compile(r"[,，\t|]")


class AdjustmentFilter(Form):
    """Filters of the list, in the address."""

    state = ChoiceField(
        label=_("状态"), choices=[("", _("全部")), *rules.STATES.items()], required=False, widget=forms.Select
    )
    item = forms.IntegerField(required=False, min_value=1, max_value=2**31, widget=forms.HiddenInput)


class TextForm(Form):
    title = field("text", label=_("标题"), max_length=200, help=_("例如“关于承接市级下放行政许可事项的调整”。"))
    basis = field(
        "text", label=_("依据的文件"), max_length=500, help=_("上级取消、下放权力的决定，写明文件名称和文号。")
    )
    reason = field("longtext", label=_("调整理由"), required=False, max_length=2000)


class LineForm(Form):
    """One power."""

    error_title = _("这个事项还不能添加")
    way = field("choice", label=_("方式"), choices=WAYS)
    code = field("text", label=_("事项编码"), max_length=100, help=_("承接的事项先在事项目录起草，暂不发布。"))
    from_ = field("text", label=_("承接自哪一级机关"), required=False, max_length=200, help=_("只在承接时填写。"))
    note = field("text", label=_("说明"), required=False, max_length=500)

    def __init__(self, *args: Any, departments: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(name, name) for _pk, name in departments]
        self.fields["to"] = ChoiceField(
            label=_("下放给谁"), choices=names, required=False, widget=forms.Select, help_text=_("只在下放时选择。")
        )
        self.order_fields(["way", "code", "from_", "to", "note"])

    @property
    def line(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        given["from"] = given.pop("from_")
        return given


class AskForm(Form):
    days = field(
        "integer", label=_("答复期限（工作日）"), minimum=1, maximum=rules.MOST_DAYS, initial=rules.OPINION_DAYS
    )

    def __init__(self, *args: Any, departments: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["departments"] = field(
            "choices", label=_("征求意见的部门"), choices=[(str(pk), name) for pk, name in departments]
        )
        self.order_fields(["departments", "days"])


class AnswerForm(Form):
    answer = field("choice", label=_("意见"), choices=list(rules.ANSWERS.items()))
    words = field("longtext", label=_("意见内容"), required=False, help=_("不同意或有修改意见的，须写明内容。"))


class NoteForm(Form):
    note = field("text", label=_("催办情况"), max_length=500, help=_("写明催办的时间和方式。"))


class SendForm(Form):
    summary = field(
        "longtext", label=_("意见采纳情况"), required=False, help=_("有部门提出不同意见的，逐条写明采纳与否和理由。")
    )


class WordsForm(Form):
    words = field("longtext", label=_("审查意见"), required=False)


class ReasonForm(Form):
    reason = field("longtext", label=_("理由"), max_length=1000)


class ApproveForm(Form):
    number = field("text", label=_("批准文号"), max_length=100)
    approved_on = field("date", label=_("批准日期"))


class PublishForm(Form):
    number = field("text", label=_("公布文号"), max_length=100)
    published_on = field("date", label=_("公布日期"))
    effective_on = field(
        "date", label=_("生效日期"), help=_("当天或以前的，公布后立即生效；以后的，到期由系统自动生效。")
    )


class PastForm(Form):
    """An adjustment of the past."""

    title = field("text", label=_("标题"), max_length=200)
    basis = field("text", label=_("依据的文件"), max_length=500)
    number = field("text", label=_("公布文号"), max_length=100)
    published_on = field("date", label=_("公布日期"))
    effective_on = field("date", label=_("生效日期"))
    powers = field(
        "longtext",
        label=_("调整的事项"),
        max_length=20_000,
        help=_("每行一项，用逗号隔开：方式，事项名称，编码，原实施主体，承接单位。没有的留空。"),
    )

    def clean_powers(self) -> list[dict[str, str]]:
        words = {name: way for way, name in rules.WAYS.items()}
        found = []
        for text in self.cleaned_data["powers"].splitlines():
            if not text.strip():
                continue
            cells = [cell.strip() for cell in SEPARATOR.split(text)] + [""] * 4
            if cells[0] not in words:
                raise forms.ValidationError(
                    _("“%(line)s”应以取消、承接或下放开头，再写逗号。") % {"line": text.strip()[:40]}
                )
            found.append(dict(zip(("way", "name", "code", "from", "to"), (words[cells[0]], *cells[1:5]), strict=True)))
        return found
