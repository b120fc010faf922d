"""Where django-allauth and django-axes call us: passwords, sign-in records, lock-out, second factor, OIDC.

There is no e-mail anywhere: a forgotten password is reset at the window (public) or by the administrator (staff).
"""

from __future__ import annotations

import base64
import time
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from axes.attempts import get_cool_off_threshold
from axes.models import AccessAttempt
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yichuang.core.address import client_address
from yichuang.core.refusal import Refusal
from yichuang.identity import commands
from yichuang.identity.commands.passwords import password_faults
from yichuang.identity.models import Account
from yichuang.identity.queries.actors import actor_of_account

TOLD = {
    "account/messages/logged_out.txt": _("您已退出登录。"),
    "account/messages/password_changed.txt": _("密码已修改。"),
    "mfa/messages/totp_activated.txt": _("动态口令已绑定。"),
    "mfa/messages/totp_deactivated.txt": _("动态口令已解除。"),
    "mfa/messages/recovery_codes_generated.txt": _("新的恢复码已生成，原来的已作废。"),
}


def address_of(request: HttpRequest) -> str:
    """The client's address, through as many proxies as are configured."""
    return client_address(request)


class AccountAdapter(DefaultAccountAdapter):
    """Account: rules for passwords, records of sign-in, where to go afterwards."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("这个账户已停用。"),
        "enter_current_password": _("原密码不正确，请重新填写。"),
        "incorrect_code": _("验证码不正确。请填写验证器上现在显示的 6 位数字，或一个没有用过的恢复码。"),
        "incorrect_password": _("密码不正确，请重新填写。"),
        "rate_limited": _("操作太频繁了，请过几分钟再试。"),
        "too_many_login_attempts": _("尝试次数太多了，请过几分钟再试。"),
        "username_password_mismatch": _("登录名（或手机号）与密码不符。请核对后重试，注意大小写。"),
    }

    def clean_password(self, password: str, user: Account | None = None) -> str:
        words = (user.username, user.phone) if user else ()
        faults = password_faults(password, staff=bool(user and user.kind == "staff"), words=words)
        if user and user.has_usable_password() and user.check_password(password):
            faults.append(str(_("新密码不能与原密码相同")))
        if faults:
            raise ValidationError(faults)
        return password

    def set_password(self, user: Account, password: str) -> None:
        at = timezone.localtime()
        commands.change_password(user, password=password, by=actor_of_account(user, at), at=at, field="password1")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        commands.record_failed_sign_in(
            username=str(credentials.get("username", "")),
            address=address_of(request),
            locked=bool(getattr(request, "axes_locked_out", False)),
            at=timezone.localtime(),
        )

    def post_login(self, request: HttpRequest, user: Account, **kwargs: Any) -> HttpResponse:
        at = timezone.localtime()
        methods = request.session.get("account_authentication_methods", [])
        method = "+".join(dict.fromkeys(str(m.get("method", "")) for m in methods)) or "password"
        by = actor_of_account(user, at)
        commands.record_sign_in(user, address=address_of(request), method=method, by=by, at=at)
        return cast(HttpResponse, super().post_login(request, user, **kwargs))

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not right after sign-in: whoever is sent to set up the second factor has just given the password."""
        methods = self.request.session.get("account_authentication_methods", [])
        if methods and time.time() - methods[-1].get("at", 0) < REAUTHENTICATION_TIMEOUT:
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, Account) and request.user.is_authenticated:
            at = timezone.localtime()
            by = actor_of_account(request.user, at)
            commands.record_sign_out(request.user, address=address_of(request), by=by, at=at)
        super().logout(request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return "/desk/" if getattr(request.user, "kind", "") == "staff" else "/my/"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request) or "0.0.0.0"  # noqa: S104 - a name for "unknown", nothing listens

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Never: there is no e-mail. What happened is in the log."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Never: there is no e-mail."""

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Only what a person needs to be told, in our words."""
        words = message or TOLD.get(message_template or "")
        if words:
            messages.add_message(request, level, str(words), extra_tags=extra_tags)


class MFAAdapter(DefaultMFAAdapter):
    """Second factor: its secrets are kept encrypted with a key drawn from SECRET_KEY."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("验证码不正确。请填写验证器上现在显示的 6 位数字，或一个没有用过的恢复码。"),
        "cannot_delete_authenticator": _("工作人员必须使用动态口令，不能解除。更换手机的，请联系安全管理员重置。"),
    }

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        return str(settings.YICHUANG.platform_name)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not (settings.YICHUANG.staff_mfa and authenticator.user.kind == "staff")


@cache
def _cipher() -> MultiFernet:
    """The first key encrypts; older ones (SECRET_KEY_FALLBACKS) still decrypt."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(str(key))) for key in keys])


def _key(secret: str) -> bytes:
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"yichuang.mfa").derive(secret.encode())
    return base64.urlsafe_b64encode(made)


class SocialAdapter(DefaultSocialAccountAdapter):
    """统一身份认证 by OIDC: the provider has checked who it is; its claims (`views.unified`) name the person. They hold the
    identity number, so none of them is kept: only who it was for the provider."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if sociallogin.is_existing:
            return
        claims = sociallogin.claims
        try:
            account = commands.register_from_provider(
                name=str(claims.get("name") or ""),
                id_number=str(claims.get(settings.YICHUANG.oidc_id_claim) or ""),
                phone=str(claims.get("phone_number") or ""),
                at=timezone.localtime(),
            )
        except Refusal as no:
            raise ImmediateHttpResponse(
                render(request, "core/kit/refusal.html", {"refusal": no}, status=no.status)
            ) from no
        try:
            with transaction.atomic():
                sociallogin.connect(request, account)
        except IntegrityError:  # the same person came in by another window at the same moment
            theirs = sociallogin.account
            sociallogin.account = SocialAccount.objects.select_related("user").get(
                provider=theirs.provider, uid=theirs.uid
            )
            sociallogin.user = sociallogin.account.user

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Never: there is no e-mail."""


def lockout_parameters(request: HttpRequest, credentials: dict[str, Any] | None = None) -> list[str | list[str]]:
    """What a failure counts against: for staff the account from wherever it is tried (GB/T 22239-2019, 8.1.4.1);
    for the public the account from one address, so that nobody locks a stranger out."""
    username = (credentials or {}).get("username") or getattr(request, "username", "") or ""
    staff = Account.objects.filter(username__iexact=username, kind="staff").exists()
    return ["username"] if staff else [["username", "ip_address"]]


def locked_out(request: HttpRequest, credentials: Any = None) -> HttpResponse:
    """The page that says when and how to get in again."""
    return render(request, "account/locked.html", {"until": locked_until(request, credentials)}, status=429)


def locked_until(request: HttpRequest, credentials: dict[str, Any] | None) -> datetime:
    """When the lock ends: the cool-off after the last counted failure."""
    username = (credentials or {}).get("username") or ""
    tried = AccessAttempt.objects.filter(username=username, attempt_time__gte=get_cool_off_threshold(request))
    last = tried.aggregate(last=Max("attempt_time"))["last"] or timezone.now()
    return timezone.localtime(last + timedelta(minutes=settings.YICHUANG.lock_minutes))
