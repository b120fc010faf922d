"""Publishing a list: long work, begun by an editor or publicity officer, done by the worker, kept as an edition for good."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from typing import IO

from django.db import transaction
from django.utils import timezone

from yichuang.catalogue import queries
from yichuang.catalogue.commands.tables import who_began
from yichuang.catalogue.models import EditionRow, ListEdition
from yichuang.catalogue.rules.lists import Fold, PublicList
from yichuang.core import jobs, log, numbers
from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.models import Job
from yichuang.core.refusal import Refusal

PUBLISH = "catalogue.publish_list"
ROLES = ("catalogue_editor", "publicity_officer")
BATCH = 1000


def start_list(code: str, *, title: str = "", by: Actor, at: datetime) -> Job:
    """Publish an edition of a list in the worker. title: of the edition, else the list's name and the day.

    Raises Refusal 403, 404 (no such list), 409 (it is being published), 422 (a title of more than 200 characters)."""
    one = queries.public_list(code)
    _may(by)
    if len(title) > 200:
        raise Refusal(
            "lists.title", "标题超过200字。", "请缩短标题。", fields={"title": "标题最多200字"}, status=422
        )  # fmt: skip
    with transaction.atomic():
        numbers.take(f"list:{by.division}:{code}")  # two who press at once take their turn
        going = Job.objects.filter(kind=PUBLISH, division=by.division, state__in=[Job.WAITING, Job.RUNNING])
        if any(job.arguments.get("code") == code for job in going):
            raise Refusal(
                "lists.going_on", f"《{one.name}》正在公布。", "请等这一次完成，在后台任务中查看进度。", status=409
            )
        return jobs.start(PUBLISH, f"公布{one.name}", by=by, at=at, code=code, title=title.strip())


def publish_list(progress: jobs.Progress, *, code: str, title: str = "") -> None:
    """The job of `start_list`: `publish_edition`, with its progress told."""
    one = queries.public_list(code)
    edition = publish_edition(
        code,
        division=progress.job.division,
        title=title,
        by=who_began(progress),
        at=timezone.localtime(),
        advance=progress.advance,
    )
    if edition is None:
        progress.say("内容与现行版次相同，没有公布新版。")
        return
    progress.result(rows=edition.count)
    progress.say(f"《{one.name}》第{edition.number}版已公布，共{edition.count}行。")


def publish_edition(
    code: str,
    *,
    division: str,
    title: str = "",
    by: Actor,
    at: datetime,
    advance: Callable[[int], None] = lambda n: None,
) -> ListEdition | None:
    """Keep a list as it stands at this moment (read in one statement) as its next edition; None when the newest has the same rows.
    Memory does not grow with the list. advance: told of every row that is read.

    Raises Refusal 403, 404 (no such list), 409 (the list is empty)."""
    one = queries.public_list(code)
    _may(by)
    with tempfile.TemporaryFile("w+", encoding="utf-8") as kept:
        fold = _read(one, division, kept, advance)
        newest = queries.list_editions(division, code).first()
        if newest is not None and (newest.digest, newest.algorithm) == (fold.digest, fold.algorithm):
            return None
        if not fold.count:
            raise Refusal("lists.empty", f"《{one.name}》现在没有内容。", "请先发布应列入的事项，或登记应列入的条目。")
        return _keep(one, division, title, fold, kept, by=by, at=at)


def _read(one: PublicList, division: str, kept: IO[str], advance: Callable[[int], None]) -> Fold:
    fold = Fold()
    for key, cells in queries.list_rows(one, division):
        fold.add(key, cells)
        kept.write(json.dumps([key, *cells], ensure_ascii=False) + "\n")
        if fold.count % BATCH == 0:
            advance(BATCH)
    advance(fold.count % BATCH)
    return fold


def _keep(
    one: PublicList, division: str, title: str, fold: Fold, kept: IO[str], *, by: Actor, at: datetime
) -> ListEdition:
    day = timezone.localtime(at).date()
    with transaction.atomic():
        newest = queries.list_editions(division, one.code).first()
        number = newest.number + 1 if newest else 1
        told = {
            "division": division,
            "code": one.code,
            "number": number,
            "title": title or f"{one.name}（{day.year}年{day.month}月{day.day}日）",
            "published_on": day.isoformat(),
            "columns": list(one.headings),
            "count": fold.count,
            "algorithm": fold.algorithm,
            "digest": fold.digest,
        }
        edition = log.record(ListEdition(division=division), Event("edition.published", told), by=by, at=at)
        rows = _rows(edition, kept)
        while part := list(islice(rows, BATCH)):
            EditionRow.objects.bulk_create(part)
    return edition


def _rows(edition: ListEdition, kept: IO[str]) -> Iterator[EditionRow]:
    kept.seek(0)
    for position, line in enumerate(kept, 1):
        key, *cells = json.loads(line)
        yield EditionRow(edition=edition, position=position, key=key, cells=cells)


def _may(by: Actor) -> None:
    if not by.is_system and not by.has_any(ROLES):
        by.require(ROLES[0])
