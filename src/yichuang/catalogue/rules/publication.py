"""A version on its way into force: drafted by one person, reviewed by another; its stages and verbs as data.

`permit` answers whether a verb is open in a stage to a person; the function of each verb returns its Event or raises a
Refusal that names the stage, the basis and what to do instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.refusal import Refusal

STAGES: dict[str, str] = {"": "拟订中", "submitted": "待法制审核", "approved": "待生效"}
"""Of a draft: ItemVersion.stage."""
PLACES: dict[str, str] = {
    "draft": "拟订中",
    "submitted": "待法制审核",
    "approved": "待生效",
    "published": "已发布",
    "retired": "已废止",
}
NEXT: dict[str, str] = {
    "draft": "请先送法制审核。",
    "submitted": "请等法制审核人审核；要改内容的，先撤回送审。",
    "approved": "到实施日期由系统发布；要改内容或者日期的，先撤回送审。",
    "published": "请为该事项起草新版本，在新版本中修改后送法制审核。",
    "retired": "请为该事项起草新版本，在新版本中修改后送法制审核。",
}

LAW = "《国务院关于加快推进政务服务标准化规范化便利化的指导意见》（国发〔2022〕5号）"
REVIEW = "《国务院办公厅关于全面推行行政执法公示制度执法全过程记录制度重大执法决定法制审核制度的指导意见》（国办发〔2018〕118号）"
NOTE, REMARK = 500, 1000
"""Longest words: of a 修改说明, of a 批注."""

EDITOR, REVIEWER, PLATFORM = ("catalogue_editor",), ("legal_reviewer",), ("system",)


@dataclass(frozen=True, slots=True)
class Transition:
    """One arrow. roles: who may, in any scope of the division; "system": the platform by a rule (an adjustment that was
    reviewed, the day that was approved, the operator's import)."""

    place: str
    verb: str
    to: str
    roles: tuple[str, ...]
    law: str = LAW


VERBS: dict[str, str] = {
    "revise": "修改",
    "submit": "送法制审核",
    "approve": "审核通过",
    "return": "退回修改",
    "withdraw": "撤回送审",
    "publish": "发布",
    "retire": "废止",
}
MACHINE: tuple[Transition, ...] = (
    Transition("draft", "revise", "draft", (*EDITOR, *PLATFORM)),
    Transition("draft", "submit", "submitted", EDITOR),
    Transition("submitted", "approve", "approved", REVIEWER, REVIEW),
    Transition("submitted", "return", "draft", REVIEWER, REVIEW),
    Transition("approved", "return", "draft", (*REVIEWER, *PLATFORM), REVIEW),
    Transition("submitted", "withdraw", "draft", EDITOR),
    Transition("approved", "withdraw", "draft", EDITOR),
    *(Transition(place, "publish", "published", PLATFORM) for place in ("draft", "submitted", "approved")),
    *(
        Transition(place, "retire", "retired", (*EDITOR, *PLATFORM))
        for place in ("draft", "submitted", "approved", "published")
    ),
)
_ARROWS = {(t.place, t.verb): t for t in MACHINE}
_LAWS = {t.verb: t.law for t in MACHINE}


@dataclass(frozen=True, slots=True)
class Facts:
    """A version as its rules see it. place: key of PLACES. writers: refs of everybody who wrote its content or sent it to
    review. planned: the day from which it is to be in force, None for as soon as it is approved."""

    number: int
    place: str
    writers: frozenset[str] = frozenset()
    planned: date | None = None

    @property
    def title(self) -> str:
        return f"第{self.number}版"


def place_of(state: str, stage: str) -> str:
    return stage if state == "draft" and stage else state


def permit(facts: Facts, verb: str, by: Actor) -> Transition:
    """The arrow of the verb. Raises Refusal 409 (the stage), 403 (the person)."""
    arrow = _ARROWS.get((facts.place, verb))
    if arrow is None:
        raise Refusal(
            "catalogue.not_a_draft" if facts.place in ("published", "retired") else "catalogue.stage",
            f"{facts.title}{PLACES[facts.place]}，现在不能{VERBS[verb]}。",
            NEXT[facts.place],
            law=_LAWS[verb],
        )
    if by.is_system and "system" in arrow.roles:
        return arrow
    if verb == "publish":
        raise Refusal(
            "catalogue.submit_first",
            "一个人不能让一个版本生效：一人送审，由另一名法制审核人审核通过。",
            NEXT[facts.place],
            law=arrow.law,
        )
    if not by.has_any(arrow.roles):
        by.require(arrow.roles[0])
    if REVIEWER[0] in arrow.roles and facts.writers & {by.ref, by.standing_in_for}:
        raise Refusal(
            "catalogue.same_person",
            "起草、修改或者送审过这一版的人，不能审核它。",
            "请由另一名法制审核人审核。",
            law=arrow.law,
            status=403,
        )
    return arrow


def open_verbs(facts: Facts, by: Actor) -> list[str]:
    """What this person may do now, in the order of VERBS: the buttons of a page."""
    found = []
    for verb in VERBS:
        try:
            permit(facts, verb, by)
        except Refusal:
            continue
        found.append(verb)
    return found


# -- the verbs --------------------------------------------------------------------------------------------------------


def submit(facts: Facts, note: str, effective_on: date | None, today: date, by: Actor) -> Event:
    """To legal review. effective_on: today or a day to come. Raises Refusal 403, 409, 422."""
    permit(facts, "submit", by)
    told = words(note, "note", "修改说明", "审核人和日后查阅的人据此了解为什么修改。", NOTE)
    if effective_on is not None and effective_on < today:
        raise Refusal(
            "catalogue.past_day",
            f"计划实施日期{effective_on.isoformat()}已经过去。",
            "请填写今天或以后的日期；留空的，审核通过当天实施。",
            law=LAW,
            fields={"effective_on": "计划实施日期不能早于今天"},
            status=422,
        )
    return Event(
        "version.submitted", {"note": told, "effective_on": effective_on.isoformat() if effective_on else None}
    )


def approve(facts: Facts, opinion: str, by: Actor) -> Event:
    """By a second person. Raises Refusal 403, 409."""
    permit(facts, "approve", by)
    return Event("version.approved", {"opinion": opinion.strip()[:REMARK]})


def give_back(facts: Facts, reason: str, by: Actor) -> Event:
    """To who drafted it. Raises Refusal 403, 409, 422 without a reason."""
    permit(facts, "return", by)
    return Event("version.returned", {"reason": words(reason, "reason", "退回的理由", "起草人据此修改。", None)})


def withdraw(facts: Facts, reason: str, by: Actor) -> Event:
    permit(facts, "withdraw", by)
    return Event("version.submission_withdrawn", {"reason": reason.strip()[:NOTE]})


def come(facts: Facts, today: date) -> bool:
    """Whether the day of an approved version has come."""
    return facts.planned is None or facts.planned <= today


def words(text: str, name: str, label: str, why: str, most: int | None) -> str:
    """What must be written. Raises Refusal 422."""
    told = text.strip()
    if not told or (most and len(told) > most):
        says = f"请填写{label}" if not told else f"{label}不超过{most}字"
        raise Refusal("catalogue.words", f"{says}。", f"{says}，{why}", law=LAW, fields={name: says}, status=422)
    return told
