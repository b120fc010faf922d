"""What may be shown of a licence decision, when it is due, who decides: states, verbs and their events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.refusal import Refusal
from yichuang.core.rules.workdays import Calendar
from yichuang.publicity.rules.record import Problem

DUE_DAYS = 7  # working days from the decision (国办发〔2018〕118号)
WARN_DAYS = 2  # working days before it that the officer is told
LAW = "国办发〔2018〕118号（全面推行行政执法公示制度）"
LAW_5 = "《中华人民共和国行政许可法》第五条"

PENDING, PUBLISHED, WITHHELD, WITHDRAWN = "pending", "published", "withheld", "withdrawn"
STATES = {PENDING: "待公示", PUBLISHED: "已公示", WITHHELD: "不予公开", WITHDRAWN: "已撤下"}
# (state, verb) -> state
TRANSITIONS = {
    (PENDING, "publish"): PUBLISHED,
    (PENDING, "withhold"): WITHHELD,
    (WITHHELD, "publish"): PUBLISHED,
    (PUBLISHED, "withdraw"): WITHDRAWN,
    (WITHDRAWN, "publish"): PUBLISHED,
}
VERBS = {"publish": "公示", "withhold": "不予公开", "withdraw": "撤下", "mend": "更正"}
# 行政许可法 5: the only grounds on which a grant is not public
REASONS = {"state_secret": "涉及国家秘密", "trade_secret": "涉及商业秘密", "personal_privacy": "涉及个人隐私"}
WITHDRAW_REASONS = {
    "error": "公示内容有误，更正后重新公示",
    "decision_changed": "决定已被撤销、变更或者确认违法",
    "secret_found": "发现涉及国家秘密、商业秘密或者个人隐私",
}
ROLE = "publicity_officer"


@dataclass(frozen=True, slots=True)
class Facts:
    """A public record as the rules see it."""

    state: str
    department_scope: str
    due_on: date
    problems: tuple[Problem, ...] = ()
    complete: bool = True  # the licence that the decision leads to has been made, or none is due


def reason_of(text: str) -> str:
    """The ground that an item's own words name ("涉及国家秘密", "国家秘密", "state_secret"); "" for none.

    An item that says it is withheld, in words that name no lawful ground, is for the officer to decide: "unclear"."""
    text = text.strip()
    if not text:
        return ""
    for code, label in REASONS.items():
        if text == code or label.removeprefix("涉及") in text:
            return code
    return "unclear"


def due(calendar: Calendar, decided_on: date) -> date:
    """The last day of publication: day 7 of working days, the day of the decision not counted (行政许可法 82)."""
    return calendar.add(decided_on, DUE_DAYS)


def _permit(facts: Facts, by: Actor) -> None:
    if not (by.is_system or by.has(ROLE, facts.department_scope)):
        raise Refusal(
            "publicity.not_permitted",
            "公示、不予公开和更正由公示专员办理。",
            "请联系本部门的公示专员。",
            law=LAW,
            status=403,
        )


def _step(state: str, verb: str) -> str:
    if (state, verb) in TRANSITIONS:
        return TRANSITIONS[state, verb]
    open_now = "、".join(VERBS[v] for s, v in TRANSITIONS if s == state)
    raise Refusal(
        "publicity.wrong_state",
        f"该记录当前状态为“{STATES[state]}”，不能{VERBS[verb]}。",
        f"当前可以：{open_now}。" if open_now else "请刷新页面查看最新情况。",
    )


def publish(facts: Facts, *, by: Actor) -> Event:
    """publicity.published. Raises Refusal 403; 409 when it is public already or the licence is still to be made."""
    _permit(facts, by)
    _step(facts.state, "publish")
    if not facts.complete:
        raise Refusal(
            "publicity.incomplete", "证照尚未制发，公示内容还不完整。", "证照制发后系统自动公示，无需手工操作。"
        )
    return Event("publicity.published", {"was": facts.state})


def withhold(facts: Facts, reason: str, note_digest: str, *, by: Actor) -> Event:
    """publicity.withheld, on one of the three grounds of 行政许可法 5. Raises Refusal 403, 409, 422."""
    _permit(facts, by)
    _step(facts.state, "withhold")
    if reason not in REASONS:
        raise Refusal(
            "publicity.reason",
            "准予许可的决定应当公开；不予公开只能基于法定理由。",
            "请选择涉及国家秘密、商业秘密或者个人隐私中的一项。",
            law=LAW_5,
            fields={"reason": "请选择不予公开的法定理由"},
            status=422,
        )
    return Event("publicity.withheld", {"reason": reason, "note": note_digest})


def withdraw(facts: Facts, reason: str, note_digest: str, *, by: Actor) -> Event:
    """publicity.withdrawn: taken from the public pages, with the reason. Raises Refusal 403, 409, 422."""
    _permit(facts, by)
    _step(facts.state, "withdraw")
    if reason not in WITHDRAW_REASONS:
        raise Refusal(
            "publicity.reason",
            "撤下公示应当写明理由。",
            "请选择撤下的理由。",
            fields={"reason": "请选择撤下的理由"},
            status=422,
        )
    return Event("publicity.withdrawn", {"reason": reason, "note": note_digest})


def mend(facts: Facts, changed: Sequence[str], digest: str, problems: Sequence[Problem], *, by: Actor) -> Event:
    """publicity.mended: the record as it is now; changed: names of fields. Raises Refusal 403."""
    _permit(facts, by)
    return Event(
        "publicity.mended",
        {"fields": sorted(changed), "record": digest, "problems": [p.field for p in problems]},
    )


def push(facts: Facts, adapters: Sequence[str], key: str) -> Event:
    """publicity.pushed. Raises Refusal 409 "publicity.wrong_record" with every reason when the record is not right, or
    "publicity.not_public" when it is not public: what is withheld is told to nobody."""
    if facts.state != PUBLISHED:
        raise Refusal("publicity.not_public", "未公示的记录不报送信用平台。", "请先公示。")
    if facts.problems:
        raise Refusal(
            "publicity.wrong_record",
            "双公示记录不符合数据标准，不能报送：" + "；".join(p.message for p in facts.problems) + "。",
            "请公示专员更正后重新报送。",
            fields={p.field: p.message for p in facts.problems},
            status=422,
        )
    return Event("publicity.pushed", {"adapters": list(adapters), "key": key})


def warning(facts: Facts, today: date, calendar: Calendar) -> str:
    """ "" | near | late: what the officer is told of a decision that is not public yet."""
    if facts.state != PENDING:
        return ""
    if today > facts.due_on:
        return "late"
    return "near" if calendar.count(today, facts.due_on) <= WARN_DAYS else ""


def light(facts: Facts, today: date) -> str:
    """ "" | yellow | red: of a decision that is not public yet, by its due date."""
    if facts.state != PENDING:
        return ""
    if today > facts.due_on:
        return "red"
    return "yellow" if (facts.due_on - today).days <= WARN_DAYS else ""


def rate(part: int, whole: int) -> str:
    """A percentage cut after two decimals, never rounded up; "" of nothing."""
    if whole <= 0:
        return ""
    scaled = part * 10000 // whole
    return f"{scaled // 100}.{scaled % 100:02d}%"
