"""Rules of identity: duties kept apart, identifiers, passwords, agency, AB posts. Plain Python."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final

from stdnum.cn import ric, uscc

from yichuang.core.refusal import Refusal

# --- Duties -----------------------------------------------------------------------------------------------------

FAMILY: Final = MappingProxyType(
    {
        "window_clerk": "operating",
        "handler": "operating",
        "reviewer": "operating",
        "legal_reviewer": "operating",
        "head": "operating",
        "catalogue_editor": "operating",
        "publicity_officer": "operating",
        "system_administrator": "system",
        "security_administrator": "security",
        "auditor": "audit",
    }
)
"""Role -> family of duties. GB/T 22239-2019 (8.1.5, 三权分立) keeps the three administrators apart from each other and
from the business they administer: per person."""

FAMILY_NAMES: Final = MappingProxyType(
    {"operating": "业务岗位", "system": "系统管理", "security": "安全管理", "audit": "审计管理"}
)

ROLE_NAMES: Final = MappingProxyType(
    {
        "window_clerk": "窗口人员",
        "handler": "承办人",
        "reviewer": "审核人",
        "legal_reviewer": "法制审核人",
        "head": "负责人",
        "catalogue_editor": "事项管理员",
        "publicity_officer": "公示专员",
        "system_administrator": "系统管理员",
        "security_administrator": "安全管理员",
        "auditor": "审计员",
    }
)

APART: Final = (
    (
        frozenset({"catalogue_editor", "legal_reviewer"}),
        "编制事项依据与要件的人不得兼任法制审核，法制审核须独立于规则的制定（国办发〔2018〕118号）",
    ),
)
"""Pairs of operating roles that one person cannot hold at once.

Not here, because the law keeps them apart per case and not per person: handler and reviewer of one case (审办分离),
handler and legal reviewer of one case, the hearing's chair and whoever examined it (行政许可法 48). One person may be
handler of this case and reviewer of that one; `cases` keeps those apart.
"""

WHOLE_DIVISION: Final = frozenset({"system_administrator", "security_administrator", "auditor"})
"""Administrators' roles are held for the whole division; they have no department's scope."""


def conflict(role: str, held: Collection[str]) -> str:
    """Why one person who holds these roles cannot hold `role` as well, in Chinese; "" if nothing stands against it."""
    for other in held:
        if FAMILY[other] != FAMILY[role]:
            return (
                f"{ROLE_NAMES[role]}属于{FAMILY_NAMES[FAMILY[role]]}，与已有的{ROLE_NAMES[other]}"
                f"（{FAMILY_NAMES[FAMILY[other]]}）不得由一人兼任（GB/T 22239-2019 权限分离）"
            )
        for pair, reason in APART:
            if pair == {role, other}:
                return f"{ROLE_NAMES[role]}与{ROLE_NAMES[other]}不得由一人兼任：{reason}"
    return ""


def may_grant(role: str, held: Collection[str], *, to_oneself: bool, scoped: bool) -> str:
    """The family of duties of the person after the grant.

    Raises Refusal: unknown role (422), a grant to oneself or to whom one stands in for (403), duties kept apart (409),
    a scope for a role of the whole division (422).
    """
    if role not in FAMILY:
        raise Refusal(
            "staff.unknown_role", "没有这个角色。", "请从角色列表中选择。", fields={"role": "请选择角色"}, status=422
        )
    if to_oneself:
        raise Refusal(
            "staff.grant_to_oneself",
            "不能给自己授权。",
            "请由另一名安全管理员办理。",
            law="GB/T 22239-2019",
            status=403,
        )
    if scoped and role in WHOLE_DIVISION:
        raise Refusal(
            "staff.scope_not_allowed",
            f"{ROLE_NAMES[role]}面向整个区划，不按部门或服务点授权。",
            "请将范围留空后再授权。",
            fields={"department": "此角色不选部门和服务点"},
            status=422,
        )
    reason = conflict(role, held)
    if reason:
        raise Refusal(
            "staff.duties_apart",
            f"不能授予：{reason}。",
            "请先终止不相容的角色，或另派人员担任。",
            law="GB/T 22239-2019",
            fields={"role": reason},
        )
    return FAMILY[role]


def may_stand_in(a_roles: Collection[str], b_roles: Collection[str]) -> None:
    """Raises Refusal 409 when B, with A's roles added, would unite duties that are kept apart."""
    for role in a_roles:
        reason = conflict(role, b_roles)
        if reason:
            raise Refusal(
                "staff.duties_apart",
                f"B岗不能顶替A岗：{reason}。",
                "请另选一名岗位相容的人员作为B岗。",
                fields={"b": reason},
            )


def stands_in(away_from: datetime | None, away_until: datetime | None, at: datetime) -> bool:
    """True while A of a post is away: [away_from, away_until), open-ended without an end."""
    return away_from is not None and away_from <= at and (away_until is None or at < away_until)


# --- Agency -----------------------------------------------------------------------------------------------------


def agency_valid(valid_from: date, valid_until: date | None, ended: bool, on: date) -> bool:
    """True on the days [valid_from, valid_until], both included, unless it was ended."""
    return not ended and valid_from <= on and (valid_until is None or on <= valid_until)


def check_agency(valid_from: date, valid_until: date | None, matters: str, *, on: date, longest_years: int = 3) -> None:
    """Raises Refusal 422 with a message per field. 委托 has a period and names its matters (民法典 165)."""
    fields: dict[str, str] = {}
    if not matters.strip():
        fields["matters"] = "请写明委托办理的事项和权限，例如“办理公共场所卫生许可，代为提交和领取文书”"
    if valid_until is None:
        fields["valid_until"] = "请填写委托的截止日期"
    elif valid_until < valid_from:
        fields["valid_until"] = "截止日期不能早于起始日期"
    elif valid_until < on:
        fields["valid_until"] = "截止日期已过，请填写今天或以后的日期"
    elif valid_until > valid_from + timedelta(days=366 * longest_years):
        fields["valid_until"] = f"委托期限最长 {longest_years} 年"
    if fields:
        raise Refusal(
            "agency.incomplete",
            "委托授权的内容不完整。",
            "请按提示补充后再提交。",
            law="《中华人民共和国民法典》第一百六十五条",
            fields=fields,
            status=422,
        )


# --- Identifiers ------------------------------------------------------------------------------------------------

ID_KINDS: Final = MappingProxyType(
    {
        "citizen": "居民身份证",
        "uscc": "统一社会信用代码",
        "passport": "护照",
        "hk_macao_permit": "港澳居民来往内地通行证",
        "taiwan_permit": "台湾居民来往大陆通行证",
    }
)
PERSON_ID_KINDS: Final = ("citizen", "passport", "hk_macao_permit", "taiwan_permit")

_SHAPES: Final = {
    "passport": (re.compile(r"[A-Z0-9]{5,15}"), "护照号码由 5 至 15 位字母和数字组成"),
    "hk_macao_permit": (
        re.compile(r"[HM]\d{8}(\d{2})?"),
        "港澳居民来往内地通行证号码为 H 或 M 加 8 位（或 10 位）数字",
    ),
    "taiwan_permit": (re.compile(r"\d{8}(\d{2})?"), "台湾居民来往大陆通行证号码为 8 位（或 10 位）数字"),
}
_PROVINCES: Final = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)
"""Only the province is checked: county codes change, and a number keeps the code of the day on which it was given."""
_FULL_WIDTH: Final = str.maketrans("０１２３４５６７８９Ｘｘ－　", "0123456789XX- ")


@dataclass(frozen=True, slots=True)
class Identifier:
    """A checked identifier in its one written form. birth: for citizens, from the number."""

    kind: str
    number: str
    birth: date | None = None


def clean_identifier(kind: str, number: str) -> str:
    """As it is stored: full-width digits made narrow, blanks and dashes dropped, capitals."""
    return re.sub(r"[\s\-·—]", "", number.translate(_FULL_WIDTH)).upper()


def identifier_fault(kind: str, number: str, *, on: date | None = None) -> str:
    """What is wrong with a number and how to mend it, in Chinese; "" when it is right. `on` refuses births after it."""
    if kind not in ID_KINDS:
        return "请选择证件类型"
    text = clean_identifier(kind, number)
    if not text:
        return f"请填写{ID_KINDS[kind]}号码"
    if kind == "citizen":
        return _citizen_fault(text, on)
    if kind == "uscc":
        return _uscc_fault(text)
    pattern, words = _SHAPES[kind]
    return "" if pattern.fullmatch(text) else words + "，请对照证件核对"


def _citizen_fault(text: str, on: date | None) -> str:
    if len(text) == 15 and text.isdigit():
        return "这是 15 位的旧身份证号码，请填写现用的 18 位公民身份号码"
    if len(text) != 18:
        return f"公民身份号码应为 18 位，您填写了 {len(text)} 位，请检查是否多输或漏输"
    if not re.fullmatch(r"\d{17}[\dX]", text):
        return "公民身份号码前 17 位是数字，最后一位是数字或 X，请检查"
    birth = birth_of(text)
    if birth is None or birth.year < 1880:
        return "公民身份号码第 7 至 14 位不是有效的出生日期，请检查"
    if on is not None and birth > on:
        return "公民身份号码中的出生日期晚于今天，请检查"
    if ric.calc_check_digit(text) != text[-1]:
        return "公民身份号码的校验位不符，通常是输错了一位，请逐位核对"
    if text[:2] not in _PROVINCES:
        return "公民身份号码前 2 位不是有效的省级代码，请检查"
    return ""


def _uscc_fault(text: str) -> str:
    if len(text) == 15 and text.isdigit():
        return "这是 15 位的旧营业执照注册号，请填写营业执照上 18 位的统一社会信用代码"
    if len(text) != 18:
        return f"统一社会信用代码应为 18 位，您填写了 {len(text)} 位，请检查是否多输或漏输"
    if re.search(r"[IOSVZ]", text):
        return "统一社会信用代码不含字母 I、O、S、V、Z，请检查是否把数字 1、0、5、2 输成了字母"
    if not uscc.is_valid(text):
        return "统一社会信用代码的校验位不符，通常是输错了一位，请逐位核对"
    return ""


def birth_of(number: str) -> date | None:
    """Date of birth in a citizen's number, None if it is not a date."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def check_identifier(kind: str, number: str, *, on: date | None = None, field: str = "id_number") -> Identifier:
    """The identifier in its one form. Raises Refusal 422 whose field message says how to mend it."""
    fault = identifier_fault(kind, number, on=on)
    if fault:
        raise Refusal("identifier.wrong", fault + "。", "请核对证件后重新填写。", fields={field: fault}, status=422)
    text = clean_identifier(kind, number)
    return Identifier(kind, text, birth_of(text) if kind == "citizen" else None)


_PHONE: Final = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(-\d{1,6})?")
_MOBILE: Final = re.compile(r"1[3-9]\d{9}")


def clean_phone(text: str) -> str:
    """Digits as stored, without blanks and without +86."""
    return re.sub(r"^(\+?86)(?=1)", "", re.sub(r"\s", "", text.translate(_FULL_WIDTH)))


def phone_fault(text: str, *, mobile: bool = False) -> str:
    """What is wrong with a phone number; "" when it is right."""
    phone = clean_phone(text)
    if mobile and not _MOBILE.fullmatch(phone):
        return "请填写 11 位手机号码，例如 13800000000"
    if not _PHONE.fullmatch(phone):
        return "请填写 11 位手机号码，或带区号的固定电话，例如 029-86200000"
    return ""


def name_fault(text: str) -> str:
    """What is wrong with a person's name; "" when it is right."""
    name = text.strip()
    if not 2 <= len(name) <= 80:
        return "请填写证件上的姓名，2 至 80 个字"
    if re.search(r"[<>{}\[\]\\/@#$%^*=|~`0-9]", name):
        return "姓名中不能有数字和符号，请按证件填写"
    return ""


def username_fault(text: str) -> str:
    """What is wrong with a chosen sign-in name. A name that reads as a phone number would let one pose as its owner."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_.\-]{3,29}", text):
        return "登录名以字母开头，由 4 至 30 位字母、数字、点、横线或下划线组成"
    return ""


# --- Passwords --------------------------------------------------------------------------------------------------

PASSWORD_LENGTH: Final = 10


def password_faults(password: str, *, staff: bool, words: Iterable[str] = ()) -> list[str]:
    """What a new password lacks. Staff: three of four kinds of characters as well (GB/T 22239-2019, 身份鉴别).

    words: what it must not contain (name, sign-in name, number), of 4 characters or more.
    """
    faults = []
    if len(password) < PASSWORD_LENGTH:
        faults.append(f"密码至少 {PASSWORD_LENGTH} 位")
    if len(set(password)) < 5:
        faults.append("密码中重复的字符太多，请换一个")
    kinds = sum(bool(re.search(pattern, password)) for pattern in (r"[a-z]", r"[A-Z]", r"\d", r"[^A-Za-z0-9]"))
    if kinds < (3 if staff else 2):
        faults.append("密码须含大写字母、小写字母、数字、符号中的三种" if staff else "密码须同时含有字母和数字")
    if any(len(word) >= 4 and word.lower() in password.lower() for word in words):
        faults.append("密码中不能含有登录名、手机号或证件号码")
    return faults


def password_expired(changed_at: datetime | None, at: datetime, *, days: int) -> bool:
    """True when the password is older than its rotation (0: never) or its age is not known."""
    return days > 0 and (changed_at is None or at - changed_at > timedelta(days=days))


# --- Programs ---------------------------------------------------------------------------------------------------

SCOPES: Final = MappingProxyType(
    {
        "items:read": ("事项目录与办事指南（读）", ()),
        "cases:read": ("办件（读）", ()),
        "cases:submit": ("代申请人提交办件", ()),
        "cases:intake": ("窗口收件", ("window_clerk",)),
        "cases:handle": ("受理与审查", ("window_clerk", "handler")),
        "licences:read": ("电子证照（读）", ()),
        "publicity:read": ("公示记录（读）", ()),
        "reviews:write": ("评价回传", ()),
    }
)
"""Scope of a program's token -> (its name, roles that come with it in the client's departments). A program never decides:
no scope brings reviewer, legal_reviewer or head."""


def check_scopes(scopes: Collection[str]) -> None:
    """Raises Refusal 422 for none or unknown ones."""
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        words = f"没有这样的权限范围：{'、'.join(unknown)}" if unknown else "请至少选择一个权限范围"
        raise Refusal("client.scopes", words + "。", "请从列表中选择权限范围。", fields={"scopes": words}, status=422)


# --- Shown names ------------------------------------------------------------------------------------------------


def shown_name(name: str) -> str:
    """A person as the log and lists name them: the first character and stars. The log cannot be erased, names can."""
    return name[:1] + "**" if name else "已删除"
