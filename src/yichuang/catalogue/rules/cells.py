"""Reading one value of a content: text, code, count, yes or no, words. Each raises ValueError with what is wrong, in Chinese.

Numbers and yes/no may come as text; a type code may lack its leading zero; a list of codes may be one text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def text(value: Any, size: int) -> str:
    if value is None:
        return ""
    if isinstance(value, (list, dict, tuple, bool)):
        raise ValueError("应为文字")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    found = str(value).replace("\x00", "").replace("\r\n", "\n").strip()
    if size and len(found) > size:
        raise ValueError(f"最多{size}字，现有{len(found)}字，请删减")
    return found


def code(value: Any, codes: Mapping[str, str]) -> str:
    found = text(value, 0)
    if not found or found in codes:
        return found
    padded = found.zfill(2)
    if padded in codes:
        return padded
    stripped = found.lstrip("0")
    if stripped in codes:
        return stripped
    named = next((key for key, name in codes.items() if name == found), "")
    if named:
        return named
    raise ValueError(f"“{found}”不在代码表中，可用：{'、'.join(f'{k} {v}' for k, v in codes.items())}")


def count(value: Any) -> int | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        raise ValueError("应为整数")
    try:
        number = int(str(value).strip()) if not isinstance(value, float) else int(value) if value.is_integer() else -1
    except ValueError:
        raise ValueError(f"“{value}”应为整数") from None
    if not 0 <= number <= 9999:
        raise ValueError(f"“{value}”应为0至9999的整数")
    return number


YES: Mapping[str, bool] = {"1": True, "是": True, "true": True, "y": True, "yes": True}
NO: Mapping[str, bool] = {"0": False, "否": False, "false": False, "n": False, "no": False}


def yes(value: Any) -> bool | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return value
    found = text(value, 0).lower()
    if found not in YES and found not in NO:
        raise ValueError(f"“{value}”应为“是”或“否”（1 或 0）")
    return found in YES


def words(value: Any, size: int) -> list[str]:
    if value is None or value == "":
        return []
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            raise ValueError("不是完整的 JSON 列表") from None
    if isinstance(value, (str, int, float)):
        value = text(value, 0).replace("、", ",").replace("，", ",").replace(";", ",").replace("；", ",").split(",")
    if not isinstance(value, (list, tuple)):
        raise ValueError("应为列表")
    return list(dict.fromkeys(found for one in value if (found := text(one, size))))


def plain(value: Any) -> Any:
    """JSON values only, keys as text."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value)
