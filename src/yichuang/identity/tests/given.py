"""Builders for tests of identity and of the packages above: a world made through commands.

Every identifier is invented and has its right check digit.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from PIL import Image
from stdnum.cn import ric, uscc

from yichuang.core import files
from yichuang.core.actor import Actor, system
from yichuang.core.models import File
from yichuang.identity import commands, queries
from yichuang.identity.models import Agency, Applicant, Client, Department, Division, Post, Staff

DIVISION = "610114"
PASSWORD = "Yc-test-2026"
AT = datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
"""A Monday morning: when everything is made unless a test says otherwise."""

_serial = count(1)


def by_system() -> Actor:
    return system("setup", DIVISION)


def citizen_number(serial: int | None = None, *, born: date = date(1988, 6, 15), area: str = "610114") -> str:
    """An invented 公民身份号码 with its right check digit: always the same for a serial, a new one without."""
    if serial is None:
        serial = next(_serial)
        born = date(1960, 1, 1) + timedelta(days=serial // 1000)
    body = f"{area}{born:%Y%m%d}{serial % 1000:03d}"
    return body + ric.calc_check_digit(body + "0")


def organisation_code(serial: int | None = None, *, prefix: str = "91610114MA") -> str:
    """An invented 统一社会信用代码 with its right check digit: always the same for a serial, a new one without."""
    body = f"{prefix}{serial if serial is not None else 5_000_000 + next(_serial):07d}"
    return body + uscc.calc_check_digit(body)


def mobile(serial: int | None = None) -> str:
    """An invented mobile number: always the same for a serial (139...), a new one without (137...)."""
    return f"139{serial:08d}" if serial is not None else f"137{next(_serial):08d}"


def division(code: str = DIVISION, name: str = "西安市阎良区", level: int = 4, parent: str = "") -> Division:
    return commands.set_division(code=code, name=name, level=level, parent=parent, by=by_system(), at=AT)


def department(
    name: str = "阎良区行政审批服务局",
    *,
    division: str = DIVISION,
    uscc: str | None = None,
    document_prefix: str = "阎审批",
    phone: str = "029-86200000",
    address: str = "西安市阎良区前进路1号",
    review_organ: str = "西安市阎良区人民政府",
    court: str = "西安铁路运输法院",
    **details: str,
) -> Department:
    """The same department when asked for the same name again."""
    found = Department.objects.filter(division=division, name=name).first()
    if found:
        return found
    return commands.set_department(
        division=division,
        name=name,
        uscc=uscc if uscc is not None else organisation_code(prefix="11610114MB"),
        document_prefix=document_prefix,
        phone=phone,
        address=address,
        review_organ=review_organ,
        court=court,
        by=by_system(),
        at=AT,
        **details,
    )


def staff(
    name: str = "王办理",
    roles: Iterable[str] = ("handler",),
    department: Department | None = None,
    *,
    point: str = "",
    whole_division: bool = False,
    number: str = "",
    password: str = PASSWORD,
    at: datetime = AT,
) -> tuple[Staff, Actor]:
    """A member of staff with roles for the department (administrators: for the whole division), and the Actor."""
    organ = department or globals()["department"]()
    serial = next(_serial)
    hired = commands.hire_staff(
        number=number or f"S{serial:05d}",
        name=name,
        department=organ,
        password=password,
        password_must_change=False,
        by=system("setup", organ.division),
        at=at,
    )
    for role in roles:
        wide = whole_division or role in ("system_administrator", "security_administrator", "auditor")
        commands.grant_role(
            hired,
            role=role,
            department=None if wide or point else organ,
            point="" if wide else point,
            by=system("setup", organ.division),
            at=at,
        )
    return hired, queries.actor_of_account(hired.account, at)


def person(
    name: str = "张三（演示）",
    *,
    phone: str | None = None,
    id_number: str | None = None,
    username: str = "",
    password: str = PASSWORD,
    address: str = "西安市阎良区人民路8号",
    at: datetime = AT,
) -> tuple[Applicant, Actor]:
    """A person who signed up on the portal and is verified, and the Actor. `applicant.account` signs in."""
    serial = next(_serial)
    account = commands.register_person(
        username=username or f"person{serial}",
        password=password,
        name=name,
        id_number=id_number or citizen_number(),
        phone=phone or mobile(),
        address=address,
        invented=True,
        at=at,
    )
    return account.applicant, queries.actor_of_account(account, at)


def organisation(
    name: str = "阎良区云上理发店（演示）",
    *,
    representative: Applicant | None = None,
    id_number: str | None = None,
    kind: str = "organisation",
    phone: str = "029-86201234",
    address: str = "西安市阎良区凤凰路12号",
    at: datetime = AT,
) -> tuple[Applicant, Actor]:
    """An organisation registered by its legal representative, and the representative's Actor, who may act for it."""
    who = representative or person("赵法人（演示）", at=at)[0]
    assert who.account is not None
    registered = commands.register_organisation(
        name=name,
        kind=kind,
        id_number=id_number or organisation_code(),
        phone=phone,
        address=address,
        invented=True,
        by=queries.actor_of_account(who.account, at),
        at=at,
    )
    assert isinstance(registered, Applicant)
    return registered, queries.actor_of_account(who.account, at)


def scan() -> bytes:
    """A small picture: what a telephone makes of a paper."""
    out = io.BytesIO()
    Image.new("RGB", (12, 16), "white").save(out, "PNG")
    return out.getvalue()


def letter(principal: Applicant, by: Actor, *, at: datetime = AT) -> File:
    """授权委托书 as the principal (or a clerk) hands it in."""
    return files.store(scan(), f"letter{next(_serial)}.png", owner=principal.ref, by=by, at=at, division=DIVISION)


def agent_of(
    principal: Applicant,
    principal_actor: Actor,
    *,
    name: str = "钱代理（演示）",
    days: int = 365,
    matters: str = "办理行政许可，代为提交、补正和领取文书",
    at: datetime = AT,
) -> tuple[Agency, Applicant, Actor]:
    """A person with 授权委托 of the principal: the agency, the agent, the agent's Actor."""
    agent, _ = person(name, at=at)
    assert agent.account is not None
    agency = commands.appoint_agent(
        principal,
        agent=agent,
        matters=matters,
        valid_until=at.date() + timedelta(days=days),
        letter=letter(principal, principal_actor, at=at),
        by=principal_actor,
        at=at,
    )
    return agency, agent, queries.actor_of_account(agent.account, at)


def post(a: Staff, b: Staff | None = None, *, name: str = "综合审批岗", at: datetime = AT) -> Post:
    return commands.set_post(department=a.department, name=name, a=a, b=b, by=by_system(), at=at)


def client(
    *, scopes: Iterable[str] = ("items:read", "cases:read"), departments: Iterable[Department] = (), at: datetime = AT
) -> tuple[Client, str]:
    """A program and its bearer token."""
    return commands.create_client(
        name="测试接入系统", scopes=scopes, departments=list(departments) or [department()], by=by_system(), at=at
    )
