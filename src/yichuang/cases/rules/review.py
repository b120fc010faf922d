"""Reviewing: who handles, the steps, special procedures and the one extension (行政许可法 34, 42, 45)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from yichuang.cases.rules.acceptance import need, staff_id
from yichuang.cases.rules.clock import EXTENSION_DAYS, JOINT_EXTENSION_DAYS, Moment, timed
from yichuang.cases.rules.facts import SPECIALS, STEP_STATES, CaseFacts, Step
from yichuang.cases.rules.machine import ROLES, permit
from yichuang.core.events import Event
from yichuang.core.refusal import Refusal

CONCLUSIONS: dict[str, str] = {"grant": "建议准予", "refuse": "建议不予", "granted": "准予", "refused": "不予"}


def final_step(facts: CaseFacts) -> Step | None:
    """The step that grant and refuse pass: the last one of kind "decide"; None when the version has none."""
    return max((s for s in facts.steps if s.kind == "decide"), key=lambda s: s.group, default=None)


def assign(facts: CaseFacts, now: Moment, *, staff: int, name: str, may_handle: bool) -> Event:
    """case.assigned. A handler takes what is nobody's; a head gives to any handler of the department.

    may_handle: whether `staff` holds the role of handler for this case.
    """
    permit(facts, "assign", now.by)
    took = staff == staff_id(now)
    is_head = now.by.has("head", f"department:{facts.department_id}", f"point:{facts.point}")
    if not is_head:
        if not took:
            raise Refusal("case.assign", "承办人只能认领办件，不能分派给他人。", "请由部门负责人分派。", status=403)
        if facts.handler_id and facts.handler_id != staff:
            raise Refusal("case.taken", "本件已有承办人。", "如需更换承办人，请由部门负责人重新分派。")
    if not may_handle:
        raise Refusal(
            "case.assign",
            f"{name}没有本部门的承办职责。",
            "请选择本部门的承办人，或先由安全管理员授权。",
            fields={"staff": "没有本部门的承办职责"},
            status=422,
        )
    if facts.handler_id == staff:
        raise Refusal("case.taken", f"本件已由{name}承办。", "无须重复分派，可以直接办理。")
    return Event("case.assigned", {"handler_id": staff, "name": name, "took": took})


def _step(facts: CaseFacts, code: str, now: Moment, verb: str) -> Step:
    step = facts.step(code)
    permit(facts, verb, now.by, step=step)
    if step is None:
        names = "、".join(f"{s.name}（{s.code}）" for s in facts.steps) or "无"
        raise Refusal("case.step", f"本件没有环节“{code}”。", f"本件的环节：{names}。", status=422)
    if step.state != "open":
        running = "、".join(s.name for s in facts.steps if s.state == "open") or "无"
        raise Refusal("case.step", f"环节“{step.name}”{STEP_STATES[step.state]}。", f"现在办理中的环节：{running}。")
    scopes = (f"department:{step.department_id}", *((f"point:{facts.point}",) if _own(facts, step) else ()))
    if not now.by.has(step.role, *scopes):
        raise Refusal(
            "case.not_yours",
            f"环节“{step.name}”由{ROLES[step.role]}办理，您没有相应的职责。",
            f"请联系{ROLES[step.role]}办理。",
            status=403,
        )
    return step


def _own(facts: CaseFacts, step: Step) -> bool:
    return step.department_id == facts.department_id


def _handles(facts: CaseFacts, now: Moment) -> bool:
    """Is it this person's case, or that of somebody whose post the person covers (AB岗)?"""
    return bool(facts.handler) and facts.handler in (now.by.ref, *now.by.standing_in_for.split(","))


def examined_by(facts: CaseFacts) -> set[str]:
    """Who handled the case: the handler, and whoever passed a handler's step."""
    return {facts.handler, *(s.by for s in facts.steps if s.role == "handler" and s.state == "passed")} - {""}


def has_review(facts: CaseFacts) -> bool:
    return any(s.kind == "review" or s.role == "reviewer" for s in facts.steps)


def not_handler(facts: CaseFacts, now: Moment) -> None:
    """Where there is a review, whoever reviews or decides did not handle the case: the same person, whatever the post."""
    if not has_review(facts):
        return
    if now.by.ref in examined_by(facts):
        raise Refusal(
            "case.reviewer_is_handler",
            "审核、决定不得由本件承办人作出。",
            "请由其他审核人或负责人办理。",
            status=403,
        )


def pass_step(
    facts: CaseFacts, now: Moment, *, step: str, opinion: str, conclusion: str, staff: Sequence[tuple[int, str]]
) -> Event:
    """case.step_passed. The next group opens when the last required step of this one has passed.

    staff: who was on the spot, as (key, name): two at least for a site check. conclusion: grant or refuse, as proposed.
    """
    here = _step(facts, step, now, "pass_step")
    final = final_step(facts)
    if final is not None and here.code == final.code:
        raise Refusal(
            "case.step", f"环节“{here.name}”须作出决定。", "请使用“准予许可”或“不予许可”办理本环节。", status=422
        )
    need(opinion, "opinion", "请填写办理意见")
    if conclusion not in ("grant", "refuse"):
        raise Refusal(
            "case.step", "请选择建议准予或建议不予。", "请选择后提交。", fields={"conclusion": "请选择一项"}, status=422
        )
    if here.kind == "site_check" and len({key for key, _ in staff}) < 2:
        raise Refusal(
            "case.two_staff",
            "实地核查应当指派两名以上工作人员进行。",
            "请填写两名以上参加核查的工作人员。",
            law="行政许可法第三十四条第三款",
            fields={"staff": "至少选择两名工作人员"},
            status=422,
        )
    data: dict[str, Any] = {"step": here.code, "name": here.name, "conclusion": conclusion}
    if staff:
        data["staff"] = sorted({key for key, _ in staff})
    if here.role == "handler" and _own(facts, here):
        if not facts.handler_id:
            data["handler_id"] = staff_id(now)
        elif not _handles(facts, now):
            raise Refusal(
                "case.taken", "本件由其他承办人办理。", "请联系承办人办理，或由部门负责人重新分派。", status=403
            )
    elif here.role != "handler":
        not_handler(facts, now)
    return timed(facts, Event("case.step_passed", data), now)


def return_step(facts: CaseFacts, now: Moment, *, step: str, to: str, reason: str) -> Event:
    """case.step_returned: back to the step named, with the reason; what lies between is done again."""
    here = _step(facts, step, now, "return_step")
    target = facts.step(to)
    earlier = [s for s in facts.steps if s.state == "passed" and s.group < here.group]
    if target is None or target not in earlier:
        raise Refusal(
            "case.return",
            "只能退回到本环节之前已办结的环节。",
            f"可以退回的环节：{'、'.join(s.name for s in earlier) or '无'}。",
            fields={"to": "请选择之前已办结的环节"},
            status=422,
        )
    need(reason, "reason", "请写明退回理由")
    data = {"step": here.code, "name": here.name, "to": target.code, "to_name": target.name}
    return timed(facts, Event("case.step_returned", data), now)


def supply(facts: CaseFacts, now: Moment, *, material: str, files: int) -> Event:
    """case.deferred_supplied: a material that was to follow (容缺) has come."""
    permit(facts, "supply", now.by)
    if material not in dict(facts.deferred):
        names = "、".join(code for code, _ in facts.deferred) or "无"
        raise Refusal("case.supply", "该材料不在待补交的容缺材料之中。", f"待补交的材料：{names}。", status=422)
    return Event("case.deferred_supplied", {"material": material, "files": files})


def start_special(
    facts: CaseFacts, now: Moment, *, kind: str, reason: str, needed_days: int, started_on: date | None
) -> Event:
    """case.special_started: the clock stands still from that day; the needed time is told in writing (the document)."""
    permit(facts, "start_special", now.by)
    on = started_on or now.today
    faults: dict[str, str] = {}
    if kind not in SPECIALS:
        faults["kind"] = f"特别程序限于：{'、'.join(SPECIALS.values())}"
    if not reason.strip():
        faults["reason"] = "请写明启动理由"
    if needed_days < 1:
        faults["needed_days"] = "请填写所需时间（工作日），并书面告知申请人"
    if on > now.today or (facts.accepted_on and on < facts.accepted_on):
        faults["started_on"] = "启动日期应在受理之日至今天之间"
    elif kind in SPECIALS and any(s.kind == kind and s.ended_on is None for s in facts.suspensions):
        faults["kind"] = f"“{SPECIALS[kind]}”正在进行"
    if faults:
        raise Refusal(
            "case.special",
            f"不能启动特别程序：{'；'.join(faults.values())}。",
            "请补充后再启动。",
            law="行政许可法第四十五条",
            fields=faults,
            status=422,
        )
    data = {
        "no": len(facts.suspensions) + 1,
        "special": kind,
        "needed_days": needed_days,
        "started_on": on.isoformat(),
    }
    return timed(facts, Event("case.special_started", data), now)


def end_special(facts: CaseFacts, now: Moment, *, no: int, ended_on: date | None) -> Event:
    """case.special_ended: that day counts again; the case goes on when no other one is open."""
    permit(facts, "end_special", now.by)
    suspension = next((s for s in facts.suspensions if s.no == no), None)
    running = "、".join(f"{s.no}（{SPECIALS[s.kind]}）" for s in facts.suspensions if s.ended_on is None)
    if suspension is None or suspension.ended_on is not None:
        raise Refusal("case.special", f"第{no}项特别程序不在进行中。", f"进行中的特别程序：{running}。", status=422)
    on = ended_on or now.today
    if on > now.today or on < suspension.started_on:
        raise Refusal(
            "case.special",
            "结束日期应在启动之日至今天之间。",
            "请核对结束日期。",
            fields={"ended_on": "应在启动之日至今天之间"},
            status=422,
        )
    data = {"no": no, "special": suspension.kind, "ended_on": on.isoformat()}
    return timed(facts, Event("case.special_ended", data), now)


def extend(facts: CaseFacts, now: Moment, *, days: int, reason: str, approval: str, joint: bool) -> Event:
    """case.extended: once, before the statutory date passes, reason told; both dates move (行政许可法 42)."""
    permit(facts, "extend", now.by)
    limit = JOINT_EXTENSION_DAYS if joint else EXTENSION_DAYS
    if facts.extended_days:
        raise Refusal(
            "case.extended_once",
            f"本件已延长{facts.extended_days}个工作日，只能延长一次。",
            "请在延长后的期限内作出决定。",
            law="行政许可法第四十二条",
        )
    if facts.statutory_due_on and not facts.moving and now.today > facts.statutory_due_on:
        raise Refusal(
            "case.extend_late",
            f"法定期限已于{facts.statutory_due_on}届满，不能再延长。",
            "请立即作出决定，并说明超期原因。",
            law="行政许可法第四十二条",
        )
    faults: dict[str, str] = {}
    if not 1 <= days <= limit:
        faults["days"] = f"延长天数为1至{limit}个工作日"
    if not reason.strip():
        faults["reason"] = "请写明延长理由，并告知申请人"
    if joint and not approval.strip():
        faults["approval"] = "统一办理、联合办理的延长须经本级人民政府负责人批准，请填写批准文号"
    if faults:
        raise Refusal(
            "case.extend",
            f"不能延长期限：{'；'.join(faults.values())}。",
            "请修改后再提交。",
            law="行政许可法第四十二条",
            fields=faults,
            status=422,
        )
    return timed(facts, Event("case.extended", {"days": days, "joint": joint, "approval": approval.strip()}), now)
