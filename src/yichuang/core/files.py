"""Files: kept once by content, looked at before they are kept, handed out so that a browser cannot be harmed.

`store` takes what people hand in, `keep` what the platform makes itself. The bytes lie under the data folder as
`files/ab/cd/<SHA-256>`; a row names them. Who may see a file is decided by whoever asks for `response`.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings
from django.db import transaction
from django.http import FileResponse
from django.utils.http import content_disposition_header

from yichuang.core import log
from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.models import File
from yichuang.core.personal import seal
from yichuang.core.refusal import Refusal
from yichuang.core.rules import checks
from yichuang.core.rules.checks import IMPORT, MATERIAL

__all__ = ["IMPORT", "INLINE", "MATERIAL", "content", "erase", "keep", "opened", "response", "store", "sweep"]

INLINE = ("application/pdf", "image/png", "image/jpeg")
ORPHAN_AGE = 24 * 3600  # seconds: no transaction that will name the bytes is as old as that
FETCH = 1024 * 1024


class Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


def limit() -> int:
    """Bytes that one file may have."""
    return int(settings.YICHUANG.upload_limit_mib) * checks.MIB


def store(
    source: Readable | bytes,
    name: str,
    *,
    owner: str,
    by: Actor,
    at: datetime,
    kinds: tuple[str, ...] = MATERIAL,
    division: str = "",
) -> File:
    """Keep a file that somebody handed in. Raises Refusal 413 or 422 (`rules/checks.py`), with nothing kept.

    owner: the stream that it belongs to. kinds: MATERIAL or IMPORT, or extensions of one's own choice. Records
    "file.stored" in the stream "file:<pk>".
    """
    name = checks.clean_name(name)
    data = _read(source, name)
    kind = checks.examine(data, name, kinds=kinds, limit=limit())
    return _keep(data, name, kind.media_type, owner=owner, by=by, at=at, division=division)


def keep(data: bytes, name: str, media_type: str, *, owner: str, by: Actor, at: datetime, division: str = "") -> File:
    """Keep a file that the platform made itself (a document, an export): not examined, no size limit."""
    return _keep(data, checks.clean_name(name), media_type, owner=owner, by=by, at=at, division=division)


def opened(file: File) -> BinaryIO:
    """The bytes, for reading. Raises Refusal 404 "files.erased" or "files.missing"."""
    if file.erased_at is not None:
        raise Refusal("files.erased", "该文件已依法删除。", "如需材料，请联系申请人重新提供。", status=404)
    try:
        return path_of(file.digest).open("rb")
    except FileNotFoundError as error:
        raise Refusal(
            "files.missing",
            "该文件暂时无法读取。",
            "请稍后再试；仍无法读取时，请联系系统管理员从备份恢复。",
            status=404,
        ) from error


def content(file: File) -> bytes:
    with opened(file) as stream:
        return stream.read()


def response(file: File, inline: bool = False) -> FileResponse:
    """The file as an answer: never run, never cached, shown in the browser only if it is a PDF or a picture.

    A PDF shown inline is not sandboxed: browsers refuse to show it then, and their viewers run nothing of it.
    """
    inline = inline and file.media_type in INLINE
    answer = FileResponse(opened(file), content_type=file.media_type)
    answer["Content-Length"] = str(file.size)
    answer["Content-Disposition"] = content_disposition_header(not inline, file.name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    answer["Referrer-Policy"] = "no-referrer"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    shut = "default-src 'none'; frame-ancestors 'self'"
    if inline and file.media_type == "application/pdf":
        answer["Content-Security-Policy"] = f"{shut}; style-src 'unsafe-inline'; object-src 'self'"
    else:
        answer["Content-Security-Policy"] = f"{shut}; sandbox"
    if inline:
        answer["X-Frame-Options"] = "SAMEORIGIN"
    return answer


def erase(file: File, *, by: Actor, at: datetime, why: str = "") -> File:
    """Forget the bytes (when no other row names them), the name and the salt; the row and its digest stay.

    A second time changes nothing. Records "file.erased".
    """
    with transaction.atomic():
        row = log.lock(File, pk=file.pk)
        if row.erased_at is not None:
            return row
        row.name, row.salt, row.erased_at, row.erased_by = "", "", at, by.ref
        row.save(update_fields=["name", "salt", "erased_at", "erased_by"])
        log.append(row.ref, Event("file.erased", {"owner": row.owner, "why": why}), by=by, at=at)
        transaction.on_commit(lambda: _drop(row.digest))
    return row


def sweep(at: datetime) -> int:
    """Remove bytes that no living row names and that are older than a day; returns how many."""
    removed = 0
    oldest = at.timestamp() - ORPHAN_AGE
    for blob in _root().glob("??/??/*"):
        try:
            if blob.stat().st_mtime > oldest:
                continue
        except FileNotFoundError:
            continue
        if blob.suffix == ".part":
            blob.unlink(missing_ok=True)
            removed += 1
        else:
            removed += _drop(blob.name)
    return removed


def path_of(digest: str) -> Path:
    return _root() / digest[:2] / digest[2:4] / digest


def _root() -> Path:
    return Path(settings.YICHUANG.data_dir) / "files"


def _read(source: Readable | bytes, name: str) -> bytes:
    """At most one byte more than the limit is ever held."""
    if isinstance(source, bytes):
        return source
    if getattr(source, "size", 0) > limit():
        raise checks.too_large(name, limit())
    blocks, total = [], 0
    while block := source.read(FETCH):
        blocks.append(block)
        total += len(block)
        if total > limit():
            raise checks.too_large(name, limit())
    return b"".join(blocks)


def _keep(data: bytes, name: str, media_type: str, *, owner: str, by: Actor, at: datetime, division: str) -> File:
    digest = hashlib.sha256(data).hexdigest()
    salt, sealed = seal(digest)
    _write(digest, data)
    with transaction.atomic():
        row = File.objects.create(
            digest=digest,
            size=len(data),
            media_type=media_type,
            name=name,
            owner=owner,
            division=division or by.division,
            salt=salt,
            stored_at=at,
            stored_by=by.ref,
        )
        told = {"owner": owner, "size": len(data), "media_type": media_type, "seal": sealed}
        log.append(row.ref, Event("file.stored", told), by=by, at=at)
        transaction.on_commit(lambda: _make_sure(digest, data))
    return row


def _write(digest: str, data: bytes) -> None:
    """Whole or not at all: a temporary file beside it, on the disk, then its name."""
    target = path_of(digest)
    try:
        os.utime(target)  # young again for the sweep
        return
    except FileNotFoundError:
        pass
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _make_sure(digest: str, data: bytes) -> None:
    """After the commit: somebody may have erased the same bytes while we relied on them."""
    with _locked():
        if not path_of(digest).exists():
            _write(digest, data)


def _drop(digest: str) -> int:
    """Remove the bytes unless a living row names them. 1 if they were removed."""
    with _locked():
        if File.objects.filter(digest=digest, erased_at__isnull=True).exists() or not path_of(digest).exists():
            return 0
        path_of(digest).unlink(missing_ok=True)
        return 1


@contextmanager
def _locked() -> Iterator[None]:
    """One at a time among the processes of this data folder: looking for living rows and removing bytes."""
    _root().mkdir(parents=True, exist_ok=True)
    with (_root() / ".lock").open("a") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        yield
