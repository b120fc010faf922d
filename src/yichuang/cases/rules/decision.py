"""Deciding: to grant, to refuse, or to end without a decision (行政许可法 38, 69, 78)."""

from __future__ import annotations

from typing import Any

from yichuang.cases.rules.acceptance import need, staff_id
from yichuang.cases.rules.clock import Moment, timed
from yichuang.cases.rules.facts import GROUNDS, CaseFacts
from yichuang.cases.rules.machine import ROLES, permit
from yichuang.cases.rules.review import final_step, not_handler
from yichuang.core.events import Event
from yichuang.core.refusal import Refusal

BAR_YEARS = {"false_statement": 1, "fraud": 3}  # 行政许可法 78, 79


LAWS = {"false_statement": "行政许可法第七十八条", "fraud": "行政许可法第七十九条"}


def barring(concerns_safety: bool | None, *, declared: bool) -> bool:
    """Whether who deceived may not apply again for a while: only where the item directly concerns public security, personal
    health or the safety of life and property.

    concerns_safety: what the version says; None when it says nothing, then what the decider declares holds.
    """
    return declared if concerns_safety is None else concerns_safety


def not_declared_against(concerns_safety: bool | None, ground: str, *, declared: bool) -> None:
    """Refuses a bar for an item whose version says that it does not concern safety. Raises Refusal 422 "bar.no_safety"."""
    if declared and concerns_safety is False:
        raise Refusal(
            "bar.no_safety",
            "本事项不属于直接关系公共安全、人身健康、生命财产安全的事项，不能限制再次申请。",
            "请不作限制后再提交；事项认定有误的，请先修订事项目录。",
            law=LAWS[ground],
            fields={"bar": "本事项不适用限制申请"},
            status=422,
        )


def deciders(facts: CaseFacts) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(roles, scopes) of whoever decides: of the deciding step, where the version has one; a 即办件's handler else."""
    final = final_step(facts)
    own = (f"department:{facts.department_id}", f"point:{facts.point}")
    if final is None:
        return ("handler", "reviewer", "head") if facts.instant or not facts.steps else ("reviewer", "head"), own
    return (final.role,), own if final.department_id == facts.department_id else (f"department:{final.department_id}",)


def _decider(facts: CaseFacts, now: Moment, verb: str) -> dict[str, Any]:
    """Checks that everything before the decision is done and that this person decides. The step it passes, if any."""
    final = final_step(facts)
    permit(facts, verb, now.by, step=final)
    pending = [s for s in facts.steps if s.required and s.state != "passed" and (final is None or s.code != final.code)]
    if pending:
        raise Refusal(
            "case.steps_pending",
            f"尚有环节未办结：{'、'.join(s.name for s in pending)}。",
            "请先办结上述环节，再作出决定。",
        )
    if facts.deferred and verb == "grant":
        raise Refusal(
            "case.deferred_pending",
            "容缺材料尚未补交，不能准予许可。",
            "请督促申请人补交；逾期未补交的，可以终止办理。",
        )
    roles, scopes = deciders(facts)
    if not now.by.has_any(roles, *scopes):
        raise Refusal(
            "case.not_yours",
            f"本件由{'、'.join(ROLES[r] for r in roles)}作出决定，您没有相应的职责。",
            f"请联系{'、'.join(ROLES[r] for r in roles)}办理。",
            status=403,
        )
    not_handler(facts, now)
    return {"step": final.code} if final is not None else {}


def grant(facts: CaseFacts, now: Moment, *, opinion: str) -> Event:
    """case.granted. Against a proposal to refuse, the decider says why."""
    data = _decider(facts, now, "grant")
    if any(s.conclusion == "refuse" for s in facts.steps):
        need(opinion, "opinion", "审查环节建议不予许可，决定准予的须说明理由")
    return timed(facts, Event("case.granted", {"decision": "granted", **data}), now)


def grant_at_once(facts: CaseFacts, now: Moment) -> Event:
    """case.granted right after acceptance, for a 即办件: facts are those after the acceptance."""
    if not facts.instant:
        raise Refusal("case.not_instant", "本事项不是即办件，不能当场办结。", "请先受理，再按环节审查、决定。")
    if facts.deferred:
        raise Refusal("case.deferred_pending", "即办件的材料须当场齐全。", "请待材料齐全后办理，或先受理。")
    data = {"decision": "granted", "handler_id": staff_id(now), "instant": True}
    return timed(facts, Event("case.granted", data), now)


def refuse(facts: CaseFacts, now: Moment, *, reasons: str, false_statement: bool) -> Event:
    """case.refused: reasons and remedies in writing. false_statement: material facts hidden or false (第七十八条)."""
    data = _decider(facts, now, "refuse")
    need(reasons, "reasons", "不予许可须说明理由")
    return timed(facts, Event("case.refused", {"decision": "refused", "false_statement": false_statement, **data}), now)


def withdraw(facts: CaseFacts, now: Moment) -> Event:
    """case.withdrawn: the applicant's own will, at any time before the decision."""
    permit(facts, "withdraw", now.by)
    return timed(facts, Event("case.withdrawn", {}), now)


def terminate(facts: CaseFacts, now: Moment, *, ground: str, reasons: str) -> Event:
    """case.terminated: nobody is left to decide for, or an agreed material never came. Not for false statements."""
    permit(facts, "terminate", now.by)
    if ground not in GROUNDS:
        raise Refusal(
            "case.ground",
            "请选择法定的终止事由。",
            f"可选事由：{'；'.join(GROUNDS.values())}。提供虚假材料的，应当作出不予许可决定。",
            law="行政许可法第七十八条",
            fields={"ground": "请选择一项"},
            status=422,
        )
    if ground == "deferred_missed" and not any(on < now.today.isoformat() for _, on in facts.deferred):
        raise Refusal(
            "case.ground", "没有逾期未补交的容缺材料。", "请核对容缺材料的补交日期，或选择其他事由。", status=422
        )
    need(reasons, "reasons", "请写明终止办理的理由")
    return timed(facts, Event("case.terminated", {"ground": ground}), now)
