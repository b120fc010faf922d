"""公民身份号码 and the numbers made like it (GB 11643-1999): the one check of their 18 places.

Three documents carry such a number: the resident identity card (the province of GB/T 2260 first), the residence permit
of Hong Kong, Macao and Taiwan residents (810000, 820000, 830000; 国办发〔2018〕81号) and, since December 2023, the
foreigner's permanent residence card (9 first). Of the area only the province is checked: county codes come, go and are
given again, and a number keeps the code of the day on which it was given, often long after the birth.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from stdnum.iso7064 import mod_11_2

CITIZEN: Final = "citizen"
RESIDENCE_PERMIT: Final = "residence_permit"
PERMANENT_RESIDENCE: Final = "permanent_residence"
NAMES: Final = {
    CITIZEN: "公民身份号码",
    RESIDENCE_PERMIT: "港澳台居民居住证号码",
    PERMANENT_RESIDENCE: "外国人永久居留身份证号码",
}
DOCUMENTS: Final = {
    CITIZEN: "居民身份证",
    RESIDENCE_PERMIT: "港澳台居民居住证",
    PERMANENT_RESIDENCE: "外国人永久居留身份证",
}
PERMIT_AREAS: Final = ("810000", "820000", "830000")
PROVINCES: Final = frozenset(
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
    ]
)
"""The provinces of GB/T 2260."""
EARLIEST: Final = 1900
_FULL_WIDTH: Final = str.maketrans("０１２３４５６７８９Ｘｘ－\u3000", "0123456789XX- ")


def clean(number: str) -> str:
    """As it is stored: full-width digits made narrow, blanks and dashes dropped, capitals."""
    return re.sub(r"[\s\-·—]", "", number.translate(_FULL_WIDTH)).upper()


def check_digit(front: str) -> str:
    """ISO 7064 MOD 11-2 over the first 17 digits."""
    return str(mod_11_2.calc_check_digit(front))


def birth_of(number: str) -> date | None:
    """Date of birth in places 7 to 14, None if it is not a date."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def kind_of(number: str) -> str:
    """Which of the three documents a cleaned number belongs to, by how it begins."""
    if number.startswith("9"):
        return PERMANENT_RESIDENCE
    return RESIDENCE_PERMIT if number[:6] in PERMIT_AREAS else CITIZEN


def fault(text: str, *, on: date | None = None, kind: str = "", name: str = "") -> str:
    """What is wrong with a cleaned number and how to mend it, in Chinese; "" when it is right.

    on: today; a birth after it is refused. kind: the only document taken, "" for any. name: what the number is called.
    """
    name = name or NAMES[kind or CITIZEN]
    if len(text) == 15 and text.isdigit() and kind in ("", CITIZEN):
        return "这是 15 位的旧身份证号码，请填写现用的 18 位公民身份号码"
    if len(text) != 18:
        return f"{name}应为 18 位，您填写了 {len(text)} 位，请检查是否多输或漏输"
    if not re.fullmatch(r"\d{17}[\dX]", text, re.ASCII):
        return f"{name}前 17 位是数字，最后一位是数字或 X，请检查"
    found = kind_of(text)
    if kind and found != kind:
        if found == CITIZEN:
            return f"这不是{DOCUMENTS[kind]}的号码，请核对证件类型"
        return f"这是{DOCUMENTS[found]}的号码，请把证件类型改为{DOCUMENTS[found]}"
    birth = birth_of(text)
    if birth is None or birth.year < EARLIEST:
        return f"{name}第 7 至 14 位不是有效的出生日期，请检查"
    if on is not None and birth > on:
        return f"{name}中的出生日期晚于今天，请检查"
    if check_digit(text[:17]) != text[-1]:
        return f"{name}的校验位不符，通常是输错了一位，请逐位核对"
    if found == CITIZEN and text[:2] not in PROVINCES:
        return f"{name}前 2 位不是有效的省级代码，请检查"
    return ""


def is_valid(text: str) -> bool:
    """Whether a cleaned text is such a number, of whichever document."""
    return fault(text) == ""
