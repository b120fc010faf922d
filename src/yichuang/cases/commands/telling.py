"""What the applicant is told of, and in which words: a notice in the inbox, and by SMS where a mobile number is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from yichuang.cases.models import Case
from yichuang.cases.rules.facts import SPECIALS, WAYS
from yichuang.cases.rules.sentences import cdate
from yichuang.core.events import Event
from yichuang.identity.commands import notify

Data = Mapping[str, Any]


def _promised(data: Data) -> str:
    return cdate(data["clock"]["promised_due_on"])


def _delivered(data: Data) -> str:
    tracking = f"，运单号{data['tracking']}" if data["tracking"] else ""
    return f"办理结果已以{WAYS[data['way']]}方式送达{tracking}。欢迎对本次服务作出评价。"


TOLD: dict[str, tuple[str, Callable[[Data], str]]] = {
    "case.accepted": ("申请已受理", lambda d: f"承诺于{_promised(d)}前办结。"),
    "case.deemed_accepted": (
        "申请视为已受理",
        lambda d: f"受理机关未在法定期限内告知，依法自收件之日起视为受理，承诺于{_promised(d)}前办结。",
    ),
    "case.correction_requested": (
        "申请材料需要补正",
        lambda d: f"共有{d['points']}项内容需要补正，请于{cdate(d['due_on'])}前提交。逾期未补正的，按撤回申请处理。",
    ),
    "case.lapse_warned": ("补正期限将至", lambda d: f"请于{cdate(d['due_on'])}前提交补正材料，逾期按撤回申请处理。"),
    "case.lapsed": ("逾期未补正，申请按撤回处理", lambda d: "您可以在材料齐全后重新申请。"),
    "case.declined": ("申请不予受理", lambda d: "理由见不予受理决定书。"),
    "case.redirected": ("申请不属于本机关职权", lambda d: f"请向{d['to']}申请。"),
    "case.special_started": (
        "办理进入特别程序",
        lambda d: f"{SPECIALS[d['special']]}所需时间约{d['needed_days']}个工作日，不计入办理期限。",
    ),
    "case.special_ended": ("特别程序结束", lambda d: f"承诺办结日期为{_promised(d)}。"),
    "case.extended": (
        "办理期限延长",
        lambda d: f"延长{d['days']}个工作日，承诺办结日期顺延至{_promised(d)}，理由见告知书。",
    ),
    "case.granted": ("申请已获准予", lambda d: "证照或者决定文书制作后将通知您领取或者送达。"),
    "case.refused": ("申请不予许可", lambda d: "理由及行政复议、行政诉讼途径见决定书。"),
    "case.terminated": ("申请终止办理", lambda d: "理由见终止办理通知书。"),
    "case.issued": ("证照或者决定文书已制作", lambda d: "请按您选择的方式领取，电子文书可以在“我的办件”查看。"),
    "case.delivered": ("办理结果已送达", _delivered),
    "case.clerical_corrected": ("文书笔误已更正", lambda d: f"{d['of']}中的笔误已更正，详见更正通知书。"),
}


def tell(case: Case, event: Event, *, at: datetime) -> None:
    """A notice to the applicant, where the kind of event is one that people are told of."""
    told = TOLD.get(event.kind)
    if told is None:
        return
    title, words = told
    body = f"您申请的“{case.title}”（{case.number}）：{words(event.data)}"
    notify(case.applicant, title=title, body=body, link=f"/my/cases/{case.number}/", about=case.stream, at=at)
