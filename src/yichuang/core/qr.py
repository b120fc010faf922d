"""QR codes, drawn in one place: inline in a page (no script, no request to anywhere), or as a picture for a document."""

from __future__ import annotations

import io

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe


def address(name: str, *args: object) -> str:
    """The full address of a page, as a telephone that reads the code needs it."""
    return f"{settings.YICHUANG.base_url.rstrip('/')}{reverse(name, args=args)}"


def svg(text: str, scale: int = 4) -> SafeString:
    """An inline SVG of the text; the text is encoded in modules, never written as markup. scale 0: as large as its box."""
    size = {"omitsize": True} if scale == 0 else {"scale": scale}
    return mark_safe(segno.make(text, error="m").svg_inline(border=2, dark="#000", light="#fff", **size))  # noqa: S308 - segno draws, nothing of the text is in the markup


def picture(text: str) -> str:
    """The SVG document of the text, for a PDF."""
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", border=1, xmldecl=False, dark="#111111", svgclass=None)
    return out.getvalue().decode()
