"""The decision, and what follows from it."""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yichuang.cases.rules.face import Line, face
from yichuang.cases.rules.facts import GROUNDS, WAYS
from yichuang.core.forms import ChoiceField

if TYPE_CHECKING:
    pass
from yichuang.cases.forms.acts.base import ActForm, long_text


class Grant(ActForm):
    verb = "grant"
    tone = "seal"

    def build(self) -> None:
        against = any(s.conclusion == "refuse" for s in self.page.steps)
        help = _("审查环节建议不予，决定准予的须说明理由。") if against else ""
        self.fields["opinion"] = long_text(_("决定意见"), required=against, help=help)


BARRED: dict[bool | None, Any] = {
    True: _("本事项直接关系公共安全、人身健康、生命财产安全：选择后，申请人一年内不得再次申请该项许可。"),
    False: _("本事项不属于直接关系公共安全、人身健康、生命财产安全的事项，不限制再次申请。"),
}


class Refuse(ActForm):
    verb = "refuse"
    tone = "seal"
    lead = _("不予许可须书面说明理由，决定书会写明申请行政复议（60日）和提起行政诉讼（6个月）的权利。")

    def build(self) -> None:
        self.fields["reasons"] = long_text(_("不予许可的理由"), rows=5)
        self.fields["basis"] = forms.CharField(label=_("依据"), required=False, max_length=500)
        self.fields["false_statement"] = forms.BooleanField(
            label=_("申请人隐瞒有关情况或者提供虚假材料（行政许可法第七十八条）"),
            required=False,
            help_text=BARRED.get(self.page.version.concerns_safety, ""),
        )
        if self.page.version.concerns_safety is not None:
            return
        self.fields["bar"] = forms.BooleanField(
            label=_("并且该事项直接关系公共安全、人身健康、生命财产安全：一年内不得再次申请该项许可"), required=False
        )


class Issue(ActForm):
    verb = "issue"
    layout = "cases/acts/issue.html"
    button = _("制作并签章")
    tone = "seal"
    lead = _("制作证照或决定文书并签章。证照上的内容取自核定的申请表。")

    def arguments(self) -> dict[str, Any]:
        return {}

    @property
    def face(self) -> tuple[Line, ...]:
        """What the licence will show."""
        declared = self.page.form
        return face(self.page.version, declared.values, declared.content.get("applicant", {})) if declared else ()


class Deliver(ActForm):
    verb = "deliver"
    layout = "cases/acts/deliver.html"

    def build(self) -> None:
        wanted = self.page.form.content.get("delivery", {}) if self.page.form else {}
        self.fields["way"] = ChoiceField(
            label=_("送达方式"), choices=list(WAYS.items()), initial=wanted.get("way") or "counter"
        )
        way = self["way"].value()
        self.fields["recipient"] = forms.CharField(
            label=_("领取人（签收人）"),
            required=way == "counter" or not self.is_bound,
            max_length=80,
            initial=wanted.get("recipient", ""),
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
            error_messages={"required": _("窗口领取的，请登记领取人姓名。")},
        )
        self.fields["recipient_id"] = forms.CharField(
            label=_("领取人证件号码"),
            required=False,
            max_length=40,
            widget=forms.TextInput(attrs={"autocomplete": "off", "class": "yc-w-id"}),
        )
        self.fields["tracking"] = forms.CharField(
            label=_("运单号"),
            required=way == "post" or not self.is_bound,
            max_length=40,
            error_messages={"required": _("邮寄送达的，请填写运单号。")},
        )
        self.fields["note"] = forms.CharField(label=_("备注"), required=False, max_length=200)

    @property
    def parts(self) -> list[Any]:
        asked = {"recipient": ["counter", "post"], "recipient_id": ["counter"], "tracking": ["post"]}
        way = self["way"].value()
        return [
            {
                "field": field,
                "when": dumps({"names": ["way"], "not": False, "values": asked[field.name], "type": "choice"})
                if field.name in asked
                else "",
                "hidden": field.name in asked and way not in asked[field.name],
            }
            for field in self
        ]


class DeliverNotice(Deliver):
    verb = "deliver_notice"


class Withdraw(ActForm):
    verb = "withdraw"
    tone = "danger"
    lead = _("应申请人要求撤回。请核验申请人身份并留存书面申请。")

    def build(self) -> None:
        self.fields["reason"] = long_text(_("撤回原因"), required=False)


class Terminate(ActForm):
    verb = "terminate"
    tone = "danger"
    lead = _("申请人不复存在，或容缺材料逾期未补等法定情形。提供虚假材料的，应当作出不予许可决定，不得终止。")

    def build(self) -> None:
        self.fields["ground"] = ChoiceField(
            label=_("终止事由"), choices=list(GROUNDS.items()), error_messages={"required": _("请选择终止事由。")}
        )
        self.fields["reasons"] = long_text(_("具体理由"))


class CorrectClerical(ActForm):
    verb = "correct_clerical"

    def build(self) -> None:
        self.fields["document_id"] = ChoiceField(
            label=_("哪份文书"),
            choices=[
                (str(d.pk), f"{d.get_kind_display()} {d.number}") for d in self.page.documents if d.kind != "clerical"
            ],
            widget=forms.Select,
        )
        self.fields["was"] = forms.CharField(label=_("更正前"), max_length=500)
        self.fields["now"] = forms.CharField(label=_("更正后"), max_length=500)

    def arguments(self) -> dict[str, Any]:
        return {**self.cleaned_data, "document_id": int(self.cleaned_data["document_id"])}


class Archive(ActForm):
    verb = "archive"
    lead = _("归档后不再变更。")

    def arguments(self) -> dict[str, Any]:
        return {}
