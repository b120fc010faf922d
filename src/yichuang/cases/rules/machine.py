"""The state machine as data: (state, verb) -> state, with who, which guards, which document, which article.

Enumerable in tests, printable as a picture (`mermaid`). The functions of the verbs ask `permit`; what a verb needs
beyond state and person is checked there, and named here in `guards` so that the picture tells the whole story.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from yichuang.cases.rules.facts import STATES, CaseFacts, Step
from yichuang.core.actor import Actor
from yichuang.core.refusal import Refusal

APPLICANT = ("applicant", "agent")
WINDOW = ("window_clerk",)
OFFICE = ("window_clerk", "handler")
ROLES: dict[str, str] = {
    "applicant": "申请人",
    "agent": "代理人",
    "window_clerk": "窗口人员",
    "handler": "承办人",
    "reviewer": "审核人",
    "legal_reviewer": "法制审核人",
    "head": "负责人",
    "system": "系统",
}
SAME = "="


@dataclass(frozen=True, slots=True)
class Transition:
    """One arrow. to: the state after it ("=": it stays; "accepted|suspended": the verb's rule says which)."""

    state: str
    verb: str
    to: str
    event: str
    roles: tuple[str, ...]
    guards: tuple[str, ...] = ()
    document: str = ""
    law: str = ""


VERBS: dict[str, str] = {
    "submit": "提交申请",
    "intake": "窗口收件",
    "accept": "受理",
    "request_correction": "一次性告知补正",
    "resubmit": "提交补正材料",
    "decline": "不予受理",
    "redirect": "不予受理并告知有权机关",
    "deem_accepted": "逾期视为受理",
    "accept_and_decide": "当场受理并办结",
    "lapse": "逾期未补正，视为撤回",
    "warn_lapse": "提醒补正",
    "withdraw": "撤回申请",
    "assign": "分派承办人",
    "pass_step": "办理环节",
    "return_step": "退回环节",
    "supply": "补交容缺材料",
    "start_special": "启动特别程序",
    "end_special": "结束特别程序",
    "extend": "延长办理期限",
    "grant": "准予许可",
    "refuse": "不予许可",
    "terminate": "终止办理",
    "issue": "制证",
    "deliver": "送达",
    "deliver_notice": "送达通知文书",
    "correct_clerical": "更正笔误",
    "archive": "归档",
    "flag": "亮灯",
    "reschedule": "按新日历重算期限",
}

GUARDS: dict[str, str] = {
    "idempotent": "同一提交只成立一件",
    "form_valid": "表单填写合格",
    "not_barred": "不在限制申请期内（第七十八、七十九条）",
    "materials_complete": "必要材料齐全（容缺材料须约定补交日期）",
    "lists_everything": "一次告知全部需要补正的内容",
    "second_correction_reason": "再次补正须说明理由",
    "reasons": "说明理由",
    "names_authority": "告知有权机关",
    "past_acceptance_due": "收件满五个工作日未作处理",
    "instant": "即办件",
    "past_correction_due": "补正期限届满且已提醒两次",
    "step_open": "环节正在办理",
    "two_staff": "实地核查须两名以上工作人员",
    "not_handler": "审核人不是承办人",
    "steps_passed": "应办环节已全部办结",
    "needed_time": "书面告知所需时间",
    "special_open": "该特别程序正在进行",
    "once_before_due": "仅一次，且在法定期限届满前",
    "limit_and_approval": "最多十个工作日（统一或联合办理十五个），经负责人批准",
    "ground": "有法定终止事由",
    "remedies": "告知复议、诉讼途径",
    "issued": "证照或决定文书已制作",
    "recipient": "有签收人、运单号或电子送达确认",
    "not_issued": "尚未制证",
    "deferred_named": "属于容缺材料",
    "statement": "写明更正前后内容",
}

_ACTIVE = {"accepted": SAME, "suspended": SAME}


def _arrows(
    verb: str,
    arrows: dict[str, str],
    event: str,
    roles: tuple[str, ...],
    guards: tuple[str, ...] = (),
    document: str = "",
    law: str = "",
) -> Iterator[Transition]:
    for state, to in arrows.items():
        yield Transition(state, verb, to, f"case.{event}", roles, guards, document, law)


MACHINE: tuple[Transition, ...] = (
    *_arrows("submit", {"draft": "received"}, "submitted", APPLICANT,
             ("idempotent", "form_valid", "not_barred"), "receipt", "行政许可法第二十九条、第三十二条"),
    *_arrows("intake", {"draft": "received"}, "submitted", WINDOW,
             ("idempotent", "form_valid", "not_barred"), "receipt", "行政许可法第二十九条、第三十二条"),
    *_arrows("accept", {"received": "accepted"}, "accepted", OFFICE,
             ("materials_complete",), "acceptance", "行政许可法第三十二条第一款第五项"),
    *_arrows("request_correction", {"received": "correcting"}, "correction_requested", OFFICE,
             ("lists_everything", "second_correction_reason"), "correction", "行政许可法第三十二条第一款第四项"),
    *_arrows("resubmit", {"correcting": "received"}, "resubmitted", (*APPLICANT, "window_clerk"),
             ("form_valid",), "receipt", "行政许可法第三十二条"),
    *_arrows("decline", {"received": "declined"}, "declined", OFFICE,
             ("reasons",), "declination", "行政许可法第三十二条第一款第一项"),
    *_arrows("redirect", {"received": "declined"}, "redirected", OFFICE,
             ("names_authority",), "declination", "行政许可法第三十二条第一款第二项"),
    *_arrows("deem_accepted", {"received": "accepted"}, "deemed_accepted", ("system",),
             ("past_acceptance_due",), "acceptance", "行政许可法第三十二条第一款第四项"),
    *_arrows("accept_and_decide", {"received": "granted"}, "granted", OFFICE,
             ("instant", "materials_complete"), "grant", "行政许可法第三十四条第二款"),
    *_arrows("warn_lapse", {"correcting": SAME}, "lapse_warned", ("system",)),
    *_arrows("lapse", {"correcting": "withdrawn"}, "lapsed", ("system",), ("past_correction_due",), "withdrawal"),
    *_arrows("withdraw", dict.fromkeys(("received", "correcting", "accepted", "suspended"), "withdrawn"), "withdrawn",
             (*APPLICANT, "window_clerk"), (), "withdrawal", "行政许可法第三十二条"),
    *_arrows("assign", {"received": SAME, **_ACTIVE}, "assigned", ("handler", "head")),
    *_arrows("pass_step", {"accepted": SAME}, "step_passed", ("handler", "reviewer", "head"),
             ("step_open", "two_staff", "not_handler"), "", "行政许可法第三十四条"),
    *_arrows("return_step", {"accepted": SAME}, "step_returned", ("reviewer", "head"), ("step_open", "reasons")),
    *_arrows("supply", _ACTIVE, "deferred_supplied", (*APPLICANT, "window_clerk", "handler"), ("deferred_named",)),
    *_arrows("start_special", {"accepted": "suspended", "suspended": SAME}, "special_started", ("handler", "head"),
             ("needed_time",), "special", "行政许可法第四十五条"),
    *_arrows("end_special", {"suspended": "accepted|suspended"}, "special_ended", ("handler", "head"),
             ("special_open",), "", "行政许可法第四十五条"),
    *_arrows("extend", _ACTIVE, "extended", ("head",), ("once_before_due", "limit_and_approval", "reasons"),
             "extension", "行政许可法第四十二条"),
    *_arrows("grant", {"accepted": "granted"}, "granted", ("handler", "reviewer", "head"),
             ("steps_passed", "not_handler"), "grant", "行政许可法第三十八条第一款"),
    *_arrows("refuse", {"accepted": "refused"}, "refused", ("handler", "reviewer", "head"),
             ("steps_passed", "not_handler", "reasons", "remedies"), "refusal", "行政许可法第三十八条第二款"),
    *_arrows("terminate", {"accepted": "terminated", "suspended": "terminated"}, "terminated", ("head",),
             ("ground", "reasons"), "termination"),
    *_arrows("issue", {"granted": SAME}, "issued", OFFICE, ("not_issued",), "", "行政许可法第三十九条、第四十四条"),
    *_arrows("deliver", {"granted": "closed", "refused": "closed"}, "delivered", OFFICE,
             ("issued", "recipient"), "service", "行政许可法第四十四条"),
    *_arrows("deliver_notice", dict.fromkeys(("declined", "withdrawn", "terminated"), SAME), "notice_delivered", OFFICE,
             ("recipient",), "service"),
    *_arrows("correct_clerical", dict.fromkeys(("granted", "refused", "closed"), SAME), "clerical_corrected",
             ("handler", "head"), ("statement",), "clerical"),
    *_arrows("archive", {"closed": "archived"}, "archived", ("handler", "head", "system")),
    *_arrows("flag", dict.fromkeys(("received", "accepted", "granted", "refused"), SAME), "flagged", ("system",)),
    *_arrows("reschedule", dict.fromkeys(("received", "correcting", "accepted", "suspended", "granted", "refused"), SAME),
             "rescheduled", ("system",), (), "", "行政许可法第八十二条"),
)  # fmt: skip

TABLE: dict[tuple[str, str], Transition] = {(t.state, t.verb): t for t in MACHINE}
SILENT = frozenset({"flag", "reschedule", "deem_accepted", "lapse", "warn_lapse"})  # the platform's own


def roles_of(facts: CaseFacts, by: Actor, step: Step | None = None) -> frozenset[str]:
    """Which of the machine's roles the actor has in this case (within its department and service point)."""
    if by.is_system:
        return frozenset({"system"})
    found: set[str] = set()
    if f"applicant:{facts.applicant_id}" in by.behalf:
        found.add("applicant")
    scopes: tuple[str, ...] = (f"department:{facts.department_id}", f"point:{facts.point}")
    if step is not None and step.department_id != facts.department_id:
        scopes = (f"department:{step.department_id}",)
    if by.division in ("", facts.division):
        found.update(r for r in ("window_clerk", "handler", "reviewer", "legal_reviewer", "head") if by.has(r, *scopes))
    return frozenset(found)


def permit(facts: CaseFacts, verb: str, by: Actor, *, step: Step | None = None) -> Transition:
    """The arrow, if the state has it and the actor may take it.

    Raises Refusal 409 "case.wrong_state" (naming the state, the verbs open now and to whom), 403 "case.not_yours".
    """
    arrow = TABLE.get((facts.state, verb))
    if arrow is None:
        raise Refusal(
            "case.wrong_state",
            f"办件当前为“{STATES[facts.state]}”，不能{VERBS[verb]}。",
            f"现在可以办理：{describe_open(facts.state)}。",
            law=next((t.law for t in MACHINE if t.verb == verb), ""),
        )
    if not roles_of(facts, by, step) & set(arrow.roles):
        raise Refusal(
            "case.not_yours",
            f"“{VERBS[verb]}”须由{'、'.join(ROLES[r] for r in arrow.roles)}办理，您没有相应的职责。",
            f"请联系{'或'.join(ROLES[r] for r in arrow.roles)}办理。",
            law=arrow.law,
            status=403,
        )
    return arrow


def open_arrows(state: str) -> tuple[Transition, ...]:
    """The arrows out of a state that people take."""
    return tuple(t for t in MACHINE if t.state == state and t.verb not in SILENT)


def describe_open(state: str) -> str:
    """As in "受理（窗口人员、承办人）；撤回申请（申请人、代理人）", or that the case is finished."""
    told = [f"{VERBS[t.verb]}（{'、'.join(ROLES[r] for r in t.roles)}）" for t in open_arrows(state)]
    return "；".join(told) or "无（办件已终结）"


def mermaid() -> str:
    """The machine as a Mermaid state diagram, for docs and for looking at."""
    lines = [
        "stateDiagram-v2",
        *(f'    state "{name}" as {state}' for state, name in STATES.items()),
        "    [*] --> draft",
    ]
    for t in MACHINE:
        targets = (t.state,) if t.to == SAME else tuple(t.to.split("|"))
        who = "、".join(ROLES[r] for r in t.roles)
        lines.extend(f"    {t.state} --> {target}: {VERBS[t.verb]}（{who}）" for target in targets)
    lines.extend(f"    {state} --> [*]" for state in ("declined", "withdrawn", "terminated", "archived"))
    return "\n".join(lines) + "\n"
