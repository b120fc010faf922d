"""A case as a value: what rules look at and what `apply` makes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")

STATES: dict[str, str] = {
    "draft": "填报中",
    "received": "已收件",
    "correcting": "补正中",
    "accepted": "已受理",
    "suspended": "特别程序中",
    "granted": "准予",
    "refused": "不予许可",
    "declined": "不予受理",
    "withdrawn": "已撤回",
    "terminated": "已终止",
    "closed": "已办结",
    "archived": "已归档",
}
OPEN = ("received", "correcting", "accepted", "suspended", "granted", "refused")
FINAL = ("declined", "withdrawn", "terminated", "closed", "archived")
LIGHTS: dict[str, str] = {
    "": "不计时",
    "green": "正常",
    "yellow": "黄灯",
    "red": "红灯",
    "overdue": "红灯（超法定期限）",
}
STEP_STATES: dict[str, str] = {"waiting": "待开启", "open": "办理中", "passed": "已办", "skipped": "不适用"}
CHANNELS: dict[str, str] = {
    "online": "网上",
    "window": "窗口",
    "mobile": "移动端",
    "express": "快递",
    "kiosk": "自助终端",
    "api": "接口",
}
SPECIALS: dict[str, str] = {
    "hearing": "听证",
    "tender": "招标",
    "auction": "拍卖",
    "inspection": "检验",
    "testing": "检测",
    "quarantine": "检疫",
    "appraisal": "鉴定",
    "expert_review": "专家评审",
}
GROUNDS: dict[str, str] = {
    "applicant_gone": "申请人死亡、丧失行为能力或者依法终止",
    "deferred_missed": "容缺材料逾期未补交",
    "matter_gone": "申请事项依法不再需要办理或者已无法办理",
    "superseded": "法律、法规、规章修改或者废止",
}
WAYS: dict[str, str] = {"counter": "窗口领取", "post": "邮寄送达", "electronic": "电子送达"}


def day(at: datetime) -> date:
    """The calendar day in China of an aware moment."""
    return at.astimezone(CHINA).date()


@dataclass(frozen=True, slots=True)
class Step:
    """环节 of this case. round: 1, and one more each time it is sent back. by: ref of who passed it."""

    code: str
    name: str
    role: str
    kind: str
    group: int
    department_id: int
    days: int
    required: bool
    state: str = "waiting"
    round: int = 1
    conclusion: str = ""
    by: str = ""
    staff: tuple[int, ...] = ()
    opened_on: date | None = None
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class Suspension:
    """特别程序 (行政许可法 45): working days in [started_on, ended_on) do not count. needed_days: as told in writing."""

    no: int
    kind: str
    needed_days: int
    started_on: date
    ended_on: date | None = None


@dataclass(frozen=True)
class CaseFacts:
    """Everything that `apply` decides. Days are days in China; `_at` are aware moments. `but` changes some of it."""

    number: str = ""
    division: str = ""
    item_id: int = 0
    version_id: int = 0
    department_id: int = 0
    point: str = ""
    channel: str = ""
    applicant_id: int = 0
    agent_id: int | None = None
    instant: bool = False
    licensed: bool = False
    acceptance_days: int = 5
    statutory_days: int = 20
    statutory_type: str = "working"
    promised_days: int = 20
    promised_type: str = "working"
    handling: str = ""
    state: str = "draft"
    received_at: datetime | None = None
    accepted_at: datetime | None = None
    decided_at: datetime | None = None
    issued_at: datetime | None = None
    delivered_at: datetime | None = None
    closed_at: datetime | None = None
    deemed: bool = False
    handler_id: int | None = None
    corrections: int = 0
    correction_due_on: date | None = None
    lapse_warnings: int = 0
    warned_on: date | None = None
    extended_days: int = 0
    decision: str = ""
    decision_number: str = ""
    licence_id: int | None = None
    deferred: tuple[tuple[str, str], ...] = ()
    flags: tuple[str, ...] = ()
    # the clock's answers, written by the event that moved them
    acceptance_due_on: date | None = None
    statutory_due_on: date | None = None
    promised_due_on: date | None = None
    delivery_due_on: date | None = None
    due_on: date | None = None
    provisional: bool = False
    moving: bool = False
    moving_from: date | None = None
    light: str = ""
    attention_on: date | None = None
    steps: tuple[Step, ...] = field(default=())
    suspensions: tuple[Suspension, ...] = field(default=())

    def but(self, **changes: Any) -> CaseFacts:
        """These facts with some changed: `dataclasses.replace` for a value that every event makes anew, without setting
        fifty fields one by one. Raises TypeError for a name that is no field."""
        held = {**self.__dict__, **changes}
        if len(held) != len(self.__dict__):
            raise TypeError(f"no fields of a case: {', '.join(sorted(changes.keys() - self.__dict__.keys()))}")
        made = object.__new__(CaseFacts)
        made.__dict__.update(held)
        return made

    @property
    def received_on(self) -> date | None:
        return day(self.received_at) if self.received_at else None

    @property
    def accepted_on(self) -> date | None:
        return day(self.accepted_at) if self.accepted_at else None

    @property
    def decided_on(self) -> date | None:
        return day(self.decided_at) if self.decided_at else None

    @property
    def handler(self) -> str:
        return f"staff:{self.handler_id}" if self.handler_id else ""

    def step(self, code: str) -> Step | None:
        return next((s for s in self.steps if s.code == code), None)
