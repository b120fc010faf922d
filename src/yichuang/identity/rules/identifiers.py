"""Identifiers, phone numbers and names: the one written form, what is wrong and how to mend it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from stdnum.cn import uscc

from yichuang.core.refusal import Refusal
from yichuang.core.rules import gb11643

ID_KINDS: Final = MappingProxyType(
    {
        "citizen": "居民身份证",
        "uscc": "统一社会信用代码",
        "passport": "护照",
        "hk_macao_permit": "港澳居民来往内地通行证",
        "taiwan_permit": "台湾居民来往大陆通行证",
        "residence_permit": "港澳台居民居住证",
        "permanent_residence": "外国人永久居留身份证",
    }
)
PERSON_ID_KINDS: Final = tuple(kind for kind in ID_KINDS if kind != "uscc")
_OLD_PERMANENT_RESIDENCE: Final = re.compile(r"[A-Z]{3}\d{12}", re.ASCII)
"""The card of 2017 has 15 places and stays in use until it expires."""

_SHAPES: Final = {
    "passport": (re.compile(r"[A-Z0-9]{5,15}"), "护照号码由 5 至 15 位字母和数字组成"),
    "hk_macao_permit": (
        re.compile(r"[HM]\d{8}(\d{2})?"),
        "通行证号码为 H 或 M 加 8 位或 10 位数字",
    ),
    "taiwan_permit": (re.compile(r"\d{8}(\d{2})?"), "通行证号码为 8 位或 10 位数字"),
}
_FULL_WIDTH: Final = str.maketrans("０１２３４５６７８９－　", "0123456789- ")


@dataclass(frozen=True, slots=True)
class Identifier:
    """A checked identifier in its one written form. birth: where the number holds it (GB 11643)."""

    kind: str
    number: str
    birth: date | None = None


def clean_identifier(number: str) -> str:
    """As it is stored: full-width digits made narrow, blanks and dashes dropped, capitals."""
    return gb11643.clean(number)


def identifier_fault(kind: str, number: str, *, on: date | None = None) -> str:
    """What is wrong with a number and how to mend it, in Chinese; "" when it is right. `on` refuses births after it."""
    if kind not in ID_KINDS:
        return "请选择证件类型"
    text = clean_identifier(number)
    if not text:
        return f"请填写{ID_KINDS[kind]}号码"
    if kind in gb11643.NAMES:
        if kind == gb11643.PERMANENT_RESIDENCE and _OLD_PERMANENT_RESIDENCE.fullmatch(text):
            return ""
        return gb11643.fault(text, on=on, kind=kind)
    if kind == "uscc":
        return _uscc_fault(text)
    pattern, words = _SHAPES[kind]
    return "" if pattern.fullmatch(text) else words + "，请对照证件核对"


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


def check_identifier(kind: str, number: str, *, on: date | None = None, field: str = "id_number") -> Identifier:
    """The identifier in its one form. Raises Refusal 422 whose field message says how to mend it."""
    fault = identifier_fault(kind, number, on=on)
    if fault:
        raise Refusal("identifier.wrong", fault + "。", "请核对证件后重新填写。", fields={field: fault}, status=422)
    text = clean_identifier(number)
    return Identifier(kind, text, gb11643.birth_of(text) if kind in gb11643.NAMES and len(text) == 18 else None)


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
