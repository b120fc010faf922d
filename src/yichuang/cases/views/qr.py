"""QR codes as SVG in the page: no script, no request to anywhere."""

from __future__ import annotations

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe


def address(name: str, *args: object) -> str:
    """The full address of a page, as a telephone that reads the code needs it."""
    return f"{settings.YICHUANG.base_url.rstrip('/')}{reverse(name, args=args)}"


def svg(text: str, scale: int = 4) -> SafeString:
    """An inline SVG of the text; the text is encoded in modules, never written as markup."""
    return mark_safe(segno.make(text, error="m").svg_inline(scale=scale, border=2, dark="#000", light="#fff"))  # noqa: S308 - segno draws, nothing of the text is in the markup
