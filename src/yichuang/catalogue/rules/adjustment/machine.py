"""Its states and verbs as data: which verb is open in a state, and to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yichuang.core.actor import Actor
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


def open_verbs(facts: Facts, by: Actor, *, department: int | None = None, today: date | None = None) -> list[str]:
    """What this person may do now, in the order of VERBS: the buttons of a page. today: leaves out what must wait as well: silence that
    is not late, a review before all are heard, effect before its day."""
    found = []
    for verb in VERBS:
        try:
            permit(facts, verb, by, department=department)
        except Refusal:
            continue
        if today is None or _ripe(facts, verb, today):
            found.append(verb)
    return found


def _ripe(facts: Facts, verb: str, today: date) -> bool:
    if verb == "note_overdue":
        return bool(overdue(facts, today))
    if verb == "send":
        return all(o.settled for o in facts.opinions)
    if verb == "effect":
        return facts.effective_on is not None and facts.effective_on <= today
    return True


def overdue(facts: Facts, today: date) -> list[Opinion]:
    """Who let the day pass, and nobody has put it on record."""
    return [o for o in facts.opinions if not o.settled and o.due_on < today]


def next_state(state: str, verb: str) -> str:
    """The state after a verb that the machine allows here."""
    arrow = _ARROWS[state, verb]
    return state if arrow.to == SAME else arrow.to
