"""Checks of what the public lists are drawn from: implementation items, filings, licences in disguise."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules.findings import LICENSING, Context, Finding, error

DISGUISE = re.compile(
    r"(?:批准|核准|同意|许可|审批|审查|审核|通过)后方可|未经(?:批准|核准|同意|备案|登记|确认)[^，。；]{0,12}不得"
)
"""How words say that one may not act before the administration agrees."""
BEFOREHAND = {"07": "行政确认", "10": "其他行政权力"}
TOLD = ("summary", "accept_condition", "handle_flow")


def handlings(c: shape.Content, _: Context) -> Iterator[Finding]:
    for n, one in enumerate(c["handlings"]):
        place, name = f"handlings.{n}", one["name"] or f"第{n + 1}个业务办理项"
        if not one["name"]:
            yield error(
                "handling.name", f"{place}.name", f"第{n + 1}个业务办理项没有名称。", "请填写名称，例如“新办”。"
            )
        own = one["task_handle_item"]
        if own and (len(own) != 33 or not own[-2:].isdigit() or own[:31] != c["task_code"]):
            yield error(
                "handling.code",
                f"{place}.task_handle_item",
                f"“{name}”的编码应为本事项实施编码后加2位数字，共33位。",
                "请改正编码，或留空由系统生成。",
            )
        if one["only_online"] and (one["is_window"] or not one["is_online"]):
            yield error(
                "handling.only_online",
                f"{place}.only_online",
                f"“{name}”标为只在网上办理，却{'也在窗口办理' if one['is_window'] else '网上不可办'}。",
                "请改正是否只在网上办理。",
            )
        if not one["is_online"] and not one["is_window"] and not one["exempt"]:
            yield error(
                "handling.nowhere",
                f"{place}.is_window",
                f"“{name}”网上和大厅窗口都不能办，也没有不进驻的理由。",
                "请开通一种办理途径；依规定在其他场所办理的，请写明不进驻理由。",
            )
    if not c["handlings"] or c["is_online"] is None:
        return
    if c["is_online"] != any(one["is_online"] for one in c["handlings"]):
        yield error(
            "handling.online",
            "is_online",
            f"事项标为网上{'可' if c['is_online'] else '不可'}办，业务办理项却{'没有一项' if c['is_online'] else '有'}网上可办。",
            "请使事项与业务办理项一致。",
        )


def filings(c: shape.Content, _: Context) -> Iterator[Finding]:
    if c["is_filing"] and c["task_type"] not in ("", "10"):
        yield error(
            "filing.type", "is_filing", "备案类事项的事项类型应为其他行政权力。", "请改正事项类型或是否备案类。"
        )
    kind = "备案" if c["is_filing"] else BEFOREHAND.get(c["task_type"], "")
    if not kind:
        return
    for name in TOLD:
        found = DISGUISE.search(c[name])
        if found:
            yield error(
                "disguise",
                name,
                f"{kind}事项写着“{found.group()}”，等于事前审批，是变相设定行政许可。",
                "确有法律、行政法规依据的，应列为行政许可；没有的，请改为告知性的表述，不得以此限制当事人开展活动。",
                f"{LICENSING}第十二条、第十四条、第十七条",
            )


MERGING = "《国务院办公厅关于加快推进“多证合一”改革的指导意见》（国办发〔2017〕41号）"


def merged(c: shape.Content, context: Context) -> Iterator[Finding]:
    """多证合一: what is merged names an item in force that carries it."""
    code = c["merged_into"]
    if not code:
        return
    if code in (c["local_task_code"], c["task_code"]):
        yield error(
            "merged.itself", "merged_into", "事项并入了它自己。", "请填写承载它的登记事项的编码，或清空。", MERGING
        )
    elif context.carriers is not None and code not in context.carriers:
        yield error(
            "merged.carrier",
            "merged_into",
            f"多证合一并入的事项“{code}”不存在或不在用。",
            "请填写在用的登记事项的编码；不再并入的，请清空。",
            MERGING,
        )
