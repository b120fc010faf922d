"""Looking at the bytes of a file before it is kept: is it what its name says, whole, and harmless?

Every no is a Refusal that says how to mend the file. Plain functions over bytes; nothing is written.
"""

from __future__ import annotations

import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import filetype

from yichuang.core.refusal import Refusal

MIB = 1024 * 1024
PIXELS = 80_000_000  # a flat-bed scan of A3 at 600 dpi has 70 million
PAGES = 3_000
ENTRIES = 5_000
UNPACKED = 200 * MIB
RATIO = 150  # unpacked to packed, above a size that harms
HARMLESS_UNPACKED = 10 * MIB
NAME_LENGTH = 150


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that the platform takes."""

    extension: str
    media_type: str
    label: str


_OOXML = "application/vnd.openxmlformats-officedocument."
KINDS = {
    "pdf": Kind("pdf", "application/pdf", "PDF文件"),
    "png": Kind("png", "image/png", "PNG图片"),
    "jpg": Kind("jpg", "image/jpeg", "JPG图片"),
    "docx": Kind("docx", f"{_OOXML}wordprocessingml.document", "Word文档（docx）"),
    "xlsx": Kind("xlsx", f"{_OOXML}spreadsheetml.sheet", "Excel表格（xlsx）"),
    "ofd": Kind("ofd", "application/ofd", "OFD版式文件"),
    "csv": Kind("csv", "text/csv; charset=utf-8", "CSV表格"),
}
ALIASES = {"jpeg": "jpg", "jpe": "jpg"}
MATERIAL = ("pdf", "png", "jpg", "docx", "xlsx", "ofd")
IMPORT = ("csv", "xlsx")
_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
_OTHERS = {
    "ole": "加密的或旧版的Office文档",
    "macro": "含宏的Office文档",
    "zip": "压缩包",
    "html": "网页文件",
    "text": "文本文件",
}
_MARKUP = re.compile(rb"<\s*(?:!doctype\s+html|html|script|svg|iframe|body|head)[\s>/]", re.IGNORECASE)


def clean_name(name: str) -> str:
    """The file's name alone: no folders, control or direction-changing characters, at most 150 characters."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C").strip().rstrip(" .")
    stem, dot, extension = name.rpartition(".")
    if not dot:
        stem, extension = name, ""
    stem = (stem.strip(" .") or "文件")[: NAME_LENGTH - len(extension) - 1]
    return f"{stem}.{extension}" if dot else stem


def extension(name: str) -> str:
    found = name.rpartition(".")[2].lower() if "." in name else ""
    return ALIASES.get(found, found)


def examine(data: bytes, name: str, *, kinds: tuple[str, ...] = MATERIAL, limit: int = 20 * MIB) -> Kind:
    """The kind of a file, proved by its bytes.

    kinds: extensions that are taken here. limit: bytes. Raises Refusal: 413 "files.too_large"; 422 "files.empty",
    "files.kind", "files.mislabelled", "files.encrypted", "files.macro", "files.active", "files.bomb",
    "files.damaged", "files.pixels", "files.pages".
    """
    if not data:
        raise _no("files.empty", f"文件“{name}”是空的。", "请确认文件内容完整后重新上传。")
    if len(data) > limit:
        raise too_large(name, limit)
    said, found = extension(name), sniff(data)
    takes = "、".join(KINDS[k].extension for k in kinds)
    if said not in kinds:
        raise _no("files.kind", f"文件“{name}”的格式不在可接受的范围内。", f"请上传{takes}格式的文件。")
    if found == "ole":
        raise _no(
            "files.encrypted",
            f"文件“{name}”是加密的或旧版的Office文档，无法查看。",
            "请取消密码保护并另存为docx、xlsx或PDF格式后重新上传。",
        )
    if found == "macro":
        raise _macro(name)
    if found != said:
        label = KINDS[found].label if found in KINDS else _OTHERS.get(found, "其他类型的文件")
        raise _no(
            "files.mislabelled",
            f"文件“{name}”的扩展名与内容不符，实际是{label}。",
            f"请用原来的软件另存为{KINDS[said].label}后重新上传，不要直接改扩展名。",
        )
    _CHECKS[said](data, name)
    return KINDS[said]


def too_large(name: str, limit: int) -> Refusal:
    return Refusal(
        "files.too_large",
        f"文件“{name}”超过{limit // MIB}MB的大小限制。",
        "请压缩图片、降低扫描分辨率，或拆分成几个文件后分别上传。",
        fields={"file": f"文件超过{limit // MIB}MB"},
        status=413,
    )


def sniff(data: bytes) -> str:
    """Kind by the bytes alone: a key of KINDS, else "ole", "macro", "zip", "html", "text" or ""."""
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "ole"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _package(data)
    guess = filetype.guess(data)
    if guess is not None:
        found = ALIASES.get(guess.extension, guess.extension)
        return found if found in ("png", "jpg") else "other"
    text = decode(data)
    if text is None:
        return "other"
    return "html" if _MARKUP.search(data[:4096]) else "csv"


def decode(data: bytes) -> str | None:
    """Text of a table file, UTF-8 or GB 18030; None if it is no text."""
    if b"\0" in data:
        return None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if any(c < " " and c not in "\t\r\n" for c in text) else text
    return None


def _package(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return "zip"
    if "[Content_Types].xml" in names:
        if any(n.rpartition("/")[2].lower().startswith("vbaproject") for n in names):
            return "macro"
        return next((kind for kind, part in _PARTS.items() if part in names), "zip")
    return "ofd" if "OFD.xml" in names else "zip"


def _check_package(data: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _weigh(package.infolist(), len(data), name)
            for info in package.infolist():
                _check_part(package, info, name)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise _damaged(name) from error
    except RuntimeError as error:  # zipfile's answer to a missing password
        raise _encrypted(name) from error


def _weigh(parts: list[zipfile.ZipInfo], packed: int, name: str) -> None:
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > ENTRIES or unpacked > UNPACKED or (unpacked > HARMLESS_UNPACKED and unpacked > RATIO * packed):
        raise _no("files.bomb", f"文件“{name}”展开后过大，可能损坏系统。", "请删去多余内容或另存为PDF格式后重新上传。")
    if any(part.flag_bits & 0x1 for part in parts):
        raise _encrypted(name)
    names = [part.filename for part in parts]
    if len(set(names)) != len(names) or any(n.startswith("/") or ".." in n.split("/") for n in names):
        raise _damaged(name)


def _check_part(package: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> None:
    """Read a part to its end (which checks its length and CRC) and look for what acts by itself."""
    low = info.filename.lower()
    if "activex" in low or low.endswith((".exe", ".dll", ".js", ".vbs", ".bin.exe")):
        raise _macro(name)
    size, head = 0, b""
    with package.open(info) as part:
        while block := part.read(MIB):
            head = head or block
            size += len(block)
            if size > info.file_size:
                raise _damaged(name)
    if low.endswith((".xml", ".rels")) and (b"<!DOCTYPE" in head or b"<!ENTITY" in head):
        raise _active(name)
    if low.endswith(".rels") and b"attachedTemplate" in head and b'TargetMode="External"' in head:
        raise _active(name)
    if info.filename == "[Content_Types].xml" and b"macroEnabled" in head:
        raise _macro(name)


def _check_pdf(data: bytes, name: str) -> None:
    from yichuang.core.rules import pdfs  # large, and only needed here

    if _MARKUP.search(data[:1024]):
        raise _active(name)
    try:
        pdf = pdfs.read(data)
    except ValueError as error:
        raise _damaged(name) from error
    if pdf.encrypted:
        raise _encrypted(name)
    if pdf.pages > PAGES:
        raise _no("files.pages", f"文件“{name}”有{pdf.pages}页，超过{PAGES}页。", "请拆分成几个文件后分别上传。")
    if not pdf.pages:
        raise _damaged(name)
    if pdf.acts:
        raise _active(name)


def _check_image(data: bytes, name: str) -> None:
    from PIL import Image  # as in _check_pdf

    if _MARKUP.search(data):
        raise _active(name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
                width, height = image.size
                if width * height > PIXELS:
                    raise _pixels(name)
                if image.format == "JPEG":
                    image.draft("L", (max(1, width // 8), max(1, height // 8)))
                    image.load()
                else:
                    image.verify()
    except Refusal:
        raise
    except Image.DecompressionBombError as error:
        raise _pixels(name) from error
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, AttributeError) as error:
        raise _damaged(name) from error


def _check_table(data: bytes, name: str) -> None:
    if not (decode(data) or "").strip():
        raise _no("files.empty", f"文件“{name}”没有内容。", "请填写内容后重新上传。")


_CHECKS: dict[str, Callable[[bytes, str], None]] = {
    "pdf": _check_pdf,
    "png": _check_image,
    "jpg": _check_image,
    "docx": _check_package,
    "xlsx": _check_package,
    "ofd": _check_package,
    "csv": _check_table,
}


def _no(code: str, message: str, next_step: str) -> Refusal:
    return Refusal(code, message, next_step, fields={"file": f"{message}{next_step}"}, status=422)


def _encrypted(name: str) -> Refusal:
    return _no("files.encrypted", f"文件“{name}”设有密码，无法查看。", "请取消密码保护后重新上传。")


def _damaged(name: str) -> Refusal:
    return _no("files.damaged", f"文件“{name}”已损坏或不完整，无法打开。", "请确认文件能正常打开后重新上传。")


def _macro(name: str) -> Refusal:
    return _no("files.macro", f"文件“{name}”含有宏或可执行内容。", "请去除宏后另存为docx、xlsx或PDF格式重新上传。")


def _active(name: str) -> Refusal:
    return _no(
        "files.active", f"文件“{name}”含有脚本、自动动作或外部引用。", "请用“打印为PDF”的方式重新生成文件后上传。"
    )


def _pixels(name: str) -> Refusal:
    return _no(
        "files.pixels",
        f"图片“{name}”的像素过多（超过{PIXELS // 10_000}万）。",
        "请缩小图片或降低扫描分辨率（300dpi即可）后重新上传。",
    )
