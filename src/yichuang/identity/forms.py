"""Shapes of input: sign-in, sign-up, profile, agencies, staff, posts, programs, the auditor's filters."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account_forms
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.forms import GenerateRecoveryCodesForm
from allauth.mfa.totp import forms as totp_forms
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yichuang.core import cache
from yichuang.core.forms import ChoiceField, DateField, Form, field
from yichuang.identity import commands, rules
from yichuang.identity.models import Account, RoleGrant
from yichuang.identity.signin import address_of


def _password(label: Any, *, new: bool = False, help: Any = "") -> forms.CharField:
    complete = "new-password" if new else "current-password"
    return forms.CharField(
        label=label,
        help_text=help,
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": complete, "class": "yc-w-medium"}),
        error_messages={"required": _("请填写%(label)s。") % {"label": label}},
    )


def _code() -> forms.CharField:
    return forms.CharField(
        label=_("验证码"),
        help_text=_("验证器上显示的 6 位数字。手机不在身边时，可填写一个没有用过的恢复码。"),
        max_length=16,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "yc-w-short"}),
        error_messages={"required": _("请填写验证码。")},
    )


# --- allauth ----------------------------------------------------------------------------------------------------


class SignInForm(Form, account_forms.LoginForm):
    """登录: by sign-in name or mobile phone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("登录名或手机号"),
            max_length=150,
            widget=forms.TextInput(
                attrs={"autocomplete": "username", "autocapitalize": "none", "class": "yc-w-medium"}
            ),
            error_messages={"required": _("请填写登录名或手机号。")},
        )
        self.fields["password"] = _password(_("密码"))
        self.order_fields(["login", "password"])

    def clean_login(self) -> str:
        """The account's own name for whatever names it, so that failures count against one name."""
        text = str(self.cleaned_data["login"]).strip()
        rows = Account.objects.filter(username__iexact=text) | Account.objects.filter(
            phone=rules.clean_phone(text) or "-"
        )
        return rows.values_list("username", flat=True).first() or text


class ChangePasswordForm(Form, account_forms.ChangePasswordForm):
    """修改密码."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.user
        self.fields["oldpassword"] = _password(_("原密码"))
        self.fields["password1"] = _password(_("新密码"), new=True, help=password_help(staff=user.kind == "staff"))
        self.fields["password2"] = _password(_("再次填写新密码"), new=True)

    def clean_password1(self) -> str:
        from allauth.account.adapter import get_adapter

        return str(get_adapter().clean_password(self.cleaned_data["password1"], user=self.user))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = forms.Form.clean(self) or {}
        if data.get("password1") and data.get("password2") and data["password1"] != data["password2"]:
            self.add_error("password2", _("两次填写的新密码不一致，请重新填写。"))
        return data


class ReauthenticateForm(Form, account_forms.ReauthenticateForm):
    """确认身份 by password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = _password(_("密码"))


class SecondFactorForm(Form, mfa_forms.AuthenticateForm):
    """动态口令 at sign-in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = _code()

    def clean_code(self) -> str:
        return _used_once(self, str(super().clean_code()))

    def _emit_authentication_failed(self, authenticator: Any) -> None:
        _note_failed_code(self.user)


class SecondFactorAgainForm(Form, mfa_forms.ReauthenticateForm):
    """动态口令 to confirm who is here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = _code()

    def clean_code(self) -> str:
        return _used_once(self, str(super().clean_code()))

    def _emit_authentication_failed(self, authenticator: Any) -> None:
        _note_failed_code(self.user)


def _used_once(form: Any, code: str) -> str:
    """A code is good for one use, in whichever process: as long as it could be right, the half minutes before and after
    its own included (allauth remembers it for its own half minute only)."""
    window = (2 * app_settings.TOTP_TOLERANCE + 1) * app_settings.TOTP_PERIOD
    digits = "".join(code.split())
    if form.authenticator.type == Authenticator.Type.TOTP and not cache.once(
        f"identity.totp:{form.user.pk}:{digits}", window
    ):
        _note_failed_code(form.user)
        raise get_adapter().validation_error("incorrect_code")
    return code


def _note_failed_code(account: Account) -> None:
    from allauth.core import context

    commands.record_failed_sign_in(
        username=account.username, address=address_of(context.request), method="totp", at=timezone.localtime()
    )


class ActivateTOTPForm(Form, totp_forms.ActivateTOTPForm):
    """绑定动态口令."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = _code()
        self.fields["code"].help_text = _("扫码后，填写验证器上显示的 6 位数字。")


class DeactivateTOTPForm(Form, totp_forms.DeactivateTOTPForm):
    """解除动态口令."""


class RecoveryCodesForm(Form, GenerateRecoveryCodesForm):
    """重新生成恢复码."""


def password_help(*, staff: bool) -> Any:
    if staff:
        return _("至少 10 位，含大写字母、小写字母、数字、符号中的三种。")
    return _("至少 10 位，同时含有字母和数字。")


# --- portal -----------------------------------------------------------------------------------------------------


class SignUpForm(Form):
    """注册: a person with a real name."""

    error_title = _("注册信息需要修改")

    name = field("text", label=_("姓名"), help=_("与证件一致。"), max_length=80)
    id_kind = ChoiceField(
        label=_("证件类型"), choices=[(k, rules.ID_KINDS[k]) for k in rules.PERSON_ID_KINDS], initial="citizen"
    )
    id_number = field("text", label=_("证件号码"), max_length=32)
    phone = field("phone", label=_("手机号"), help=_("用于登录和接收办事通知。"))
    username = field("text", label=_("登录名"), help=_("字母开头，4 至 30 位，以后可用它或手机号登录。"), max_length=30)
    password = _password(_("密码"), new=True, help=password_help(staff=False))
    password2 = _password(_("再次填写密码"), new=True)
    agreed = field("boolean", label=_("我已阅读并同意《个人信息保护说明》"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs.update({"autocomplete": "name", "class": "yc-w-medium"})
        self.fields["username"].widget.attrs.update(
            {"autocomplete": "username", "autocapitalize": "none", "class": "yc-w-medium"}
        )
        self.fields["id_number"].widget.attrs.update({"autocomplete": "off", "class": "yc-w-id"})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password") and data.get("password2") and data["password"] != data["password2"]:
            self.add_error("password2", _("两次填写的密码不一致，请重新填写。"))
        return data


class VerifyForm(Form):
    """实名核验, once more."""

    name = field("text", label=_("姓名"), help=_("与证件一致。"), max_length=80)
    id_kind = ChoiceField(
        label=_("证件类型"), choices=[(k, rules.ID_KINDS[k]) for k in rules.PERSON_ID_KINDS], initial="citizen"
    )
    id_number = field("text", label=_("证件号码"), max_length=32)


class ProfileForm(Form):
    """联系方式."""

    phone = field("phone", label=_("联系电话"))
    address = field("address", label=_("联系地址"), required=False)
    postcode = field("text", label=_("邮政编码"), required=False, max_length=6)


class PreferencesForm(Form):
    """适老版, language."""

    large_text = field("boolean", label=_("使用适老版（大字、大按钮）"), required=False)
    language = ChoiceField(label=_("界面语言"), choices=[("zh-hans", "简体中文"), ("en", "English")])


class OrganisationForm(Form):
    """登记我的单位: by its legal representative."""

    name = field("text", label=_("单位名称"), help=_("与营业执照一致。"), max_length=200)
    kind = ChoiceField(
        label=_("主体类型"),
        choices=[("organisation", _("法人及非法人组织")), ("individual_business", _("个体工商户"))],
        initial="organisation",
    )
    id_number = field("uscc", label=_("统一社会信用代码"))
    phone = field("phone", label=_("联系电话"))
    address = field("address", label=_("住所"), required=False)


# --- desk -------------------------------------------------------------------------------------------------------


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
    password = _password(_("初始密码"), new=True, help=_("至少 10 位，字母、数字、符号都有。首次登录须修改。"))

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

    password = _password(_("新的初始密码"), new=True, help=_("告知本人后，下次登录须修改。"))


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
