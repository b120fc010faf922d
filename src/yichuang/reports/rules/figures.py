"""The registry of figures: ids, labels, how each is counted and how it is written. No database here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

COUNT, PERCENT, TENS = "count", "percent", "tens"
CATALOGUE = "catalogue"


@dataclass(frozen=True, slots=True)
class Figure:
    """id: as the report's list has it. definition: how it is counted, for people. form: COUNT, PERCENT (cut to `decimals`) or
    TENS (a percent floored to tens). of: the figure that is its denominator, "" where it has its own."""

    id: str
    label: str
    definition: str
    form: str = COUNT
    decimals: int = 0
    unit: str = "项"
    of: str = ""
    group: str = CATALOGUE


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted. denominator: None for a plain count. why: why it cannot be computed, "" when it is."""

    numerator: int = 0
    denominator: int | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A figure with its value. value: a number (percent: 93.1), None when it cannot be computed; text: as it is printed."""

    figure: Figure
    counted: Counted
    value: int | float | None
    text: str
    rule: str


FIGURES: tuple[Figure, ...] = (
    Figure("items.total", "政务服务事项", "在用的事项"),
    Figure("items.licences", "行政许可事项", "在用事项中，事项类型为行政许可的"),
    Figure("items.filings", "备案类事项", "在用事项中，标为备案类的（其他行政权力）"),
    Figure("mobile.items", "掌上办事项", "在用事项中，移动端可办的"),
    Figure("mobile.person", "掌上办个人事项", "掌上办事项中，主要服务对象为个人的"),
    Figure("mobile.legal", "掌上办法人事项", "掌上办事项中，主要服务对象为法人的"),
    Figure("online.catalogue", "网上目录事项", "在用事项中，网上可办的"),
    Figure("online.implementation", "网上实施事项", "在用事项的实施事项（业务办理项）中，网上可办的"),
    Figure("online.rate", "网上可办率", "网上目录事项 ÷ 政务服务事项", PERCENT, 1, "", "items.total"),
    Figure("onenet.items", "一网通办事项", "网上可办的事项中，网上办理深度达到受理和办理的"),
    Figure("onenet.rate", "一网通办率", "一网通办事项 ÷ 政务服务事项", PERCENT, 1, "", "items.total"),
    Figure("life.stages", "全生命周期阶段", "面向个人的阶段中，有在用事项的", unit="个"),
    Figure("life.situations", "情景", "面向个人的情景中，有在用事项的", unit="个"),
    Figure("life.items", "一册通事项", "面向个人的情景中，不重复的在用事项"),
    Figure("adjust.powers", "取消承接下放行政事权", "2020年以来公布的调整涉及的事权"),
    Figure("central.departments", "划转部门", "在用的划转事项，划转前所属的不同部门", unit="个"),
    Figure("central.items", "划转行政审批事项", "在用事项中，写明划转前实施部门的"),
    Figure(
        "central.material_cut",
        "审批资料精减",
        "1 −（划转事项现在要申请人交的材料 ÷ 划转前最后一版要交的材料）；免提交的不算",
        PERCENT,
        unit="",
    ),
    Figure(
        "central.time_cut",
        "审批效率提高",
        "1 −（划转事项现在的承诺工作日 ÷ 划转前最后一版的承诺工作日）",
        TENS,
        unit="",
    ),
    Figure("clinic.before", "诊所备案原时限", "诊所备案改革前一版的承诺时限", unit="个工作日"),
    Figure("clinic.after", "诊所备案现时限", "诊所备案在用版本的承诺时限", unit="个工作日"),
    Figure("paperless.before", "食品经营许可原申办材料", "食品经营许可改革前一版要交的材料", unit="份"),
    Figure("paperless.after", "免材料后要交的材料", "食品经营许可在用版本要申请人交的材料；免提交的不算", unit="份"),
    Figure("intermediary.kept", "保留中介服务事项", "中介服务清单中，当日在列的"),
    Figure("commitment.items", "告知承诺制首批清单事项", "告知承诺制事项清单第一版列入的事项"),
    Figure("commitment.departments", "首批清单涉及部门", "首批清单的事项，不同的实施主体", unit="个"),
    Figure("cross.items", "跨区域办理事项", "在用事项中，有一种以上跨区域办理方式的"),
)
BY_ID: Mapping[str, Figure] = {figure.id: figure for figure in FIGURES}


def chosen(group: str = "") -> list[Figure]:
    """The figures of a group: its name, or the first word of their ids; all of them for ""."""
    return [f for f in FIGURES if not group or group in (f.group, f.id.partition(".")[0])]


def tell(figure: Figure, counted: Counted) -> Told:
    """The value and its words. A rate over nothing cannot be computed."""
    if counted.why:
        return Told(figure, counted, None, "无法计算", counted.why)
    if figure.form == COUNT:
        return Told(figure, counted, counted.numerator, str(counted.numerator), "计数")
    if not counted.denominator:
        return Told(figure, counted, None, "无法计算", "分母为0")
    percent = Decimal(100 * counted.numerator) / Decimal(counted.denominator)
    over = f"{counted.numerator} ÷ {counted.denominator}"
    if figure.form == TENS:
        tens = int(percent) // 10 * 10
        return Told(figure, counted, float(_cut(percent, 2)), f"{tens}%以上", f"百分数，向下取到十位；{over}")
    cut = _cut(percent, figure.decimals)
    value = float(cut) if figure.decimals else int(cut)
    return Told(figure, counted, value, f"{cut}%", f"百分数，保留{figure.decimals}位小数，不四舍五入；{over}")


def _cut(percent: Decimal, decimals: int) -> Decimal:
    return percent.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_DOWN)
