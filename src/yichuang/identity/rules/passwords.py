"""Passwords: strength and rotation (GB/T 22239-2019, 身份鉴别)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

PASSWORD_LENGTH: Final = 10


def password_faults(password: str, *, staff: bool, words: Iterable[str] = ()) -> list[str]:
    """What a new password lacks. Staff: three of four kinds of characters as well (GB/T 22239-2019, 身份鉴别).

    words: what it must not contain (name, sign-in name, number), of 4 characters or more.
    """
    faults = []
    if len(password) < PASSWORD_LENGTH:
        faults.append(f"密码至少 {PASSWORD_LENGTH} 位")
    if len(set(password)) < 5:
        faults.append("密码中重复的字符太多，请换一个")
    kinds = sum(bool(re.search(pattern, password)) for pattern in (r"[a-z]", r"[A-Z]", r"\d", r"[^A-Za-z0-9]"))
    if kinds < (3 if staff else 2):
        faults.append("密码须含大写字母、小写字母、数字、符号中的三种" if staff else "密码须同时含有字母和数字")
    if any(len(word) >= 4 and word.lower() in password.lower() for word in words):
        faults.append("密码中不能含有登录名、手机号或证件号码")
    return faults


def password_expired(changed_at: datetime | None, at: datetime, *, days: int) -> bool:
    """True when the password is older than its rotation (0: never) or its age is not known."""
    return days > 0 and (changed_at is None or at - changed_at > timedelta(days=days))
