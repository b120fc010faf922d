"""The model district's whole catalogue: 624 items in force, and what some of them were before.

`model/*.toml` holds items in a short shape, `items/` some of them whole, `marks.toml` what the public lists need to know of each
(implementation items that are not online, not in the hall, ...), `history.toml` how an item stood before it changed. Names, laws and
departments are real; base codes are built for the demo and begin with the province's 61.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from yichuang.catalogue.rules import codes, facts

HERE = Path(__file__).parent
BEFORE, CHANGED, LISTED = date(2019, 7, 1), date(2021, 3, 1), date(2021, 6, 30)
"""When the items stood as history.toml tells, when they changed to what they are, when the public lists were first published."""
PROVINCE = "61"
SECTORS: Mapping[str, str] = {
    "FG": "04",
    "JY": "05",
    "GX": "07",
    "MZ": "11",
    "MJ": "08",
    "GA": "09",
    "JJ": "10",
    "SF": "12",
    "CZ": "13",
    "RS": "14",
    "ZG": "15",
    "HB": "16",
    "ZJ": "17",
    "CG": "27",
    "JT": "18",
    "SW": "19",
    "NY": "20",
    "SM": "21",
    "WL": "22",
    "WJ": "23",
    "TY": "24",
    "YJ": "25",
    "SS": "30",
    "SJ": "31",
    "BY": "35",
    "YB": "36",
    "XC": "39",
    "GD": "32",
    "RF": "44",
    "QX": "54",
    "LY": "64",
    "YC": "28",
    "XF": "29",
    "DA": "41",
    "GJ": "42",
    "CL": "52",
    "GH": "53",
    "FL": "55",
    "TW": "56",
    "HS": "57",
    "JD": "58",
    "GS": "59",
    "KG": "60",
    "RQ": "61",
}
"""Letters in an item's code -> two places of its base code."""

ONLINE: Mapping[int, list[str]] = {
    0: ["1"],
    2: ["1", "2"],
    4: ["1", "2", "3", "4"],
    5: ["1", "2", "3", "4", "5", "6"],
    7: ["1", "2", "3", "4", "5", "6", "7"],
}
REMEDY = "对决定不服的，可以自知道之日起六十日内申请行政复议，或者自知道之日起六个月内提起行政诉讼。"
DEFERRABLE = ("管理制度", "教学计划", "课程说明", "设备清单")
"""Endings of the materials that may follow (容缺) where no safety is at stake."""
ELSEWHERE = "依规定在专门场所办理，不进驻大厅"


@cache
def read(name: str) -> dict[str, Any]:
    """One file of the demo's data."""
    with (HERE / name).open("rb") as file:
        return tomllib.load(file)


def briefs() -> Iterator[dict[str, Any]]:
    """The short entries, as the files have them."""
    for path in sorted((HERE / "model").glob("*.toml")):
        yield from read(f"model/{path.name}")["items"]


def history(code: str) -> Mapping[str, Any]:
    """How the item stood before: {"days", "more" (materials asked for then beside today's), "asked" (all that were asked for), ...elements}; empty where nothing is told."""
    return read("history.toml").get(code, {})


def content(short: Mapping[str, Any]) -> dict[str, Any]:
    """A short entry as a content, without what the district's items share (district.toml) and without its codes."""
    statutory, promised = short["days"]
    laws = [dict(zip(("law", "level", "number", "article"), law, strict=True)) for law in short["law"]]
    basis = "；".join(f"《{law['law']}》{law['article']}" for law in laws)
    instant, online, licence = promised == 0, short["online"], short["type"] == "01"
    made: dict[str, Any] = {
        "local_task_code": short["code"],
        "task_name": short["name"],
        "task_type": short["type"],
        "is_filing": short["filing"] if short["type"] == "10" else None,
        "department": short["department"],
        "taken_over_from": short["taken_over"],
        "main_audience": short["audience"],
        "user_topic_type" if short["audience"] == "person" else "corp_topic_type": short["topics"],
        "summary": short["summary"],
        "aliases": short["aliases"],
        "by_law": basis,
        "citations": laws,
        "concerns_safety": short["safety"] if licence else None,
        "anticipate_day": statutory,
        "anticipate_explain": f"依{basis}的规定",
        "promise_day": promised,
        "promise_explain": "材料齐全的当场办结" if instant else f"承诺{promised}个工作日办结",
        "project_type": "1" if instant else "2",
        "accept_condition": short["condition"],
        "conditions": [{"text": short["condition"]}],
        "handle_flow": "申请、受理、当场办结" if instant else "申请、受理、审查、审核、决定、送达",
        "result_name": short["result"],
        "reform_way": next((code for code, name in facts.REFORM_WAYS.items() if name.endswith(short["reform"])), "")
        if short["reform"]
        else "",
        "is_commitment": short["reform"] == "实行告知承诺",
        "is_online": online,
        "is_mobile": short["mobile"],
        "is_nearby": short["nearby"],
        "is_service_terminals": short["nearby"] and instant and short["audience"] == "person",
        "is_entry_center": short["window"],
        "cross_modes": [code for code, name in facts.CROSS_MODES.items() if name in short["cross"]],
        "online_handle_depth": ONLINE[short["depth"]],
        "handle_type": ["1", "2", "3", "4"] if short["mobile"] else ["1", "2", "4"] if online else ["1"],
        "limit_scene_num": 0 if online else 1,
        "limit_scene_explain": "" if online else "须到场核验原件或者本人身份",
        "is_fee": bool(short["fee"]),
        "fee_basis": basis if short["fee"] else "",
        "fees": _fees(short["fee"], basis),
        "materials": [
            _material(n, name, basis, deferrable=licence and not short["safety"] and name.endswith(DEFERRABLE))
            for n, name in enumerate(short["materials"], 1)
        ],
        "handlings": [{"name": name} for name in short["handlings"]],
        "publicity": {"category": "普通" if licence else "其他", "content": f"准予办理{short['name']}", "withhold": ""},
    }
    return made


def _fees(names: str, basis: str) -> list[dict[str, str]]:
    stand = "按国家和省价格、财政主管部门公布的标准收取"
    return [{"fee_name": name, "fee_stand": stand, "by_law": basis} for name in names.split("、") if name]


def _material(number: int, name: str, basis: str, *, deferrable: bool = False) -> dict[str, Any]:
    return {
        "is_need": "3" if deferrable else "1",
        "code": f"m{number}",
        "material_name": name,
        "source_explain": "申请人自备",
        "by_law": basis,
        "accept_stand": "内容完整、清楚，与申请一致",
        "points": ["内容完整清楚", "与申请内容一致"],
    }


def complete(made: dict[str, Any], issuer: str) -> dict[str, Any]:
    """With the marks of marks.toml, duties and remedies, and the codes of 12, 31 and 33 places. issuer: the department's
    统一社会信用代码 in the demo."""
    marks = dict(read("marks.toml").get(made["local_task_code"], {}))
    not_online = {*marks.pop("not_online", ())}
    online_only = {*marks.pop("online_only", ())}
    elsewhere = {*marks.pop("elsewhere", ())}
    not_entered = {*marks.pop("not_entered", ())}
    names = marks.pop("handlings", None)
    made = {**made, **marks}
    if names is not None:
        made["handlings"] = [{"name": name} for name in names]
    if not made.get("catalog_code"):
        _, letters, number = made["local_task_code"].split("-")
        made["catalog_code"] = codes.base_code(
            province=PROVINCE, task_type=made["task_type"], sector=SECTORS[letters], main=int(number[-3:])
        )
    task = made["task_code"] = codes.task_code(issuer, made["use_level"], made["catalog_code"])
    for n, one in enumerate(made.get("handlings") or [], 1):
        name = one["name"]
        one |= {
            "code": f"h{n}",
            "task_handle_item": codes.handle_code(task, n),
            "is_online": bool(made["is_online"]) and name not in not_online,
            "is_window": name not in online_only | elsewhere | not_entered,
            "only_online": name in online_only,
            "exempt": ELSEWHERE if name in elsewhere else "",
        }
    kind = facts.TASK_TYPES[made["task_type"]]
    made.setdefault(
        "duty", f"依法受理{made['task_name']}的申请，一次性告知，按期审查、决定、送达，公开结果，加强事后监管。"
    )
    made.setdefault("liability", f"实施{kind}违反法定权限、条件、程序和期限，或者玩忽职守、徇私舞弊的，依法追究责任。")
    made.setdefault("remedy", REMEDY)
    return made


def before(made: Mapping[str, Any]) -> dict[str, Any] | None:
    """The content as it stood before its last change; None when nothing is told of it."""
    told = dict(history(made["local_task_code"]))
    if not told:
        return None
    days, more, asked = told.pop("days", None), told.pop("more", []), told.pop("asked", None)
    old = {**made, **told}
    if made.get("taken_over_from"):
        old |= {"department": made["taken_over_from"], "taken_over_from": ""}
    if days is not None:
        old |= {"promise_day": days, "promise_explain": f"承诺{days}个工作日办结", "project_type": "2"}
        old["anticipate_day"] = max(old["anticipate_day"], days)
        old["handle_flow"] = "申请、受理、审查、审核、决定、送达"
    if asked is not None:
        old["materials"] = [_material(n, name, old["by_law"]) for n, name in enumerate(asked, 1)]
    more = [_material(len(old["materials"]) + n, name, old["by_law"]) for n, name in enumerate(more, 1)]
    old["materials"] = [*old["materials"], *more]
    old["task_code"] = ""
    old["handlings"] = [{**one, "task_handle_item": ""} for one in made.get("handlings") or []]
    return old
