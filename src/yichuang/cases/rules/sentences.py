"""An event as a Chinese sentence, for the timeline. Every kind has one; a test holds that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from yichuang.cases.rules.facts import CHANNELS, GROUNDS, LIGHTS, SPECIALS, WAYS
from yichuang.cases.rules.review import CONCLUSIONS
from yichuang.core.events import Event

Data = Mapping[str, Any]

TITLES: dict[str, str] = {
    "case.submitted": "收件",
    "case.accepted": "受理",
    "case.deemed_accepted": "视为受理",
    "case.correction_requested": "告知补正",
    "case.resubmitted": "提交补正",
    "case.lapse_warned": "提醒补正",
    "case.lapsed": "逾期未补正",
    "case.declined": "不予受理",
    "case.redirected": "告知有权机关",
    "case.withdrawn": "撤回",
    "case.assigned": "分派",
    "case.step_passed": "环节办结",
    "case.step_returned": "环节退回",
    "case.deferred_supplied": "补交材料",
    "case.special_started": "特别程序开始",
    "case.special_ended": "特别程序结束",
    "case.extended": "延长期限",
    "case.granted": "准予",
    "case.refused": "不予许可",
    "case.terminated": "终止",
    "case.issued": "制证",
    "case.delivered": "送达",
    "case.notice_delivered": "送达通知",
    "case.clerical_corrected": "更正",
    "case.archived": "归档",
    "case.flagged": "亮灯",
    "case.rescheduled": "重算期限",
    "case.document_rendered": "生成文书",
    "case.erased": "删除个人信息",
}
PUBLIC = frozenset(TITLES) - {"case.flagged", "case.document_rendered", "case.assigned", "case.step_returned"}
"""Kinds that the applicant's timeline shows."""


def cdate(text: str | None) -> str:
    """2026-11-24 -> 2026年11月24日."""
    if not text:
        return "（未定）"
    on = date.fromisoformat(text)
    return f"{on.year}年{on.month}月{on.day}日"


def _due(data: Data, name: str) -> str:
    return cdate(data.get("clock", {}).get(name))


def _number(data: Data) -> str:
    number = data.get("document", {}).get("number", "")
    return f"（{number}）" if number else ""


def _submitted(data: Data, who: str) -> str:
    until = f"受理期限至{_due(data, 'acceptance_due_on')}。"
    if data["channel"] == "window":  # who acted is the clerk, who does not apply
        return f"{who}在窗口收件，{until}"
    return f"{who}通过{CHANNELS[data['channel']]}提交申请，已收件，{until}"


def _accepted(data: Data, who: str) -> str:
    more = f"，容缺材料{len(data['deferred'])}项" if data.get("deferred") else ""
    return (
        f"{who}受理申请{_number(data)}{more}，承诺办结日期{_due(data, 'promised_due_on')}，"
        f"法定办结日期{_due(data, 'statutory_due_on')}。"
    )


def _deemed(data: Data, who: str) -> str:
    return (
        f"收件满五个工作日未告知，依法自收件之日（{cdate(data['received_on'])}）起视为受理，"
        f"承诺办结日期{_due(data, 'promised_due_on')}。"
    )


def _correction(data: Data, who: str) -> str:
    again = "再次" if data["repeat"] else "一次性"
    return f"{who}{again}告知需要补正的内容{data['points']}项{_number(data)}，请于{cdate(data['due_on'])}前补正。"


def _passed(data: Data, who: str) -> str:
    return f"{who}办结环节“{data['name']}”，{CONCLUSIONS[data['conclusion']]}。"


def _special_started(data: Data, who: str) -> str:
    return (
        f"{who}启动特别程序：{SPECIALS[data['special']]}，自{cdate(data['started_on'])}起所需时间"
        f"{data['needed_days']}个工作日不计入办理期限{_number(data)}。"
    )


def _special_ended(data: Data, who: str) -> str:
    return (
        f"特别程序（{SPECIALS[data['special']]}）于{cdate(data['ended_on'])}结束，"
        f"承诺办结日期为{_due(data, 'promised_due_on')}。"
    )


def _extended(data: Data, who: str) -> str:
    approval = f"，批准文号{data['approval']}" if data["approval"] else ""
    return (
        f"{who}批准延长办理期限{data['days']}个工作日{_number(data)}{approval}，承诺办结日期顺延至{_due(data, 'promised_due_on')}，"
        f"法定办结日期顺延至{_due(data, 'statutory_due_on')}。"
    )


def _delivered(data: Data, who: str) -> str:
    tracking = f"，运单号{data['tracking']}" if data.get("tracking") else ""
    return f"以{WAYS[data['way']]}方式送达{tracking}。"


def _issued(data: Data, who: str) -> str:
    return f"{who}制作证照，证照标识{data['licence']}。" if data.get("licence") else f"{who}制作决定文书。"


def _moved(data: Data, who: str) -> str:
    names = {
        "acceptance_due_on": "受理期限",
        "statutory_due_on": "法定办结日期",
        "promised_due_on": "承诺办结日期",
        "delivery_due_on": "送达期限",
    }
    moves = [
        f"{names[name]}由{cdate(old)}改为{cdate(data['now'].get(name))}"
        for name, old in data["was"].items()
        if name in names and old != data["now"].get(name)
    ]
    return f"工作日历更新，{'，'.join(moves) or '期限标注更新'}。"


_SENTENCES: dict[str, Callable[[Data, str], str]] = {
    "case.submitted": _submitted,
    "case.accepted": _accepted,
    "case.deemed_accepted": _deemed,
    "case.correction_requested": _correction,
    "case.resubmitted": lambda d, who: f"{who}提交补正材料，重新收件，受理期限至{_due(d, 'acceptance_due_on')}。",
    "case.lapse_warned": lambda d, who: f"第{d['nth']}次提醒补正，补正期限至{cdate(d['due_on'])}。",
    "case.lapsed": lambda d, who: f"逾期未补正，按撤回申请处理{_number(d)}。",
    "case.declined": lambda d, who: f"{who}决定不予受理{_number(d)}。",
    "case.redirected": lambda d, who: f"{who}决定不予受理，请向{d['to']}申请{_number(d)}。",
    "case.withdrawn": lambda d, who: f"{who}撤回申请{_number(d)}。",
    "case.assigned": lambda d, who: f"{who}认领本件。" if d["took"] else f"{who}将本件分派给{d['name']}承办。",
    "case.step_passed": _passed,
    "case.step_returned": lambda d, who: f"{who}在环节“{d['name']}”退回到“{d['to_name']}”。",
    "case.deferred_supplied": lambda d, who: f"{who}补交容缺材料。",
    "case.special_started": _special_started,
    "case.special_ended": _special_ended,
    "case.extended": _extended,
    "case.granted": lambda d, who: f"{who}决定准予许可{_number(d)}。",
    "case.refused": lambda d, who: f"{who}决定不予许可{_number(d)}，可以依法申请行政复议或者提起行政诉讼。",
    "case.terminated": lambda d, who: f"{who}终止办理：{GROUNDS[d['ground']]}{_number(d)}。",
    "case.issued": _issued,
    "case.delivered": _delivered,
    "case.notice_delivered": _delivered,
    "case.clerical_corrected": lambda d, who: f"{who}更正{d['of']}中的笔误{_number(d)}。",
    "case.archived": lambda d, who: "本件已归档。",
    "case.flagged": lambda d, who: f"{LIGHTS[d['light']]}：期限{cdate(d['due_on'])}。",
    "case.rescheduled": _moved,
    "case.document_rendered": lambda d, who: f"生成文书{d['number']}的文件。",
    "case.erased": lambda d, who: f"{who}依法删除本件的个人信息。",
}


def sentence(event: Event, who: str) -> str:
    """What happened, in one sentence. who: the actor's name as the log has it. Raises KeyError for an unknown kind."""
    return _SENTENCES[event.kind](event.data, who or "系统")
