"""Rules of reviews: levels, who may say what, rates that are cut and never rounded up, what is masked when shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.refusal import Refusal
from yichuang.core.rules import masking

LEVELS: dict[str, str] = {
    "very_satisfied": "非常满意",
    "satisfied": "满意",
    "basically_satisfied": "基本满意",
    "dissatisfied": "不满意",
    "very_dissatisfied": "非常不满意",
}
SATISFIED = ("very_satisfied", "satisfied")  # 满意率: 基本满意 is not counted as satisfied
BAD = ("dissatisfied", "very_dissatisfied")  # 差评
PHASES: dict[str, str] = {"service": "一次一评", "closing": "一事一评"}
CHANNELS: dict[str, str] = {
    "web": "网站",
    "mobile": "移动端",
    "qr": "扫码",
    "tablet": "窗口评价器",
    "device": "其他大厅设备",
    "phone": "电话",
    "sms": "短信",
}
# Offered with each level where the installation has none of its own: what was good, or what was not.
TAGS: dict[str, tuple[str, ...]] = {
    "very_satisfied": ("服务热情周到", "办事高效快捷", "一次就办好", "指引清楚明白", "材料少流程简", "网上办事方便"),
    "satisfied": ("服务态度好", "办理速度快", "一次性告知清楚", "环境整洁有序", "流程比较简便"),
    "basically_satisfied": ("服务基本到位", "等候时间稍长", "指引可以更清楚", "材料可以再精简", "系统可以更好用"),
    "dissatisfied": ("等候时间长", "没有一次性告知", "要求提供多余材料", "多次跑动", "系统不好用", "服务态度不佳"),
    "very_dissatisfied": ("态度生硬推诿", "超过承诺时间", "要求提供无关材料", "反复跑多次", "违规收费", "吃拿卡要"),
}
WORDS_MAX = 500
TAG_MAX = 20
TAGS_MAX = 8
OPEN_DAYS = 60  # how long an invitation can be used; configuration per installation
FIRST_CONTACT_DAYS, MEND_DAYS = 1, 15  # working days, for the handling of bad reviews


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation as the rules see it. applicant_ref: whose case it is, "" when nobody is known."""

    phase: str
    expires_at: datetime
    used: bool
    staff_ref: str = ""
    applicant_ref: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody says. tags: codes. named: the evaluator lets the organ know who it is."""

    level: str
    tags: tuple[str, ...] = ()
    words: str = ""
    named: bool = False


def used_already() -> Refusal:
    return Refusal(
        "review.used", "这次服务您已经评价过了，谢谢您。", "评价提交后不能修改；如有新的意见，请拨打政务服务热线反映。"
    )


def check_open(invited: Invited, *, by: Actor, at: datetime) -> None:
    """May this actor use it now? Raises Refusal 403 for staff, 409 when used, 410-like 409 when its time has passed."""
    if by.is_staff:
        raise Refusal(
            "review.staff",
            "工作人员不能代替群众评价。",
            "请把评价二维码或评价器交给办事人，由本人自愿评价。",
            law="国办发〔2019〕51号",
            status=403,
        )
    if invited.used:
        raise used_already()
    if at > invited.expires_at:
        raise Refusal(
            "review.expired", "这份评价邀请已过有效期。", "如有意见或建议，请拨打政务服务热线，或到服务窗口反映。"
        )


def may_be_named(invited: Invited, by: Actor) -> bool:
    """Named is who signed in and may act for the applicant: holding the code proves nothing about who one is."""
    return bool(invited.applicant_ref) and invited.applicant_ref in by.behalf


def submit(
    invited: Invited,
    answer: Answer,
    known_tags: Mapping[str, str],
    facts: Mapping[str, object],
    *,
    words_digest: str,
    channel: str,
    by: Actor,
    at: datetime,
) -> Event:
    """review.submitted. known_tags: code -> level of the tags in use. facts: where it belongs (ids, no personal data).

    Raises Refusal 403 for staff, 409 when the invitation is used or over, 422 for what must be mended.
    """
    check_open(invited, by=by, at=at)
    wrong: dict[str, str] = {}
    if answer.level not in LEVELS:
        wrong["level"] = "请选择一个满意程度"
    strange = [tag for tag in answer.tags if known_tags.get(tag) != answer.level]
    if strange and "level" not in wrong:
        wrong["tags"] = "请在所选满意程度对应的标签中选择"
    if len(answer.tags) > TAGS_MAX:
        wrong["tags"] = f"最多选择{TAGS_MAX}个标签"
    if len(answer.words) > WORDS_MAX:
        wrong["words"] = f"评价文字最多{WORDS_MAX}字，现有{len(answer.words)}字"
    if answer.named and not may_be_named(invited, by):
        wrong["named"] = "实名评价请先登录本人账号；也可以匿名评价"
    if channel not in CHANNELS:
        wrong["channel"] = "评价渠道不正确"
    if wrong:
        raise Refusal("review.content", "；".join(wrong.values()) + "。", "请修改后再提交。", fields=wrong, status=422)
    return Event(
        "review.submitted",
        {
            **facts,
            "phase": invited.phase,
            "level": answer.level,
            "tags": sorted(set(answer.tags)),
            "words": words_digest,
            "named": answer.named,
            "channel": channel,
            "is_default": False,
        },
    )


def usual_tags() -> list[dict[str, str | int]]:
    """The usual tags as rows of the table: code, level, label, order."""
    return [
        {"code": f"{level}-{number}", "level": level, "label": label, "order": number}
        for level, labels in TAGS.items()
        for number, label in enumerate(labels, 1)
    ]


def tidy(words: str) -> str:
    """Line ends and blanks in order, no control characters."""
    text = "".join(c for c in words.replace("\r\n", "\n") if c == "\n" or unicodedata.category(c)[0] != "C")
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def masked(words: str) -> str:
    """The words as the public may read them (`core.rules.masking.cover`)."""
    return masking.cover(words)


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of real ratings by level; a default rating is never in it."""

    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.get(level, 0) for level in LEVELS)

    def number(self, levels: Iterable[str]) -> int:
        return sum(self.counts.get(level, 0) for level in levels)

    @property
    def satisfied_rate(self) -> str:
        """非常满意 and 满意 over all, as cut text; "" for no ratings."""
        return rate(self.number(SATISFIED), self.total)

    @property
    def very_satisfied_rate(self) -> str:
        """非常满意率, as cut text."""
        return rate(self.number(("very_satisfied",)), self.total)

    @property
    def bad(self) -> int:
        return self.number(BAD)


def rate(part: int, whole: int, places: int = 2) -> str:
    """A percentage cut after `places` decimals, never rounded up: 99.999% satisfied is not 100%. "" of nothing."""
    if whole <= 0:
        return ""
    scaled = part * 100 * 10**places // whole
    return f"{scaled // 10**places}.{scaled % 10**places:0{places}d}%"


def expiry(at: datetime, days: int = OPEN_DAYS) -> datetime:
    return at + timedelta(days=days)
