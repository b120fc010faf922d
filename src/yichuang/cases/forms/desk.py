"""Forms of the desk that are no verbs: filters of the worklist, bulk acts, a reason for looking, the window's look-up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yichuang.cases.rules.facts import LIGHTS, OPEN, STATES
from yichuang.core.forms import ChoiceField, Form
from yichuang.core.forms import field as kit_field
from yichuang.identity.letters import letter_field
from yichuang.identity.models import Applicant

SCOPES = [
    ("mine", _("我的")),
    ("waiting", _("待我办理")),
    ("accept", _("待受理")),
    ("department", _("本部门")),
    ("all", _("全部")),
]


class WorkFilters(Form):
    """What the worklist shows; in the address, so that it can be kept and sent on."""

    use_error_summary = False
    scope = forms.ChoiceField(choices=SCOPES, required=False, widget=forms.HiddenInput)
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部")), *((s, STATES[s]) for s in (*OPEN, "closed"))]
    )
    light = forms.ChoiceField(
        label=_("时限"),
        required=False,
        choices=[("", _("全部")), ("yellow", LIGHTS["yellow"]), ("red", LIGHTS["red"]), ("green", LIGHTS["green"])],
    )
    item = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    q = forms.CharField(
        label=_("编号、申请人或事项"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def value(self, name: str) -> Any:
        """What is asked for, nothing where it cannot be read."""
        self.is_valid()
        return self.cleaned_data.get(name) or ("" if name != "item" else None)

    @property
    def narrowed(self) -> bool:
        return any(self.value(name) for name in ("state", "light", "item", "q"))


class BulkForm(Form):
    """take: they become mine. assign: they go to a handler."""

    MOST = 500
    act = forms.ChoiceField(choices=[("take", "take"), ("assign", "assign")])
    staff_id = forms.IntegerField(required=False, min_value=1)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("act") == "assign" and not cleaned.get("staff_id"):
            self.add_error("staff_id", _("请选择承办人。"))
        return cleaned


class RevealForm(Form):
    why = forms.CharField(
        label=_("查看用途"), max_length=120, error_messages={"required": _("请填写查看用途，查看会记录在案。")}
    )


class LookUpForm(Form):
    """The applicant at the window, by the number on the document that lies there."""

    error_title = _("请核对证件")

    def __init__(self, audience: str, *args: Any, agent: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        legal = audience == "legal" and not agent
        kinds = [(k, v) for k, v in Applicant.ID_KINDS if (k == "uscc") == legal]
        self.fields["id_kind"] = ChoiceField(
            label=_("证件类型"), choices=kinds, widget=forms.Select, initial=kinds[0][0]
        )
        self.fields["id_number"] = forms.CharField(
            label=_("证件号码"),
            max_length=64,
            widget=forms.TextInput(attrs={"class": "yc-w-id", "autocomplete": "off", "autofocus": True}),
            error_messages={"required": _("请填写或扫描证件号码。")},
        )


class NewApplicantForm(Form):
    """Somebody who was not here before."""

    error_title = _("申请人信息需要修改")

    def __init__(self, id_kind: str, id_number: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        legal = id_kind == "uscc"
        if legal:
            self.fields["kind"] = ChoiceField(
                label=_("主体类型"),
                choices=[k for k in Applicant.KINDS if k[0] != "person"],
                initial="individual_business" if id_number.strip().startswith("92") else "organisation",  # GB 32100
            )
        self.fields["name"] = kit_field("text", label=_("名称") if legal else _("姓名"), max_length=200)
        self.fields["name"].widget.attrs["autofocus"] = True
        if legal:
            self.fields["legal_representative"] = kit_field("text", label=_("法定代表人（负责人）"), max_length=80)
        self.fields["phone"] = kit_field("phone", label=_("联系电话"))
        self.fields["address"] = kit_field("text", label=_("地址"), required=False, max_length=200)

    def arguments(self) -> dict[str, Any]:
        return {"kind": "person", **self.cleaned_data}


class AgentForm(Form):
    """Who came in the applicant's place, and by what authority (行政许可法 29)."""

    error_title = _("代理信息需要修改")

    def __init__(self, *args: Any, letter_needed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [k for k in Applicant.ID_KINDS if k[0] != "uscc"]
        self.fields["id_kind"] = ChoiceField(
            label=_("代理人证件类型"), choices=kinds, widget=forms.Select, initial="citizen"
        )
        self.fields["id_number"] = kit_field("text", label=_("代理人证件号码"), max_length=64)
        self.fields["name"] = kit_field("text", label=_("代理人姓名"), max_length=80)
        self.fields["phone"] = kit_field("phone", label=_("代理人电话"))
        self.fields["matters"] = kit_field("text", label=_("委托事项及权限"), max_length=200)
        self.fields["valid_until"] = kit_field("date", label=_("委托截止日期"))
        self.fields["letter"] = letter_field(needed=letter_needed)
