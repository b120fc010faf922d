"""Versions on their way into force, as rules and the desk need them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet

from yichuang.catalogue.models import ItemVersion, VersionRemark
from yichuang.catalogue.models.item import APPROVED, PUBLISHED, SUBMITTED
from yichuang.catalogue.queries.versions import content, not_found, whole
from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules import publication as rules
from yichuang.catalogue.rules import reading
from yichuang.catalogue.rules.differences import differences
from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.models import LogEvent
from yichuang.core.refusal import Refusal
from yichuang.core.verify import Fault

CONTENT = ("version.drafted", "version.revised")
"""Events that hold a whole content."""
WRITING = (*CONTENT, "version.submitted")
REVIEWING = ("version.submitted", "version.approved", "version.returned", "version.submission_withdrawn")


def publication_facts(row: ItemVersion) -> rules.Facts:
    """What the rules see: the row, and from the log whoever had a hand in it. 1 query."""
    writers = LogEvent.objects.filter(stream=row.stream, kind__in=WRITING).values_list("actor", flat=True)
    place = rules.place_of(row.state, row.stage)
    return rules.Facts(row.number, place, frozenset(writers), row.effective_planned)


def reviewing(row: ItemVersion) -> dict[str, LogEvent]:
    """The last event of each kind of a version's review, by kind. 1 query."""
    return {line.kind: line for line in LogEvent.objects.filter(stream=row.stream, kind__in=REVIEWING).order_by("seq")}


# -- the worklist -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Review:
    """A version that waits. note: 修改说明. before: the version in force, None when there is none. differences: between the
    two, in words."""

    version: ItemVersion
    note: str
    who: str
    before: ItemVersion | None
    differences: list[tuple[str, str, str]] = field(default_factory=list)


def waiting(actor: Actor, stage: str = SUBMITTED) -> QuerySet[ItemVersion]:
    """Versions of the actor's division in this stage, for paging by ("submitted_at", "id")."""
    return whole().filter(stage=stage, item__division=actor.division)


def waiting_counts(actor: Actor) -> dict[str, int]:
    """How many wait for review, and how many for their day. 1 query."""
    rows = ItemVersion.objects.filter(item__division=actor.division).exclude(stage="")
    found = dict(rows.values_list("stage").annotate(n=Count("id")))
    return {stage: found.get(stage, 0) for stage in (SUBMITTED, APPROVED)}


def reviews(rows: Sequence[ItemVersion]) -> list[Review]:
    """What the worklist shows of them: as many queries, however many rows."""
    standing = {v.item_id: v for v in whole().filter(item__in=[r.item_id for r in rows], state=PUBLISHED)}
    streams = [row.stream for row in rows]
    sent = LogEvent.objects.filter(stream__in=streams, kind="version.submitted").order_by("seq")
    last = {line.stream: line for line in sent}
    found = []
    for row in rows:
        before, line = standing.get(row.item_id), last[row.stream]
        differ = reading.differences(content(before), content(row)) if before else []
        found.append(Review(row, str(line.event().data["note"]), line.actor_name, before, differ))
    return found


# -- what was changed -------------------------------------------------------------------------------------------------


def changes(lines: Iterable[LogEvent]) -> dict[int, list[str]]:
    """What each revision among these lines of versions' streams changed: labels of elements, by the line's id. A revision
    whose predecessor is not among them is left out."""
    held: dict[str, Mapping[str, Any]] = {}
    found: dict[int, list[str]] = {}
    for line in sorted(lines, key=lambda one: one.seq):
        if line.kind not in CONTENT:
            continue
        now = line.event().data["content"]
        if line.stream in held:
            found[line.pk] = [d.label for d in differences(held[line.stream], now)]
        held[line.stream] = now
    return found


def change(row: ItemVersion, seq: int) -> tuple[LogEvent, list[tuple[str, str, str]]]:
    """A revision and what it changed, in words. Raises Refusal 404."""
    lines = LogEvent.objects.filter(stream=row.stream, kind__in=CONTENT, seq__lte=seq).order_by("-seq")[:2]
    if len(lines) < 2 or lines[0].seq != seq:
        raise not_found()
    now, before = (line.event().data["content"] for line in lines)
    return lines[0], reading.differences(shape.normalise(before), shape.normalise(now))


# -- remarks ----------------------------------------------------------------------------------------------------------


def no_remark() -> Refusal:
    return Refusal("catalogue.no_remark", "没有这条批注。", "请回到事项版本的页面查看。", status=404)


def may_remark(actor: Actor, version: ItemVersion) -> bool:
    """Editors of its department, and legal reviewers."""
    return actor.has("catalogue_editor", version.department.scope) or actor.has("legal_reviewer")


def remarks_of(version: ItemVersion) -> list[VersionRemark]:
    return list(version.remarks.order_by("number"))


def remark_for(actor: Actor, pk: int) -> VersionRemark:
    """A remark on a version of the actor's division. Raises Refusal 404."""
    row = VersionRemark.objects.filter(pk=pk, version__item__division=actor.division).select_related("version").first()
    if row is None:
        raise no_remark()
    return row


def replayed_remarks(streams: Mapping[str, Sequence[Event]], _rows: Mapping[str, Any]) -> Iterable[Fault]:
    """For `yichuang log verify`: remarks are what the log says. 1 query."""
    rows: dict[str, dict[int, tuple[str, ...]]] = {stream: {} for stream in streams}
    pks = [int(stream.partition(":")[2]) for stream in streams]
    columns = ("version_id", "number", "element", "text", "author", "settled_by")
    for pk, number, *told in VersionRemark.objects.filter(version__in=pks).values_list(*columns):
        rows[f"version:{pk}"][number] = tuple(told)
    for stream, events in streams.items():
        logged: dict[int, tuple[str, ...]] = {}
        for event in events:
            data = event.data
            if event.kind == "version.remarked":
                logged[data["remark"]] = (data["element"], data["text"], event.actor, "")
            elif event.kind == "version.remark_settled":
                logged[data["remark"]] = (*logged[data["remark"]][:3], event.actor)
        if logged != rows[stream]:
            yield Fault(stream, 0, "row_changed", "批注与日志不符 / remarks differ from the log")
