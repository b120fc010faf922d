"""Files for tests, made in memory: good ones of every kind, and each way of being bad."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

CONTENT_TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def picture(form: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, form)
    return out.getvalue()


def pdf(pages: int = 1, *, password: str = "", script: str = "", action: Mapping[str, str] | None = None) -> bytes:
    """A PDF; with a password, a document script, or an action run when it is opened."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    if script:
        tree = DictionaryObject(
            {NameObject("/Names"): ArrayObject([TextStringObject("x"), writer._add_object(_js(script))])}
        )
        writer.root_object[NameObject("/Names")] = DictionaryObject({NameObject("/JavaScript"): tree})
    if action:
        entry = DictionaryObject(
            {NameObject(k): NameObject(v) if v.startswith("/") else TextStringObject(v) for k, v in action.items()}
        )
        writer.root_object[NameObject("/OpenAction")] = entry
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def pdf_with_hidden_script() -> bytes:
    """The name /JavaScript written with an escape, on an annotation of a page."""
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    note = DictionaryObject({NameObject("/Subtype"): NameObject("/Link"), NameObject("/A"): _js("x")})
    page[NameObject("/Annots")] = ArrayObject([writer._add_object(note)])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue().replace(b"/JavaScript", b"/Java#53cript")


def _js(script: str) -> DictionaryObject:
    return DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject(script)})


def package(parts: Mapping[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def docx(**more: bytes | str) -> bytes:
    return package({"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": "<w/>", **more})


def xlsx(**more: bytes | str) -> bytes:
    return package({"[Content_Types].xml": CONTENT_TYPES, "xl/workbook.xml": "<w/>", **more})


def ofd(**more: bytes | str) -> bytes:
    return package({"OFD.xml": "<ofd:OFD/>", "Doc_0/Document.xml": "<d/>", **more})


def png_of(width: int, height: int) -> bytes:
    """A PNG whose header tells of a size that its few bytes do not hold."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x00\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def encrypted_package() -> bytes:
    """A package whose first part is marked as encrypted."""
    data = bytearray(docx())
    data[6] |= 1
    entry = data.index(b"PK\x01\x02")
    data[entry + 8] |= 1
    return bytes(data)
