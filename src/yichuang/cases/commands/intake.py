"""Receiving (收件): on line, at the window, and again after a correction."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from yichuang.cases.commands import papers
from yichuang.cases.commands.acting import Act, acting, moment
from yichuang.cases.commands.drafts import changed
from yichuang.cases.models import Case, CaseForm, Draft, DraftFile
from yichuang.cases.queries.drafts import draft_gate
from yichuang.cases.queries.standing import barred
from yichuang.cases.rules import acceptance, checklist, decision, numbering
from yichuang.cases.rules import intake as rules
from yichuang.cases.rules.checklist import Checked
from yichuang.cases.rules.clock import Moment
from yichuang.cases.rules.facts import day
from yichuang.catalogue import queries as catalogue
from yichuang.catalogue.models import Item
from yichuang.catalogue.rules.facts import VersionFacts
from yichuang.core import compiled, numbers
from yichuang.core.actor import Actor
from yichuang.core.models import File
from yichuang.core.refusal import Refusal
from yichuang.identity.models import Applicant, Department


def _number(version: VersionFacts, on: date) -> str:
    """Taken before the transaction: the counter is held for one statement only. A refusal leaves a gap, which is allowed."""
    division = version.division[:6]
    return numbering.case_number(division, on, numbers.take(numbering.case_scope(division, on)))


def _draft(pk: uuid.UUID) -> QuerySet[Draft]:
    return Draft.objects.filter(pk=pk)


def _in_hand(pk: uuid.UUID) -> QuerySet[Draft]:
    rows = Draft.objects.select_related("applicant", "version__department__clock_rule").filter(pk=pk)
    return rows.select_for_update(of=("self",)) if connection.features.has_select_for_update else rows


def _files_of(draft: uuid.UUID) -> QuerySet[DraftFile]:
    return DraftFile.objects.select_related("file").filter(draft=draft).order_by("id")


def submit(draft_id: uuid.UUID, *, key: str = "", channel: str = "online", by: Actor, at: datetime) -> Case:
    """提交: the draft becomes a case, received now. Sent twice, whatever the key, it is the same case.

    Raises Refusal 404, 409 "case.version_not_open", "case.barred", 422 "case.form" with every fault at its field.
    """
    draft = draft_gate(compiled.one(_draft, draft_id), by)
    if draft.case is not None:
        return draft.case
    version = catalogue.version(draft.version_id)
    number = _number(version, day(at))
    with transaction.atomic():
        # What is joined to a row that was waited for is as it was before the wait: only what never changes is joined.
        draft = draft_gate(compiled.one(_in_hand, draft_id), by)
        if draft.case_id is not None:
            return Case.objects.get(pk=draft.case_id)
        if draft.version_id != version.id:
            raise changed()
        version = replace(version, state=draft.version.state)
        rules.open_to_apply(version, online=True)
        files: dict[str, list[File]] = {}
        for held in compiled.rows(_files_of, draft.pk):
            files.setdefault(held.material, []).append(held.file)
        given = {code: papers.Brought(tuple(fs)) for code, fs in files.items() if version.material(code)}
        case = _receive(
            version,
            moment(draft.version.department, by, at),
            verb="submit",
            number=number,
            applicant=draft.applicant,
            agent=None,
            department=draft.version.department,
            point="",
            channel=channel,
            values=draft.values,
            contact=draft.contact,
            delivery=draft.delivery,
            given=given,
            key=key or f"draft:{draft.pk}",
        ).case
        draft.case = case
        draft.save(update_fields=["case"])
    return case


def intake(
    version_id: int,
    *,
    applicant: Applicant,
    values: Mapping[str, Any],
    materials: Mapping[str, Mapping[str, Any]],
    point: str,
    contact: Mapping[str, Any] | None = None,
    delivery: Mapping[str, Any] | None = None,
    agent: Applicant | None = None,
    accept: bool = False,
    decide: bool = False,
    note: str = "",
    key: str = "",
    channel: str = "window",
    by: Actor,
    at: datetime,
) -> Case:
    """窗口收件: the clerk enters what the applicant brought, and may accept (accept) or decide a 即办件 (decide) in the same act.

    materials: code -> {"copies", "paper", "ticks", "files", "deferred"}. note: opinion, told with the acceptance. key: of
    the form that was sent; sent twice it is the same case. Raises Refusal 403, 409, 422 (see `submit`, `accept`); then
    nothing is received either.
    """
    if key and (found := Case.objects.filter(submission_key=key).first()) is not None:
        return found
    version = catalogue.version(version_id)
    number = _number(version, day(at))
    try:
        with transaction.atomic():
            current = Item.objects.values_list("current_id", flat=True).get(pk=version.item_id)
            rules.open_to_apply(version if current == version.id else replace(version, state="retired"), online=False)
            department = Department.objects.select_related("clock_rule").get(pk=version.department_id)
            now = moment(department, by, at)
            given = papers.brought(version, materials)
            act = _receive(
                version,
                now,
                verb="intake",
                number=number,
                applicant=applicant,
                agent=agent,
                department=department,
                point=point,
                channel=channel,
                values=values,
                contact=contact if contact is not None else {"name": applicant.name, "phone": applicant.phone},
                delivery=delivery or {},
                given=given,
                key=key,
            )
            if accept or decide:
                _accept_now(act, version, given, note=note, decide=decide)
    except IntegrityError:
        if key and (found := Case.objects.filter(submission_key=key).first()) is not None:
            return found
        raise
    return act.case


def _accept_now(
    act: Act, version: VersionFacts, given: Mapping[str, papers.Brought], *, note: str, decide: bool
) -> None:
    form = act.form()
    lines = checklist.check(version, form.values, papers.handed(given))
    deferred = {code: b.deferred for code, b in given.items() if b.deferred and not b.files and not b.copies}
    verb = "accept_and_decide" if decide else "accept"
    event = acceptance.accept(
        act.facts, act.now, version, values=form.values, lines=lines, deferred=deferred, verb=verb
    )
    statement = {"note": note.strip()} if note.strip() else None
    act.write(event, statement=statement, document="acceptance", body={"deferred": _deferred(version, deferred)})
    if decide:
        act.write(decision.grant_at_once(act.facts, act.now), document="grant", body={"opinion": note.strip()})


def _deferred(version: VersionFacts, deferred: Mapping[str, date]) -> list[list[str]]:
    """[name, ISO date] of the materials that will follow, for the notice."""
    return [[m.name, on.isoformat()] for code, on in deferred.items() if (m := version.material(code))]


def _receive(
    version: VersionFacts,
    now: Moment,
    *,
    verb: str,
    number: str,
    applicant: Applicant,
    agent: Applicant | None,
    department: Department,
    point: str,
    channel: str,
    values: Mapping[str, Any],
    contact: Mapping[str, Any],
    delivery: Mapping[str, Any],
    given: Mapping[str, papers.Brought],
    key: str,
) -> Act:
    """One received case with its form, checklist, files and receipt, in the caller's transaction."""
    bar = barred(applicant.pk, version.item_id, now.today)
    if bar is not None:
        rules.not_barred(bar.ends_on, bar.get_ground_display())
    files = {code: b.files for code, b in given.items()}
    seen = papers.handed(given)
    lines = checklist.check(version, values, seen)
    clean = rules.declared(version, values, lines, contact, delivery, today=now.today, online=verb == "submit")
    form = papers.declaration(clean, applicant, contact, delivery, files)
    event = rules.submit(
        now,
        version,
        verb=verb,
        number=number,
        applicant_id=applicant.pk,
        agent_id=agent.pk if agent is not None else None,
        point=point,
        channel=channel,
        values=clean,
        lines=lines,
        form=form.digest,
        files=sum(len(fs) for fs in files.values()),
    )
    case = Case(
        title=version.name[:300], applicant_name=applicant.name[:200], submission_key=key, applicant=applicant, agent=agent,
        department=department,
    )  # fmt: skip
    act = Act(case, now)
    act.write(event, document="receipt", body={"materials": _receipt_lines(lines, given)})
    form.case, form.seq = case, case.seq
    form.save(force_insert=True)
    copies = {code: b.copies for code, b in given.items()}
    papers.write_materials(case, lines, files, case.seq, copies, now.by.ref, now.at)
    act.declared = form
    return act


def _receipt_lines(lines: Sequence[Checked], given: Mapping[str, papers.Brought]) -> list[list[str]]:
    """[name, how, how many] of what came in, for the receipt."""
    words = {"provided": "电子", "paper": "纸质", "exempt": "免提交", "deferred": "容缺后补", "missing": "未提交"}
    found = []
    for line in lines:
        if line.applies:
            b = given.get(line.code, papers.Brought())
            count = len(b.files) or b.copies
            found.append([line.name, words[line.state], str(count) if count else "—"])
    return found


def resubmit(
    number: str,
    *,
    values: Mapping[str, Any] | None = None,
    files: Mapping[str, Sequence[File]] | None = None,
    paper: Mapping[str, int] | None = None,
    by: Actor,
    at: datetime,
) -> Case:
    """提交补正材料: received anew. values: whole form, None leaves it; files: replace those of the materials they name;
    paper: copies that came on paper. Raises Refusal 404, 403, 409, 422."""
    with acting(number, by=by, at=at) as act:
        version, case = act.version, act.case
        rows = papers.materials_of(case)
        brought_files = {code: list(fs) for code, fs in (files or {}).items() if fs}
        for code in (*brought_files, *(paper or {})):
            if code not in rows:
                raise papers.unknown_material(code)
        hand = papers.hand_of(rows)
        for code, fs in brought_files.items():
            hand[code] = replace(hand[code], files=len(fs))
        for code, copies in (paper or {}).items():
            hand[code] = replace(hand[code], copies=copies)
        last = act.form()
        answers = values if values is not None else last.values
        lines = checklist.check(version, answers, hand)
        contact, delivery = last.content.get("contact", {}), last.content.get("delivery", {})
        if values is None and last.erased_at is not None:
            raise Refusal("case.erased", "原申请内容已依法删除。", "请重新填写申请表后提交。", status=409)
        online = f"applicant:{case.applicant_id}" in by.behalf
        clean = rules.declared(version, answers, lines, contact, delivery, today=act.now.today, online=online)
        form = papers.declaration(clean, case.applicant, contact, delivery, {**_held(last), **brought_files})
        count = sum(len(fs) for fs in brought_files.values())
        event = rules.resubmit(act.facts, act.now, version, values=clean, lines=lines, form=form.digest, files=count)
        body = {
            "materials": _receipt_lines(lines, {code: papers.Brought(tuple(fs)) for code, fs in brought_files.items()})
        }
        act.write(event, document="receipt", body=body)
        form.case, form.seq = case, case.seq
        form.save(force_insert=True)
        papers.check_off(rows, lines, paper or {}, by.ref, at)
        papers.replace_files(rows, brought_files, case.seq)
    return act.case


def _held(last: CaseForm) -> dict[str, list[File]]:
    """The digests of files that stay, as the declaration names them."""
    held: dict[str, list[str]] = last.content.get("files", {})
    return {code: [File(digest=d) for d in digests] for code, digests in held.items()}
