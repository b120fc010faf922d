"""Accounts: passwords, two factors, preferences, and the record of who signed in."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from axes.utils import reset as axes_reset
from django.db import connection, transaction

from yichuang.core import log
from yichuang.core.actor import NOBODY, Actor
from yichuang.core.events import Event
from yichuang.core.refusal import Refusal
from yichuang.identity.commands.passwords import check_password, set_password
from yichuang.identity.models import Account


def change_password(account: Account, *, password: str, by: Actor, at: datetime, field: str = "password") -> Account:
    """By its owner, who has just given the old one (the page asks). Raises Refusal 422 for a weak or unchanged one."""
    check_password(password, staff=account.kind == "staff", words=(account.username, account.phone), field=field)
    if account.has_usable_password() and account.check_password(password):
        raise Refusal(
            "account.same_password",
            "新密码与原密码相同。",
            "请换一个密码。",
            fields={field: "新密码不能与原密码相同"},
            status=422,
        )
    with transaction.atomic():
        set_password(account, password, at=at)
        account.save(update_fields=["password", "password_changed_at", "password_must_change"])
        append(account, Event("account.password_changed"), by=by, at=at)
    return account


def reset_password(account: Account, *, password: str, by: Actor, at: datetime) -> Account:
    """A new first password, given by the system administrator (staff) or by a window clerk who saw the card (public).
    It must be changed at the next sign-in; sessions end with the old one; the second factor stays.

    Raises Refusal 403 (one's own, or not one's to do), 422 weak.
    """
    if not by.is_system:
        by.require("system_administrator" if account.kind == "staff" else "window_clerk")
    _not_oneself(account, by)
    check_password(password, staff=account.kind == "staff", words=(account.username, account.phone))
    with transaction.atomic():
        set_password(account, password, at=at)
        account.password_must_change = True
        account.save(update_fields=["password", "password_changed_at", "password_must_change"])
        append(account, Event("account.password_reset"), by=by, at=at)
    return account


def set_preferences(
    account: Account, *, large_text: bool | None = None, language: str | None = None, by: Actor, at: datetime
) -> Account:
    """适老版 and language, kept per person."""
    wanted = {"large_text": large_text, "language": language}
    changed = {k: v for k, v in wanted.items() if v is not None and v != getattr(account, k)}
    if changed.get("language", "zh-hans") not in ("zh-hans", "en"):
        raise Refusal("account.language", "没有这种语言。", "请选择简体中文或 English。", status=422)
    if changed:
        with transaction.atomic():
            for key, value in changed.items():
                setattr(account, key, value)
            account.save(update_fields=list(changed))
            append(account, Event("account.preferences_set", changed), by=by, at=at)
    return account


def record_two_factor(account: Account, *, event: str, by: Actor, at: datetime) -> None:
    """account.totp_added, account.totp_removed, account.recovery_codes_made."""
    with transaction.atomic():
        append(account, Event(event), by=by, at=at)


def remove_two_factor(account: Account, *, by: Actor, at: datetime) -> None:
    """Somebody lost their phone: the security administrator, who has made sure who asks, removes the second factor; it
    is set up anew at the next sign-in. Raises Refusal 403 (one's own too), 409 when there is none."""
    if not by.is_system:
        by.require("security_administrator")
    _not_oneself(account, by)
    with transaction.atomic():
        removed, _ = Authenticator.objects.filter(user=account).delete()
        if not removed:
            raise Refusal("account.no_two_factor", "此人没有绑定动态口令。", "无需解除。")
        append(account, Event("account.totp_removed"), by=by, at=at)


def unlock_account(account: Account, *, by: Actor, at: datetime) -> None:
    """After too many wrong passwords, before the lock ends by itself. By the system administrator (staff) or a window
    clerk (public). Raises Refusal 403 (one's own too)."""
    if not by.is_system:
        by.require("system_administrator" if account.kind == "staff" else "window_clerk")
    _not_oneself(account, by)
    with transaction.atomic():
        axes_reset(username=account.username)
        append(account, Event("account.unlocked"), by=by, at=at)


def _not_oneself(account: Account, by: Actor) -> None:
    if account.kind == "staff" and by.ref == account.staff.ref:
        raise Refusal("account.oneself", "不能为自己办理。", "请由另一名管理员办理。", status=403)


def record_sign_in(account: Account, *, address: str, method: str, by: Actor, at: datetime) -> None:
    """Who signed in, from where (address is kept as GB/T 22239 asks of sign-in records), how."""
    with transaction.atomic():
        append(account, Event("account.signed_in", {"address": address, "method": method}), by=by, at=at)


def record_sign_out(account: Account, *, address: str, by: Actor, at: datetime) -> None:
    with transaction.atomic():
        append(account, Event("account.signed_out", {"address": address}), by=by, at=at)


def record_failed_sign_in(
    *, username: str, address: str, locked: bool = False, method: str = "password", at: datetime
) -> None:
    """A wrong password, or a try while locked out. An unknown sign-in name is not written down (people type passwords
    there): only that there was a try, in one stream per day."""
    account = Account.objects.filter(username__iexact=username).first()
    event = Event(
        "account.sign_in_locked" if locked else "account.sign_in_failed", {"address": address, "method": method}
    )
    with transaction.atomic():
        if account:
            append(account, event, by=NOBODY, at=at)
        else:
            _retry(f"signin:{at.date().isoformat()}", event, at)


def append(account: Account, event: Event, *, by: Actor, at: datetime) -> None:
    """To the account's stream, under the lock of its row: two sign-ins at once are two lines."""
    if connection.features.has_select_for_update:
        Account.objects.select_for_update().filter(pk=account.pk).values_list("pk").first()
    log.append(account.ref, event, by=by, at=at)


def _retry(stream: str, event: Event, at: datetime) -> None:
    """A stream without a row to lock: a clash is tried again, each time in a savepoint of its own."""
    for left in (4, 3, 2, 1, 0):
        try:
            with transaction.atomic():
                log.append(stream, event, by=NOBODY, at=at)
            return
        except Refusal:
            if not left:
                raise
