"""The types of a form's fields: how an answer is cleaned, what is said when it does not fit, how it is shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from stdnum.cn import uscc
from stdnum.exceptions import InvalidFormat, InvalidLength, ValidationError

from yichuang.core.rules import gb11643

if TYPE_CHECKING:
    from yichuang.catalogue.rules.form import Field

TYPES: Mapping[str, str] = {
    "text": "单行文字",
    "longtext": "多行文字",
    "integer": "整数",
    "decimal": "数值",
    "money": "金额（元）",
    "date": "日期",
    "choice": "单选",
    "choices": "多选",
    "boolean": "是否",
    "phone": "电话号码",
    "citizen_id": "公民身份号码",
    "uscc": "统一社会信用代码",
    "address": "地址",
    "email": "电子邮箱",
}
LENGTHS: Mapping[str, int] = {"text": 200, "longtext": 2000, "address": 200, "email": 120, "phone": 20}
TODAY = "today"


class Unfit(ValueError):
    """Why an answer does not fit and how to mend it, in Chinese."""


def clean(item: Field, value: Any, today: str) -> Any:
    """The answer, typed and JSON-able (dates ISO, decimals as text); "" or [] or False when nothing was given.

    Raises Unfit. today: ISO date that the bound "today" stands for ("" leaves such a bound unchecked)."""
    if item.type == "boolean":
        return _boolean(item, value)
    if item.type == "choices":
        return _choices(item, value)
    if isinstance(value, (list, dict, tuple)):
        raise Unfit(f"“{item.label}”只能填写一个值，请重新填写")
    text = _text(value)
    if not text:
        if item.required:
            raise Unfit(f"请{'选择' if item.type == 'choice' else '填写'}{item.label}")
        return ""
    return CLEANERS[item.type](item, text, today)


def _text(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return "" if value is None else ("true" if value else "false")
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", str(value)).replace("\r\n", "\n").strip()


def _boolean(item: Field, value: Any) -> bool:
    words = {
        "true": True,
        "on": True,
        "1": True,
        "是": True,
        "false": False,
        "off": False,
        "0": False,
        "否": False,
        "": False,
    }
    text = _text(value).lower()
    if text not in words:
        raise Unfit(f"“{item.label}”请选择“是”或“否”")
    if item.required and not words[text]:
        raise Unfit(f"请确认“{item.label}”后再继续")
    return words[text]


def _choices(item: Field, value: Any) -> list[str]:
    given = [] if value in (None, "") else value if isinstance(value, (list, tuple)) else [value]
    picked = [_text(v) for v in given if not isinstance(v, (list, dict))]
    labels = dict(item.choices)
    for one in picked:
        if one not in labels:
            raise Unfit(f"“{item.label}”没有“{one}”这个选项，请从所列选项中选择")
    if item.required and not picked:
        raise Unfit(f"请在“{item.label}”中至少选择一项")
    return [v for v, _ in item.choices if v in picked]


def _string(item: Field, text: str, today: str) -> str:
    del today
    if item.type != "longtext":
        text = " ".join(text.split())
    limit = item.max_length or LENGTHS.get(item.type, 200)
    if len(text) > limit:
        raise Unfit(f"{item.label}最多{limit}字，现有{len(text)}字，请删减")
    if item.pattern and not re.fullmatch(item.pattern, text):
        raise Unfit(f"{item.label}的格式不对{'：' + item.help if item.help else ''}，请核对后重新填写")
    return text


def _integer(item: Field, text: str, today: str) -> int:
    del today
    plain = text.replace(",", "").replace("，", "")
    if not re.fullmatch(r"[+-]?\d{1,15}", plain, re.ASCII):
        raise Unfit(f"{item.label}请填写整数，例如 12")
    number = int(plain)
    _bounds(item, Decimal(number))
    return number


def _decimal(item: Field, text: str, today: str) -> str:
    del today
    plain = text.replace(",", "").replace("，", "")
    if not re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,6})?", plain, re.ASCII):
        raise Unfit(f"{item.label}请填写数字，例如 86.5")
    number = Decimal(plain)
    if item.type == "money":
        if number < 0:
            raise Unfit(f"{item.label}不能小于零，请核对金额")
        if number != number.quantize(Decimal("0.01")):
            raise Unfit(f"{item.label}以元为单位，最多两位小数")
    _bounds(item, number)
    return str(number.quantize(Decimal("0.01"))) if item.type == "money" else format(number, "f")


def _bounds(item: Field, number: Decimal) -> None:
    low, high = bound(item.min), bound(item.max)
    if low is not None and number < low:
        raise Unfit(f"{item.label}不能小于{item.min}，请核对")
    if high is not None and number > high:
        raise Unfit(f"{item.label}不能大于{item.max}，请核对")


def bound(text: str) -> Decimal | None:
    """The number that a bound states; None when it states none."""
    try:
        number = Decimal(text) if text else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None


def day(text: str) -> date | None:
    """A day written 2026-11-24, 2026/11/24, 2026.11.24, 20261124 or 2026年11月24日; None if there is no such day."""
    found = re.fullmatch(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?", text, re.ASCII)
    if not found:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


def _date(item: Field, text: str, today: str) -> str:
    found = day(text)
    if found is None:
        raise Unfit(f"{item.label}不是一个存在的日期，请按“2026-11-24”的样式填写")
    low = date.fromisoformat(low_text) if (low_text := today if item.min == TODAY else item.min) else None
    high = date.fromisoformat(high_text) if (high_text := today if item.max == TODAY else item.max) else None
    if low and found < low:
        raise Unfit(f"{item.label}不能早于{_day_words(low)}，请核对")
    if high and found > high:
        raise Unfit(f"{item.label}不能晚于{_day_words(high)}，请核对")
    return found.isoformat()


def _day_words(d: date) -> str:
    return f"{d.year}年{d.month}月{d.day}日"


def _choice(item: Field, text: str, today: str) -> str:
    del today
    if text not in dict(item.choices):
        raise Unfit(f"“{item.label}”没有“{text}”这个选项，请从所列选项中选择")
    return text


def _phone(item: Field, text: str, today: str) -> str:
    del today
    plain = re.sub(r"[\s()（）-]", "", text)
    plain = re.sub(r"^(\+86|0086)", "", plain)
    if re.fullmatch(r"1[3-9]\d{9}", plain, re.ASCII):
        return plain
    if re.fullmatch(r"0\d{9,11}", plain, re.ASCII) or re.fullmatch(r"[2-8]\d{6,7}", plain, re.ASCII):
        return text if re.fullmatch(r"[\d-]+", text, re.ASCII) else plain
    raise Unfit(f"{item.label}应为11位手机号，或带区号的固定电话（如 029-86200000），现有{len(plain)}位，请核对")


def _citizen(item: Field, text: str, today: str) -> str:
    """Any number of the shape of GB 11643: a responsible person may hold a residence permit."""
    number = gb11643.clean(text)
    on = date.fromisoformat(today) if today else None
    if words := gb11643.fault(number, on=on, name=item.label):
        raise Unfit(words)
    return number


def _uscc(item: Field, text: str, today: str) -> str:
    del today
    number = re.sub(r"[\s-]", "", text).upper()
    try:
        uscc.validate(number)
    except InvalidLength:
        raise Unfit(f"{item.label}应为18位，现有{len(number)}位，请核对") from None
    except InvalidFormat:
        raise Unfit(f"{item.label}只含数字和大写字母，且不含 I、O、S、V、Z，请对照营业执照核对") from None
    except ValidationError:
        raise Unfit(f"{item.label}的校验码不对，可能有一位写错，请对照营业执照逐位核对") from None
    return number


def _email(item: Field, text: str, today: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", text):
        raise Unfit(f"{item.label}的格式不对，请按“name@example.com”的样式填写")
    return _string(item, text, today)


CLEANERS: Mapping[str, Callable[[Field, str, str], Any]] = {
    "text": _string,
    "longtext": _string,
    "address": _string,
    "integer": _integer,
    "decimal": _decimal,
    "money": _decimal,
    "date": _date,
    "choice": _choice,
    "phone": _phone,
    "citizen_id": _citizen,
    "uscc": _uscc,
    "email": _email,
}


def shown(item: Field, value: Any) -> str:
    """The answer as a person reads it; "" when there is none."""
    if item.type == "boolean":
        return "是" if value is True else "否"
    if item.type == "choices":
        labels = dict(item.choices)
        return "、".join(labels.get(v, v) for v in value or [])
    if value in (None, ""):
        return ""
    if item.type == "choice":
        return dict(item.choices).get(str(value), str(value))
    if item.type == "date" and (found := day(str(value))):
        return _day_words(found)
    if item.type == "money":
        return f"{value}元"
    return str(value)
