"""Entries of the lists of 证明事项 and 中介服务: their shape, what they must have, and the laws that they may rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yichuang.core.refusal import Refusal

BASES: tuple[str, ...] = ("法律", "行政法规", "国务院决定", "地方性法规")
"""法律、法规或者国务院决定 (优化营商环境条例 43, 44)."""
KEEP, COMMITMENT, VERIFY, ABOLISHED = "保留", "告知承诺", "部门核验", "取消"
WAYS: tuple[str, ...] = (KEEP, COMMITMENT, VERIFY, ABOLISHED)
FEE_WAYS: tuple[str, ...] = ("市场调节价", "政府指导价", "政府定价", "不收费")
CERTIFICATE_LAW = "《优化营商环境条例》第四十四条；《国务院办公厅关于做好证明事项清理工作的通知》（国办发〔2018〕47号）"
INTERMEDIARY_LAW = (
    "《优化营商环境条例》第四十三条；《国务院办公厅关于清理规范国务院部门行政审批中介服务的通知》（国办发〔2015〕31号）"
)
WORDS_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Field:
    """kind: text, words, days. size: longest text, most days. choices: what it may be."""

    name: str
    label: str
    size: int = 200
    kind: str = "text"
    needed: bool = True
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """What an entry of one list has. law: why it must have it."""

    kind: str
    label: str
    law: str
    fields: tuple[Field, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(f.name for f in self.fields)


_COMMON = (
    Field("code", "编码", 40),
    Field("name", "名称", 200),
    Field("names", "其他名称", kind="words", needed=False),
)
_BASIS = (
    Field("law", "设定依据", 200),
    Field("law_level", "依据效力级别", 20, choices=BASES),
    Field("article", "条款", 200),
)
CERTIFICATE = Shape(
    "certificate",
    "证明事项",
    CERTIFICATE_LAW,
    (
        *_COMMON,
        Field("purpose", "用途", 500),
        *_BASIS,
        Field("issuer", "开具单位", 200),
        Field("way", "替代方式", 20, choices=WAYS),
        Field("guidance", "开具办法", 1000, needed=False),
    ),
)
INTERMEDIARY = Shape(
    "intermediary",
    "中介服务",
    INTERMEDIARY_LAW,
    (
        *_COMMON,
        Field("products", "服务成果", kind="words"),
        Field("serves", "服务于", 500),
        *_BASIS,
        Field("days", "服务时限", 1000, kind="days", needed=False),
        Field("flow", "服务流程", 1000),
        Field("conditions", "机构条件", 1000),
        Field("fee_way", "收费方式", 20, choices=FEE_WAYS),
        Field("independence", "脱钩声明", 500),
    ),
)


def read(shape: Shape, given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of an entry, whole. Raises Refusal 422 "listed.basis" (no law that may carry it) or "listed.malformed"."""
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for field in shape.fields:
        try:
            values[field.name] = _value(field, given.get(field.name))
        except ValueError as wrong:
            problems[field.name] = f"{field.label}{wrong}"
    basis = {name: problems[name] for name in ("law", "law_level", "article") if name in problems}
    if basis:
        raise Refusal(
            "listed.basis",
            f"{shape.label}没有可以作为设定依据的法律、法规或者国务院决定条款：{'；'.join(basis.values())}。",
            "请写明依据的名称、效力级别和条款；没有这样的依据的，不得列入，也不得向申请人索要。",
            law=shape.law,
            fields=problems,
            status=422,
        )
    if problems:
        raise Refusal(
            "listed.malformed",
            f"{shape.label}的内容有误：{'；'.join(list(problems.values())[:3])}。",
            "请按提示改正后再保存。",
            fields=problems,
            status=422,
        )
    return values


def _value(field: Field, given: Any) -> Any:
    if field.kind == "words":
        words = given if isinstance(given, list | tuple) else str(given or "").replace("、", "\n").split("\n")
        found = list(dict.fromkeys(w for one in words if (w := str(one).strip())))
        if field.needed and not found:
            raise ValueError("没有填写")
        if any(len(word) > WORDS_LONGEST for word in found):
            raise ValueError(f"每项最多{WORDS_LONGEST}字")
        return found
    text = str(given if given is not None else "").strip()
    if field.kind == "days":
        if not text:
            return None
        if not text.isdecimal() or not 0 < int(text[:9]) <= field.size:
            raise ValueError(f"应为1至{field.size}之间的整数")
        return int(text)
    if field.needed and not text:
        raise ValueError("没有填写")
    if len(text) > field.size:
        raise ValueError(f"最多{field.size}字")
    if field.choices and text not in field.choices:
        raise ValueError(f"应为{'、'.join(field.choices)}之一")
    return text


def unlisted(shape: Shape, name: str, asking: list[str], reason: str, on: date) -> dict[str, str]:
    """What the end of an entry says. Raises Refusal 422 without a reason, 409 while items in force ask for it."""
    reason = reason.strip()
    if not reason or len(reason) > 300:
        raise Refusal(
            "listed.reason",
            "移出清单要写明原因。",
            "请填写原因，例如“设定依据已修改”，最多300字。",
            fields={"reason": "请填写移出原因，最多300字"},
            status=422,
        )
    if asking:
        more = f"等{len(asking)}个事项" if len(asking) > 5 else ""
        raise Refusal(
            "listed.asked_for",
            f"在用事项仍要求提交“{name}”：{'、'.join(asking[:5])}{more}。",
            "请先修改这些事项的申请材料并发布新版本，再移出清单。",
            law=shape.law,
        )
    return {"ended_on": on.isoformat(), "reason": reason}


__all__ = [
    "ABOLISHED",
    "BASES",
    "CERTIFICATE",
    "FEE_WAYS",
    "INTERMEDIARY",
    "WAYS",
    "Field",
    "Shape",
    "read",
    "unlisted",
]
