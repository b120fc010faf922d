"""Checks of the elements: completeness, codes, periods, visits, fees, legal basis, result, wording."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules import facts
from yichuang.catalogue.rules.findings import LICENSING, Context, Finding, error, warning

ONLINE_DEPTH_HANDLED = {"5", "6", "7"}


def missing(content: shape.Content) -> list[str]:
    """Names of the elements that an item in force must have and this one lacks."""
    lacking = [e.name for e in shape.ELEMENTS if e.needed and content[e.name] in (None, "", [])]
    if not content["main_audience"] and content["server_type"] and "main_audience" in lacking:
        lacking.remove("main_audience")
    for key in ("materials", "steps", "citations"):
        if not content[key] and not (key == "steps" and content["project_type"] == "1"):
            lacking.append(key)  # 即办件 is accepted and decided in one act: it has no steps
    return lacking


def complete(c: shape.Content, _: Context) -> Iterator[Finding]:
    for name in missing(c):
        label = shape.LABELS[name]
        yield error("element.missing", name, f"缺少{label}（{name}）。", f"请补充{label}。", f"{LICENSING}第三十条")
    if c["is_online"] and not c["form"]:
        yield error(
            "form.missing",
            "form",
            "网上可办却没有申请表单。",
            "请设计申请表单，或改为不可网办。",
            f"{LICENSING}第二十九条",
        )
    if not c["summary"]:
        yield warning("summary.missing", "summary", "没有一句话说明。", "请用群众看得懂的话写明这件事是办什么的。")
    if not c["local_task_code"] and not c["task_code"]:
        yield error("code.missing", "task_code", "没有实施编码。", "请填写实施编码或地方实施编码。")


def codes(c: shape.Content, context: Context) -> Iterator[Finding]:
    base = c["catalog_code"]
    if base and not re.fullmatch(r"\d{12}", base):
        yield error("code.catalog", "catalog_code", f"基本编码“{base}”应为12位数字。", "请对照国家基本目录改正。")
    elif base and c["task_type"] and base[2:4] != c["task_type"]:
        kind = facts.TASK_TYPES.get(base[2:4], base[2:4])
        yield error(
            "code.type", "catalog_code", f"基本编码第3、4位表示{kind}，与事项类型不一致。", "请改正基本编码或事项类型。"
        )
    task = c["task_code"]
    if task:
        if not re.fullmatch(r"[0-9A-Z]{19}\d{12}", task):
            yield error(
                "code.task",
                "task_code",
                f"实施编码应为31位，现有{len(task)}位。",
                "18位统一社会信用代码+1位层级+12位基本编码。",
            )
        else:
            yield from _task_code(c, context, task)
    handle = c["task_handle_item"]
    if handle and (len(handle) != 33 or not handle[-2:].isdigit() or (task and handle[:31] != task)):
        yield error(
            "code.handle",
            "task_handle_item",
            "业务办理项编码应为实施编码后加2位数字，共33位。",
            "请改正业务办理项编码。",
        )
    for name in ("task_handle_item", "task_code", "local_task_code"):
        if name == "task_code" and handle:
            continue  # the 业务办理项 of one 实施事项 share its code
        other = context.taken.get(c[name]) if c[name] else None
        if other:
            yield error(
                "code.duplicate", name, f"编码“{c[name]}”已由“{other}”使用。", "请核对编码，一个编码只用于一个事项。"
            )


def _task_code(c: shape.Content, context: Context, task: str) -> Iterator[Finding]:
    try:
        uscc.validate(task[:18])
    except ValidationError:
        yield error(
            "code.issuer",
            "task_code",
            "实施编码前18位不是有效的统一社会信用代码。",
            "请改为实施主体的统一社会信用代码。",
        )
    else:
        if context.issuer and task[:18] != context.issuer:
            yield error(
                "code.issuer", "task_code", "实施编码前18位不是实施主体的统一社会信用代码。", f"应为{context.issuer}。"
            )
    if c["use_level"] and task[18] != c["use_level"]:
        yield error("code.level", "task_code", "实施编码第19位与行使层级不一致。", "请改正实施编码或行使层级。")
    if c["catalog_code"] and task[19:] != c["catalog_code"]:
        yield error("code.base", "task_code", "实施编码后12位与基本编码不一致。", "请改正实施编码或基本编码。")


def periods(c: shape.Content, _: Context) -> Iterator[Finding]:
    statutory, promised = c["anticipate_day"], c["promise_day"]
    if c["project_type"] == "1":
        if promised not in (None, 0, 1):
            yield error(
                "period.instant",
                "promise_day",
                f"即办件的承诺时限不能是{promised}天。",
                "即办件当场办结，请填0；不能当场办结的改为承诺件。",
            )
    elif c["project_type"] == "2" and promised == 0:
        yield error(
            "period.promise", "promise_day", "承诺件的承诺时限不能为0。", "当场办结的请改为即办件，否则填写承诺的天数。"
        )
    if statutory is None or promised is None:
        return
    same = c["anticipate_type"] == c["promise_type"]
    # n working days are never shorter than n calendar days, so statutory calendar days bound promised working days too
    if promised > statutory and (same or c["promise_type"] == "working"):
        yield error(
            "period.over_statutory",
            "promise_day",
            f"承诺时限{promised}天长于法定时限{statutory}天。",
            "承诺时限不得长于法定时限，请缩短。",
            f"{LICENSING}第四十二条",
        )
    if c["task_type"] == "01" and c["anticipate_type"] == "calendar":
        yield warning(
            "period.calendar",
            "anticipate_type",
            "行政许可的期限以工作日计算。",
            "法律另有规定的除外，请核对。",
            f"{LICENSING}第八十二条",
        )
    if c["task_type"] == "01" and c["anticipate_type"] == "working" and statutory > 20 and not c["anticipate_explain"]:
        yield warning(
            "period.long",
            "anticipate_day",
            f"法定时限{statutory}个工作日长于20个工作日而没有说明。",
            "请在法定办结时限说明中写明所依据的条款（如统一办理、联合办理45日，或专门法律的规定）。",
            f"{LICENSING}第四十二条",
        )


def visits(c: shape.Content, _: Context) -> Iterator[Finding]:
    number = c["limit_scene_num"]
    if number is None:
        return
    whole = (
        "5" in c["online_handle_depth"]
        and bool(ONLINE_DEPTH_HANDLED & set(c["online_handle_depth"]))
        and "6" in c["online_handle_depth"]
    )
    if number == 0 and c["is_online"] is False and not c["is_express"]:
        yield error(
            "visits.zero",
            "limit_scene_num",
            "到现场0次，却既不能网办也不支持快递。",
            "请开通网办或快递，或改正到现场次数。",
        )
    if number > 0 and not c["limit_scene_explain"]:
        yield error(
            "visits.reason", "limit_scene_explain", f"须到现场{number}次而没有写明原因。", "请写明必须现场办理的原因。"
        )
    if number == 0 and c["limit_scene_explain"]:
        yield warning(
            "visits.no_reason", "limit_scene_explain", "到现场0次，不需要现场办理原因。", "请删去原因或改正次数。"
        )
    if number > 0 and whole and "全程网办" in "".join((c["limit_scene_explain"], c["handle_flow"])):
        yield error(
            "visits.online", "limit_scene_num", "全程网办事项的到现场次数应为0。", "请改为0次，或不标全程网办。"
        )
    if c["is_online"] and not c["online_handle_depth"]:
        yield error("online.depth", "online_handle_depth", "网上可办而没有网办深度。", "请选择网上办理深度。")
    if c["is_online"] is False and ONLINE_DEPTH_HANDLED & set(c["online_handle_depth"]):
        yield error(
            "online.depth", "online_handle_depth", "不可网办，却有网上办理的深度。", "请改正是否网办或网办深度。"
        )
    if c["is_online"] and "2" not in c["handle_type"]:
        yield warning(
            "online.channel", "handle_type", "网上可办而办理形式中没有“网上办理”。", "请在办理形式中加上网上办理。"
        )
    if c["is_mobile"] and not c["is_online"]:
        yield warning("mobile.online", "is_mobile", "移动端可办而网上不可办。", "请核对是否网上办理。")
    if "post" in c["deliveries"] and c["is_express"] is False:
        yield error(
            "express.delivery", "is_express", "送达方式有邮寄，却不支持物流快递。", "请改正是否支持物流快递或送达方式。"
        )


def fees(c: shape.Content, _: Context) -> Iterator[Finding]:
    law = f"{LICENSING}第五十八条、第五十九条"
    if c["is_fee"]:
        if not c["fees"]:
            yield error("fee.items", "fees", "收费而没有收费项目和标准。", "请列明每一项收费的名称、标准和依据。", law)
        if not c["fee_basis"] and not all(f["by_law"] for f in c["fees"]):
            yield error(
                "fee.basis", "fee_basis", "收费没有依据。", "请写明法律或行政法规依据；没有依据的不得收费。", law
            )
    elif c["fees"]:
        yield error("fee.none", "fees", "标为不收费，却列有收费项目。", "请改正是否收费，或删去收费项目。", law)
    for n, fee in enumerate(c["fees"]):
        if c["is_fee"] and not fee["fee_stand"]:
            yield error(
                "fee.standard", f"fees.{n}.fee_stand", f"收费项目“{fee['fee_name']}”没有标准。", "请写明收费标准。", law
            )


def safety(c: shape.Content, _: Context) -> Iterator[Finding]:
    """Whether who deceives is barred from applying again follows from this element."""
    law = f"{LICENSING}第七十八条、第七十九条"
    if c["task_type"] == "01" and c["concerns_safety"] is None:
        yield warning(
            "safety.missing",
            "concerns_safety",
            "没有写明本许可是否直接关系公共安全、人身健康、生命财产安全。",
            "请对照设定依据填写是或否：选“是”的，隐瞒情况、提供虚假材料的一年内，以欺骗、贿赂取得许可的三年内不得再次申请。",
            law,
        )
    if c["task_type"] not in ("", "01") and c["concerns_safety"] is not None:
        yield warning(
            "safety.not_licence",
            "concerns_safety",
            "只有行政许可才填写是否直接关系公共安全、人身健康、生命财产安全。",
            "请删去这一要素，或改正事项类型。",
            law,
        )


def basis(c: shape.Content, _: Context) -> Iterator[Finding]:
    levels = []
    for n, citation in enumerate(c["citations"]):
        place = f"citations.{n}"
        if not citation["law"]:
            yield error("law.name", f"{place}.law", f"第{n + 1}条依据没有法律名称。", "请写明法律、法规、规章的全称。")
            continue
        if not citation["article"]:
            yield warning(
                "law.article", f"{place}.article", f"《{citation['law']}》没有写明条款。", "请写到条、款、项。"
            )
        if citation["level"] not in facts.LAW_LEVELS:
            yield error(
                "law.level", f"{place}.level", f"《{citation['law']}》的效力级别“{citation['level']}”不在名录中。",
                f"可用：{'、'.join(facts.LAW_LEVELS)}。",
            )  # fmt: skip
        else:
            levels.append((facts.LAW_LEVELS[citation["level"]], citation))
    if c["task_type"] != "01" or not levels:
        return
    law = f"{LICENSING}第十四条、第十五条、第十七条"
    top, best = min(levels, key=lambda pair: pair[0])
    if top > facts.LAW_LEVELS["地方性法规"] and best["level"] != "省级政府规章":
        yield error(
            "law.too_low",
            "citations",
            f"行政许可的最高依据是{best['level']}《{best['law']}》，无权设定行政许可。",
            "请补充法律、行政法规、国务院决定、地方性法规或省级政府规章的依据；没有的，该事项不得作为行政许可。",
            law,
        )
    elif best["level"] == "省级政府规章":
        yield warning(
            "law.temporary",
            "citations",
            f"仅依据省级政府规章《{best['law']}》：只能设定一年的临时性行政许可。",
            "请核对是否已满一年；需要继续实施的，应由地方性法规设定。",
            f"{LICENSING}第十五条",
        )
