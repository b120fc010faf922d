"""Documents as PDF: templates in typst, data as JSON beside them, never inside the markup.

A template is named "<package>/<name>" and lies in `src/yichuang/<package>/typst/<name>.typ`. `core/official` and
`core/sheet` serve most needs; a template of one's own begins with `#import "/core/typst/layout.typ": *`.

The same data give the same bytes: the only time in a document is its own date. Files are PDF/A-2a (tagged, for
archives and for people who listen to them). `kept` relies on that: what was made once from the same template, fonts and
data is read from the data folder.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any, Literal

import orjson
import typst
from django.conf import settings

from yichuang.core import qr

ROOT = Path(__file__).resolve().parents[1]
LOCKED_FONTS = Path(settings.ROOT) / "node_modules/@embedpdf/fonts-sc/fonts"
STANDARD: Literal["a-2a"] = "a-2a"
PICTURE_PPI = 96.0
_NAME = re.compile(r"^[a-z_]+/[a-z_]+$")
_lock = threading.Lock()

# What GB/T 9704 asks for, then what an office computer or Debian has, then the font that comes with the platform.
_SONG = ("Noto Serif CJK SC", "Source Han Serif SC", "Noto Sans S Chinese")
FONTS = {
    "body": ("FangSong_GB2312", "FangSong", "STFangsong", "FZFangSong-Z02S", *_SONG),
    "title": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "STZhongsong", *_SONG),
    "hei": ("SimHei", "Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans S Chinese"),
}


class TemplateError(RuntimeError):
    """A template does not compile with these data: a fault of the program, told with typst's own words."""


def render(template: str, data: Mapping[str, Any]) -> bytes:
    """The PDF of a template with its data (JSON-able; dates as ISO strings).

    data of `core/official`: organ, number, title, addressee, body (a list of paragraphs, or {"heading"}, {"items"},
    {"table": {"head", "rows", "widths"}}, {"note"}), attachments, signed_by (list), date, date_style ("chinese" or
    "arabic"), seal_note, receipt (labels to sign at), contact ((label, value) list).
    data of `core/sheet`: organ, title, lead, sections (each with title and text, facts, table, list or note), date.
    Of both: qr (what the code says), qr_caption, footer, watermark.
    """
    return _made(template, data, picture=False)


def picture(template: str, data: Mapping[str, Any]) -> bytes:
    """The first page as a PNG of PICTURE_PPI pixels to the inch; template and data as of `render`."""
    return _made(template, data, picture=True)


def kept(template: str, data: Mapping[str, Any], *, as_picture: bool = False) -> bytes:
    """`render` or `picture`, made once for the same template and data. For what holds no personal data: guides, forms, samples."""
    told = orjson.dumps([template, as_picture, _made_with(), data], option=orjson.OPT_SORT_KEYS)
    key = hashlib.sha256(told).hexdigest()
    path = kept_folder() / key[:2] / f"{key}.{'png' if as_picture else 'pdf'}"
    try:
        found = path.read_bytes()
        os.utime(path)  # young again for `forget`
        return found
    except FileNotFoundError:
        made = _made(template, data, picture=as_picture)
        _keep(path, made)
        return made


def kept_folder() -> Path:
    return Path(settings.YICHUANG.data_dir) / "documents"


def forget(before: datetime) -> int:
    """Remove what nobody asked for since `before`; returns how many."""
    removed = 0
    for path in kept_folder().glob("??/*"):
        if path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _keep(path: Path, made: bytes) -> None:
    """Whole or not at all, whoever else makes the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as stream:
        stream.write(made)
    Path(temporary).replace(path)


@cache
def _made_with() -> list[Any]:
    """What else decides how a document looks: the templates of all packages, the fonts, typst itself."""
    sources = hashlib.sha256(b"".join(p.read_bytes() for p in sorted(ROOT.glob("*/typst/*.typ"))))
    return [sources.hexdigest(), _families(), version_of("typst"), PICTURE_PPI]


def _made(template: str, data: Mapping[str, Any], *, picture: bool) -> bytes:
    if not _NAME.match(template):
        raise ValueError(f"not a template name: {template}")
    package, _, name = template.partition("/")
    path = ROOT / package / "typst" / f"{name}.typ"
    told = dict(data) | {"fonts": _families()}
    if told.get("qr"):
        told["qr_svg"] = qr.picture(str(told["qr"]))
    how: dict[str, Any] = {"format": "png", "ppi": PICTURE_PPI} if picture else {"format": "pdf"}
    if not picture:
        how |= {"pdf_standards": [STANDARD], "timestamp": _moment(told.get("date"))}
    with _lock:
        try:
            made = _compiler().compile(input=path, sys_inputs={"data": orjson.dumps(told).decode()}, **how)
        except typst.TypstError as error:
            raise TemplateError(f"{template}: {error.message} {' '.join(error.hints)} {error.diagnostic}") from error
    first = made[0] if isinstance(made, list) else made
    if not isinstance(first, bytes):
        raise TemplateError(f"{template}: no document")
    return first


@cache
def _compiler() -> typst.Compiler:
    """One per process: fonts are found once, and what has not changed is not compiled again."""
    return typst.Compiler(root=ROOT, font_paths=_fonts(), ignore_system_fonts=False)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(True, False, [str(LOCKED_FONTS)] if LOCKED_FONTS.is_dir() else [])


@cache
def _families() -> dict[str, list[str]]:
    """The families of FONTS that this machine has, in order."""
    here = set(_fonts().families())
    found = {kind: [name for name in names if name in here] for kind, names in FONTS.items()}
    missing = [kind for kind, names in found.items() if not names]
    if missing:
        raise TemplateError(f"no Chinese font for {', '.join(missing)}: install fonts-noto-cjk or run npm ci")
    return found


def _moment(day: Any) -> datetime:
    """Time of making, as the file says: the start of the document's own day."""
    text = str(day)[:10] if day else "2000-01-01"
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
