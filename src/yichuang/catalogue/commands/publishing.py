"""A version comes into force: one person sends it to legal review, another approves it, its day comes."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from yichuang.catalogue import queries
from yichuang.catalogue.commands import index
from yichuang.catalogue.commands.writing import Prepared, day_of, locked, may_edit
from yichuang.catalogue.models import Item, ItemVersion
from yichuang.catalogue.models.item import APPROVED, PUBLISHED
from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules import lint
from yichuang.catalogue.rules import publication as rules
from yichuang.core import log
from yichuang.core.actor import Actor, system
from yichuang.core.events import Event
from yichuang.core.refusal import Refusal


def submit_version(
    version_id: int, *, note: str, effective_on: date | None = None, by: Actor, at: datetime
) -> ItemVersion:
    """Send a draft to legal review. note: 修改说明, what was changed and why. effective_on: the day from which it is to be
    in force; None for the day of its approval. What lint finds wrong is not sent.

    Raises Refusal 403, 404, 409 (not a draft, sent already), 422 (no note, a day gone by, the errors of lint by element)."""
    with transaction.atomic():
        version, _item = locked(version_id)
        may_edit(by, version.department)
        event = rules.submit(queries.publication_facts(version), note, effective_on, day_of(at), by)
        _lawful(version, "送审")
        log.record(version, event, by=by, at=at)
    return version


def approve_version(version_id: int, *, opinion: str = "", by: Actor, at: datetime) -> ItemVersion:
    """The legal reviewer's yes, by somebody who neither wrote nor submitted it: in force at once when its day has come or
    none was planned, else on its day. Raises Refusal 403, 404, 409, 422 (lint, now)."""
    with transaction.atomic():
        version, item = _reviewed(version_id, by)
        facts = queries.publication_facts(version)
        event = rules.approve(facts, opinion, by)
        content = _lawful(version, "通过")
        log.record(version, event, by=by, at=at)
        if rules.come(facts, day_of(at)):
            _put_in_force(version, item, content, day_of(at), by=by, at=at)
    return version


def return_version(version_id: int, *, reason: str, by: Actor, at: datetime) -> ItemVersion:
    """Back to who drafted it, also after the approval while its day has not come. Raises Refusal 403, 404, 409, 422."""
    with transaction.atomic():
        version, _item = _reviewed(version_id, by)
        log.record(version, rules.give_back(queries.publication_facts(version), reason, by), by=by, at=at)
    return version


def withdraw_submission(version_id: int, *, reason: str = "", by: Actor, at: datetime) -> ItemVersion:
    """The editor takes it back, to go on writing. Raises Refusal 403, 404, 409."""
    with transaction.atomic():
        version, _item = locked(version_id)
        may_edit(by, version.department)
        log.record(version, rules.withdraw(queries.publication_facts(version), reason, by), by=by, at=at)
    return version


def publish_version(version_id: int, *, effective_on: date | None = None, by: Actor, at: datetime) -> ItemVersion:
    """The platform itself puts a draft in force by a rule: an adjustment that was reviewed, the operator's import. The version
    before it retires in the same act. effective_on: the day of `at` by default.

    Raises Refusal 403, 404, 409 (not a draft; a person, who submits instead), 422 with the errors of lint by element."""
    with transaction.atomic():
        version, item = locked(version_id)
        may_edit(by, version.department)
        rules.permit(queries.publication_facts(version), "publish", by)
        today = day_of(at)
        effective = effective_on or today
        if effective > today:
            raise Refusal(
                "catalogue.not_yet_effective",
                f"实施日期{effective.isoformat()}还没有到。",
                "请在实施日期当天或之后发布。",
                fields={"effective_on": "实施日期不能晚于今天"},
                status=422,
            )
        _put_in_force(version, item, _lawful(version, "发布"), effective, by=by, at=at)
    return version


def publish_due(at: datetime) -> int:
    """The sweep: every approved version whose day has come is put in force, or goes back to its editor with what lint now
    finds. Returns how many came into force."""
    due = ItemVersion.objects.filter(stage=APPROVED, effective_planned__lte=day_of(at))
    done = 0
    for pk in list(due.order_by("effective_planned", "pk").values_list("pk", flat=True)):
        with transaction.atomic():
            version, item = locked(pk)
            facts = queries.publication_facts(version)
            if facts.place == APPROVED and rules.come(facts, day_of(at)):  # else another worker was first
                done += _on_its_day(version, item, facts, by=system("publish", item.division), at=at)
    return done


def _on_its_day(version: ItemVersion, item: Item, facts: rules.Facts, *, by: Actor, at: datetime) -> bool:
    try:
        content = _lawful(version, "发布")
    except Refusal as no:
        reason = f"到实施日期检查不通过：{''.join(no.fields.values()) or no.message}"
        log.record(version, rules.give_back(facts, reason, by), by=by, at=at)
        return False
    _put_in_force(version, item, content, facts.planned or day_of(at), by=by, at=at)
    return True


def _reviewed(version_id: int, by: Actor) -> tuple[ItemVersion, Item]:
    version, item = locked(version_id)
    if item.division != by.division and not by.is_system:
        raise queries.not_found()
    return version, item


def _lawful(version: ItemVersion, act: str) -> shape.Content:
    """The content of a version that lint finds nothing wrong with. Raises Refusal 422 with the errors by element."""
    content = queries.content(queries.whole().get(pk=version.pk))
    findings = lint.errors(lint.check(content, queries.lint_context(version)))
    if findings:
        raise Refusal(
            "catalogue.lint",
            f"这一版有{len(findings)}处不符合要求：{''.join(f.message for f in findings[:3])}",
            f"请按各处提示改正草稿后再{act}。",
            law="；".join(dict.fromkeys(f.law for f in findings if f.law)),
            fields={f.element: f"{f.message}{f.mend}" for f in reversed(findings)},
            status=422,
        )
    return content


def _put_in_force(
    version: ItemVersion, item: Item, content: shape.Content, effective: date, *, by: Actor, at: datetime
) -> None:
    """With item and version locked. The version before it retires first."""
    for old in item.versions.filter(state=PUBLISHED):
        ended = {"retired_on": effective.isoformat(), "by_version": version.number}
        log.record(old, Event("version.retired", ended), by=by, at=at)
    log.record(version, Event("version.published", {"effective_on": effective.isoformat()}), by=by, at=at)
    card = Prepared(content, version.department, version.digest).card
    told = {"version": version.pk, "number": version.number, "card": card}
    log.record(item, Event("item.published", told), by=by, at=at)
    index.put([(item, content)])


def plain_refusal(no: Refusal) -> str:
    """A refusal as one line, for lists of what was passed over."""
    return "；".join(dict.fromkeys(no.fields.values())) or f"{no.message}{no.next_step}"
