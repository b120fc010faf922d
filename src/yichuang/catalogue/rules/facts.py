"""A version of an item as plain values: what cases, documents and pages work with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from yichuang.catalogue.rules.form import Condition, FormDefinition
from yichuang.catalogue.rules.situations import GROUP, NO_FEE, Row, Situations

TASK_TYPES: Mapping[str, str] = {
    "01": "行政许可",
    "02": "行政处罚",
    "03": "行政强制",
    "04": "行政征收",
    "05": "行政给付",
    "06": "行政检查",
    "07": "行政确认",
    "08": "行政奖励",
    "09": "行政裁决",
    "10": "其他行政权力",
    "20": "公共服务",
}
PROJECT_TYPES: Mapping[str, str] = {"1": "即办件", "2": "承诺件", "9": "其他"}
USE_LEVELS: Mapping[str, str] = {"1": "国家级", "2": "省级", "3": "市级", "4": "县级", "5": "镇街级", "6": "村社区级"}
DEPT_TYPES: Mapping[str, str] = {"1": "法定机关", "2": "授权组织", "3": "受委托组织", "9": "其他"}
TASK_STATES: Mapping[str, str] = {"1": "在用", "2": "挂起", "3": "取消"}
AUDIENCES: Mapping[str, str] = {"person": "个人", "legal": "法人"}
HANDLE_TYPES: Mapping[str, str] = {"1": "窗口办理", "2": "网上办理", "3": "移动端办理", "4": "快递申请", "9": "其他"}
ONLINE_DEPTHS: Mapping[str, str] = {
    "1": "咨询",
    "2": "收件",
    "3": "预审",
    "4": "受理",
    "5": "办理",
    "6": "结果反馈",
    "7": "电子证照反馈",
    "8": "其他",
}
NEEDS: Mapping[str, str] = {"1": "必要", "2": "非必要", "3": "容缺后补"}
MATERIAL_FORMATS: Mapping[str, str] = {"1": "纸质", "2": "电子", "3": "纸质或电子"}
SOURCE_TYPES: Mapping[str, str] = {"10": "申请人自备", "20": "政府部门核发", "99": "其他"}
DELIVERIES: Mapping[str, str] = {"counter": "窗口领取", "post": "邮寄送达", "electronic": "电子送达"}
STEP_KINDS: Mapping[str, str] = {
    "examine": "审查",
    "review": "审核",
    "decide": "决定",
    "site_check": "现场核查",
    "expert": "专家评审",
}
STEP_ROLES: Mapping[str, str] = {"handler": "承办人", "reviewer": "审核人", "head": "负责人"}
REFORM_WAYS: Mapping[str, str] = {"1": "直接取消审批", "2": "审批改为备案", "3": "实行告知承诺", "4": "优化审批服务"}
"""证照分离改革方式 (国发〔2021〕7号)."""
CROSS_MODES: Mapping[str, str] = {"1": "全程网办", "2": "异地代收代办", "3": "多地联办"}
"""跨区域办理方式 (国办发〔2020〕35号)."""
DAY_TYPES: Mapping[str, str] = {"working": "个工作日", "calendar": "个自然日"}


def promised(project_type: str, days: int | None, day_type: str) -> str:
    """ "当场办结", "5个工作日"; "" when the period is not known."""
    if project_type == "1":
        return "当场办结"
    return "" if days is None else f"{days}{DAY_TYPES.get(day_type, '天')}"


LAW_LEVELS: Mapping[str, int] = {
    "宪法": 0,
    "法律": 1,
    "行政法规": 2,
    "国务院决定": 2,
    "地方性法规": 3,
    "自治条例和单行条例": 3,
    "部门规章": 4,
    "省级政府规章": 4,
    "市级政府规章": 5,
    "规范性文件": 6,
}

LAW_BASE, RULE_BASE = "国家法律法规数据库（flk.npc.gov.cn）", "国家规章库（中国政府网）"
LAW_TEXTS: Mapping[str, str] = {
    "宪法": LAW_BASE,
    "法律": LAW_BASE,
    "行政法规": LAW_BASE,
    "地方性法规": LAW_BASE,
    "自治条例和单行条例": LAW_BASE,
    "国务院决定": "中国政府网（www.gov.cn）",
    "部门规章": RULE_BASE,
    "省级政府规章": RULE_BASE,
    "市级政府规章": RULE_BASE,
    "规范性文件": "发文机关的门户网站",
}


def law_text_place(level: str) -> str:
    """Where the State publishes the full text of a law of this level; "" for a level that is not known."""
    return LAW_TEXTS.get(level, "")


@dataclass(frozen=True, slots=True)
class MaterialFacts:
    """One material of a version. need: "1" required, "2" optional, "3" may follow later (容缺). exempt: why it need not be
    brought ("" if it must). points: what the window checks. when: asked only if the form says so. form_guid, example_guid: the digest of
    the file that is its blank form, its sample (or another system's name for it)."""

    id: int
    code: str
    name: str
    need: str
    original: str
    format: str
    source: str
    source_explain: str
    copies: int
    exempt: str
    when: Condition | None
    points: tuple[str, ...]
    fill_explain: str
    accept_standard: str
    by_law: str
    form_guid: str = ""
    example_guid: str = ""

    @property
    def required(self) -> bool:
        return self.need == "1" and not self.exempt


@dataclass(frozen=True, slots=True)
class StepFacts:
    """One step (环节). Steps of one group run side by side. days: its share of the promised period, working days."""

    code: str
    name: str
    role: str
    kind: str
    group: int
    department_id: int
    days: int
    required: bool
    when: Condition | None
    standard: str


@dataclass(frozen=True, slots=True)
class HandlingFacts:
    """One implementation item (业务办理项; the 实施事项 itself where it has only one). code: 33 or 31 places, "" when none is given.
    window: a window of the hall handles it. only_online: it has no other way. exempt: why it need not enter the hall.
    key: its code among the version's own, "" where the item itself is the one."""

    name: str
    code: str
    online: bool
    window: bool
    only_online: bool
    exempt: str
    key: str = ""

    @property
    def should_enter(self) -> bool:
        """Neither exempt nor online-only: it belongs into the hall."""
        return not self.exempt and not self.only_online


@dataclass(frozen=True, slots=True)
class FeeFacts:
    name: str
    standard: str
    by_law: str
    reduction: str


@dataclass(frozen=True, slots=True)
class CitationFacts:
    """A law by article. level: a key of LAW_LEVELS."""

    law: str
    level: str
    number: str
    article: str
    summary: str

    @property
    def text_place(self) -> str:
        """Where its full text is published."""
        return law_text_place(self.level)


@dataclass(frozen=True, slots=True)
class LicenceFacts:
    """What is issued. type_code: 21 characters (GB/T 36902). validity_months: 0 is without end. fields: what it shows."""

    type_code: str
    name: str
    validity_months: int
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublicityFacts:
    """How the result is made public. category: XK_XKLB. content: template of XK_NR. withhold: reason not to show it."""

    category: str = "普通"
    content: str = ""
    withhold: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a person's situation comes to. handling: the implementation item (None: the item itself). needed, held, left_out: the
    materials to bring, those the government holds, and those not needed with the reason. days: promised."""

    row: Row
    handling: HandlingFacts | None
    needed: tuple[MaterialFacts, ...]
    held: tuple[MaterialFacts, ...]
    left_out: tuple[tuple[MaterialFacts, str], ...]
    fees: tuple[FeeFacts, ...]
    days: int


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """A version, whole. statutory_days, promised_days: working days from acceptance unless the type says "calendar";
    acceptance_days: working days from receipt (行政许可法 32). concerns_safety: the item directly concerns public security,
    personal health or the safety of life and property (行政许可法 78, 79); None: the version does not say."""

    id: int
    item_id: int
    number: int
    state: str
    effective_on: str
    digest: str
    item_code: str
    catalog_code: str
    task_code: str
    local_task_code: str
    local_catalog_code: str
    task_handle_item: str
    name: str
    summary: str
    task_type: str
    project_type: str
    audience: str
    use_level: str
    department_id: int
    department: str
    division: str
    by_law: str
    statutory_days: int
    statutory_type: str
    promised_days: int
    promised_type: str
    online: bool
    mobile: bool
    visits: int
    channels: tuple[str, ...]
    deliveries: tuple[str, ...]
    areas: tuple[str, ...]
    is_fee: bool
    materials: tuple[MaterialFacts, ...]
    steps: tuple[StepFacts, ...]
    conditions: tuple[str, ...]
    fees: tuple[FeeFacts, ...]
    citations: tuple[CitationFacts, ...]
    questions: tuple[tuple[str, str], ...]
    form: FormDefinition
    licence: LicenceFacts | None
    publicity: PublicityFacts
    handlings: tuple[HandlingFacts, ...] = ()
    situations: Situations = field(default_factory=Situations)
    acceptance_days: int = 5
    concerns_safety: bool | None = None
    elements: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def instant(self) -> bool:
        """即办件: accepted and decided in one act."""
        return self.project_type == "1"

    @property
    def is_licence(self) -> bool:
        return self.task_type == "01"

    def material(self, code: str) -> MaterialFacts | None:
        return next((m for m in self.materials if m.code == code), None)

    def materials_for(self, values: Mapping[str, Any]) -> tuple[MaterialFacts, ...]:
        """The materials that the form's answers ask for, and the situation among them."""
        row = self.row_for(values)
        without = dict(row.without) if row else {}
        return tuple(
            m for m in self.materials if m.code not in without and (m.when is None or self.form.applies(m.when, values))
        )

    def row_for(self, values: Mapping[str, Any]) -> Row | None:
        """The row of the decision table that the answers meet; None without one, or while a question is open."""
        held = values.get(GROUP) if self.situations else None
        return self.situations.row(held) if isinstance(held, Mapping) else None

    def handling_for(self, values: Mapping[str, Any]) -> str:
        """The key of the implementation item that applies, "" for the item itself."""
        row = self.row_for(values)
        return row.handling if row else ""

    def promised_for(self, values: Mapping[str, Any]) -> int:
        """The promised period under these answers."""
        row = self.row_for(values)
        return self.promised_days if row is None or row.days is None else row.days

    def outcome(self, answers: Mapping[str, Any]) -> Outcome | None:
        """What the answers to the situation's questions come to; None while one is open."""
        row = self.situations.row(answers)
        if row is None:
            return None
        without = dict(row.without)
        asked = [m for m in self.materials if m.code not in without]
        fees = () if row.fee == NO_FEE else tuple(f for f in self.fees if row.fee in ("", f.name))
        return Outcome(
            row=row,
            handling=next((h for h in self.handlings if h.key and h.key == row.handling), None),
            needed=tuple(m for m in asked if not m.exempt),
            held=tuple(m for m in asked if m.exempt),
            left_out=tuple((m, without[m.code]) for m in self.materials if m.code in without),
            fees=fees,
            days=self.promised_days if row.days is None else row.days,
        )

    def steps_for(self, values: Mapping[str, Any]) -> tuple[StepFacts, ...]:
        """The steps that apply under the form's answers, in order of group."""
        held = [s for s in self.steps if s.when is None or self.form.applies(s.when, values)]
        return tuple(sorted(held, key=lambda s: s.group))
