"""The content of an adjustment: what every verb that writes it checks first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from yichuang.catalogue.rules.adjustment.machine import LIST, WAYS
from yichuang.core.refusal import Refusal

LINE = ("way", "name", "code", "item", "version", "from", "to", "department", "level", "note")


def shaped(data: dict[str, Any]) -> dict[str, Any]:
    """title, basis, reason, lines with every key of LINE. Raises Refusal 422 for what lacks or is doubled."""
    told: dict[str, Any] = {name: str(data.get(name) or "").strip() for name in ("title", "basis", "reason")}
    wrong: dict[str, str] = {}
    if not told["title"]:
        wrong["title"] = "请填写标题"
    if not told["basis"]:
        wrong["basis"] = "请填写依据的文件"
    told["lines"] = [_line(line, n, wrong) for n, line in enumerate(data.get("lines") or [])]
    for label in _doubled(told["lines"]):
        wrong["lines"] = f"事项“{label}”列了两次"
    if wrong:
        words = "；".join(list(wrong.values())[:3])
        raise Refusal(
            "adjustment.malformed",
            f"调整的内容有误：{words}。",
            "请按提示改正后再保存。",
            law=LIST,
            fields=wrong,
            status=422,
        )
    return told


def _line(line: dict[str, Any], n: int, wrong: dict[str, str]) -> dict[str, Any]:
    told = {name: line.get(name) for name in LINE}
    for name in ("way", "name", "code", "from", "to", "level", "note"):
        told[name] = str(told[name] or "").strip()
    if told["way"] not in WAYS:
        wrong[f"lines.{n}.way"] = f"第{n + 1}项的调整方式应为取消、承接或下放"
    if not told["name"]:
        wrong[f"lines.{n}.name"] = f"第{n + 1}项没有事项名称"
    if told["way"] == "delegate" and not told["to"]:
        wrong[f"lines.{n}.to"] = f"第{n + 1}项下放，没有写明承接的街道或单位"
    return told


def _doubled(lines: Iterable[dict[str, Any]]) -> list[str]:
    seen: set[Any] = set()
    twice = []
    for line in lines:
        if line["item"] is not None and line["item"] in seen:
            twice.append(str(line["name"]))
        seen.add(line["item"])
    return twice
