"""The codes of items: 基本编码 12 places, 实施编码 31, 业务办理项编码 33.

12 = 省 2 (00: the State's) + 事项类型 2 + 行业 2 + 主项 3 + 子项 3; 31 = 实施主体的统一社会信用代码 18 + 行使层级 1 + 基本编码 12;
33 = 实施编码 + 2 (国家政务服务事项编码规则; confidence of the parts as in the platform's standards: medium to high).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from yichuang.catalogue.rules import facts

BASE = re.compile(r"\d{12}")
HANDLINGS = 99
"""Most 业务办理项 of one 实施事项: two places, from 01."""


def base_code(*, province: str = "00", task_type: str, sector: str, main: int, sub: int = 0) -> str:
    """12 places. Raises ValueError when a part does not fit its places."""
    if task_type not in facts.TASK_TYPES:
        raise ValueError(f"没有事项类型“{task_type}”")
    if not (re.fullmatch(r"\d{2}", province) and re.fullmatch(r"\d{2}", sector)):
        raise ValueError("省份代码和行业代码各为2位数字")
    if not (0 <= main <= 999 and 0 <= sub <= 999):
        raise ValueError("主项和子项编号各为0至999")
    return f"{province}{task_type}{sector}{main:03d}{sub:03d}"


def task_code(issuer: str, level: str, base: str) -> str:
    """31 places. Raises ValueError when a part is wrong; issuer: the 统一社会信用代码, its check character included."""
    try:
        uscc.validate(issuer)
    except ValidationError:
        raise ValueError(f"“{issuer}”不是有效的统一社会信用代码") from None
    if level not in facts.USE_LEVELS:
        raise ValueError(f"没有行使层级“{level}”")
    if not BASE.fullmatch(base):
        raise ValueError(f"基本编码“{base}”应为12位数字")
    return f"{issuer}{level}{base}"


def handle_code(task: str, number: int) -> str:
    """33 places; number: from 1. Raises ValueError."""
    if len(task) != 31:
        raise ValueError(f"实施编码应为31位，现有{len(task)}位")
    if not 1 <= number <= HANDLINGS:
        raise ValueError(f"一个实施事项的业务办理项编号为1至{HANDLINGS}")
    return f"{task}{number:02d}"


def moved(content: Mapping[str, Any], issuer: str, level: str) -> dict[str, Any]:
    """The elements that change when another body exercises the power: 实施编码 and the 业务办理项编码 under it are its own; the
    item keeps its key as 地方实施编码. issuer: of that body; without a valid one the item has no 实施编码 until it has."""
    old = content["task_code"]
    try:
        new = task_code(issuer, level, content["catalog_code"]) if old else ""
    except ValueError:
        new = ""

    def follows(code: str) -> str:
        return f"{new}{code[31:]}" if new and code.startswith(old) else ""

    return {
        "use_level": level,
        "task_code": new,
        "local_task_code": content["local_task_code"] or old,
        "task_handle_item": follows(content["task_handle_item"]),
        "handlings": [{**one, "task_handle_item": follows(one["task_handle_item"])} for one in content["handlings"]],
    }
