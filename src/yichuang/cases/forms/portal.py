"""Small forms of the applicant: for whom, contact and delivery, the declaration, a correction, a withdrawal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yichuang.cases.rules.facts import WAYS
from yichuang.catalogue.rules.facts import VersionFacts
from yichuang.core.forms import ChoiceField, Form
from yichuang.core.forms import field as kit_field
from yichuang.core.personal import mask_id
from yichuang.identity.models import Applicant

WAY_WORDS: dict[str, str | Promise] = {
    "counter": _("到窗口领取"),
    "post": _("邮寄给我"),
    "electronic": _("网上领取电子件"),
}


class StartForm(Form):
    """For whom the application is made. Nothing to choose where there is only one."""

    error_title = _("请先选择为谁办理")

    def __init__(self, applicants: Sequence[Applicant], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["applicant"] = ChoiceField(
            label=_("为谁办理"),
            choices=[(str(a.pk), f"{a.name}（{mask_id(a.id_number)}）") for a in applicants],
            initial=str(applicants[0].pk) if applicants else None,
            error_messages={
                "required": _("请选择为谁办理。"),
                "invalid_choice": _("请从您可以代表的申请人中选择。"),
            },
        )


def named(name: str, path: str) -> str:
    """The key inside a group of a draft: "phone" of "contact.phone"."""
    return path.removeprefix(f"{name}.")


class ReachForm(Form):
    """Whom to call, and how the result comes. Named as refusals name them: "contact.phone", "delivery.way"."""

    def __init__(
        self,
        version: VersionFacts,
        contact: Mapping[str, Any],
        delivery: Mapping[str, Any],
        data: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.fields["contact.name"] = kit_field(
            "text", label=_("联系人"), max_length=40, initial=contact.get("name", "")
        )
        self.fields["contact.phone"] = kit_field(
            "phone",
            label=_("联系电话"),
            help=_("办理进度和结果会发到这个号码。"),
            initial=contact.get("phone", ""),
        )
        ways = [(way, WAY_WORDS[way]) for way in version.deliveries if way in WAYS]
        self.fields["delivery.way"] = kit_field(
            "choice",
            label=_("办理结果怎么给您"),
            choices=ways,
            initial=delivery.get("way") or (ways[0][0] if len(ways) == 1 else None),
        )
        if "post" in dict(ways):
            by_post = not self.is_bound or self.data.get("delivery.way") == "post"
            self.fields["delivery.recipient"] = kit_field(
                "text",
                label=_("收件人"),
                required=by_post,
                max_length=40,
                initial=delivery.get("recipient") or contact.get("name", ""),
            )
            self.fields["delivery.address"] = kit_field(
                "address",
                label=_("邮寄地址"),
                required=by_post,
                help=_("写到门牌号。"),
                initial=delivery.get("address", ""),
            )

    def part(self, name: str) -> dict[str, Any]:
        """What was typed of "contact" or "delivery", judged or not."""
        found: dict[str, Any] = {}
        for path in self.fields:
            if path.startswith(f"{name}."):
                value = self.cleaned_data.get(path) if hasattr(self, "cleaned_data") else None
                found[named(name, path)] = self.data.get(path, "") if value is None else value
        return found


class DeclareForm(Form):
    """行政许可法 31: the applicant answers for the truth of what is handed in."""

    error_title = _("还不能提交")
    declared = forms.BooleanField(
        label=_("我已核对以上内容，承诺所填信息和所交材料真实、有效，并对其真实性负责。"),
        error_messages={"required": _("请先确认内容真实，再提交。")},
    )


class WithdrawForm(Form):
    reason = forms.CharField(
        label=_("撤回的原因"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
