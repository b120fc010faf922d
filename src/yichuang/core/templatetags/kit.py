"""Tags and filters of the page kit: `{% load kit %}`."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.http import QueryDict
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

register = template.Library()

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _english() -> bool:
    return (get_language() or "").startswith("en")


def _local(value: Any) -> Any:
    if isinstance(value, str) and value:
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


@register.filter
def cdate(value: date | datetime | str | None) -> str:
    """2026年11月24日 (24 Nov 2026 in English); "" for nothing."""
    day = _local(value)
    if not day:
        return ""
    if _english():
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日"


@register.filter
def cdatetime(value: datetime | str | None) -> str:
    """2026年11月24日 09:30; "" for nothing."""
    moment = _local(value)
    return f"{cdate(moment)} {moment:%H:%M}" if moment else ""


@register.filter
def cday(value: date | datetime | str | None) -> str:
    """The short form for dense tables: 11-24, with the year when it is not this one."""
    day = _local(value)
    if not day:
        return ""
    return f"{day:%m-%d}" if day.year == timezone.localdate().year else f"{day:%Y-%m-%d}"


@register.filter
def working_days(value: int | None) -> str:
    """3个工作日; "" for nothing."""
    if value is None or value == "":
        return ""
    return _("%(n)s个工作日") % {"n": value}


@register.filter
def filesize(value: int | None) -> str:
    """1.4 MB, 320 KB."""
    size = int(value or 0)
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{max(1, round(size / 1024))} KB"


@register.filter
def yuan(value: Any) -> str:
    """1,200.00 元."""
    return "" if value in (None, "") else _("%(amount)s 元") % {"amount": f"{value:,.2f}"}


@register.filter
def absolute(value: float | None) -> float | None:
    """The number without its sign: -3 -> 3."""
    return None if value is None else abs(value)


@register.filter
def item(mapping: Any, key: Any) -> Any:
    """mapping[key], "" when it is not there."""
    try:
        return mapping[key]
    except (KeyError, IndexError, TypeError):
        return ""


@register.simple_tag
def icon(name: str, label: str = "", size: int = 20) -> SafeString:
    """An icon of `static/core/icons.svg`. Without a label it is decoration and assistive technology passes it by."""
    return _icon(name, str(label), size, static("core/icons.svg"))


@lru_cache(maxsize=1000)
def _icon(name: str, label: str, size: int, file: str) -> SafeString:
    href = f"{file}#{name}"
    if label:
        return format_html(
            '<svg class="yc-icon" width="{}" height="{}" role="img" aria-label="{}"><use href="{}"></use></svg>',
            size, size, label, href,
        )  # fmt: skip
    return format_html(
        '<svg class="yc-icon" width="{}" height="{}" aria-hidden="true" focusable="false"><use href="{}"></use></svg>',
        size, size, href,
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def form_key(context: template.Context) -> SafeString:
    """The hidden one-time key of a form: `core.forms.once` answers its second sending with the first answer.

    The key that was sent is kept when the form comes back with errors.
    """
    request = context.get("request")
    key = request.POST.get("form_key", "") if request and request.method == "POST" else ""
    return format_html('<input type="hidden" name="form_key" value="{}">', key or uuid.uuid4().hex)


@register.simple_tag(takes_context=True)
def url_with(context: template.Context, **changes: Any) -> str:
    """The page's own address with other parameters: `{% url_with state="accepted" page=None %}`; None removes."""
    query = context["request"].GET.copy() if "request" in context else QueryDict(mutable=True)
    for key, value in changes.items():
        if value in (None, ""):
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def here(context: template.Context, prefix: str) -> SafeString | str:
    """`aria-current="page"` when the page's path is `prefix` or below it."""
    request = context.get("request")
    path = request.path if request else ""
    exact = path == prefix
    below = prefix not in ("/", "/desk/") and path.startswith(prefix)
    return format_html(' aria-current="{}"', "page" if exact else "true") if exact or below else ""
