"""Shapes of input at the desk: staff, grants, posts, programs, the auditor's filters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yichuang.core.forms import ChoiceField, DateField, Form, field
from yichuang.identity import rules
from yichuang.identity.forms.passwords import password_field
from yichuang.identity.models import RoleGrant


class StaffFilter(Form):
    """Filters of the staff list, in the URL."""

    q = field("text", label=_("姓名或工号"), required=False, max_length=40)
    department = forms.ChoiceField(label=_("部门"), required=False)
    role = forms.ChoiceField(label=_("角色"), required=False, choices=[("", _("全部")), *RoleGrant.ROLES])
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("在岗")), ("inactive", _("已停用")), ("all", _("全部"))]
    )

    def __init__(self, *args: Any, departments: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].choices = [("", _("全部")), *departments]  # type: ignore[attr-defined]  # a ChoiceField


class HireForm(Form):
    """录入人员."""

    name = field("text", label=_("姓名"), max_length=40)
    number = field("text", label=_("工号"), max_length=20)
    department = forms.TypedChoiceField(label=_("部门"), coerce=int)
    username = field("text", label=_("登录名"), required=False, max_length=30, help=_("不填则与工号相同。"))
    phone = field("phone", label=_("手机号"), required=False)
    law_certificate = field("text", label=_("行政执法证号"), required=False, max_length=40)
    password = password_field(_("初始密码"), new=True, help=_("至少 10 位，字母、数字、符号都有。首次登录须修改。"))

    def __init__(self, *args: Any, departments: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].choices = departments  # type: ignore[attr-defined]  # a ChoiceField


class GrantForm(Form):
    """授予角色."""

    role = forms.ChoiceField(label=_("角色"), choices=RoleGrant.ROLES)
    department = forms.TypedChoiceField(
        label=_("部门范围"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("不选部门和服务点，即面向整个区划。"),
    )
    point = forms.ChoiceField(label=_("服务点范围"), required=False)

    def __init__(
        self, *args: Any, departments: list[tuple[int, str]], points: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].choices = [("", _("整个区划")), *departments]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["point"].choices = [("", _("不限服务点")), *points]  # type: ignore[attr-defined]  # a ChoiceField


class ReasonForm(Form):
    """办理原因."""

    reason = field("text", label=_("原因"), max_length=100)


class NewPasswordForm(Form):
    """给他人的初始密码."""

    password = password_field(_("新的初始密码"), new=True, help=_("告知本人后，下次登录须修改。"))


class FindForm(Form):
    """Find an applicant by the number on their document."""

    id_kind = ChoiceField(label=_("证件类型"), choices=list(rules.ID_KINDS.items()), initial="citizen")
    id_number = field("text", label=_("证件号码"), max_length=32)


class LookForm(Form):
    """查看完整信息的用途."""

    why = field("text", label=_("查看用途"), help=_("例如办件编号。查看会记入日志，本人可以看到。"), max_length=100)


class SettleForm(Form):
    """核验未通过的原因."""

    reason = field("text", label=_("未通过的原因"), max_length=100)


class PostForm(Form):
    """AB岗."""

    department = forms.TypedChoiceField(label=_("部门"), coerce=int)
    point = forms.ChoiceField(
        label=_("服务点"), required=False, help_text=_("窗口的岗位选所在的服务点；同名岗位可以每个服务点各设一个。")
    )
    name = field("text", label=_("岗位名称"), max_length=60)
    a = forms.TypedChoiceField(label=_("A岗"), coerce=int)
    b = forms.TypedChoiceField(label=_("B岗"), required=False, coerce=int, empty_value=None)

    def __init__(
        self,
        *args: Any,
        departments: list[tuple[int, str]],
        points: list[tuple[str, str]],
        staff: list[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].choices = departments  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["point"].choices = [("", _("不属于某个服务点")), *points]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["a"].choices = staff  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["b"].choices = [("", _("暂无")), *staff]  # type: ignore[attr-defined]  # a ChoiceField


class AwayForm(Form):
    """离岗登记."""

    until = DateField(label=_("返岗日期"), required=False, help_text=_("返岗当天起由A岗办理。不填则到登记返岗为止。"))


class ClientForm(Form):
    """接入系统."""

    name = field("text", label=_("系统名称"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=_("权限范围"),
        choices=[(k, f"{v[0]}（{k}）") for k, v in rules.SCOPES.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选择一个权限范围。")},
    )
    departments = forms.TypedMultipleChoiceField(
        label=_("部门"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选择一个部门。")},
    )
    expires_on = DateField(label=_("有效期至"), required=False, help_text=_("不填则长期有效，可随时停用。"))

    def __init__(self, *args: Any, departments: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["departments"].choices = departments  # type: ignore[attr-defined]  # a ChoiceField


class AccessFilter(Form):
    """The auditor's filters, in the URL."""

    kind = forms.ChoiceField(label=_("类型"), required=False)
    by = field("text", label=_("操作人"), required=False, max_length=40)
    begin = DateField(label=_("起"), required=False)
    end = DateField(label=_("止"), required=False)

    def __init__(self, *args: Any, kinds: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("全部")), *kinds]  # type: ignore[attr-defined]  # a ChoiceField
