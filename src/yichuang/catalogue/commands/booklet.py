"""Printing 一册通: long work, begun by an editor at the desk, done by the worker, kept as an edition."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from yichuang.catalogue import queries
from yichuang.catalogue.commands.tables import _who
from yichuang.catalogue.models import BookletEdition
from yichuang.core import documents, files, jobs, log, qr
from yichuang.core.actor import Actor
from yichuang.core.events import Event, canonical, digest
from yichuang.core.models import Job
from yichuang.core.refusal import Refusal
from yichuang.identity.models import Division

BOOKLET = "catalogue.booklet"
TEMPLATE = "catalogue/booklet"


def start_booklet(*, by: Actor, at: datetime) -> Job:
    """Print a new edition in the worker. Raises Refusal 403; 409 when no stage has an item to print."""
    by.require("catalogue_editor")
    if not queries.life(by.division, audience="person"):
        raise empty()
    return jobs.start(BOOKLET, "编印一册通", by=by, at=at)


def print_booklet(progress: jobs.Progress) -> None:
    """The job. When nothing has changed since the newest edition, that one is handed out again and none is made."""
    by, division = _who(progress), progress.job.division
    by.require("catalogue_editor")
    progress.expect(queries.life_figures(division).items)
    content = queries.booklet(division, progress.advance)
    if not content["items"]:
        raise empty()
    said = digest(canonical(content))
    newest = queries.editions(division).first()
    if newest is not None and newest.digest == said:
        progress.result(file=newest.file)
        progress.say(f"内容与第{newest.number}版相同，没有另编新版。")
        return
    number = newest.number + 1 if newest else 1
    progress.say("内容已齐，正在排版。")
    at = timezone.localtime()
    pdf = documents.render(TEMPLATE, page_data(content, division=division, number=number, at=at, said=said))
    edition = _keep(pdf, content["counts"], division=division, number=number, said=said, by=by, at=at)
    progress.result(file=edition.file)
    progress.say(f"第{number}版已编印：{edition.items}个事项，{edition.pages}页。")


def page_data(content: dict[str, Any], *, division: str, number: int, at: datetime, said: str) -> dict[str, Any]:
    """The content with what an edition adds: its number, date and digest, whose it is, and the QR codes."""
    place = Division.objects.filter(code=division).values_list("name", flat=True).first() or ""
    items = {
        key: one | {"qr": qr.picture(qr.address("catalogue:guide", int(key)))} for key, one in content["items"].items()
    }
    return content | {
        "title": "个人全生命周期一册通",
        "organ": place,
        "number": number,
        "date": timezone.localdate(at).isoformat(),
        "digest": said,
        "items": items,
        "qr": qr.address("catalogue:life"),
    }


def empty() -> Refusal:
    return Refusal(
        "booklet.empty",
        "个人的各个阶段还没有可以编印的事项。",
        "请先在全生命周期的情形中列出已发布的事项。",
        status=409,
    )


def _keep(
    pdf: bytes, counts: dict[str, int], *, division: str, number: int, said: str, by: Actor, at: datetime
) -> BookletEdition:
    try:
        with transaction.atomic():
            name = f"个人全生命周期一册通-第{number}版.pdf"
            owner = f"booklet:{division}-{number}"
            file = files.keep(pdf, name, "application/pdf", owner=owner, by=by, at=at, division=division)
            edition = BookletEdition.objects.create(
                division=division,
                number=number,
                dated=timezone.localdate(at),
                digest=said,
                file=file,
                pages=_pages(pdf),
                **counts,
            )
            told = {"number": number, "digest": said, "file": file.digest, **counts}
            log.append(edition.stream, Event("booklet.printed", told), by=by, at=at)
    except IntegrityError as clash:
        raise Refusal(
            "booklet.meanwhile", f"第{number}版刚刚由他人编印。", "请查看最新一版，有变化时再编印。", status=409
        ) from clash
    return edition


def _pages(pdf: bytes) -> int:
    from pypdf import PdfReader  # only who prints pays

    return len(PdfReader(io.BytesIO(pdf)).pages)
