"""Telling of changes: a reaction notes the event and begins the work, the worker writes the notices batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from importlib import import_module
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from yichuang.catalogue import queries
from yichuang.catalogue.models import Adjustment, AdjustmentLine, Follow, Item, ItemVersion, Law, LawVersion, Telling
from yichuang.catalogue.models.law import REPEALED
from yichuang.catalogue.queries.follows import FOLLOWERS, followers, next_followers
from yichuang.catalogue.rules import following as rules
from yichuang.catalogue.rules.differences import differences
from yichuang.core import jobs, log
from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.models import LogEvent, Logged
from yichuang.identity.commands import notify_each

TELL = "catalogue.tell"
BATCH = 500
ADJUSTING = "system:adjust"
"""Who moves items when an adjustment takes effect: that is told once, of the adjustment (commands.effects)."""


class Audience(NamedTuple):
    """A message and who gets it. who: as in rules.following.Concerned. words: body for each of them."""

    message: rules.Message
    who: Callable[[int, int], list[int]]
    words: Callable[[Sequence[int]], Mapping[int, str]]


# -- reactions --------------------------------------------------------------------------------------------------------


def item_changed(row: Logged | None, event: Event, by: Actor) -> None:
    """item.published, item.retired: its followers are told. The first version in force can have none."""
    assert isinstance(row, Item)
    if by.ref == ADJUSTING or event.data.get("number") == 1:
        return
    if Follow.objects.filter(kind="item", item=row).exists():
        _begin(row, event, f"告知关注者：{row.name}", by)


def law_changed(row: Logged | None, event: Event, by: Actor) -> None:
    """law.version_added, and law.set when it repeals the law: its followers are told."""
    assert isinstance(row, Law)
    if event.kind == "law.set" and not (event.data["state"] == REPEALED and _was(row, event.seq) != REPEALED):
        return
    if Follow.objects.filter(kind="law", law=row).exists():
        _begin(row, event, f"告知关注者：{row.name}", by)


def adjustment_effected(row: Logged | None, event: Event, by: Actor) -> None:
    """adjustment.effected: followers of its items are told, and whom else it concerns (site/wiring.py CONCERNED)."""
    assert isinstance(row, Adjustment)
    if any(line["item"] for line in event.data["lines"]):
        _begin(row, event, f"告知调整涉及的人：{row.title}", by)


def _was(row: Law, seq: int) -> str:
    """The state of the law before that event: every event of a law says it."""
    before = LogEvent.objects.filter(stream=row.stream, seq=seq - 1).first()
    return str(before.event().data["state"]) if before else ""


def _begin(row: Logged, event: Event, label: str, by: Actor) -> None:
    assert event.at is not None
    made = Telling.objects.create(stream=row.stream, seq=event.seq)
    jobs.start(TELL, label, by=by, at=event.at, telling=made.pk)


# -- the work ---------------------------------------------------------------------------------------------------------


def tell(progress: jobs.Progress, *, telling: int) -> None:
    """The job: batch after batch in the order of applicants' numbers, the place that was reached kept with each batch."""
    row = Telling.objects.get(pk=telling)
    line = LogEvent.objects.get(stream=row.stream, seq=row.seq)
    audience = _audience(line)
    while (told := _tell_some(telling, line, audience)) is not None:
        progress.advance(told)
    row.refresh_from_db()
    progress.say(f"已告知{row.told}人。")


def _tell_some(telling: int, line: LogEvent, audience: Audience) -> int | None:
    """One batch. How many were told; None when all are."""
    at = timezone.localtime()
    with transaction.atomic():
        row = log.lock(Telling, pk=telling)
        if row.finished_at is not None:
            return None
        batch = audience.who(row.reached, BATCH)
        told = 0
        if batch:
            message = audience.message
            told = notify_each(audience.words(batch), title=message.title, link=message.link, about=line.stream, at=at)
            row.reached, row.told = batch[-1], row.told + told
        else:
            row.finished_at = at
        row.save(update_fields=["reached", "told", "finished_at"])
    return told if batch else None


def _audience(line: LogEvent) -> Audience:
    event = line.event()
    pk = int(line.stream.partition(":")[2])
    if event.kind == "adjustment.effected":
        return _concerned(pk, event)
    kind = line.stream.partition(":")[0]
    assert event.at is not None
    message = _item_message(pk, event) if kind == "item" else _law_message(pk, event)
    rows = followers(kind, [pk], event.at)
    return Audience(
        message,
        lambda after, size: next_followers(rows, after, size),
        lambda applicants: dict.fromkeys(applicants, message.body),
    )


def _item_message(pk: int, event: Event) -> rules.Message:
    version = queries.whole().get(pk=event.data["version"])
    name, today = version.task_name, _day(event)
    if event.kind == "item.retired":
        on = version.retired_on or today
        return rules.item_retired(name, on, event.data["reason"], reverse("catalogue:follows"))
    before: ItemVersion | None = (
        queries.whole().filter(item=pk, number__lt=version.number).exclude(published_by="").order_by("-number").first()
    )
    changed = []
    if before is not None:
        changed = [d.label for d in differences(queries.content(before), queries.content(version))]
    on = version.effective_on or today
    return rules.item_published(name, version.number, on, changed, reverse("catalogue:guide", args=[pk]))


def _law_message(pk: int, event: Event) -> rules.Message:
    law, link = Law.objects.get(pk=pk), reverse("catalogue:law", args=[pk])
    if event.kind == "law.set":
        return rules.law_repealed(law.name, _day(event), link)
    version = LawVersion.objects.get(law=law, position=event.data["version"])
    link = f"{link}?version={version.position}"
    return rules.law_version(law.name, version.effective_on, _day(event), version.changes, link)


def _concerned(pk: int, event: Event) -> Audience:
    """Everybody whom the adjustment concerns, each once, with all that concerns them."""
    row = Adjustment.objects.get(pk=pk)
    moves = {
        line.item_id: rules.Move(line.item_id, line.way, line.name, line.to_department)
        for line in AdjustmentLine.objects.filter(pk__in=[done["line"] for done in event.data["lines"]])
        if line.item_id is not None
    }
    assert event.at is not None
    adjusted = rules.Adjusted(row.title, row.number, row.effective_on or _day(event), event.at, moves)
    sources: tuple[rules.Concerned, ...] = (FOLLOWERS, *import_module(settings.YICHUANG_WIRING).CONCERNED)

    def who(after: int, size: int) -> list[int]:
        """Each source tells its lowest numbers, so that the lowest of all of them are among these."""
        return sorted({one for source in sources for one in source.who(adjusted, after, size)})[:size]

    def words(applicants: Sequence[int]) -> dict[int, str]:
        told: dict[int, list[str]] = {}
        for source in sources:
            for applicant, sentence in source.words(adjusted, applicants).items():
                told.setdefault(applicant, []).append(sentence)
        head = f"{row.title}（{row.number}）已生效。"
        return {applicant: head + "".join(sentences) for applicant, sentences in told.items()}

    return Audience(rules.Message(f"权力事项调整：{row.title}", "", reverse("catalogue:adjusted")), who, words)


def _day(event: Event) -> date:
    assert event.at is not None
    return timezone.localtime(event.at).date()
