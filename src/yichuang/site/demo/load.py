"""`yichuang demo load`: the model district in one database, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from random import Random

from django.db import transaction

from yichuang.cases.models import Case
from yichuang.catalogue import commands as catalogue
from yichuang.catalogue.models import Item, Law
from yichuang.catalogue.models.item import PUBLISHED
from yichuang.core import log
from yichuang.core.actor import system
from yichuang.core.events import Event
from yichuang.core.models import LogEvent
from yichuang.core.refusal import Refusal
from yichuang.identity import commands as identity
from yichuang.identity import queries as people
from yichuang.identity.models import Account
from yichuang.site.demo import district, invent, life

STREAM = "demo:district"
SCALES = {"small": (300, 120), "district": (300, 120)}
"""scale -> cases, over how many days; the district has the whole catalogue of 624 items"""

FOLLOWED = ("610114-SJ-0105", "公共场所卫生管理条例")


def load(scale: str, *, at: datetime, say: Callable[[str], None]) -> None:
    """Enters the model district at a scale, unless it is there. Deterministic for the day on which it is loaded.

    Raises Refusal when the database holds real records, or another scale.
    """
    if scale not in SCALES:
        raise Refusal("demo.scale", f"没有“{scale}”这个规模。", f"可用的规模：{'、'.join(SCALES)}。", status=422)
    stands = LogEvent.objects.filter(stream=STREAM).values_list("data", flat=True).first()
    if stands is None and (
        LogEvent.objects.exclude(stream__startswith="calendar:").exists() or Account.objects.exists()
    ):
        raise Refusal("demo.real_records", "这个数据库里已有真实记录，不能装入演示数据。", "请换一个空的数据库。")
    count, days = SCALES[scale]
    with transaction.atomic():
        if stands is None:
            log.append(STREAM, Event("demo.begun", {"scale": scale}), by=system("demo"), at=at)
        say("bodies, staff, catalogue")
        district.enter(at, whole=scale == "district")
        enter_people(at)
        enter_follows(at)
    if Case.objects.exists():
        say("cases are there")
        return
    say(f"{count} cases over {days} days")
    made = life.play(at, count=count, days=days)
    say(f"{made} cases")


def enter_people(at: datetime) -> None:
    """The citizen and the legal representative who sign in at the portal, and an enterprise."""
    rng = Random(3)  # noqa: S311 - invented data
    for username, name, phone in (("zhangsan", "张三（演示）", "19000000001"), ("lisi", "李四（演示）", "19000000002")):
        number = invent.citizen_id(rng)
        if not Account.objects.filter(username=username).exists():
            identity.register_person(
                username=username,
                password=district.PASSWORD,
                name=name,
                id_number=number,
                phone=phone,
                address=invent.address(rng),
                invented=True,
                at=at,
            )
    lisi = Account.objects.get(username="lisi")
    actor = people.actor_of_account(lisi, at)
    if not lisi.applicant.acts_for.exists():
        identity.register_organisation(
            name="西安晨星宾馆有限公司（演示）",
            id_number=invent.uscc(rng),
            phone="19000000003",
            address="西安市阎良区凤凰路街道演示路18号",
            invented=True,
            by=actor,
            at=at,
        )


def enter_follows(at: datetime) -> None:
    """What the citizen follows: an item of which a new version has its day before it, and what it rests on."""
    citizen = Account.objects.get(username="zhangsan")
    actor = people.actor_of_account(citizen, at)
    items = Item.objects.filter(code__in=FOLLOWED, state=PUBLISHED).values_list("pk", flat=True)
    laws = Law.objects.filter(name__in=FOLLOWED).values_list("pk", flat=True)
    for kind, targets in (("item", items), ("law", laws)):
        for target in targets:
            catalogue.follow(citizen.applicant, kind=kind, target=target, by=actor, at=at)


def accounts() -> list[dict[str, str]]:
    """The sign-ins: [{"role", "username", "password", "does"}]."""
    portal = [
        {"role": "公众", "username": "zhangsan", "password": district.PASSWORD, "does": "个人：申请、补正、查询、评价"},
        {"role": "公众", "username": "lisi", "password": district.PASSWORD, "does": "法定代表人：以企业身份办事"},
    ]
    desk = [
        {"role": "、".join(roles), "username": username, "password": district.PASSWORD, "does": does}
        for username, _name, roles, _body, does in district.STAFF
    ]
    return portal + desk
