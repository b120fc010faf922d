"""没有找到的事: what people asked for and did not find, what they tell of it, and how it is answered.

Words are covered before anything is kept: numbers of persons and telephones never stand in them (个人信息保护法 6).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from yichuang.catalogue.rules.words import clean
from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.refusal import Refusal
from yichuang.core.rules.masking import cover

WORDS, WISH, NOTE, REASON, ADVICE = 100, 500, 500, 300, 500
"""Longest texts, in characters: of a question, of what one wants, of a note, of a reason, of an advice."""
DISTINCT = 500
"""Different questions counted in a day for a division: a robot cannot fill the table."""
SENT = 200
"""Requests that a division takes in a day."""
KEPT, COUNTED = timedelta(days=90), timedelta(days=400)
"""How long what a person told is kept; how long counts are."""

EDITOR = "catalogue_editor"
READERS = (EDITOR, "head", "auditor")

ANSWERED, NOT_OURS, NO_SUCH = "answered", "not_ours", "no_such"
OUTCOMES: Mapping[str, str] = {ANSWERED: "有这个事项", NOT_OURS: "不归本地办理", NO_SUCH: "没有这项服务"}
"""How a question is answered."""
OPEN, UNREACHABLE, CALLED, NO_CALL = "open", "unreachable", "called_back", "no_call"
STATES: Mapping[str, str] = {OPEN: "待回电", UNREACHABLE: "未接通", CALLED: "已回电", NO_CALL: "未留电话"}
"""Of a request. unreachable: tried, may be tried again. no_call: nobody left a number."""
SETTLED = (CALLED, UNREACHABLE)
WAITING = (OPEN, UNREACHABLE)

_PHONE = re.compile(r"(?:\+?86-?)?1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|12345")


def question(text: str) -> str:
    """The question as it is counted: numbers of persons gone, signs gone, small letters, one blank between words, at most WORDS.
    "" when nothing is left to count."""
    bare = re.sub(r"[^\w]+|_+", " ", clean(cover(clean(text))))
    return re.sub(r"\s+", " ", bare).strip()[:WORDS].strip()


def told(text: str) -> str:
    """Free text as it is kept: numbers covered, no control characters but line ends."""
    plain = "".join(c for c in text.replace("\r\n", "\n") if c == "\n" or c.isprintable())
    return cover(plain).strip()


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody sends, as it is kept."""

    words: str
    wish: str
    phone: str


def sent(words: str, wish: str, phone: str) -> Told:
    """Raises Refusal 422 "needs.incomplete" when it says nothing, is too long, or the phone number is none."""
    fields: dict[str, str] = {}
    if len(words) > WORDS:
        fields["words"] = f"最多{WORDS}个字"
    if len(wish) > WISH:
        fields["wish"] = f"最多{WISH}个字"
    kept = Told(question(words), told(wish), phone.strip())
    if not fields and not kept.words and not kept.wish:
        fields["words"] = "请写明想办什么事；证件号码和电话号码不要写在这里"
    if kept.phone and not _PHONE.fullmatch(kept.phone):
        fields["phone"] = "请填写11位手机号码，或带区号的座机号码"
    if fields:
        raise Refusal("needs.incomplete", "内容需要修改。", "请按提示修改后再提交。", fields=fields, status=422)
    return kept


def answer(outcome: str, *, item: int | None, reason: str, advice: str, facts: Mapping[str, Any], by: Actor) -> Event:
    """ "question.answered". item: id of an item in force, for "answered" alone. Raises Refusal 403 unless by an editor of the
    catalogue, 422 for what is lacking."""
    by.require(EDITOR)
    fields: dict[str, str] = {}
    reason, advice = reason.strip(), advice.strip()
    if outcome not in OUTCOMES:
        fields["outcome"] = "请选择一种答复"
    if outcome == ANSWERED and item is None:
        fields["item"] = "请选择在用的事项，或填写它的编码"
    if outcome == NOT_OURS and not reason:
        fields["reason"] = "请写明为什么不归本地办理"
    if outcome == NOT_OURS and not advice:
        fields["advice"] = "请写明可以到哪里办、找谁问"
    if len(reason) > REASON:
        fields["reason"] = f"最多{REASON}个字"
    if len(advice) > ADVICE:
        fields["advice"] = f"最多{ADVICE}个字"
    if fields:
        raise Refusal("needs.answer", "答复需要修改。", "请按提示修改后再提交。", fields=fields, status=422)
    data = {"outcome": outcome, "item": item if outcome == ANSWERED else None, "reason": reason, "advice": advice}
    return Event("question.answered", {**facts, **data})


def settle(state: str, outcome: str, note: str, *, by: Actor) -> Event:
    """ "need.settled". Raises Refusal 403 unless by an editor, 409 when there is nobody to call, 422."""
    by.require(EDITOR)
    if state not in WAITING:
        raise Refusal(
            "needs.settled", f"这份求助{STATES[state]}，不用再登记。", "请从列表中选择待回电的求助。", status=409
        )
    fields: dict[str, str] = {}
    if outcome not in SETTLED:
        fields["outcome"] = "请选择已回电或未接通"
    if len(note.strip()) > NOTE:
        fields["note"] = f"最多{NOTE}个字"
    if fields:
        raise Refusal("needs.settle", "登记需要修改。", "请按提示修改后再提交。", fields=fields, status=422)
    return Event("need.settled", {"outcome": outcome, "note": told(note)})
