"""Shapes of input: what somebody did not find; how editors answer it and whom they called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yichuang.catalogue.rules import needs as rules
from yichuang.core.forms import ChoiceField, Form, field

PERIODS = [("7", _("近 7 天")), ("30", _("近 30 天")), ("90", _("近 90 天")), ("365", _("近一年"))]


class NeedForm(Form):
    """求助."""

    error_title = _("内容需要修改")
    words = field("text", label=_("您搜索的说法"), required=False, max_length=rules.WORDS)
    wish = field(
        "longtext",
        label=_("您想办什么事"),
        required=False,
        max_length=rules.WISH,
        help=_("用平常的话说就行。请不要写证件号码；电话写在下面一栏。"),
    )
    phone = field(
        "phone",
        label=_("联系电话"),
        required=False,
        help=_("留了电话，工作人员会给您回电；只用于这一次回电，90 天后删除。"),
    )


class UnansweredFilter(Form):
    days = ChoiceField(label=_("时间"), choices=PERIODS, required=False, widget=forms.Select)
    state = ChoiceField(
        label=_("答复"),
        choices=[("", _("全部")), ("open", _("未答复")), ("answered", _("已答复"))],
        required=False,
        widget=forms.Select,
    )


class AnswerQuestionForm(Form):
    """items: (id, name) of those that may be meant."""

    error_title = _("答复需要修改")

    def __init__(self, *args: Any, items: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [(str(pk), name) for pk, name in items]
        self.fields["outcome"] = ChoiceField(label=_("答复"), choices=list(rules.OUTCOMES.items()))
        self.fields["item"] = ChoiceField(
            label=_("事项"),
            choices=[("", _("都不是，填写编码")), *listed],
            required=False,
            widget=forms.RadioSelect,
        )
        self.fields["code"] = field("text", label=_("或事项编码"), required=False, max_length=40)
        self.fields["alias"] = field(
            "boolean",
            label=_("把这个说法提议为该事项的俗称"),
            required=False,
            help=_("提交后打开该事项的草稿，俗称已填好；保存、送审并由另一人审核通过后生效。"),
        )
        self.fields["reason"] = field("text", label=_("理由"), required=False, max_length=rules.REASON)
        self.fields["advice"] = field(
            "longtext",
            label=_("给群众的建议"),
            required=False,
            max_length=rules.ADVICE,
            help=_("到哪里办、找谁问。再有人这样搜索时会看到。"),
        )


class SettleNeedForm(Form):
    error_title = _("登记需要修改")
    outcome = ChoiceField(label=_("结果"), choices=[(s, rules.STATES[s]) for s in rules.SETTLED])
    note = field("longtext", label=_("备注"), required=False, max_length=rules.NOTE)


class LookForm(Form):
    why = forms.CharField(
        label=_("查看用途"), max_length=120, error_messages={"required": _("请填写查看用途，查看会记录在案。")}
    )
