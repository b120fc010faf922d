"""Everybody who may come to a page of cases, with an account to sign in, around one case."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.test import Client as Browser
from django.utils import timezone

from yichuang.cases import commands
from yichuang.cases.models import Case
from yichuang.cases.tests import given
from yichuang.core.actor import Actor
from yichuang.hall.models import ServicePoint
from yichuang.identity.models import Account, Staff
from yichuang.identity.tests import given as identity

PERSONS = ("applicant", "agent", "stranger")
STAFF = ("clerk", "handler", "other_handler", "reviewer", "head", "auditor", "admin")
EVERYBODY = ("anonymous", *PERSONS, *STAFF)


@dataclass
class People:
    """accounts: by who they are. w: the world with their actors."""

    w: given.World
    accounts: dict[str, Account] = field(default_factory=dict)

    def browser(self, who: str) -> Browser:
        browser = Browser()
        if who != "anonymous":
            browser.force_login(self.accounts[who])
        return browser

    def case(self, **more: Any) -> Case:
        """Taken in at the window just now, with everything."""
        return given.taken_in(self.w, at=timezone.localtime(), **more)

    def online(self, **more: Any) -> Case:
        return given.submitted_case(self.w, at=timezone.localtime(), **more)

    def accepted(self) -> Case:
        return commands.accept(self.online().number, by=self.w.clerk, at=timezone.localtime())


def body(answer: Any) -> bytes:
    """The whole answer; a file that it streams is let go of."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def account_of(actor: Actor) -> Account:
    return Staff.objects.get(pk=int(actor.ref.partition(":")[2])).account


def people(**overrides: Any) -> People:
    """overrides: of the item's content."""
    now = timezone.localtime()
    w = given.world(**overrides)
    point = ServicePoint.objects.filter(code=w.point).first() or ServicePoint.objects.create(
        code=w.point, name="阎良区政务服务大厅", level=4, division=identity.DIVISION
    )
    _, agent, _ = identity.agent_of(w.applicant, w.citizen, at=now)
    stranger, _ = identity.person(name="外人（演示）", at=now)
    other = identity.department("阎良区水务局")
    clerk, _ = identity.staff("秦窗口", ("window_clerk",), w.department, point=point.code)
    other_handler, _ = identity.staff("何水务", ("handler",), other)
    auditor, _ = identity.staff("申审计", ("auditor",), w.department)
    admin, _ = identity.staff("习管理", ("system_administrator",), w.department)
    accounts: dict[str, Account | None] = {
        "applicant": w.applicant.account,
        "agent": agent.account,
        "stranger": stranger.account,
        "clerk": clerk.account,
        "other_handler": other_handler.account,
        "auditor": auditor.account,
        "admin": admin.account,
        "handler": account_of(w.handler),
        "reviewer": account_of(w.reviewer),
        "head": account_of(w.head),
    }
    return People(w, {name: account for name, account in accounts.items() if account is not None})


def act(p: People, who: str, case: Case, verb: str, **data: Any) -> Any:
    """The verb by its form on the case page; the answer."""
    return p.browser(who).post(f"/desk/cases/{case.number}/do/{verb}/", data)
