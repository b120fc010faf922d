"""One change to many items: foreseen, kept as it was seen, then done as drafts, each item a transaction of its own.

What a person may not change, what somebody else has in work and what has changed since it was seen is left out and told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from yichuang.catalogue import queries
from yichuang.catalogue.commands import publishing, versions, writing
from yichuang.catalogue.commands.imports import laid_over
from yichuang.catalogue.commands.publishing import plain_refusal
from yichuang.catalogue.commands.tables import who_began
from yichuang.catalogue.models import Item, ItemVersion, Law
from yichuang.catalogue.models.item import DRAFT, RETIRED
from yichuang.catalogue.queries.publishing import CONTENT
from yichuang.catalogue.rules import bulk, lint, publication, reading
from yichuang.catalogue.rules import content as shape
from yichuang.core import jobs, log
from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.models import Job, LogEvent
from yichuang.core.refusal import Refusal
from yichuang.identity.models import Department

EDIT, SUBMIT = "catalogue.bulk_edit", "catalogue.bulk_submit"
MOST = 1000
"""Items of one change."""
BATCH = 200
CHANGED, SAME, BAD = "changed", "same", "bad"


@dataclass(frozen=True, slots=True)
class Planned:
    """What would become of an item. outcome: changed, same or bad. reason: of what is not changed. digest: of the content that was seen.
    differences: (label, before, after) in words. brought, mended: findings of lint, in words, errors marked."""

    item: int
    code: str
    name: str
    department: str
    outcome: str
    digest: str = ""
    reason: str = ""
    differences: list[tuple[str, str, str]] = field(default_factory=list)
    brought: list[tuple[str, str]] = field(default_factory=list)
    mended: list[tuple[str, str]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class Done:
    """versions: id of each draft by the item's id. left: what was left out, (code of the item, reason)."""

    versions: dict[int, int] = field(default_factory=dict)
    left: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Looked:
    item: Item
    base: ItemVersion
    before: shape.Content
    after: shape.Content
    outcome: str
    reason: str = ""


# -- what would happen ------------------------------------------------------------------------------------------------


def plan_bulk(items: Sequence[int], changes: Sequence[Mapping[str, Any]], *, by: Actor) -> list[Planned]:
    """What would become of each item of the actor's division, in the order of their codes; nothing is written, and what is none of the division's is not told.

    items: ids. changes: see `rules.bulk`. Raises Refusal 403, 422 (no items, too many, a change by field)."""
    asked = _asked(items, changes, by)
    laws = _laws(asked)
    rows = Item.objects.filter(pk__in=set(items), division=by.division).select_related("department").order_by("code")
    found = list(rows)
    departments = writing.departments_of(by.division)
    planned: list[Planned] = []
    for start in range(0, len(found), BATCH):
        part = found[start : start + BATCH]
        looked = _look(part, asked, laws, departments, by)
        contexts = queries.lint_contexts(part)
        planned += [_planned(one, context, departments) for one, context in zip(looked, contexts, strict=True)]
    return planned


def _asked(items: Sequence[int], changes: Sequence[Mapping[str, Any]], by: Actor) -> tuple[bulk.Change, ...]:
    if not by.is_system:
        by.require("catalogue_editor")
    if not items or len(set(items)) > MOST:
        says = f"一次最多修改{MOST}个事项" if items else "请至少选择一个事项"
        raise Refusal("catalogue.bulk_items", f"{says}。", "请重新选择事项后预览。", fields={"items": says}, status=422)
    return bulk.parse(changes)


def _laws(changes: Sequence[bulk.Change]) -> bulk.Laws:
    """Raises Refusal 422 for a law that is not in the library: its level and number are not known."""
    wanted = {one.new_law for one in changes if one.kind == "cite"}
    found = {law.name: (law.level, law.number) for law in Law.objects.filter(name__in=wanted)} if wanted else {}
    lacking = {
        f"changes.{n}.new_law": f"法规库中没有“{one.new_law}”"
        for n, one in enumerate(changes)
        if one.kind == "cite" and one.new_law not in found
    }
    if lacking:
        raise Refusal(
            "catalogue.bulk_change",
            f"{'；'.join(lacking.values())}。",
            "请先在法规库登记这部法规。",
            fields=lacking,
            status=422,
        )
    return found


def _look(
    items: Sequence[Item],
    changes: Sequence[bulk.Change],
    laws: bulk.Laws,
    departments: Mapping[str, Department],
    by: Actor,
) -> Iterator[_Looked]:
    """In the order of the items, in as many queries however many."""
    held = laid_over(items)
    writers = _writers([base for base in held.values() if base.state == DRAFT])
    for item in items:
        base = held[item.pk]
        before = queries.content(base)
        try:
            done = bulk.apply(changes, before, laws)
            if writing.digest_of(done.content) == base.digest:
                yield _Looked(item, base, before, before, SAME, "；".join(done.notes))
                continue
            prepared = writing.prepare(done.content, departments)
            _permit(item, base, writers.get(base.stream), prepared.department, by)
        except shape.Malformed as wrong:
            yield _Looked(item, base, before, before, BAD, "；".join(wrong.problems.values()))
        except Refusal as no:
            yield _Looked(item, base, before, before, BAD, "；".join(dict.fromkeys(no.fields.values())) or no.message)
        else:
            yield _Looked(item, base, before, done.content, CHANGED, "；".join(done.notes))


def _writers(drafts: Sequence[ItemVersion]) -> dict[str, LogEvent]:
    """The last line that wrote each draft, by its stream. 1 query."""
    streams = [draft.stream for draft in drafts]
    lines = LogEvent.objects.filter(stream__in=streams, kind__in=CONTENT).order_by("seq") if streams else ()
    return {line.stream: line for line in lines}


def _permit(item: Item, base: ItemVersion, last: LogEvent | None, department: Department, by: Actor) -> None:
    """Raises Refusal 403, 409."""
    writing.may_edit(by, department, item.department, base.department)
    if item.state == RETIRED:
        raise Refusal("catalogue.retired", "事项已经废止。", "已废止的事项不再修改。")
    if base.state != DRAFT:
        return
    if base.stage:
        publication.permit(publication.Facts(base.number, base.stage), "revise", by)
    if last is not None and not last.actor.startswith("system") and last.actor != by.ref:
        raise Refusal(
            "catalogue.draft_of_other",
            f"{last.actor_name}正在拟订第{base.number}版。",
            "请与拟订人商量，由其修改，或等该版发布后再改。",
        )


def _planned(one: _Looked, context: lint.Context, departments: Mapping[str, Department]) -> Planned:
    told = Planned(
        one.item.pk,
        one.item.code,
        one.item.name,
        one.item.department.name,
        one.outcome,
        one.base.digest,
        one.reason,
    )
    if one.outcome != CHANGED:
        return told
    own = departments.get(one.after["department"])
    after = replace(context, issuer=own.uscc) if own else context
    brought, mended = bulk.turned(lint.check(one.before, context), lint.check(one.after, after))
    return replace(
        told,
        differences=reading.differences(one.before, one.after),
        brought=[(f.severity, f.message) for f in brought],
        mended=[(f.severity, f.message) for f in mended],
    )


# -- doing it ---------------------------------------------------------------------------------------------------------


def bulk_edit(
    seen: Mapping[int, str],
    changes: Sequence[Mapping[str, Any]],
    *,
    reason: str,
    progress: Callable[[], None] | None = None,
    since: datetime | None = None,
    by: Actor,
    at: datetime,
) -> Done:
    """Write the change as a draft of each item: its next version, or the draft that it has. Each in its own transaction.

    seen: the digest that was seen, by the item's id. reason: into the log of each. since: when this same work was begun before: what
    it wrote then counts as done. Raises Refusal 403, 422 as `plan_bulk`, and without a reason; what an item is left out for is told."""
    asked = _asked(list(seen), changes, by)
    reason = publication.words(
        reason, "reason", "修改理由", "审核人和日后查阅的人据此了解为什么修改。", publication.NOTE
    )
    laws = _laws(asked)
    done = Done()
    rows = Item.objects.filter(pk__in=list(seen), division=by.division).order_by("code")
    codes = dict(rows.values_list("pk", "code"))
    done.left += [(str(pk), "没有这个事项。") for pk in seen if pk not in codes]
    for pk, code in codes.items():
        try:
            with transaction.atomic():
                done.versions[pk] = _edit(pk, seen[pk], asked, laws, reason, since, by=by, at=at).pk
        except Refusal as no:
            done.left.append((code, plain_refusal(no)))
        if progress:
            progress()
    with transaction.atomic():
        told = {"edited": len(done.versions), "left": len(done.left), "reason": reason}
        told["changes"] = [one.as_dict() for one in asked]
        log.append(f"items:{by.division}", Event("items.bulk_edited", told), by=by, at=at)
    return done


def _edit(
    pk: int,
    seen: str,
    changes: Sequence[bulk.Change],
    laws: bulk.Laws,
    reason: str,
    since: datetime | None,
    *,
    by: Actor,
    at: datetime,
) -> ItemVersion:
    item = log.lock(Item, pk=pk)
    (one,) = _look([item], changes, laws, writing.departments_of(item.division), by)
    if one.base.digest != seen:
        last = _writers([one.base]).get(one.base.stream)
        if (
            since
            and last
            and last.actor == by.ref
            and last.occurred_at >= since
            and last.event().data.get("note") == reason
        ):
            return one.base
        raise Refusal(
            versions.CHANGED, f"第{one.base.number}版在预览之后已有变动。", "没有改动这个事项，请重新预览后再改。"
        )
    if one.outcome != CHANGED:
        reason = one.reason.rstrip("。") or "没有变化"
        raise Refusal("catalogue.bulk_left", f"{reason}。", "没有改动这个事项。")
    if one.base.state == DRAFT:
        return versions.revise_draft(one.base.pk, one.after, note=reason, by=by, at=at)
    return versions.draft_version(item, one.after, note=reason, by=by, at=at)


def start_bulk_edit(
    seen: Mapping[int, str], changes: Sequence[Mapping[str, Any]], *, reason: str, by: Actor, at: datetime
) -> Job:
    """`bulk_edit` in the worker. Raises Refusal 403, 422 at once for what can be told at once."""
    _laws(_asked(list(seen), changes, by))
    reason = publication.words(
        reason, "reason", "修改理由", "审核人和日后查阅的人据此了解为什么修改。", publication.NOTE
    )
    told = {str(pk): digest for pk, digest in seen.items()}
    label = f"批量修改{len(seen)}个事项：{reason}"
    return jobs.start(EDIT, label, by=by, at=at, seen=told, changes=[dict(one) for one in changes], reason=reason)


def edit_bulk(progress: jobs.Progress, *, seen: dict[str, str], changes: list[dict[str, str]], reason: str) -> None:
    """The job."""
    progress.expect(len(seen))
    done = bulk_edit(
        {int(pk): digest for pk, digest in seen.items()},
        changes,
        reason=reason,
        progress=progress.advance,
        since=progress.job.created_at,
        by=who_began(progress),
        at=timezone.localtime(),
    )
    for code, why in done.left:
        progress.reject(code, why)
    progress.result(updated=len(done.versions))
    progress.say(f"修改完成，{len(done.versions)}个事项有了草稿{f'，{len(done.left)}个没有改' if done.left else ''}。")


# -- sending them to review -------------------------------------------------------------------------------------------


def start_bulk_submit(drafts: Sequence[int], *, note: str, by: Actor, at: datetime) -> Job:
    """Send drafts to legal review in the worker, each a version of its own. Raises Refusal 403, 422."""
    by.require("catalogue_editor")
    note = publication.words(note, "note", "修改说明", "审核人和日后查阅的人据此了解为什么修改。", publication.NOTE)
    if not drafts:
        raise Refusal(
            "catalogue.bulk_items", "没有可以送审的草稿。", "请重新选择。", fields={"drafts": "没有草稿"}, status=422
        )
    return jobs.start(SUBMIT, f"送审{len(drafts)}份草稿", by=by, at=at, drafts=list(drafts), note=note)


def submit_bulk(progress: jobs.Progress, *, drafts: list[int], note: str) -> None:
    """The job. What lint finds wrong, or is no draft any more, is told; one that was sent already counts as sent."""
    by, at = who_began(progress), timezone.localtime()
    progress.expect(len(drafts))
    sent = 0
    rows = ItemVersion.objects.filter(pk__in=drafts, item__division=by.division).order_by("item__code")
    for pk, code, stage in list(rows.values_list("pk", "item__code", "stage")):
        try:
            if not stage:
                publishing.submit_version(pk, note=note, by=by, at=at)
            sent += 1
        except Refusal as no:
            progress.reject(code, plain_refusal(no))
        progress.advance()
    progress.result(submitted=sent)
    progress.say(f"{sent}份草稿已送法制审核。")


def approve_several(chosen: Sequence[int], *, opinion: str, by: Actor, at: datetime) -> Done:
    """One opinion on several versions, each approved by itself. Raises Refusal 403 for who is no legal reviewer."""
    by.require("legal_reviewer")
    done = Done()
    rows = ItemVersion.objects.filter(pk__in=chosen, item__division=by.division).order_by("item__code")
    for pk, item, code in list(rows.values_list("pk", "item_id", "item__code")):
        try:
            publishing.approve_version(pk, opinion=opinion, by=by, at=at)
            done.versions[item] = pk
        except Refusal as no:
            done.left.append((code, plain_refusal(no)))
    return done
