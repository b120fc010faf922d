"""Some months of a district's life, played through the public verbs in the order of time.

Each case is a story: a generator that does an act and yields the moment of its next one. A heap runs all stories, so
that numbers rise with time; what would happen after now is left open, and that is what the desk finds in the morning.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from django.db import transaction

from yichuang.cases import commands as cases
from yichuang.cases.models import Case, CaseStep
from yichuang.catalogue import queries as catalogue
from yichuang.catalogue.models import Item
from yichuang.catalogue.rules.facts import MaterialFacts, VersionFacts
from yichuang.core import calendar, files
from yichuang.core.actor import Actor, system
from yichuang.core.models import File
from yichuang.identity import commands as identity
from yichuang.identity import queries as people
from yichuang.identity.models import Account, Applicant, Department, Staff
from yichuang.reviews import commands as reviews
from yichuang.reviews.models import Invitation
from yichuang.site.demo import invent

Story = Iterator[datetime]
FAVOURITES = (
    "公共场所卫生许可",
    "食品经营许可",
    "小餐饮经营许可",
    "个体工商户设立登记",
    "设置大型户外广告及在城市建筑物、设施上悬挂、张贴宣传品审批",
)
WORDS = ("办得很快，窗口同志很耐心。", "网上就办好了，没跑腿。", "材料一次说清，好。", "流程清楚，短信提醒及时。", "")


@dataclass
class District:
    """Who is there, and what chance decides."""

    rng: Random
    now: datetime
    bureau: Department
    staff: Mapping[str, Actor]
    versions: list[VersionFacts]
    applicants: list[tuple[Applicant, Actor]]

    def office(self, version: VersionFacts) -> tuple[Actor, Actor, Actor]:
        """Handler, reviewer and head of the body that decides."""
        if version.department_id == self.bureau.pk:
            return self.staff["chengban"], self.staff["shenhe"], self.staff["fuzeren"]
        if "卫生" in version.department:
            return self.staff["weijian"], self.staff["weijian2"], self.staff["weijian2"]
        return self.staff["shijian"], self.staff["shijian2"], self.staff["shijian2"]

    def later(self, at: datetime, hours: float) -> datetime:
        """The next moment within working hours, some hours on (a working day has seven)."""
        while hours > 0:
            left = (at.replace(hour=17, minute=0) - at).total_seconds() / 3600
            if left > hours:
                return at + timedelta(hours=hours)
            hours -= max(left, 0)
            day = calendar.current().add(at.date(), 1)
            at = datetime.combine(day, time(9, self.rng.randrange(5, 55)), tzinfo=at.tzinfo)
        return at


def play(now: datetime, *, count: int, days: int, seed: int = 610114) -> int:
    """Plays `count` cases begun within the last `days` days. Returns how many there are in the end."""
    district = _district(now, Random(seed), max(20, count // 5))  # noqa: S311 - invented data
    first = now - timedelta(days=days)
    heap: list[tuple[datetime, int, Story]] = []
    for n in range(count):
        # more of them lately: an office's desk is full of young cases
        begun = first + (now - first) * (1 - district.rng.random() ** 1.6)
        begun = district.later(begun.replace(hour=9, minute=district.rng.randrange(60)), district.rng.uniform(0.1, 6))
        story = _window(district, begun) if district.rng.random() < 0.35 else _online(district, begun)
        heap.append((begun, n, story))
    heap.append((first.replace(hour=1), count, _nights(first.replace(hour=1))))
    heapq.heapify(heap)
    with transaction.atomic():
        while heap:
            at, n, story = heapq.heappop(heap)
            if at > now:
                continue
            following = next(story, None)
            if following is not None:
                heapq.heappush(heap, (following, n, story))
    return Case.objects.count()


def _district(now: datetime, rng: Random, crowd: int) -> District:
    staff = {
        s.account.username: people.actor_of_account(s.account, now) for s in Staff.objects.select_related("account")
    }
    bureau = Department.objects.get(document_prefix="阎审批")
    served = {
        bureau.pk,
        *Department.objects.filter(document_prefix__in=("阎市监", "阎卫健")).values_list("pk", flat=True),
    }
    held = (
        Item.objects.filter(state="published", department_id__in=served)
        .order_by("pk")
        .values_list("current_id", flat=True)
    )
    versions = [catalogue.version(pk) for pk in held if pk]
    favourites = [v for v in versions if v.name in FAVOURITES]
    by = system("demo", bureau.division)
    applicants = _own(now)
    for _ in range(crowd):
        applicants.append((_stranger(rng, by, now), by))
    return District(rng, now, bureau, staff, versions + favourites * 6, applicants)


def _own(now: datetime) -> list[tuple[Applicant, Actor]]:
    """Those who sign in at the portal, for themselves and for the enterprise."""
    own = []
    for account in Account.objects.filter(username__in=("zhangsan", "lisi")).order_by("pk"):
        actor = people.actor_of_account(account, now)
        own += [(applicant, actor) for applicant in people.applicants_for(actor)]
    return own


def _stranger(rng: Random, by: Actor, now: datetime) -> Applicant:
    """Somebody who comes to the window, entered there."""
    legal = rng.random() < 0.6
    return identity.find_or_create_applicant(
        kind="organisation" if legal else "person",
        id_kind="uscc" if legal else "citizen",
        id_number=invent.uscc(rng) if legal else invent.citizen_id(rng),
        name=invent.enterprise_name(rng) if legal else invent.person_name(rng),
        phone=invent.phone(rng),
        address=invent.address(rng),
        legal_representative=invent.person_name(rng) if legal else "",
        invented=True,
        by=by,
        at=now,
    )


def _sources(applicant: Applicant) -> dict[str, str]:
    return {
        "applicant.name": applicant.name,
        "applicant.id_number": applicant.id_number,
        "applicant.phone": applicant.phone,
        "applicant.address": applicant.address,
        "applicant.legal_representative": applicant.legal_representative,
    }


def _choose(d: District) -> tuple[VersionFacts, Applicant, Actor]:
    version = d.rng.choice(d.versions)
    fitting = [pair for pair in d.applicants if (pair[0].kind == "person") == (version.audience == "person")]
    applicant, actor = d.rng.choice(fitting)
    return version, applicant, actor


def _sample(owner: str, material: MaterialFacts, by: Actor, at: datetime) -> File:
    return files.store(invent.picture(material.code), f"{material.name[:20]}（演示）.png", owner=owner, by=by, at=at)


def _brought(version: VersionFacts, values: dict[str, Any]) -> list[MaterialFacts]:
    """All that is asked for: nobody in the demo leaves a material for later."""
    return [m for m in version.materials_for(values) if m.need != "2" and not m.exempt]


def _online(d: District, at: datetime) -> Story:
    """From the portal: a draft, the materials, submission."""
    version, applicant, actor = _choose(d)
    if actor.is_system or not version.online:
        yield from _window(d, at)
        return
    draft = cases.start_draft(version.id, applicant=applicant, fresh=True, by=actor, at=at)
    values = invent.answers(version, _sources(applicant), d.rng, at.date())
    contact = {"name": applicant.name, "phone": applicant.phone}
    way = "electronic" if "electronic" in version.deliveries else "counter"
    draft = cases.save_draft(
        draft.pk, revision=draft.revision, values=values, contact=contact, delivery={"way": way}, by=actor, at=at
    )
    for material in _brought(version, values):
        cases.attach(draft.pk, material=material.code, file=_sample(draft.stream, material, actor, at), by=actor, at=at)
    if d.rng.random() < 0.04:
        return  # left as a draft
    at = at + timedelta(minutes=d.rng.randrange(3, 20))
    number = cases.submit(draft.pk, channel=d.rng.choice(("online", "mobile")), by=actor, at=at).number
    yield from _received(d, version, number, actor, at)


def _window(d: District, at: datetime) -> Story:
    """At the window, with papers in hand; instant items are done in one act."""
    version, applicant, actor = _choose(d)
    clerk = d.staff["chuangkou"] if version.department_id == d.bureau.pk else d.office(version)[0]
    if not clerk.has("window_clerk"):
        clerk = d.staff["chuangkou"]
    values = invent.answers(version, _sources(applicant), d.rng, at.date())
    materials = {m.code: {"copies": 1, "paper": True, "ticks": list(m.points)} for m in _brought(version, values)}
    whole = d.rng.random() < 0.85
    case = cases.intake(
        version.id,
        applicant=applicant,
        values=values,
        materials=materials,
        point="610114",
        contact={"name": applicant.name, "phone": applicant.phone},
        delivery={"way": "counter"},
        accept=whole and not version.instant,
        decide=whole and version.instant,
        by=clerk,
        at=at,
    )
    if version.instant and whole:
        yield from _decided(d, version, case.number, actor, at)
    elif whole:
        yield from _accepted(d, version, case.number, actor, at)
    else:
        yield from _received(d, version, case.number, actor, at)


def _received(d: District, version: VersionFacts, number: str, actor: Actor, at: datetime) -> Story:
    clerk, chance = d.staff["chuangkou"], d.rng.random()
    if chance < 0.03:
        return  # nobody looks: deemed accepted after five working days
    at = d.later(at, d.rng.uniform(0.3, 12))
    yield at
    if chance < 0.12:
        points = [
            {
                "field": f"{version.form.groups[0].code}.{version.form.groups[0].fields[0].code}",
                "what": "名称与营业执照不一致，请更正。",
            }
        ]
        cases.request_correction(number, points=points, by=clerk, at=at)
        at = d.later(at, d.rng.uniform(4, 30))
        yield at
        if actor.is_system or chance < 0.06:
            return
        cases.resubmit(number, by=actor, at=at)
        at = d.later(at, d.rng.uniform(1, 10))
        yield at
    elif chance < 0.15:
        cases.decline(
            number,
            reasons="申请事项依法不需要取得行政许可。",
            basis="《中华人民共和国行政许可法》第三十二条",
            by=clerk,
            at=at,
        )
        return
    elif chance < 0.17 and not actor.is_system:
        cases.withdraw(number, reason="计划有变，不再申请。", by=actor, at=at)
        return
    if version.instant:
        cases.accept_and_decide(
            number, by=d.office(version)[0] if version.department_id != d.bureau.pk else clerk, at=at
        )
        yield from _decided(d, version, number, actor, at)
        return
    cases.accept(number, by=clerk, at=at)
    yield from _accepted(d, version, number, actor, at)


def _accepted(d: District, version: VersionFacts, number: str, actor: Actor, at: datetime) -> Story:
    handler, reviewer, head = d.office(version)
    chance = d.rng.random()
    pace = d.rng.uniform(0.25, 0.9) if chance > 0.06 else 1.4
    step_hours = max(2.0, 7 * version.promised_days * pace / max(len(version.steps), 1))
    at = d.later(at, d.rng.uniform(0.5, 5))
    yield at
    if Case.objects.values_list("handler_id", flat=True).get(number=number) is None:
        cases.take(number, by=handler, at=at)
    if chance < 0.05 and version.promised_days > 4:
        at = d.later(at, 3)
        yield at
        case = cases.start_special(
            number, kind="expert_review", reason="需要专家评审", needed_days=5, by=handler, at=at
        )
        at = d.later(at, d.rng.uniform(14, 35))
        yield at
        cases.end_special(case.number, no=1, result="评审通过", by=handler, at=at)
    for step in _steps(number):
        if step.kind == "decide":
            break
        at = d.later(at, step_hours)
        yield at
        who = reviewer if step.role == "reviewer" else handler
        pair = _pair(d, handler) if step.kind == "site_check" else ()
        cases.pass_step(number, step=step.code, opinion="符合条件，拟同意。", staff=pair, by=who, at=at)
    at = d.later(at, step_hours)
    yield at
    decider = head if any(s.kind == "decide" and s.role == "head" for s in version.steps) else reviewer
    if chance > 0.97:
        cases.refuse(number, reasons="经审查，场所条件不符合规定的标准。", basis=version.by_law, by=decider, at=at)
        at = d.later(at, 6)
        yield at
        cases.deliver(number, way="electronic", by=d.staff["chuangkou"], at=at)
        return
    cases.grant(number, opinion="准予。", by=decider, at=at)
    yield from _decided(d, version, number, actor, at)


def _steps(number: str) -> list[CaseStep]:
    return list(Case.objects.get(number=number).steps.order_by("group", "code"))


def _pair(d: District, handler: Actor) -> tuple[int, ...]:
    return tuple(int(d.staff[name].ref.partition(":")[2]) for name in ("chengban", "chengban2"))


def _decided(d: District, version: VersionFacts, number: str, actor: Actor, at: datetime) -> Story:
    clerk = d.staff["chuangkou"]
    issuer = d.office(version)[0]
    case = Case.objects.get(number=number)
    if case.state == "granted" and not case.issued_at:
        at = d.later(at, d.rng.uniform(0.5, 8))
        yield at
        cases.issue(number, by=issuer, at=at)
    at = d.later(at, d.rng.uniform(0.5, 14))
    yield at
    if Case.objects.values_list("state", flat=True).get(number=number) == "granted":
        way = "counter" if case.channel == "window" else "electronic"
        cases.deliver(number, way=way, recipient="本人" if way == "counter" else "", by=clerk, at=at)
    at = at + timedelta(hours=d.rng.uniform(1, 40))
    yield at
    _rate(d, number, actor, at)
    if d.rng.random() < 0.3:
        at = d.later(at, 21)
        yield at
        cases.archive(number, by=issuer, at=at)


def _rate(d: District, number: str, actor: Actor, at: datetime) -> None:
    for invitation in Invitation.objects.filter(about=f"case:{number}", expires_at__gt=at).order_by("pk"):
        if d.rng.random() < 0.6:
            level = d.rng.choices(
                ("very_satisfied", "satisfied", "basically_satisfied", "dissatisfied"), (90, 8, 1.5, 0.5)
            )[0]
            reviews.submit(invitation.token, level=level, words=d.rng.choice(WORDS), channel="mobile", by=actor, at=at)


def _nights(at: datetime) -> Story:
    """Every night the sweeps look at what is due."""
    while True:
        cases.attend(at)
        at = at + timedelta(days=1)
        yield at
