"""Builders for tests of what is listed and of the public lists."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yichuang.catalogue import commands, queries
from yichuang.catalogue.models import Certificate, Intermediary, ListEdition
from yichuang.catalogue.tests import given
from yichuang.core import jobs
from yichuang.core.actor import Actor

CERTIFICATE: dict[str, Any] = {
    "code": "ZM-001",
    "name": "无犯罪记录证明",
    "names": ["无犯罪证明"],
    "purpose": "核实从业人员没有法律禁止从业的犯罪记录",
    "law": "中华人民共和国公证法",
    "law_level": "法律",
    "article": "第二十条",
    "issuer": "公安派出所",
    "way": "部门核验",
    "guidance": "",
}
INTERMEDIARY: dict[str, Any] = {
    "code": "ZJ-001",
    "name": "公共场所卫生检测",
    "names": [],
    "products": ["公共场所卫生检测报告"],
    "serves": "公共场所卫生许可",
    "law": "公共场所卫生管理条例",
    "law_level": "行政法规",
    "article": "第七条",
    "days": 10,
    "flow": "委托、现场采样、检测、出具报告",
    "conditions": "取得检验检测机构资质认定",
    "fee_way": "市场调节价",
    "independence": "本机关与检测机构没有隶属、投资或者收益关系，不指定机构。",
}


def certificate(*, by: Actor | None = None, at: datetime = given.AT, **values: Any) -> Certificate:
    return commands.list_certificate(CERTIFICATE | values, division=given.DIVISION, by=by or given.by_system(), at=at)


def intermediary(*, by: Actor | None = None, at: datetime = given.AT, **values: Any) -> Intermediary:
    return commands.list_intermediary(INTERMEDIARY | values, division=given.DIVISION, by=by or given.by_system(), at=at)


def material(name: str = "无犯罪记录证明", **more: Any) -> dict[str, Any]:
    """A material beside the application form."""
    form = given.content()["materials"][0]
    return {"materials": [form, {**form, "code": "m9", "material_name": name, "source_type": "20", "source_explain": "公安机关", **more}]}  # fmt: skip


def publisher(role: str = "catalogue_editor") -> Actor:
    return given.identity.staff("周目录", roles=(role,), whole_division=True)[1]


def edition(code: str, *, by: Actor | None = None, at: datetime = given.AT, **more: Any) -> ListEdition:
    """A list, published by the verb and the worker."""
    job = commands.start_list(code, by=by or publisher(), at=at, **more)
    jobs.run.call(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.message
    return queries.list_edition(given.DIVISION, code)
