"""What is in a PDF. Apart from `checks` because its library is large, and only needed when a PDF is handed in."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject


@dataclass(frozen=True, slots=True)
class Pdf:
    """acts: opening or clicking it would run a script or start a program. pages is 0 when it is encrypted."""

    encrypted: bool
    pages: int = 0
    acts: bool = False


def read(data: bytes) -> Pdf:
    """Raises ValueError for a damaged one."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reader = PdfReader(io.BytesIO(data), strict=False)
            if reader.is_encrypted:
                return Pdf(encrypted=True)
            acts = b"/JavaScript" in data or b"/Launch" in data
            return Pdf(encrypted=False, pages=len(reader.pages), acts=acts or _acts(reader))
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError, IndexError) as error:
        raise ValueError("damaged") from error


def _acts(reader: PdfReader) -> bool:
    """True if opening or clicking the document would run a script or start a program."""
    catalog = _dictionary(reader.trailer["/Root"])
    names = _dictionary(catalog.get("/Names"))
    if names.get("/JavaScript") is not None or _actions(catalog):
        return True
    form = _dictionary(catalog.get("/AcroForm"))
    if form.get("/XFA") is not None or any(_actions(f) for f in _list(form.get("/Fields"))):
        return True
    return any(_actions(page) or any(_actions(note) for note in _list(page.get("/Annots"))) for page in reader.pages)


def _actions(holder: DictionaryObject) -> bool:
    """Does this dictionary trigger a script, a program or a submission (followed along /Next)?"""
    triggers = [holder.get("/OpenAction"), holder.get("/A"), *_dictionary(holder.get("/AA")).values()]
    for trigger in triggers:
        for _ in range(50):
            action = _dictionary(trigger)
            if action.get("/S") in ("/JavaScript", "/Launch", "/ImportData", "/SubmitForm") or "/JS" in action:
                return True
            following = action.get("/Next")
            if following is None:
                break
            inner = _list(following)
            if any(_dictionary(a).get("/S") in ("/JavaScript", "/Launch") for a in inner):
                return True
            trigger = following
    return False


def _dictionary(value: Any) -> DictionaryObject:
    found = value.get_object() if isinstance(value, IndirectObject) else value
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _list(value: Any) -> Iterator[DictionaryObject]:
    found = value.get_object() if isinstance(value, IndirectObject) else value
    if isinstance(found, ArrayObject):
        yield from (_dictionary(one) for one in found)
