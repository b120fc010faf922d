"""Reviewing: handler, steps, special procedures, extension (行政许可法 34, 42, 45)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from yichuang.cases.commands import papers
from yichuang.cases.commands.acting import acting
from yichuang.cases.models import Case
from yichuang.cases.queries.lists import may_handle
from yichuang.cases.rules import review as rules
from yichuang.cases.rules.facts import SPECIALS
from yichuang.core.actor import Actor
from yichuang.core.models import File
from yichuang.core.refusal import Refusal
from yichuang.identity.models import Staff


def assign(number: str, *, staff_id: int, by: Actor, at: datetime) -> Case:
    """分派承办人, by the head; a handler may take what is nobody's. Raises Refusal 404, 403, 409, 422."""
    with acting(number, by=by, at=at) as act:
        person = Staff.objects.filter(pk=staff_id, active=True).first()
        if person is None:
            raise Refusal(
                "case.assign",
                "没有这名工作人员，或者其已停用。",
                "请重新选择承办人。",
                fields={"staff": "请重新选择"},
                status=422,
            )
        event = rules.assign(
            act.facts, act.now, staff=person.pk, name=person.name, may_handle=may_handle(act.case, person, by)
        )
        act.write(event)
        act.case.handler = person
        if not event.data["took"]:
            act.notify_staff("assigned", f"{act.case.number} {act.case.title}：由您承办", head=False)
    return act.case


def take(number: str, *, by: Actor, at: datetime) -> Case:
    """认领: the handler who acts takes the case. Refusals as `assign`."""
    return assign(number, staff_id=int(by.ref.partition(":")[2]) if by.is_staff else 0, by=by, at=at)


def pass_step(
    number: str,
    *,
    step: str,
    opinion: str,
    conclusion: str = "grant",
    staff: Sequence[int] = (),
    by: Actor,
    at: datetime,
) -> Case:
    """办结环节 with an opinion. staff: who was on the spot (site checks: two at least). conclusion: grant or refuse, as
    proposed. A handler's step takes the case for whoever passes it, when it is nobody's. Raises Refusal 404, 403, 409, 422."""
    with acting(number, by=by, at=at, parts=True) as act:
        named = list(Staff.objects.filter(pk__in=staff, active=True).values_list("pk", "name")) if staff else []
        event = rules.pass_step(act.facts, act.now, step=step, opinion=opinion, conclusion=conclusion, staff=named)
        act.write(event, statement={"opinion": opinion.strip(), "staff": [name for _, name in named]})
    return act.case


def return_step(number: str, *, step: str, to: str, reason: str, by: Actor, at: datetime) -> Case:
    """退回到之前的环节, with the reason. Raises Refusal 404, 403, 409, 422."""
    with acting(number, by=by, at=at, parts=True) as act:
        event = rules.return_step(act.facts, act.now, step=step, to=to, reason=reason)
        act.write(event, statement={"reason": reason.strip()})
        said = f"{act.case.number} 退回到“{event.data['to_name']}”：{reason.strip()}"
        act.notify_staff("step_returned", said, head=False)
    return act.case


def supply_deferred(
    number: str, *, material: str, files: Sequence[File] = (), copies: int = 0, by: Actor, at: datetime
) -> Case:
    """补交容缺材料. Raises Refusal 404, 403, 409, 422."""
    with acting(number, by=by, at=at) as act:
        event = rules.supply(act.facts, act.now, material=material, files=len(files))
        if not files and copies < 1:
            raise Refusal(
                "case.supply",
                "请上传材料文件，或登记收到的份数。",
                "补充后再提交。",
                fields={f"material.{material}": "请上传文件或登记份数"},
                status=422,
            )
        rows = papers.materials_of(act.case)
        act.write(event)
        row = rows[material]
        row.state, row.copies = ("provided" if files else "paper"), copies or row.copies
        row.save(update_fields=["state", "copies"])
        papers.replace_files(rows, {material: list(files)}, act.case.seq)
    return act.case


def start_special(
    number: str, *, kind: str, reason: str, needed_days: int, started_on: date | None = None, by: Actor, at: datetime
) -> Case:
    """启动特别程序 (行政许可法 45); the notice of the needed time is part of the act. Several may overlap.
    Raises Refusal 404, 403, 409, 422 "case.special"."""
    with acting(number, by=by, at=at, parts=True) as act:
        event = rules.start_special(
            act.facts, act.now, kind=kind, reason=reason, needed_days=needed_days, started_on=started_on
        )
        act.write(
            event,
            statement={"reason": reason.strip()},
            document="special",
            body={
                "special": SPECIALS[kind],
                "reason": reason.strip(),
                "needed_days": needed_days,
                "started_on": event.data["started_on"],
            },
        )
    return act.case


def end_special(
    number: str, *, no: int, result: str = "", ended_on: date | None = None, by: Actor, at: datetime
) -> Case:
    """结束特别程序: that day counts again. Raises Refusal 404, 403, 409, 422."""
    with acting(number, by=by, at=at, parts=True) as act:
        event = rules.end_special(act.facts, act.now, no=no, ended_on=ended_on)
        act.write(event, statement={"result": result.strip()})
    return act.case


def extend(
    number: str, *, days: int, reason: str, approval: str = "", joint: bool = False, by: Actor, at: datetime
) -> Case:
    """延长办理期限, once: up to 10 working days by the organ's head, 15 in joint handling with the government's approval.
    Raises Refusal 404, 403, 409, 422 "case.extend"."""
    with acting(number, by=by, at=at, parts=True) as act:
        event = rules.extend(act.facts, act.now, days=days, reason=reason, approval=approval, joint=joint)
        act.write(
            event,
            statement={"reason": reason.strip()},
            document="extension",
            body={"days": days, "reason": reason.strip(), "approval": approval.strip(), "joint": joint},
        )
    return act.case
