"""A content as people read it: sections of labelled words, codes spelled out; and what differs, in the same words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules import facts, fieldtypes
from yichuang.catalogue.rules.differences import differences as compare
from yichuang.catalogue.rules.differences import situation_parts
from yichuang.catalogue.rules.differences import title as title_of

SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "基本信息",
        ("task_name", "summary", "aliases", "task_type", "department", "dept_type", "entrust_name", "other_dept", "use_level",
         "power_source", "is_filing", "taken_over_from", "task_state", "main_audience", "server_type", "user_topic_type", "corp_topic_type"),
    ),
    ("编码", ("local_task_code", "task_code", "task_handle_item", "catalog_code", "local_catalog_code")),
    ("依据和条件", ("by_law", "concerns_safety", "accept_condition", "limit_explain", "service_type")),
    ("权责", ("duty", "liability", "remedy", "reform_way", "is_commitment", "merged_into")),
    (
        "时限",
        ("project_type", "anticipate_day", "anticipate_type", "anticipate_explain", "promise_day", "promise_type",
         "promise_explain", "special_procedure"),
    ),
    (
        "怎么办",
        ("handle_type", "handle_flow", "limit_scene_num", "limit_scene_explain", "is_online", "online_handle_depth",
         "online_handle_url", "is_mobile", "is_express", "is_entry_center", "is_service_terminals", "is_nearby", "is_schedule",
         "handle_area", "cross_modes"),
    ),
    ("收费", ("is_fee", "fee_basis", "is_pay_online")),
    ("结果", ("result_type", "result_name", "deliveries")),
    ("地点和联系", ("transact_addr", "transact_time", "link_addr", "link_way", "supervise_way")),
)  # fmt: skip

SUB: Mapping[str, str] = {
    "law": "法律名称", "level": "效力级别", "number": "文号", "article": "条款", "summary": "摘要", "text": "内容",
    "fee_name": "收费项目", "fee_stand": "标准", "by_law": "依据", "is_desc": "减免", "code": "编码",
    "material_name": "材料名称", "is_need": "必要性", "material_type": "类型", "material_format": "形式",
    "source_type": "来源", "source_explain": "来源说明", "page_num": "份数", "page_format": "规格", "fill_explain": "填报须知",
    "accept_stand": "受理标准", "points": "核对要点", "exempt": "免提交、不进驻理由", "justified": "保留理由",
    "certificate": "证明事项", "intermediary": "中介服务", "task_handle_item": "业务办理项编码", "is_online": "网上可办",
    "is_window": "大厅窗口办理", "only_online": "只在网上办理", "when": "适用条件", "form_guid": "空白表格",
    "example_guid": "样表", "remark": "备注", "name": "名称", "role": "岗位", "kind": "种类", "group": "顺序", "days": "天数",
    "department": "部门", "standard": "审查标准", "required": "必经", "question": "问", "answer": "答",
    "type_code": "证照类型代码", "validity_months": "有效月数", "fields": "载明内容", "category": "许可类别", "content": "公开内容",
    "withhold": "不公开理由", "label": "名称", "title": "标题", "type": "类型", "help": "说明", "max_length": "最多字数",
    "choices": "选项", "source": "预填来源", "pattern": "格式", "min": "下限", "max": "上限", "repeat": "可重复",
}  # fmt: skip
SUB_CODES: Mapping[str, Mapping[str, str]] = {
    "is_need": facts.NEEDS,
    "material_format": facts.MATERIAL_FORMATS,
    "source_type": facts.SOURCE_TYPES,
    "role": facts.STEP_ROLES,
    "kind": facts.STEP_KINDS,
    "type": fieldtypes.TYPES,
}

WIDEST = 8
"""Columns that a table may have and still be read."""


@dataclass(frozen=True, slots=True)
class Line:
    """element: its key, for links from findings. text: "" when the element is lacking."""

    element: str
    label: str
    text: str
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """lines, or a table of head and rows, or cards (title, lines) where a table would be too wide."""

    title: str
    lines: list[Line] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    cards: list[tuple[str, list[Line]]] = field(default_factory=list)


def sections(content: Mapping[str, Any]) -> list[Section]:
    """A whole content (rules.content.normalise), section by section; tables for the nested lists that have rows."""
    found = [
        Section(title, [Line(n, shape.LABELS[n], say(n, content[n]), shape.BY_NAME[n].needed) for n in names])
        for title, names in SECTIONS
    ]
    for key, (label, columns) in shape.LISTS.items():
        rows = content[key]
        if not rows:
            found.append(Section(label, [Line(key, label, "", key in ("materials", "steps", "citations"))]))
            continue
        used = [c for c in columns if any(row[c] not in (None, "", []) for row in rows)]
        if len(used) > WIDEST:
            cards = [
                (title_of(row), [Line(key, SUB[c], text) for c in used if (text := say_sub(c, row[c]))]) for row in rows
            ]
            found.append(Section(label, cards=cards))
            continue
        found.append(
            Section(label, head=[SUB[c] for c in used], rows=[[say_sub(c, row[c]) for c in used] for row in rows])
        )
    for key, (label, columns) in shape.PARTS.items():
        part = content[key] or {}
        found.append(Section(label, [Line(key, SUB[c], say_sub(c, part.get(c))) for c in columns if part]))
    found.append(_form(content["form"]))
    found.append(_situations(content["situations"]))
    return [section for section in found if section.lines or section.rows or section.cards]


def section_of(element: str) -> str:
    """The title of the section in which an element is read; "" for what is in none."""
    for title, names in SECTIONS:
        if element in names:
            return title
    return shape.LABELS.get(element, "")


def _form(given: Any) -> Section:
    head = ["组", "字段", "类型", "必填", "说明"]
    rows = [
        [
            str(group.get("title", "")),
            str(one.get("label", "")),
            fieldtypes.TYPES.get(one.get("type", ""), str(one.get("type", ""))),
            "是" if one.get("required") else "",
            say_sub("choices", one.get("choices")) or str(one.get("help") or ""),
        ]
        for group in (given or {}).get("groups") or []
        if isinstance(group, Mapping)
        for one in group.get("fields") or []
        if isinstance(one, Mapping)
    ]
    return Section("申请表单", head=head, rows=rows) if rows else Section("申请表单", [Line("form", "申请表单", "")])


def _situations(given: Any) -> Section:
    parts = situation_parts(given)
    label = shape.LABELS["situations"]
    rows = [[name, str(told)] for name, told in parts.items()]
    return (
        Section(label, head=["问题、情形、用例", "内容"], rows=rows)
        if rows
        else Section(label, [Line("situations", label, "")])
    )


def say(name: str, value: Any) -> str:
    """The value of an element in words; "" when it is lacking."""
    element = shape.BY_NAME.get(name)
    if value in (None, "", []):
        return ""
    if element is None:
        return say_sub(name, value)
    if element.kind == "yes":
        return "是" if value else "否"
    if element.kind == "codes" and element.codes:
        return "、".join(element.codes.get(v, v) for v in value)
    if element.kind == "words":
        return "、".join(value)
    if element.kind == "code" and element.codes:
        return f"{element.codes.get(value, value)}"
    return str(value)


def say_sub(name: str, value: Any) -> str:
    """A column of a nested row in words; "" when it says nothing."""
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        if "field" in value:
            return _condition(value)
        return "；".join(f"{SUB.get(k, k)}：{text}" for k, v in value.items() if (text := say_sub(k, v)))
    if isinstance(value, list):
        if name == "choices":
            return "、".join(str(c.get("label", "")) for c in value if isinstance(c, Mapping))
        return "；".join(say_sub("", v) for v in value)
    return SUB_CODES.get(name, {}).get(str(value), str(value))


def _condition(when: Mapping[str, Any]) -> str:
    for op, words in (("eq", "是"), ("ne", "不是"), ("in", "属于")):
        if op in when:
            value = when[op]
            return f"{when['field']} {words} {'、'.join(map(str, value)) if isinstance(value, list) else value}"
    return str(when.get("field", ""))


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(label, before, after) in words, of what differs between two contents."""
    return [(d.label, say(d.key, d.before), say(d.key, d.after)) for d in compare(before, after)]
