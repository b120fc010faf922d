"""Bodies, staff, service points and the catalogue of the model district."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from yichuang.catalogue import commands as catalogue
from yichuang.catalogue.models import Item
from yichuang.core import documents
from yichuang.core.actor import Actor, system
from yichuang.hall import commands as hall
from yichuang.identity import commands as identity
from yichuang.identity.models import Department, Staff
from yichuang.site.demo import adjustments, invent, laws, life_stages, listed, model, needs, pending

HERE = Path(__file__).parent
PASSWORD = "Yichuang-2026"  # noqa: S105 - printed by `demo accounts`; a demo's sign-ins are public

SAMPLED = ("610114-WJ-0101", "m5")
SAMPLE = {
    "organ": "阎良区行政审批服务局（演示）",
    "title": "公共场所卫生管理制度（参考文本）",
    "lead": "供申请人参考，按本单位实际情况修改。",
    "watermark": "样例",
    "sections": [
        {"title": "岗位责任", "list": ["设专人负责卫生管理，每日检查并记录。", "从业人员持有效健康合格证明上岗。"]},
        {"title": "清洗消毒", "list": ["公用物品一客一换一消毒。", "清洗、消毒、保洁分区进行，记录保存两年。"]},
        {"title": "检测与应急", "list": ["每年至少检测一次，结果在醒目处公示。", "发生危害健康事故立即处置并报告。"]},
    ],
}
"""A reference text that the model district hands out with one of its items: (item, material) and its words."""

# sign-in, name, roles, department ("" is the bureau), what the person does in the demo
STAFF: tuple[tuple[str, str, tuple[str, ...], str, str], ...] = (
    ("chuangkou", "秦窗口", ("window_clerk",), "", "窗口人员：收件、受理、补正告知、送达"),
    ("chuangkou2", "田窗口", ("window_clerk",), "", "另一名窗口人员"),
    ("chengban", "成承办", ("handler",), "", "承办人：审查、现场核查、特别程序"),
    ("chengban2", "路承办", ("handler",), "", "另一名承办人（现场核查须两人以上）"),
    ("shenhe", "沈审核", ("reviewer",), "", "审核人：审核、决定"),
    ("fuzeren", "方局长", ("head",), "", "负责人：决定、批准延期"),
    ("fazhi", "法审员", ("legal_reviewer",), "", "法制审核人"),
    ("shixiang", "史事项", ("catalogue_editor",), "", "事项管理员：目录导入、发布"),
    ("gongshi", "宫公示", ("publicity_officer",), "", "公示专员：结果公开、双公示"),
    ("shijian", "施市监", ("window_clerk", "handler"), "阎良区市场监督管理局", "市场监管局承办人"),
    ("shijian2", "审市监", ("reviewer",), "阎良区市场监督管理局", "市场监管局审核人"),
    ("weijian", "魏卫健", ("handler",), "阎良区卫生健康局", "卫健局承办人"),
    ("weijian2", "审卫健", ("reviewer", "head"), "阎良区卫生健康局", "卫健局审核人"),
    ("xitong", "席系统", ("system_administrator",), "", "系统管理员：人员、日历、发件箱"),
    ("anquan", "安安全", ("security_administrator",), "", "安全管理员：授权"),
    ("shenji", "纪审计", ("auditor",), "", "审计员：日志、个人信息查看记录"),
)
DIVISION_WIDE = {
    "window_clerk",
    "system_administrator",
    "security_administrator",
    "auditor",
    "catalogue_editor",
    "publicity_officer",
}


@cache
def contents() -> dict[str, Any]:
    with (HERE / "district.toml").open("rb") as file:
        return tomllib.load(file)


def items(departments: Mapping[str, Department], *, whole: bool) -> Iterator[dict[str, Any]]:
    """The contents of the model district's items, complete by the district's defaults. whole: all 624, else some 70."""
    defaults = contents()["defaults"]
    for short in shorts():
        yield model.complete(_with_situations({**defaults, **short}), departments[short["department"]].uscc)
    for brief in model.briefs() if whole else ():
        made = model.content(brief)
        made["form"] = contents()["common_form"]
        made["steps"] = _steps(made["promise_day"]) if made["promise_day"] else []
        made["materials"] = made["materials"] or [_known_identity(made["by_law"])]
        yield model.complete(_with_situations({**defaults, **made}), departments[made["department"]].uscc)


def _with_situations(made: dict[str, Any]) -> dict[str, Any]:
    return {**made, "situations": situations().get(made["local_task_code"])}


@cache
def situations() -> dict[str, dict[str, Any]]:
    """情形引导 by code of the item."""
    with (HERE / "situations.toml").open("rb") as file:
        loaded = tomllib.load(file)["items"]
    return {one["code"]: {key: one[key] for key in ("questions", "rows", "examples")} for one in loaded}


def shorts() -> Iterator[dict[str, Any]]:
    """The items of `items/`, without what the district's items share."""
    for path in sorted((HERE / "items").glob("*.toml")):
        with path.open("rb") as file:
            loaded = tomllib.load(file)
        yield from map(_brief, loaded["items"]) if path.name == "others.toml" else [loaded]


def _brief(short: dict[str, Any]) -> dict[str, Any]:
    """A short entry in the full shape: its own facts, the district's common form and steps."""
    district = contents()
    statutory, promised = short["days"]
    title, level, number, article = short["law"]
    instant = promised == 0
    online = short.get("online", True)
    return {
        "local_task_code": short["code"],
        "catalog_code": short["catalog"],
        "task_name": short["name"],
        "task_type": short["type"],
        "department": short["department"],
        "main_audience": short["audience"],
        "summary": f"办理{short['name']}：{'、'.join(short['aliases'][:3])}。",
        "aliases": short["aliases"],
        "by_law": f"《{title}》{article}",
        "anticipate_day": statutory,
        "anticipate_explain": f"依《{title}》及行政许可法的规定" if short["type"] == "01" else f"依《{title}》的规定",
        "promise_day": promised,
        "promise_explain": "材料齐全的当场办结" if instant else f"承诺{promised}个工作日办结",
        "concerns_safety": short.get("concerns_safety"),
        "project_type": "1" if instant else "2",
        "accept_condition": f"符合《{title}》{article}规定的条件。",
        "handle_flow": "申请、受理、当场办结" if instant else "申请、受理、审查、审核、决定、送达",
        "result_name": f"{short['name']}办理结果",
        "is_online": online,
        "is_mobile": online,
        "online_handle_depth": ["1", "2", "3", "4", "5", "6"] if online else ["1"],
        "handle_type": ["1", "2", "3", "4"] if online else ["1"],
        "limit_scene_num": 0 if online else 1,
        "limit_scene_explain": "" if online else "须本人到场核验身份",
        "citations": [
            {"law": title, "level": level, "number": number, "article": article, "summary": "本事项的办理依据。"}
        ],
        "conditions": [{"text": f"符合《{title}》{article}规定的条件"}],
        "materials": [
            {
                "code": f"m{index}",
                "material_name": name,
                "material_type": "原件",
                "material_format": "3",
                "is_need": "1",
                "source_type": "10",
                "source_explain": "申请人自备",
                "page_num": 1,
                "by_law": f"《{title}》{article}",
                "accept_stand": "内容完整、清楚，与申请一致",
                "points": ["内容完整清楚", "与申请内容一致"],
            }
            for index, name in enumerate(short["materials"], 1)
        ]
        or [_known_identity(f"《{title}》{article}")],
        "steps": [] if instant else _steps(promised),
        "questions": [],
        "form": district["common_form"],
        "publicity": {"category": "普通", "content": f"准予办理{short['name']}", "withhold": ""},
    }


def _known_identity(basis: str) -> dict[str, Any]:
    """What an item asks that asks for nothing else: who the person is, which the sign-in or the card reader tells."""
    return {
        "code": "m1",
        "material_name": "居民身份证",
        "material_type": "原件",
        "material_format": "3",
        "is_need": "1",
        "source_type": "20",
        "source_explain": "公安机关核发",
        "page_num": 1,
        "by_law": basis,
        "accept_stand": "实名核验",
        "points": ["与申请人一致"],
        "exempt": "登录或者读卡时已实名核验，免提交",
    }


def _steps(promised: int) -> list[dict[str, Any]]:
    """Examination, review and decision within the promised working days."""
    if promised == 1:
        return [_step("s1", "审查与决定", "reviewer", "decide", 1, 1)]
    if promised == 2:
        return [_step("s1", "审查", "handler", "examine", 1, 1), _step("s2", "审核与决定", "reviewer", "decide", 2, 1)]
    review = decide = max(1, promised // 4)
    return [
        _step("s1", "审查", "handler", "examine", 1, promised - review - decide),
        _step("s2", "审核", "reviewer", "review", 2, review),
        _step("s3", "决定", "reviewer", "decide", 3, decide),
    ]


def _step(code: str, name: str, role: str, kind: str, group: int, days: int) -> dict[str, Any]:
    return {
        "code": code,
        "name": name,
        "role": role,
        "kind": kind,
        "group": group,
        "days": days,
        "standard": f"{name}：事实、依据和程序",
    }


def enter(at: datetime, *, whole: bool = False) -> dict[str, Department]:
    """Bodies, service points, staff with roles, and the published catalogue; whole: all of it, with how items stood before.
    What is there already is left as it is."""
    by = system("demo", contents()["division"])
    departments = _bodies(by, at)
    _points(by, at)
    _staff(departments, by, at)
    listed.enter(by, _on(at, model.BEFORE))
    _catalogue(list(items(departments, whole=whole)), by, at, told=whole)
    listed.publish(by, _on(at, model.LISTED) if whole else at)
    laws.enter(by, at)
    life_stages.enter(by, at)
    adjustments.enter(by, at)
    pending.enter(at)
    needs.enter(at)
    return departments


def _bodies(by: Actor, at: datetime) -> dict[str, Department]:
    district, rng = contents(), Random(11)  # noqa: S311 - invented data
    code = district["division"]
    identity.set_division(code=code, name=district["division_name"], level=4, by=by, at=at)
    made = {}
    for index, body in enumerate(district["departments"]):
        made[body["name"]] = identity.set_department(
            division=code,
            name=body["name"],
            short_name=body["short_name"],
            document_prefix=body["document_prefix"],
            seal_name=body.get("seal_name", body["name"]),
            uscc=invent.uscc(rng, "11"),
            phone=f"029-0000-{index + 1:04d}",
            address="西安市阎良区人民东路（演示）",
            complaint_phone="029-12345",
            review_organ=district["review_organ"],
            court=district["court"],
            by=by,
            at=at,
        )
    return made


def _points(by: Actor, at: datetime) -> None:
    for point in contents()["points"]:
        made = hall.set_point(
            code=point["code"],
            name=point["name"],
            level=point["level"],
            division=contents()["division"],
            address=point["address"],
            longitude=point["longitude"],
            latitude=point["latitude"],
            hours=contents()["defaults"]["transact_time"],
            by=by,
            at=at,
        )
        for number in range(1, point["windows"] + 1):
            hall.set_window(point=made, number=f"{number:02d}", kind="comprehensive", by=by, at=at)


def _staff(departments: dict[str, Department], by: Actor, at: datetime) -> None:
    bureau = departments[contents()["bureau"]]
    for index, (username, name, roles, body, _what) in enumerate(STAFF, 1):
        if Staff.objects.filter(account__username=username).exists():
            continue
        department = departments.get(body, bureau)
        staff = identity.hire_staff(
            number=f"YL{index:04d}",
            name=name,
            department=department,
            username=username,
            password=PASSWORD,
            password_must_change=False,
            law_certificate=f"演示{index:06d}",
            by=by,
            at=at,
        )
        for role in roles:
            whole = role in DIVISION_WIDE and not body
            identity.grant_role(staff, role=role, department=None if whole else department, by=by, at=at)
    people = {s.account.username: s for s in Staff.objects.select_related("account")}
    identity.set_post(department=bureau, name="综合窗口", a=people["chuangkou"], b=people["chuangkou2"], by=by, at=at)
    identity.set_post(department=bureau, name="审查岗", a=people["chengban"], b=people["chengban2"], by=by, at=at)


def _on(at: datetime, day: date) -> datetime:
    """The same hour of another day."""
    return at.replace(year=day.year, month=day.month, day=day.day)


def _catalogue(made: list[dict[str, Any]], by: Actor, at: datetime, *, told: bool) -> None:
    """told: with how items stood before."""
    known = set(Item.objects.values_list("code", flat=True))
    fresh = {content["local_task_code"]: content for content in made if content["local_task_code"] not in known}
    before, changed = _on(at, model.BEFORE), _on(at, model.CHANGED)
    sampled = fresh.pop(SAMPLED[0], None)
    if sampled is not None:
        _with_sample(sampled, by, before if told else at)
    old = {code: was for code, content in fresh.items() if told and (was := model.before(content)) is not None}
    for was in old.values():
        was["steps"] = _steps(was["promise_day"]) if was["promise_day"] else []
        was["situations"] = None  # asked since the version that followed
    first = [old.get(code, content) for code, content in fresh.items()]
    _published(catalogue.import_items(first, by=by, at=before if told else at), len(first))
    for item in Item.objects.filter(code__in=old):
        version = catalogue.draft_version(item, fresh[item.code], by=by, at=changed)
        catalogue.publish_version(version.pk, by=by, at=changed)


def _published(report: catalogue.Report, count: int) -> None:
    """The demo's own data must be lawful: what lint refuses stays a draft, and is told here."""
    drafts = list(Item.objects.filter(state="draft").values_list("code", flat=True))
    if report.created != count or drafts:
        raise ValueError(f"the model district has items that cannot be published: {report.rejected} {drafts}")


def _with_sample(content: dict[str, Any], by: Actor, at: datetime) -> None:
    version = catalogue.create_item(content, by=by, at=at)
    catalogue.put_sheet(
        version.pk,
        material=SAMPLED[1],
        kind="example",
        source=documents.render("core/sheet", SAMPLE),
        name="卫生管理制度参考文本.pdf",
        by=by,
        at=at,
    )
    catalogue.publish_version(version.pk, by=by, at=at)
