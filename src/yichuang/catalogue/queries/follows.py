"""Who follows what: for the follower's own pages, for the telling of changes, and for the proof of the log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from yichuang.catalogue.models import Follow
from yichuang.catalogue.rules import following as rules
from yichuang.core.events import Event
from yichuang.core.models import LogEvent
from yichuang.core.verify import Fault
from yichuang.identity.models import Applicant


def follows(applicant: Applicant) -> QuerySet[Follow]:
    """What the applicant follows, for paging by ("-followed_at", "-id"), with items and laws."""
    return Follow.objects.filter(applicant=applicant).select_related("item__department", "law")


def followed(applicant: Applicant, kind: str, target: int) -> bool:
    """1 query."""
    return Follow.objects.filter(applicant=applicant, kind=kind, **{f"{kind}_id": target}).exists()


def followers(kind: str, targets: Iterable[int], until: datetime) -> QuerySet[Follow]:
    """Who followed one of them at that moment."""
    return Follow.objects.filter(kind=kind, followed_at__lte=until, **{f"{kind}_id__in": list(targets)})


def next_followers(rows: QuerySet[Follow], after: int, size: int) -> list[int]:
    """The next applicants among these follows, in order, each once. 1 query."""
    found = rows.filter(applicant_id__gt=after).order_by("applicant_id").values_list("applicant_id", flat=True)
    return list(found.distinct()[:size])


def _moved(adjusted: rules.Adjusted, after: int, size: int) -> list[int]:
    return next_followers(followers("item", adjusted.moves, adjusted.at), after, size)


def _told(adjusted: rules.Adjusted, applicants: Sequence[int]) -> Mapping[int, str]:
    rows = followers("item", adjusted.moves, adjusted.at).filter(applicant_id__in=applicants)
    moves: dict[int, list[rules.Move]] = defaultdict(list)
    for applicant, item in rows.order_by("item_id").values_list("applicant_id", "item_id"):
        if item is not None:
            moves[applicant].append(adjusted.moves[item])
    return {applicant: rules.moved(held, adjusted.on) for applicant, held in moves.items()}


FOLLOWERS = rules.Concerned(_moved, _told)
"""The followers of the items that an adjustment moves."""


def replayed_follows(streams: Mapping[str, Sequence[Event]], _rows: Mapping[str, Any]) -> Iterable[Fault]:
    """For `yichuang log verify`: an applicant follows what the log says. 2 queries."""
    of = Concat(Value("follow:"), Cast("applicant_id", CharField(max_length=80)), output_field=CharField(max_length=80))
    lines = LogEvent.objects.filter(stream=OuterRef("of"))
    for stream in Follow.objects.annotate(of=of).filter(~Exists(lines)).values_list("of", flat=True).distinct():
        yield Fault(stream, 1, "row_unlogged", "关注没有任何记录 / a follow has no event")
    rows: dict[str, set[tuple[str, int]]] = {stream: set() for stream in streams}
    pks = [int(stream.partition(":")[2]) for stream in streams]
    found = Follow.objects.filter(applicant__in=pks).values_list("applicant_id", "kind", "item_id", "law_id")
    for pk, kind, item, law in found:
        rows[f"follow:{pk}"].add((kind, item or law or 0))
    for stream, events in streams.items():
        logged: set[tuple[str, int]] = set()
        for event in events:
            target = (event.data["kind"], event.data["target"])
            if event.kind == "follow.started":
                logged.add(target)
            else:
                logged.discard(target)
        if logged != rows[stream]:
            yield Fault(stream, 0, "row_changed", "关注与日志不符 / follows differ from the log")
