"""How a password is asked for, wherever it is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


def password_field(label: Any, *, new: bool = False, help: Any = "") -> forms.CharField:
    complete = "new-password" if new else "current-password"
    return forms.CharField(
        label=label,
        help_text=help,
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": complete, "class": "yc-w-medium"}),
        error_messages={"required": _("请填写%(label)s。") % {"label": label}},
    )


def password_help(*, staff: bool) -> Any:
    if staff:
        return _("至少 10 位，含大写字母、小写字母、数字、符号中的三种。")
    return _("至少 10 位，同时含有字母和数字。")
