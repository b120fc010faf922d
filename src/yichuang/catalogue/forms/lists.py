"""Shapes of input of the public lists: an entry of 证明事项 or 中介服务, its end, the title of an edition."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from yichuang.catalogue.rules import listed
from yichuang.core.forms import ChoiceField, Form, field

BASES = [(one, one) for one in listed.BASES]
ONE_A_LINE = _("每行一个，或用顿号隔开。")


class ListedFilter(Form):
    """Filters of the desk's lists, in the address."""

    ended = ChoiceField(
        label=_("范围"), choices=[("", _("在册的")), ("1", _("含已移出的"))], required=False, widget=forms.Select
    )


class CertificateForm(Form):
    code = field("text", label=_("编码"), max_length=40, help=_("列入后不能改。事项的申请材料用它指明证明。"))
    name = field("text", label=_("名称"), max_length=200)
    names = field("longtext", label=_("其他名称"), required=False, max_length=2000, help=ONE_A_LINE)
    purpose = field("text", label=_("用途"), max_length=500)
    law = field("text", label=_("设定依据"), max_length=200, help=_("法律、法规或者国务院决定的名称，不加书名号。"))
    law_level = field("choice", label=_("依据效力级别"), choices=BASES)
    article = field("text", label=_("条款"), max_length=200, help=_("例如“第二十条”。"))
    issuer = field("text", label=_("开具单位"), max_length=200)
    way = field("choice", label=_("替代方式"), choices=[(one, one) for one in listed.WAYS])
    guidance = field("longtext", label=_("开具办法"), required=False, max_length=1000)


class IntermediaryForm(Form):
    code = field("text", label=_("编码"), max_length=40, help=_("列入后不能改。事项的申请材料用它指明服务。"))
    name = field("text", label=_("名称"), max_length=200)
    names = field("longtext", label=_("其他名称"), required=False, max_length=2000, help=ONE_A_LINE)
    products = field("longtext", label=_("服务成果"), max_length=2000, help=_("申请材料里的名称，每行一个。"))
    serves = field("text", label=_("服务于"), max_length=500, help=_("为哪些事项提供服务。"))
    law = field("text", label=_("设定依据"), max_length=200, help=_("法律、法规或者国务院决定的名称，不加书名号。"))
    law_level = field("choice", label=_("依据效力级别"), choices=BASES)
    article = field("text", label=_("条款"), max_length=200, help=_("例如“第十九条”。"))
    days = field(
        "integer", label=_("服务时限（工作日）"), required=False, minimum=1, maximum=1000, help=_("由双方约定的不填。")
    )
    flow = field("longtext", label=_("服务流程"), max_length=1000)
    conditions = field("longtext", label=_("机构条件"), max_length=1000)
    fee_way = field("choice", label=_("收费方式"), choices=[(one, one) for one in listed.FEE_WAYS])
    independence = field(
        "longtext", label=_("脱钩声明"), max_length=500, help=_("本机关与中介机构没有隶属、投资、收益关系。")
    )


class UnlistForm(Form):
    reason = field("longtext", label=_("移出原因"), max_length=300)


class EditionForm(Form):
    title = field("text", label=_("标题"), required=False, max_length=200, help=_("不填时用清单名称和当天日期。"))
