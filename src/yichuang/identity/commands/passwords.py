"""Passwords: what every command that sets one shares."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from yichuang.core.refusal import Refusal
from yichuang.identity import rules
from yichuang.identity.models import Account


def password_faults(password: str, *, staff: bool, words: Iterable[str] = ()) -> list[str]:
    """What is wrong with a new password: the rules', and whether it is one of the 20,000 most used."""
    faults = rules.password_faults(password, staff=staff, words=words)
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError:
        faults.append("这是常见的密码，很容易被猜到，请换一个")
    return faults


def check_password(password: str, *, staff: bool, words: Iterable[str] = (), field: str = "password") -> None:
    """Raises Refusal 422 for a weak one."""
    faults = password_faults(password, staff=staff, words=words)
    if faults:
        raise Refusal(
            "account.weak_password",
            "密码不够安全。",
            "请按提示换一个密码。",
            fields={field: "；".join(faults)},
            status=422,
        )


def set_password(account: Account, password: str, *, at: datetime) -> None:
    """In memory; the caller saves and records the event."""
    account.set_password(password)
    account.password_changed_at = at
    account.password_must_change = False
