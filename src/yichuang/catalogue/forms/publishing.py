"""Shapes of input of a version's way into force, and of remarks on it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules import publication as rules
from yichuang.core.forms import ChoiceField, Form, field


class SubmitForm(Form):
    note = field(
        "longtext",
        label=_("修改说明"),
        max_length=rules.NOTE,
        help=_("改了什么、为什么改，例如“依据新修订的条例调整办结时限”。"),
    )
    effective_on = field(
        "date",
        label=_("计划实施日期"),
        required=False,
        help=_("留空的，审核通过当天实施；以后的日期，到期由系统自动发布。"),
    )


class ApproveForm(Form):
    opinion = field("longtext", label=_("审核意见"), required=False, max_length=rules.REMARK)


class ReturnForm(Form):
    reason = field(
        "longtext", label=_("退回的理由"), max_length=rules.REMARK, help=_("写明哪里要改、依据什么，起草人据此修改。")
    )


class WithdrawForm(Form):
    reason = field("text", label=_("撤回的原因"), required=False, max_length=rules.NOTE)


class RemarkForm(Form):
    element = ChoiceField(
        label=_("对哪个要素"),
        choices=[("", _("整版")), *shape.LABELS.items()],
        required=False,
        widget=forms.Select,
    )
    text = field("longtext", label=_("批注内容"), max_length=rules.REMARK)
