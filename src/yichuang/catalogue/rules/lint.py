"""Is an item's content lawful and consistent? Pure checks over the one shape (rules.content); each finding names the
law and how to mend it. Errors stop publication.

A check is a function (content, context) -> findings, listed in CHECKS; a new rule is a new function and a line there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules import facts, formread
from yichuang.catalogue.rules.findings import ERROR, Finding, error, warning
from yichuang.catalogue.rules.form import FormDefinition, condition

LICENSING = "《中华人民共和国行政许可法》"
ONLINE_DEPTH_HANDLED = {"5", "6", "7"}


@dataclass(frozen=True, slots=True)
class Context:
    """What a content alone does not tell. taken: codes used by other items -> their names.
    issuer: 统一社会信用代码 of the department, "" when unknown. departments: names known in the division (empty: not checked)."""

    taken: dict[str, str] = field(default_factory=dict)
    issuer: str = ""
    departments: frozenset[str] = frozenset()


Check = Callable[[shape.Content, Context], Iterable[Finding]]


def check(content: shape.Content, context: Context | None = None) -> list[Finding]:
    """All findings, errors first, in the order of the checks. Takes a content in any degree of completeness that has the shape;
    raises content.Malformed otherwise."""
    full = shape.normalise(content)
    found = [finding for one in CHECKS for finding in one(full, context or Context())]
    return sorted(found, key=lambda f: f.severity != ERROR)


def errors(findings: Iterable[Finding]) -> list[Finding]:
    return [f for f in findings if f.severity == ERROR]


def missing(content: shape.Content) -> list[str]:
    """Names of the elements that an item in force must have and this one lacks."""
    lacking = [e.name for e in shape.ELEMENTS if e.needed and content[e.name] in (None, "", [])]
    if not content["main_audience"] and content["server_type"] and "main_audience" in lacking:
        lacking.remove("main_audience")
    for key in ("materials", "steps", "citations"):
        if not content[key] and not (key == "steps" and content["project_type"] == "1"):
            lacking.append(key)  # 即办件 is accepted and decided in one act: it has no steps
    return lacking


# -- the checks -------------------------------------------------------------------------------------------------------


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


VAGUE = re.compile(
    r"其他(?:有关|相关|所需|必要)?(?:的)?(?:材料|资料|证明|文件)|等(?:材料|资料)$|相关(?:材料|资料|证明)$"
)


def materials(c: shape.Content, _: Context) -> Iterator[Finding]:
    form = formread.parse(c["form"])[0]
    for n, one in enumerate(c["materials"]):
        place, name = f"materials.{n}", one["material_name"] or f"第{n + 1}项材料"
        if not one["material_name"]:
            yield error("material.name", f"{place}.material_name", f"第{n + 1}项材料没有名称。", "请填写材料名称。")
        for key, codes_, label in (
            ("is_need", facts.NEEDS, "必要性"),
            ("material_format", facts.MATERIAL_FORMATS, "材料形式"),
            ("source_type", facts.SOURCE_TYPES, "来源渠道"),
        ):
            if one[key] not in codes_:
                yield error(f"material.{key}", f"{place}.{key}", f"“{name}”的{label}“{one[key]}”不在代码表中。",
                            f"可用：{'、'.join(f'{k} {v}' for k, v in codes_.items())}。")  # fmt: skip
        if VAGUE.search(one["material_name"]):
            yield warning(
                "material.vague", f"{place}.material_name", f"“{name}”含糊，申请人不知道要带什么。", "请写明具体材料，或删去。",
                f"{LICENSING}第三十条、第三十一条",
            )  # fmt: skip
        if one["source_type"] == "20" and not one["exempt"] and not one["source_explain"]:
            yield warning(
                "material.held", f"{place}.exempt", f"“{name}”由政府部门核发，仍要申请人提交。",
                "能共享的请标明免提交；不能共享的请在来源渠道说明中写明核发部门和理由。", "国务院令第716号、《国务院办公厅关于加快推进电子证照扩大应用领域和全国互通互认的意见》",
            )  # fmt: skip
        if one["source_type"] == "99" and not one["source_explain"]:
            yield warning(
                "material.source", f"{place}.source_explain", f"“{name}”来源为其他而没有说明。", "请说明由谁出具。"
            )
        if not one["page_num"] and one["material_format"] != "2":
            yield warning("material.copies", f"{place}.page_num", f"“{name}”没有份数。", "请填写纸质材料份数。")
        yield from _when(one["when"], form, f"{place}.when", f"“{name}”")


def steps(c: shape.Content, context: Context) -> Iterator[Finding]:
    if not c["steps"]:
        return
    form = formread.parse(c["form"])[0]
    longest: dict[int, int] = {}
    for n, one in enumerate(c["steps"]):
        place, name = f"steps.{n}", one["name"] or f"第{n + 1}个环节"
        if not one["name"]:
            yield error("step.name", f"{place}.name", f"第{n + 1}个环节没有名称。", "请填写环节名称。")
        if one["role"] not in facts.STEP_ROLES:
            yield error(
                "step.role",
                f"{place}.role",
                f"“{name}”的岗位“{one['role']}”不在名录中。",
                f"可用：{'、'.join(facts.STEP_ROLES)}。",
            )
        if one["kind"] not in facts.STEP_KINDS:
            yield error(
                "step.kind",
                f"{place}.kind",
                f"“{name}”的种类“{one['kind']}”不在名录中。",
                f"可用：{'、'.join(facts.STEP_KINDS)}。",
            )
        if not one["standard"]:
            yield warning("step.standard", f"{place}.standard", f"“{name}”没有审查标准。", "请写明审查要点和标准。")
        if one["department"] and context.departments and one["department"] not in context.departments:
            yield error(
                "step.department",
                f"{place}.department",
                f"“{name}”的部门“{one['department']}”不在本地部门中。",
                "请改正部门名称。",
            )
        longest[one["group"]] = max(longest.get(one["group"], 0), one["days"])
        yield from _when(one["when"], form, f"{place}.when", f"“{name}”")
    deciding = [s for s in c["steps"] if s["kind"] == "decide"]
    if not deciding and c["project_type"] != "1":
        yield error(
            "step.decide",
            "steps",
            "没有决定环节。",
            "请加上决定环节，写明由谁作出决定。",
            f"{LICENSING}第三十四条、第三十八条",
        )
    elif deciding and min(s["group"] for s in deciding) < max(s["group"] for s in c["steps"]):
        yield error("step.order", "steps", "决定环节之后还有别的环节。", "决定应在最后一组，请调整环节顺序。")
    if any(s["kind"] == "review" and s["role"] == "handler" for s in c["steps"]):
        yield error("step.reviewer", "steps", "审核环节由承办人担任。", "审核应由承办人以外的审核人或负责人担任。")
    total, promised = sum(longest.values()), c["promise_day"]
    if promised and total > promised:
        yield error(
            "step.days",
            "steps",
            f"各环节合计{total}天，超过承诺时限{promised}天。",
            "同组环节并行，按最长的计。请调整环节天数或承诺时限。",
        )
    elif promised and total and total < promised and all(s["days"] for s in c["steps"]):
        yield warning(
            "step.days_short", "steps", f"各环节合计{total}天，少于承诺时限{promised}天。", "请核对，可压缩承诺时限。"
        )


def _when(given: Any, form: FormDefinition, place: str, name: str) -> Iterator[Finding]:
    if not given:
        return
    try:
        when = condition(given)
    except ValueError as wrong:
        yield error("when.malformed", place, f"{name}的适用条件有误：{wrong}。", "请改正条件，或删去。")
        return
    if when is not None and formread.target(form, None, when.field) is None:
        yield error(
            "when.field", place, f"{name}的适用条件指向表单中没有的字段“{when.field}”。", "请改为申请表单中的字段。"
        )


def form(c: shape.Content, _: Context) -> Iterator[Finding]:
    if not c["form"]:
        return
    definition, problems = formread.parse(c["form"])
    for problem in problems:
        yield error("form.definition", "form", f"申请表单有误：{problem}。", "请在表单设计中改正。")
    if not problems and not definition.groups:
        yield error("form.empty", "form", "申请表单没有任何字段。", "请设计表单。")
    fields = [f.label for _, f in definition.walk()]
    for label in sorted({x for x in fields if fields.count(x) > 2}):
        yield warning(
            "form.repeated", "form", f"表单多次询问“{label}”。", "同一信息只问一次。", "“一套材料、一次提交”的要求"
        )


def result(c: shape.Content, _: Context) -> Iterator[Finding]:
    licence = c["licence"]
    if licence:
        if not re.fullmatch(r"[0-9A-Z]{21}", licence["type_code"]):
            yield error(
                "licence.type",
                "licence.type_code",
                "证照类型代码应为21位数字或大写字母。",
                "请对照国家电子证照目录改正（GB/T 36902）。",
            )
        if not licence["name"]:
            yield error("licence.name", "licence.name", "证照没有名称。", "请填写证照名称。")
    if c["task_type"] == "01":
        if not licence and not c["result_name"]:
            yield warning(
                "result.name", "result_name", "没有写明办理结果的名称。", "请填写结果名称，例如“准予行政许可决定书”。"
            )
        publicity = c["publicity"]
        if not publicity:
            yield warning(
                "publicity.missing",
                "publicity",
                "没有写明许可结果怎样公开。",
                "请选择许可类别并写明公开内容。",
                f"{LICENSING}第五条、第四十条",
            )
        elif not publicity["withhold"] and not publicity["content"]:
            yield warning(
                "publicity.content",
                "publicity.content",
                "没有许可内容的公开文字。",
                "请写明许可内容。",
                f"{LICENSING}第四十条",
            )
    if not c["deliveries"]:
        return
    if "electronic" in c["deliveries"] and not licence and c["result_type"] in ("证照", "10"):
        yield warning("result.electronic", "deliveries", "电子送达而没有电子证照。", "请填写证照类型代码。")


def wording(c: shape.Content, _: Context) -> Iterator[Finding]:
    if (
        c["task_type"] != "01"
        and c["citations"]
        and re.search(r"审批|许可|核准", c["task_name"])
        and c["task_type"] in ("07", "10")
    ):
        kind = facts.TASK_TYPES[c["task_type"]]
        yield warning(
            "licence.disguised", "task_type", f"名称含“审批、许可、核准”，类型却是{kind}。",
            "须经批准才能从事活动的属于行政许可，应列入行政许可清单；否则请改名。", f"{LICENSING}第二条、第十二条",
        )  # fmt: skip
    if c["task_state"] in ("2", "3"):
        yield warning(
            "state.suspended",
            "task_state",
            f"事项状态为{facts.TASK_STATES[c['task_state']]}。",
            "发布后公众仍能看到，请核对。",
        )


CHECKS: tuple[Check, ...] = (complete, codes, basis, periods, visits, fees, materials, steps, form, result, wording)
