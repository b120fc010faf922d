"""Checks of the nested parts: materials, steps, form, result."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules import facts, formread
from yichuang.catalogue.rules.findings import LICENSING, Context, Finding, error, warning
from yichuang.catalogue.rules.form import FormDefinition, condition

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
        elif lost := _lost_places(publicity["content"] or "", c["form"]):
            yield warning(
                "publicity.place",
                "publicity.content",
                f"公开文字中的“{'、'.join(lost)}”在表单中没有。",
                "请改为申请表单中的字段，例如{place.name}；否则公开时这里是空的。",
            )
    if not c["deliveries"]:
        return
    if "electronic" in c["deliveries"] and not licence and c["result_type"] in ("证照", "10"):
        yield warning("result.electronic", "deliveries", "电子送达而没有电子证照。", "请填写证照类型代码。")


def _lost_places(text: str, given: Any) -> list[str]:
    """The places of a template that nothing will fill, in order."""
    definition, _problems = formread.parse(given) if given else (None, ())
    fields = [(group.code, field.code) for group, field in definition.walk()] if definition else []
    known = {"item", "applicant", "number", *(code for _, code in fields), *(f"{g}.{code}" for g, code in fields)}
    return [f"{{{name}}}" for name in dict.fromkeys(re.findall(r"\{([\w.]+)\}", text)) if name not in known]


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
