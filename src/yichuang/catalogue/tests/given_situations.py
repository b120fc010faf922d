"""An item with two implementation items and questions that tell them apart."""

from __future__ import annotations

import copy
from typing import Any

HANDLINGS: list[dict[str, Any]] = [
    {"code": "h1", "name": "公共场所卫生许可（新办）", "is_online": True, "is_window": True},
    {"code": "h2", "name": "公共场所卫生许可（变更）", "is_online": True, "is_window": True},
]
SITUATIONS: dict[str, Any] = {
    "questions": [
        {
            "code": "what",
            "text": "您要办什么？",
            "help": "没有办过的选新办",
            "choices": [{"value": "new", "label": "新办"}, {"value": "change", "label": "变更"}],
        },
        {
            "code": "changed",
            "text": "变更的是什么？",
            "choices": [{"value": "place", "label": "地址"}, {"value": "name", "label": "名称"}],
            "when": {"field": "what", "in": ["change"]},
        },
    ],
    "rows": [
        {"when": {"what": ["new"]}, "handling": "h1"},
        {"when": {"what": ["change"], "changed": ["place"]}, "handling": "h2"},
        {
            "when": {"what": ["change"], "changed": ["name"]},
            "handling": "h2",
            "without": {"m2": "场所没有变化"},
            "fee": "none",
            "days": 2,
            "note": "名称以营业执照为准。",
        },
    ],
    "examples": [
        {
            "name": "改店名",
            "answers": {"what": "change", "changed": "name"},
            "handling": "h2",
            "materials": ["m1"],
            "fee": "none",
            "days": 2,
        }
    ],
}
NEW = {"what": "new"}
RENAMED = {"what": "change", "changed": "name"}


def asked(**overrides: Any) -> dict[str, Any]:
    """What an item with situations has beside the common content. overrides: of the definition."""
    return {"handlings": copy.deepcopy(HANDLINGS), "situations": {**copy.deepcopy(SITUATIONS), **overrides}}
