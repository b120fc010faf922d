"""Invented people, enterprises, identifiers and answers: the same for the same seed, and marked as invented."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from io import BytesIO
from random import Random
from typing import Any

from PIL import Image, ImageDraw
from stdnum.cn import ric
from stdnum.cn import uscc as uscc_number

from yichuang.catalogue.rules.facts import VersionFacts
from yichuang.catalogue.rules.form import Field, Group

FAMILY = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"
GIVEN = "安宁嘉禾知远明谦若溪景行子墨清扬思齐怀瑾书言致和望舒云帆长风晓棠一诺乐之"
TRADES = [
    "餐饮服务",
    "宾馆",
    "美容美发",
    "商贸",
    "文化传媒",
    "物流",
    "人力资源",
    "健身",
    "食品",
    "劳务服务",
    "娱乐",
    "养殖",
]
STREETS = ["凤凰路街道", "新华路街道", "振兴街道", "新兴街道"]


def digits(rng: Random, count: int) -> str:
    return "".join(str(rng.randrange(10)) for _ in range(count))


def citizen_id(rng: Random) -> str:
    """A citizen number of the right form (GB 11643). Its order code 000 is given to nobody."""
    born = date(1985, 1, 1) + timedelta(days=rng.randrange(365 * 20))
    front = f"610114{born:%Y%m%d}000"
    return front + ric.calc_check_digit(front + "0")


def uscc(rng: Random, kind: str = "91") -> str:
    """A 统一社会信用代码 with right check characters; the organisation part begins with XN and is not issued."""
    body = "XN" + digits(rng, 6)
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    check = (11 - sum(w * alphabet.index(c) for w, c in zip(weights, body, strict=True)) % 11) % 11
    front = f"{kind}610114{body}{'X' if check == 10 else check}"
    return front + uscc_number.calc_check_digit(front)


def person_name(rng: Random) -> str:
    return rng.choice(FAMILY) + "".join(rng.sample(GIVEN, 2)) + "（演示）"


def enterprise_name(rng: Random) -> str:
    return f"西安{rng.choice('云星明海川岳晨和')}{rng.choice('泽瑞达丰禾源信盛')}{rng.choice(TRADES)}有限公司（演示）"


def phone(rng: Random) -> str:
    """Range 190 0000: not given to anybody by the operators' published tables."""
    return "1900000" + digits(rng, 4)


def address(rng: Random) -> str:
    return f"西安市阎良区{rng.choice(STREETS)}演示路{rng.randrange(1, 300)}号"


def picture(words: str) -> bytes:
    """A small PNG that says that it is sample material."""
    image = Image.new("RGB", (640, 420), "#f4f6fa")
    draw = ImageDraw.Draw(image)
    draw.rectangle((20, 20, 620, 400), outline="#1a56b0", width=3)
    draw.text((40, 40), f"DEMO  {words}", fill="#1a56b0")
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def answers(version: VersionFacts, sources: Mapping[str, str], rng: Random, today: date) -> dict[str, Any]:
    """Plausible answers to every question of the version's form that its conditions ask."""
    values: dict[str, Any] = {}
    for group in version.form.groups:
        if group.repeat:
            values[group.code] = [_row(group, sources, rng, today) for _ in range(max(group.min, 1))]
        else:
            values[group.code] = _row(group, sources, rng, today)
    return version.form.check(values).values


def _row(group: Group, sources: Mapping[str, str], rng: Random, today: date) -> dict[str, Any]:
    return {field.code: _answer(field, sources, rng, today) for field in group.fields}


def _answer(field: Field, sources: Mapping[str, str], rng: Random, today: date) -> Any:
    if field.source and sources.get(field.source):
        return sources[field.source]
    choices = [value for value, _ in field.choices]
    low = float(field.min or 1)
    high = min(float(field.max or low * 20 + 20), low * 20 + 20)
    made: dict[str, Any] = {
        "choice": rng.choice(choices or [""]),
        "choices": sorted(rng.sample(choices, min(2, len(choices))), key=choices.index) if choices else [],
        "boolean": False,
        "integer": str(int(rng.uniform(low, high))),
        "decimal": f"{rng.uniform(low, high):.2f}",
        "money": f"{int(rng.uniform(low, high))}",
        "date": (today + timedelta(days=rng.randrange(10, 90))).isoformat(),
        "phone": phone(rng),
        "citizen_id": citizen_id(rng),
        "uscc": uscc(rng),
        "address": address(rng),
        "email": "demo@example.com",
        "longtext": "演示内容：按规定办理",
    }
    if field.type in made:
        return made[field.type]
    if field.pattern:
        return digits(rng, 12)
    return {"name": enterprise_name(rng), "plate": "拟购", "size": "6×3"}.get(field.code, person_name(rng))[
        : field.max_length or 60
    ]
