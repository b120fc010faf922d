"""Shapes of input at sign-in: password, second factor, recovery codes (allauth's, in the kit's dress)."""

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
from yichuang.core.forms import Form
from yichuang.identity import commands, rules
from yichuang.identity.forms.passwords import password_field, password_help
from yichuang.identity.models import Account
from yichuang.identity.signin import address_of


def _code() -> forms.CharField:
    return forms.CharField(
        label=_("验证码"),
        help_text=_("验证器上显示的 6 位数字。手机不在身边时，可填写一个没有用过的恢复码。"),
        max_length=16,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "yc-w-short"}),
        error_messages={"required": _("请填写验证码。")},
    )


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
        self.fields["password"] = password_field(_("密码"))
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
        self.fields["oldpassword"] = password_field(_("原密码"))
        self.fields["password1"] = password_field(_("新密码"), new=True, help=password_help(staff=user.kind == "staff"))
        self.fields["password2"] = password_field(_("再次填写新密码"), new=True)

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
        self.fields["password"] = password_field(_("密码"))


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
