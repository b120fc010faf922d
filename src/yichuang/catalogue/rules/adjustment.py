"""权力事项动态调整 (取消、承接、下放): its states and verbs as data, and what each verb needs.

`permit` answers whether a verb is open in a state to a person; the function of each verb returns its Event or raises a
Refusal that names the state, the basis and what to do instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.refusal import Refusal

WAYS: dict[str, str] = {"cancel": "取消", "take_over": "承接", "delegate": "下放"}
STATES: dict[str, str] = {
    "drafted": "拟订中",
    "asked": "征求意见中",
    "legal": "合法性审查中",
    "returned": "已退回修改",
    "cleared": "待政府批准",
    "approved": "待公布",
    "published": "已公布",
    "effected": "已生效",
    "withdrawn": "已撤回",
}
NEXT: dict[str, str] = {
    "drafted": "请先向有关部门征求意见。",
    "asked": "请等有关部门答复；逾期未答复的，由拟订人记明后送合法性审查。",
    "legal": "请由法制审核人作出审查意见。",
    "returned": "请拟订人按退回的理由修改，再征求意见或再送审查。",
    "cleared": "请由负责人登记政府批准文件。",
    "approved": "请由事项管理员登记公布文号和生效日期。",
    "published": "到生效日期由系统生效；有问题的，请先改好所列事项。",
    "effected": "已经生效的调整不能再改；情况有变的，请另行提出一次调整。",
    "withdrawn": "撤回的调整不能再办；确需调整的，请重新提出。",
}
PUBLIC = ("published", "effected")
ANSWERS: dict[str, str] = {"agree": "同意", "amend": "有修改意见", "disagree": "不同意"}
OPINION_DAYS, MOST_DAYS = 5, 30

LIST = "《关于推行地方各级政府工作部门权力清单制度的指导意见》（中办发〔2015〕21号）"
LEGAL = "《国务院办公厅关于全面推行行政规范性文件合法性审核机制的指导意见》（国办发〔2018〕115号）"
OPENNESS = "《中华人民共和国政府信息公开条例》第二十条"
SAME = "="


@dataclass(frozen=True, slots=True)
class Transition:
    """One arrow. to: the state after it ("=": it stays). roles: who may, in any scope of the division; "asked": staff of a
    department that was asked; "system": the platform by itself."""

    state: str
    verb: str
    to: str
    roles: tuple[str, ...]
    law: str = LIST


EDITOR, REVIEWER, HEAD = ("catalogue_editor",), ("legal_reviewer",), ("head",)
VERBS: dict[str, str] = {
    "revise": "修改",
    "ask": "征求意见",
    "answer": "答复意见",
    "note_overdue": "记明逾期未答复",
    "send": "送合法性审查",
    "clear": "审查通过",
    "return": "审查退回",
    "approve": "登记政府批准",
    "disapprove": "登记政府未批准",
    "publish": "公布",
    "effect": "生效",
    "withdraw": "撤回",
}
MACHINE: tuple[Transition, ...] = (
    Transition("drafted", "revise", SAME, EDITOR),
    Transition("returned", "revise", "drafted", EDITOR),
    Transition("drafted", "ask", "asked", EDITOR),
    Transition("returned", "ask", "asked", EDITOR),
    Transition("asked", "answer", SAME, ("asked",)),
    Transition("asked", "note_overdue", SAME, EDITOR),
    Transition("asked", "send", "legal", EDITOR, LEGAL),
    Transition("returned", "send", "legal", EDITOR, LEGAL),
    Transition("legal", "clear", "cleared", REVIEWER, LEGAL),
    Transition("legal", "return", "returned", REVIEWER, LEGAL),
    Transition("cleared", "approve", "approved", HEAD),
    Transition("cleared", "disapprove", "returned", HEAD),
    Transition("approved", "publish", "published", EDITOR, OPENNESS),
    Transition("published", "effect", "effected", ("catalogue_editor", "system")),
    *(
        Transition(state, "withdraw", "withdrawn", EDITOR)
        for state in ("drafted", "asked", "legal", "returned", "cleared")
    ),
)
_ARROWS = {(t.state, t.verb): t for t in MACHINE}
_LAWS = {t.verb: t.law for t in MACHINE}


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one department was asked in the present round. answer: "" until it answers. noted: its silence is on record."""

    department: int
    name: str
    due_on: date
    answer: str = ""
    noted: bool = False

    @property
    def settled(self) -> bool:
        return bool(self.answer) or self.noted


@dataclass(frozen=True, slots=True)
class Facts:
    """An adjustment as its rules see it. lines: how many powers. proposer: ref of who drafted it."""

    title: str
    state: str
    proposer: str
    lines: int = 0
    opinions: tuple[Opinion, ...] = ()
    approved_on: date | None = None
    effective_on: date | None = None


# -- who and when -----------------------------------------------------------------------------------------------------


def permit(facts: Facts, verb: str, by: Actor, *, department: int | None = None) -> Transition:
    """The arrow of the verb. department: whose staff `by` is. Raises Refusal 409 (the state), 403 (the person)."""
    arrow = _ARROWS.get((facts.state, verb))
    if arrow is None:
        raise Refusal(
            "adjustment.wrong_state",
            f"“{facts.title}”{STATES[facts.state]}，现在不能{VERBS[verb]}。",
            NEXT[facts.state],
            law=_LAWS[verb],
        )
    if "system" in arrow.roles and by.is_system:
        return arrow
    if "asked" in arrow.roles:
        if not by.is_staff or department not in {o.department for o in facts.opinions}:
            raise Refusal(
                "adjustment.not_asked",
                "这次调整没有向您所在的部门征求意见。",
                "需要提意见的，请与事项管理员联系，由其向您的部门征求意见。",
                law=arrow.law,
                status=403,
            )
    else:
        if not by.has_any(arrow.roles):
            by.require(arrow.roles[0])
        if arrow.roles == REVIEWER and facts.proposer in (by.ref, by.standing_in_for):
            raise Refusal(
                "adjustment.own_proposal",
                "拟订人不能审查自己提出的调整。",
                "请由另一名法制审核人审查。",
                law=arrow.law,
                status=403,
            )
    return arrow


def open_verbs(facts: Facts, by: Actor, *, department: int | None = None) -> list[str]:
    """What this person may do now, in the order of VERBS: the buttons of a page."""
    found = []
    for verb in VERBS:
        try:
            permit(facts, verb, by, department=department)
        except Refusal:
            continue
        found.append(verb)
    return found


# -- the verbs --------------------------------------------------------------------------------------------------------


def propose(data: dict[str, Any], by: Actor) -> Event:
    """A new adjustment. data: title, basis, reason, lines, as `shaped` gives them. Raises Refusal 403, 422."""
    by.require("catalogue_editor")
    return Event("adjustment.proposed", shaped(data))


def revise(facts: Facts, data: dict[str, Any], by: Actor) -> Event:
    arrow = permit(facts, "revise", by)
    return Event("adjustment.revised", {**shaped(data), "state": _to(facts, arrow)})


def ask(facts: Facts, departments: Sequence[int], due_on: date, by: Actor) -> Event:
    """Raises Refusal 422 when there is no power to adjust or nobody to ask."""
    permit(facts, "ask", by)
    if not facts.lines:
        raise _wrong("adjustment.no_lines", "还没有列明要调整的事项。", "请先添加至少一个事项。", {})
    if not departments:
        raise _wrong(
            "adjustment.nobody_asked",
            "没有选择征求意见的部门。",
            "请至少选择一个有关部门。",
            {"departments": "请至少选择一个部门"},
        )
    return Event("adjustment.opinions_asked", {"departments": list(departments), "due_on": due_on.isoformat()})


def due_days(days: int) -> int:
    """Working days given for opinions, 1 to 30. Raises Refusal 422."""
    if not 1 <= days <= MOST_DAYS:
        raise _wrong(
            "adjustment.days",
            f"征求意见的期限应为1至{MOST_DAYS}个工作日。",
            f"请填写1至{MOST_DAYS}之间的整数，一般为{OPINION_DAYS}。",
            {"days": f"请填写1至{MOST_DAYS}"},
        )
    return days


def answer(facts: Facts, department: int | None, answer: str, words: str, by: Actor) -> Event:
    """A department's opinion; a later answer takes the place of the first while opinions are asked."""
    permit(facts, "answer", by, department=department)
    if answer not in ANSWERS:
        raise _wrong("adjustment.answer", "请选择意见。", "请选择同意、有修改意见或不同意。", {"answer": "请选择意见"})
    if answer != "agree" and not words.strip():
        raise _wrong(
            "adjustment.words", "不同意或有修改意见的，要写明内容。", "请填写意见内容。", {"words": "请填写意见内容"}
        )
    return Event("adjustment.opinion_given", {"department": department, "answer": answer, "words": words.strip()})


def note_overdue(facts: Facts, note: str, today: date, by: Actor) -> Event:
    """That departments let the day pass. Raises Refusal 409 when none has, 422 without words."""
    permit(facts, "note_overdue", by)
    late = [o.department for o in facts.opinions if not o.settled and o.due_on < today]
    if not late:
        raise Refusal(
            "adjustment.not_overdue",
            "没有逾期未答复的部门。",
            _waiting(facts, today) or "意见已经齐了，请送合法性审查。",
            law=LIST,
        )
    if not note.strip():
        raise _wrong("adjustment.note", "要写明催办情况。", "请填写催办的时间和方式。", {"note": "请填写催办情况"})
    return Event("adjustment.overdue_noted", {"departments": late, "note": note.strip()})


def send(facts: Facts, summary: str, today: date, by: Actor) -> Event:
    """To 合法性审查. summary: what became of the opinions, needed when not all agree. Raises Refusal 409, 422."""
    permit(facts, "send", by)
    if not facts.lines:
        raise _wrong("adjustment.no_lines", "还没有列明要调整的事项。", "请先添加至少一个事项。", {})
    if not facts.opinions or not all(o.settled for o in facts.opinions):
        raise Refusal(
            "adjustment.opinions_open",
            "征求意见还没有结束，不能送合法性审查。",
            _waiting(facts, today) or "请先征求有关部门的意见。",
            law=LIST,
        )
    if any(o.answer in ("amend", "disagree") for o in facts.opinions) and not summary.strip():
        raise _wrong(
            "adjustment.summary",
            "有部门提出不同意见，要写明采纳情况。",
            "请逐条写明采纳与否和理由。",
            {"summary": "请写明意见采纳情况"},
        )
    return Event("adjustment.sent_to_legal", {"summary": summary.strip()})


def clear(facts: Facts, words: str, by: Actor) -> Event:
    permit(facts, "clear", by)
    return Event("adjustment.legal_passed", {"words": words.strip()})


def give_back(facts: Facts, reasons: str, by: Actor) -> Event:
    permit(facts, "return", by)
    return Event("adjustment.legal_returned", {"reason": _reasons(reasons)})


def approve(facts: Facts, number: str, on: date, today: date, by: Actor) -> Event:
    """The government's approval. number: of its document. on: its date, today or before."""
    permit(facts, "approve", by)
    number = _number(number, "批准文件的文号")
    if on > today:
        raise _wrong(
            "adjustment.date", "批准日期还没有到。", "请按批准文件填写日期。", {"approved_on": "批准日期不能晚于今天"}
        )
    return Event("adjustment.approved", {"number": number, "on": on.isoformat()})


def disapprove(facts: Facts, reasons: str, by: Actor) -> Event:
    permit(facts, "disapprove", by)
    return Event("adjustment.not_approved", {"reason": _reasons(reasons)})


def publish(facts: Facts, number: str, on: date, effective_on: date, today: date, by: Actor) -> Event:
    """Raises Refusal 422: a day to come, before the approval, in force before it is published."""
    permit(facts, "publish", by)
    number = _number(number, "公布文件的文号")
    wrong: dict[str, str] = {}
    if on > today:
        wrong["published_on"] = "公布日期不能晚于今天"
    elif facts.approved_on and on < facts.approved_on:
        wrong["published_on"] = "公布日期不能早于批准日期"
    if effective_on < on:
        wrong["effective_on"] = "生效日期不能早于公布日期"
    if wrong:
        raise Refusal(
            "adjustment.date",
            f"{'；'.join(wrong.values())}。",
            "请按公布文件改正日期。",
            law=OPENNESS,
            fields=wrong,
            status=422,
        )
    return Event(
        "adjustment.published", {"number": number, "on": on.isoformat(), "effective_on": effective_on.isoformat()}
    )


def effect(facts: Facts, lines: list[dict[str, Any]], today: date, by: Actor) -> Event:
    """lines: {"line", "item", "way", "before", "after"} of each power, the versions by id. Raises Refusal 409 too early."""
    due(facts, today, by)
    return Event("adjustment.effected", {"lines": lines})


def due(facts: Facts, today: date, by: Actor) -> None:
    """Raises Refusal unless the adjustment may take effect today."""
    permit(facts, "effect", by)
    if facts.effective_on is None or facts.effective_on > today:
        day = facts.effective_on.isoformat() if facts.effective_on else ""
        raise Refusal(
            "adjustment.not_yet",
            f"生效日期{day}还没有到。",
            "到生效日期由系统自动生效，不需要操作。",
            law=LIST,
        )


def fail(troubles: list[dict[str, Any]]) -> Event:
    """Why it could not take effect: {"line", "name", "what", "next"} of each power in trouble; nothing was done."""
    return Event("adjustment.effect_failed", {"troubles": troubles})


def withdraw(facts: Facts, reason: str, by: Actor) -> Event:
    permit(facts, "withdraw", by)
    return Event("adjustment.withdrawn", {"reason": _reasons(reason)})


def recorded(data: dict[str, Any], number: str, approval: str, on: date, effective_on: date, today: date) -> Event:
    """An adjustment of the past, entered whole."""
    number = _number(number, "公布文件的文号")
    if on > today or effective_on > today or effective_on < on:
        raise _wrong(
            "adjustment.date",
            "补录的调整，公布日期和生效日期都应是过去的，且生效不早于公布。",
            "请按当时的文件填写；还没有生效的调整请按程序办理。",
            {"effective_on": "请按当时的文件填写"},
        )
    told = shaped(data)
    if not told["lines"]:
        raise _wrong("adjustment.no_lines", "还没有列明调整的事项。", "请列明至少一个事项。", {})
    days = {"on": on.isoformat(), "effective_on": effective_on.isoformat()}
    return Event("adjustment.recorded", {**told, "number": number, "approval": approval.strip(), **days})


# -- shapes -----------------------------------------------------------------------------------------------------------

LINE = ("way", "name", "code", "item", "version", "from", "to", "department", "level", "note")


def shaped(data: dict[str, Any]) -> dict[str, Any]:
    """title, basis, reason, lines with every key of LINE. Raises Refusal 422 for what lacks or is doubled."""
    told: dict[str, Any] = {name: str(data.get(name) or "").strip() for name in ("title", "basis", "reason")}
    wrong: dict[str, str] = {}
    if not told["title"]:
        wrong["title"] = "请填写标题"
    if not told["basis"]:
        wrong["basis"] = "请填写依据的文件"
    told["lines"] = [_line(line, n, wrong) for n, line in enumerate(data.get("lines") or [])]
    for label in _doubled(told["lines"]):
        wrong["lines"] = f"事项“{label}”列了两次"
    if wrong:
        words = "；".join(list(wrong.values())[:3])
        raise Refusal(
            "adjustment.malformed",
            f"调整的内容有误：{words}。",
            "请按提示改正后再保存。",
            law=LIST,
            fields=wrong,
            status=422,
        )
    return told


def _line(line: dict[str, Any], n: int, wrong: dict[str, str]) -> dict[str, Any]:
    told = {name: line.get(name) for name in LINE}
    for name in ("way", "name", "code", "from", "to", "level", "note"):
        told[name] = str(told[name] or "").strip()
    if told["way"] not in WAYS:
        wrong[f"lines.{n}.way"] = f"第{n + 1}项的调整方式应为取消、承接或下放"
    if not told["name"]:
        wrong[f"lines.{n}.name"] = f"第{n + 1}项没有事项名称"
    if told["way"] == "delegate" and not told["to"]:
        wrong[f"lines.{n}.to"] = f"第{n + 1}项下放，没有写明承接的街道或单位"
    return told


def _doubled(lines: Iterable[dict[str, Any]]) -> list[str]:
    seen: set[Any] = set()
    twice = []
    for line in lines:
        if line["item"] is not None and line["item"] in seen:
            twice.append(str(line["name"]))
        seen.add(line["item"])
    return twice


def next_state(state: str, verb: str) -> str:
    """The state after a verb that the machine allows here."""
    arrow = _ARROWS[state, verb]
    return state if arrow.to == SAME else arrow.to


def _to(facts: Facts, arrow: Transition) -> str:
    return facts.state if arrow.to == SAME else arrow.to


def _waiting(facts: Facts, today: date) -> str:
    """Whom one waits for, in words."""
    late = [o.name for o in facts.opinions if not o.settled and o.due_on < today]
    waited = [o.name for o in facts.opinions if not o.settled and o.due_on >= today]
    if late:
        return f"{'、'.join(late)}逾期未答复，请先记明催办情况。"
    if waited:
        day = max(o.due_on for o in facts.opinions if not o.settled)
        return f"请等{'、'.join(waited)}在{day.isoformat()}前答复。"
    return ""


def _reasons(reason: str) -> str:
    if not reason.strip():
        raise _wrong(
            "adjustment.reason", "要写明理由。", "请填写理由，拟订人和公众监督都据此了解。", {"reason": "请填写理由"}
        )
    return reason.strip()


def _number(number: str, label: str) -> str:
    if not number.strip():
        raise _wrong(
            "adjustment.number",
            f"要填写{label}。",
            f"请填写{label}，例如“阎政发〔2026〕1号”。",
            {"number": f"请填写{label}"},
        )
    return number.strip()


def _wrong(code: str, message: str, next_step: str, fields: dict[str, str]) -> Refusal:
    return Refusal(code, message, next_step, law=LIST, fields=fields, status=422)
