"""The elements of an item: their national names, what each may hold, and what tables elsewhere call them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yichuang.catalogue.rules import facts


@dataclass(frozen=True, slots=True)
class Element:
    """name: national. kind: text, code, days, count, yes, codes, words. size: longest text. codes: what a code may be.
    needed: an item in force must have it (GB/T 39046 and the national 实施清单)."""

    name: str
    label: str
    kind: str = "text"
    size: int = 200
    codes: Mapping[str, str] | None = None
    needed: bool = False


DAY_TYPES: Mapping[str, str] = {"working": "工作日", "calendar": "自然日"}
SERVER_TYPES: Mapping[str, str] = {
    "1": "自然人",
    "2": "企业法人",
    "3": "事业法人",
    "4": "社会组织法人",
    "5": "非法人企业",
    "6": "行政机关",
    "9": "其他",
}

ELEMENTS: tuple[Element, ...] = (
    Element("task_name", "事项名称", size=1000, needed=True),
    Element("catalog_code", "基本编码", size=12),
    Element("local_catalog_code", "地方基本编码", size=80),
    Element("task_code", "实施编码", size=31),
    Element("local_task_code", "地方实施编码", size=100),
    Element("task_handle_item", "业务办理项编码", size=33),
    Element("task_type", "事项类型", "code", codes=facts.TASK_TYPES, needed=True),
    Element("department", "实施主体", size=80, needed=True),
    Element("dept_type", "实施主体性质", "code", codes=facts.DEPT_TYPES, needed=True),
    Element("entrust_name", "委托部门", size=200),
    Element("other_dept", "联办机构", size=300),
    Element("use_level", "行使层级", "code", codes=facts.USE_LEVELS, needed=True),
    Element("power_source", "权力来源", size=100),
    Element("is_filing", "是否备案类", "yes"),
    Element("taken_over_from", "划转前实施部门", size=80),
    Element("task_state", "事项状态", "code", codes=facts.TASK_STATES, needed=True),
    Element("main_audience", "主要服务对象", "code", codes=facts.AUDIENCES, needed=True),
    Element("server_type", "服务对象类别", "codes", codes=SERVER_TYPES),
    Element("summary", "一句话说明", size=300),
    Element("by_law", "设定依据", size=4000, needed=True),
    Element("concerns_safety", "是否直接关系公共安全、人身健康、生命财产安全", "yes"),
    Element("duty", "责任事项", size=4000),
    Element("liability", "追责情形", size=4000),
    Element("remedy", "救济途径", size=2000),
    Element("reform_way", "证照分离改革方式", "code", codes=facts.REFORM_WAYS),
    Element("is_commitment", "是否实行告知承诺", "yes"),
    Element("merged_into", "多证合一并入事项编码", size=100),
    Element("project_type", "办件类型", "code", codes=facts.PROJECT_TYPES, needed=True),
    Element("anticipate_day", "法定办结时限", "days", needed=True),
    Element("anticipate_type", "法定办结时限单位", "code", codes=DAY_TYPES, needed=True),
    Element("anticipate_explain", "法定办结时限说明", size=1000),
    Element("promise_day", "承诺办结时限", "days", needed=True),
    Element("promise_type", "承诺办结时限单位", "code", codes=DAY_TYPES, needed=True),
    Element("promise_explain", "承诺办结时限说明", size=1000),
    Element("accept_condition", "受理条件", size=4000, needed=True),
    Element("handle_flow", "办理流程", size=4000, needed=True),
    Element("special_procedure", "特别程序", size=1000),
    Element("handle_type", "办理形式", "codes", codes=facts.HANDLE_TYPES, needed=True),
    Element("limit_scene_num", "到办事现场次数", "count", needed=True),
    Element("limit_scene_explain", "必须现场办理原因", size=1000),
    Element("is_online", "是否网上办理", "yes", needed=True),
    Element("online_handle_depth", "网上办理深度", "codes", codes=facts.ONLINE_DEPTHS),
    Element("online_handle_url", "在线办理地址", size=500),
    Element("is_mobile", "是否移动端办理", "yes"),
    Element("is_express", "是否支持物流快递", "yes", needed=True),
    Element("is_entry_center", "是否进驻政务大厅", "yes", needed=True),
    Element("is_service_terminals", "是否支持自助终端办理", "yes"),
    Element("is_nearby", "是否就近办理", "yes"),
    Element("is_schedule", "是否支持预约办理", "yes"),
    Element("is_fee", "是否收费", "yes", needed=True),
    Element("fee_basis", "收费依据", size=1000),
    Element("is_pay_online", "是否支持网上支付", "yes"),
    Element("handle_area", "通办范围", "words", size=60),
    Element("cross_modes", "跨区域办理方式", "codes", codes=facts.CROSS_MODES),
    Element("service_type", "中介服务", size=1000),
    Element("limit_explain", "数量限制", size=1000),
    Element("result_type", "结果类型", size=60),
    Element("result_name", "结果名称", size=200),
    Element("deliveries", "送达方式", "codes", codes=facts.DELIVERIES, needed=True),
    Element("link_addr", "办理网址", size=500),
    Element("transact_addr", "办理地点", size=500, needed=True),
    Element("transact_time", "办理时间", size=500, needed=True),
    Element("link_way", "咨询方式", size=300, needed=True),
    Element("supervise_way", "监督投诉方式", size=300, needed=True),
    Element("user_topic_type", "面向自然人主题", "words", size=60),
    Element("corp_topic_type", "面向法人主题", "words", size=60),
    Element("aliases", "俗称", "words", size=60),
)
BY_NAME: Mapping[str, Element] = {e.name: e for e in ELEMENTS}

# the nested lists: key -> (label, {sub-key: (kind, size)}); "text" unless told; "any" is kept as it is
LISTS: Mapping[str, tuple[str, Mapping[str, tuple[str, int]]]] = {
    "citations": (
        "法律依据",
        {
            "law": ("text", 200),
            "level": ("text", 20),
            "number": ("text", 100),
            "article": ("text", 200),
            "summary": ("text", 2000),
        },
    ),
    "conditions": ("申请条件", {"text": ("text", 1000)}),
    "fees": (
        "收费项目",
        {"fee_name": ("text", 200), "fee_stand": ("text", 1000), "by_law": ("text", 1000), "is_desc": ("text", 1000)},
    ),
    "materials": (
        "申请材料",
        {
            "code": ("text", 40),
            "material_name": ("text", 200),
            "is_need": ("text", 1),
            "material_type": ("text", 40),
            "material_format": ("text", 1),
            "source_type": ("text", 2),
            "source_explain": ("text", 300),
            "page_num": ("count", 0),
            "page_format": ("text", 60),
            "fill_explain": ("text", 1000),
            "accept_stand": ("text", 2000),
            "points": ("words", 300),
            "by_law": ("text", 1000),
            "exempt": ("text", 300),
            "justified": ("text", 300),
            "certificate": ("text", 40),
            "intermediary": ("text", 40),
            "when": ("any", 0),
            "form_guid": ("text", 64),
            "example_guid": ("text", 64),
            "remark": ("text", 500),
        },
    ),
    "steps": (
        "办理环节",
        {
            "code": ("text", 40),
            "name": ("text", 60),
            "role": ("text", 20),
            "kind": ("text", 20),
            "group": ("count", 0),
            "days": ("count", 0),
            "department": ("text", 80),
            "standard": ("text", 2000),
            "required": ("yes", 0),
            "when": ("any", 0),
        },
    ),
    "handlings": (
        "业务办理项",
        {
            "code": ("text", 40),
            "name": ("text", 200),
            "task_handle_item": ("text", 33),
            "is_online": ("yes", 0),
            "is_window": ("yes", 0),
            "only_online": ("yes", 0),
            "exempt": ("text", 300),
        },
    ),
    "questions": ("常见问题", {"question": ("text", 500), "answer": ("text", 3000)}),
}
DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "materials": {"is_need": "1", "material_type": "原件", "material_format": "3", "source_type": "10", "page_num": 1},
    "steps": {"role": "handler", "kind": "examine", "group": 1, "days": 0, "required": True},
}
PARTS: Mapping[str, tuple[str, Mapping[str, tuple[str, int]]]] = {
    "licence": (
        "证照结果",
        {"type_code": ("text", 21), "name": ("text", 200), "validity_months": ("count", 0), "fields": ("words", 40)},
    ),
    "publicity": ("结果公开", {"category": ("text", 256), "content": ("text", 4000), "withhold": ("text", 500)}),
}
LABELS: Mapping[str, str] = {
    **{e.name: e.label for e in ELEMENTS},
    **{key: label for key, (label, _) in {**LISTS, **PARTS}.items()},
    "form": "申请表单",
    "situations": "情形引导",
}
KEYS: tuple[str, ...] = tuple(LABELS)

HEADINGS: Mapping[str, str] = {
    "部门": "dept_name",
    "办理部门": "dept_name",
    "实施主体": "dept_name",
    "实施部门": "dept_name",
    "部门编码": "dept_code",
    "事项编码": "local_task_code",
    "编码": "local_task_code",
    "事项类型编码": "task_type",
    "实施清单编码": "task_code",
    "国家编码": "task_code",
}
"""What tables elsewhere call an element, beside its name and label."""


def element_of(heading: str) -> str:
    """The element that a table's heading means; "" when it means none."""
    plain = heading.strip()
    if plain in LABELS or plain in ("dept_name", "dept_code"):
        return "dept_name" if plain == "department" else plain
    if plain in HEADINGS:
        return HEADINGS[plain]
    return next((name for name, label in LABELS.items() if label == plain), "")
