"""Builders for tests of the catalogue and of the packages above: items made through commands."""

from __future__ import annotations

import copy
from datetime import datetime
from itertools import count
from typing import Any

from yichuang.catalogue import commands, queries
from yichuang.catalogue.models import Item, ItemVersion
from yichuang.catalogue.rules.facts import VersionFacts
from yichuang.core.actor import Actor
from yichuang.identity.tests import given as identity
from yichuang.identity.tests.given import AT, DIVISION, by_system

__all__ = [
    "AT",
    "CONTENT",
    "DIVISION",
    "by_system",
    "content",
    "draft",
    "editor",
    "published_item",
    "reviewer",
    "revised",
    "second_person",
    "sparse_row",
    "submitted",
]

_serial = count(1)

FORM: dict[str, Any] = {
    "groups": [
        {
            "code": "place",
            "title": "经营场所",
            "fields": [
                {
                    "code": "name",
                    "label": "单位名称",
                    "type": "text",
                    "required": True,
                    "max_length": 80,
                    "source": "applicant.name",
                },
                {
                    "code": "address",
                    "label": "经营地址",
                    "type": "address",
                    "required": True,
                    "source": "applicant.address",
                },
            ],
        }
    ]
}

CONTENT: dict[str, Any] = {
    "catalog_code": "000123023000",
    "task_name": "公共场所卫生许可",
    "task_type": "01",
    "department": "阎良区行政审批服务局",
    "use_level": "4",
    "dept_type": "1",
    "task_state": "1",
    "main_audience": "legal",
    "summary": "开理发店、宾馆、游泳馆等公共场所，先办这张证。",
    "aliases": ["开理发店要办什么证", "宾馆卫生证"],
    "by_law": "《公共场所卫生管理条例》第四条",
    "anticipate_day": 20,
    "anticipate_type": "working",
    "promise_day": 5,
    "promise_type": "working",
    "accept_condition": "有固定经营场所，卫生条件符合要求。",
    "handle_flow": "申请、受理、审查、决定、送达。",
    "concerns_safety": True,
    "project_type": "2",
    "handle_type": ["1", "2", "3", "4"],
    "limit_scene_num": 0,
    "is_online": True,
    "online_handle_depth": ["1", "2", "3", "4", "5", "6", "7"],
    "is_mobile": True,
    "is_express": True,
    "is_fee": False,
    "is_entry_center": True,
    "transact_addr": "阎良区政务服务大厅二楼综合窗口",
    "transact_time": "工作日 09:00-12:00，13:00-17:00",
    "link_way": "029-86200000",
    "supervise_way": "029-86212345",
    "corp_topic_type": ["准营准办"],
    "deliveries": ["counter", "post", "electronic"],
    "licence": {
        "type_code": "11100000000013338W022",
        "name": "公共场所卫生许可证",
        "validity_months": 48,
        "fields": ["name", "address", "legal_representative"],
    },
    "publicity": {"category": "普通", "content": "准予从事公共场所经营活动", "withhold": ""},
    "citations": [
        {
            "law": "公共场所卫生管理条例",
            "level": "行政法规",
            "number": "国务院令第714号修订",
            "article": "第四条",
            "summary": "公共场所实行卫生许可证制度。",
        }
    ],
    "conditions": [{"text": "有固定的经营场所"}],
    "materials": [
        {
            "code": "m1",
            "material_name": "公共场所卫生许可申请表",
            "is_need": "1",
            "material_type": "原件",
            "material_format": "3",
            "source_type": "10",
            "points": ["填写完整", "签字或盖章"],
        },
        {
            "code": "m2",
            "material_name": "公共场所卫生检测报告",
            "is_need": "1",
            "material_type": "复印件",
            "material_format": "3",
            "source_type": "99",
            "source_explain": "有资质的检测机构出具",
            "points": ["在有效期内"],
        },
    ],
    "steps": [
        {
            "code": "examine",
            "name": "审查",
            "role": "handler",
            "kind": "examine",
            "group": 1,
            "days": 3,
            "standard": "材料齐全、符合法定形式",
        },
        {
            "code": "review",
            "name": "审核",
            "role": "reviewer",
            "kind": "review",
            "group": 2,
            "days": 1,
            "standard": "事实清楚、依据准确",
        },
        {
            "code": "decide",
            "name": "决定",
            "role": "reviewer",
            "kind": "decide",
            "group": 3,
            "days": 1,
            "standard": "程序合法",
        },
    ],
    "questions": [{"question": "卫生检测报告哪里出？", "answer": "由有资质的检测机构出具。"}],
    "form": FORM,
}


def content(**overrides: Any) -> dict[str, Any]:
    """A whole, lawful content: a licence with two materials, three steps and a form; each with a code of its own."""
    made = {**copy.deepcopy(CONTENT), "local_task_code": f"{DIVISION}-T-{next(_serial):04d}", **overrides}
    identity.department(made["department"])
    for step in made["steps"]:
        if step.get("department"):
            identity.department(step["department"])
    return made


def draft(*, by: Actor | None = None, at: datetime = AT, **overrides: Any) -> ItemVersion:
    """A new item with a draft."""
    return commands.create_item(content(**overrides), division=DIVISION, by=by or by_system(), at=at)


def published_item(*, by: Actor | None = None, at: datetime = AT, **overrides: Any) -> VersionFacts:
    """A published item, whole (see CONTENT); overrides replace elements of the content."""
    made = draft(by=by, at=at, **overrides)
    commands.publish_version(made.pk, by=by or by_system(), at=at)
    return queries.version(made.pk)


def revised(version: VersionFacts, *, at: datetime = AT, **overrides: Any) -> VersionFacts:
    """The next version of a published item, in force."""
    item = Item.objects.get(pk=version.item_id)
    content = {**queries.content(queries.in_force(item.pk)), **overrides}
    made = commands.draft_version(item, content, by=by_system(), at=at)
    commands.publish_version(made.pk, by=by_system(), at=at)
    return queries.version(made.pk)


def editor(department: str = "阎良区行政审批服务局") -> Actor:
    """A catalogue editor of a department."""
    return identity.staff("周目录", roles=("catalogue_editor",), department=identity.department(department))[1]


def reviewer(department: str = "阎良区行政审批服务局") -> Actor:
    """A legal reviewer: the second person."""
    return identity.staff("法审核", roles=("legal_reviewer",), department=identity.department(department))[1]


def submitted(version: ItemVersion, *, by: Actor | None = None, at: datetime = AT, **more: Any) -> ItemVersion:
    """Sent to legal review by an editor."""
    return commands.submit_version(version.pk, note="按新规定调整", by=by or editor(), at=at, **more)


def second_person(version: ItemVersion, *, by: Actor | None = None, at: datetime = AT, **more: Any) -> ItemVersion:
    """In force as people do it: an editor submits, another person approves."""
    submitted(version, by=by, at=at, **more)
    return commands.approve_version(version.pk, by=reviewer(), at=at)


def sparse_row(number: int, **overrides: Any) -> dict[str, Any]:
    """A row of a foreign list: a name, a code, a type and a department's name."""
    return {
        "task_name": f"事项{number:05d}登记",
        "local_task_code": f"X-{number:05d}",
        "task_type": "7",
        "dept_name": "区民政局",
        **overrides,
    }
