"""The main job, end to end, through the pages: from a citizen's application to the published licence and the rating."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from yichuang.cases.models import Case
from yichuang.catalogue.models import Item
from yichuang.core.models import Message
from yichuang.core.verify import verify
from yichuang.identity.models import Account
from yichuang.licences import queries as licences
from yichuang.licences.models import Licence
from yichuang.publicity.models import PublicRecord
from yichuang.reviews.models import Invitation, Review
from yichuang.site.demo import district, invent
from yichuang.site.demo.load import enter_people

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> None:
    at = timezone.localtime()
    district.enter(at)
    enter_people(at)


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(Account.objects.get(username=username))
    return client


def seen(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, (url, answer.status_code, answer.content.decode()[:2000])
    return answer.content.decode() if not answer.streaming else ""


def sent(client: Client, url: str, data: dict[str, Any], status: int = 302) -> Any:
    answer = client.post(url, data)
    assert answer.status_code == status, (url, answer.status_code, re.sub(r"\s+", " ", answer.content.decode())[:6000])
    return answer


def applied(citizen: Client, item: Item, answers: dict[str, dict[str, str]], materials: tuple[str, ...]) -> str:
    """Through the pages of an application; the case's number."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    start = f"/apply/{item.pk}/"
    page = seen(citizen, start)
    chosen = re.findall(r'name="applicant"[^>]*value="(\d+)"', page)
    place = sent(citizen, start, {"applicant": chosen[0]} if chosen else {})["Location"]
    base = re.match(r"/apply/drafts/[0-9a-f-]+/", place)
    assert base
    for code, fields in answers.items():
        url = f"{base[0]}{code}/"
        seen(citizen, url)
        sent(
            citizen,
            url,
            {**{f"{code}.{name}": value for name, value in fields.items()}, f"{code}.rows": "0", "action": "next"},
        )
    for code in materials:
        file = SimpleUploadedFile("scan.png", invent.picture(code), content_type="image/png")
        sent(citizen, f"{base[0]}hand-in/{code}/upload/", {"file": file})
    seen(citizen, f"{base[0]}hand-in/")
    seen(citizen, f"{base[0]}contact-delivery/")
    sent(
        citizen,
        f"{base[0]}contact-delivery/",
        {
            "name": "张三",
            "phone": "19000000001",
            "way": "electronic",
            "contact.name": "张三",
            "contact.phone": "19000000001",
            "delivery.way": "electronic",
            "action": "next",
        },
    )
    page = seen(citizen, f"{base[0]}check-answers/")
    key = re.search(r'name="form_key" value="([^"]+)"', page)
    first = sent(
        citizen, f"{base[0]}check-answers/", {"true": "on", "declared": "on", "form_key": key[1] if key else ""}
    )
    again = citizen.post(
        f"{base[0]}check-answers/", {"true": "on", "declared": "on", "form_key": key[1] if key else ""}
    )
    assert again.status_code == 302
    assert Case.objects.count() == 1, "a form sent twice is one case"
    assert "/my/cases/" in first["Location"]
    return Case.objects.get().number


@pytest.mark.usefixtures("world")
def test_a_citizen_s_application_becomes_a_published_licence_that_verifies():
    item = Item.objects.get(name="小餐饮经营许可")
    citizen, clerk, handler, reviewer = map(signed_in, ("zhangsan", "chuangkou", "chengban", "shenhe"))
    assert "小餐饮" in seen(Client(), f"/items/{item.pk}/")
    answers = {
        "shop": {
            "name": "好味道小吃店",
            "owner": "张三（演示）",
            "address": "西安市阎良区演示路1号",
            "area": "30",
            "kinds": "热食",
            "phone": "19000000001",
        }
    }
    number = applied(citizen, item, answers, ("m3", "m4"))
    assert number in seen(citizen, "/my/")
    seen(citizen, f"/my/cases/{number}/")
    assert seen(signed_in("lisi"), f"/my/cases/{number}/", 404), "a stranger learns nothing"

    desk = f"/desk/cases/{number}/"
    seen(clerk, "/desk/")
    assert "受理" in seen(clerk, desk)
    seen(clerk, f"{desk}do/accept/")
    sent(clerk, f"{desk}do/accept/", {"seen": "99"})
    late = clerk.post(f"{desk}do/accept/", {"seen": "99"})
    assert late.status_code == 409
    assert "受理" in late.content.decode(), "the second clerk is told what happened"
    assert Case.objects.get().state == "accepted"
    sent(handler, f"{desk}do/pass_step/", {"step": "s1", "opinion": "符合条件", "conclusion": "grant", "seen": "99"})
    sent(reviewer, f"{desk}do/grant/", {"opinion": "同意", "seen": "99"})
    assert Case.objects.get().state == "granted"
    sent(handler, f"{desk}do/issue/", {"seen": "99"})
    sent(clerk, f"{desk}do/deliver/", {"way": "electronic", "seen": "99"})
    assert Case.objects.get().state == "closed"

    licence = Licence.objects.get()
    assert "有效" in seen(Client(), f"/v/{licence.token}/")
    seen(Client(), "/v/forged-token-that-nobody-gave/", 404)
    pdf = b"".join(citizen.get(f"/my/licences/{licence.identifier}/licence.pdf").streaming_content)  # type: ignore[attr-defined]
    answer = licences.verify(pdf, at=timezone.localtime())
    assert answer.valid, answer
    broken = licences.verify(pdf[:-300] + pdf[-300:].replace(b"0", b"1"), at=timezone.localtime())
    assert not broken.valid
    record = PublicRecord.objects.get()
    assert record.state == "published"
    assert record.decision_number in seen(Client(), "/results/")
    assert Message.objects.filter(adapter__startswith="credit").exists()

    invitation = Invitation.objects.get(phase="closing")
    seen(Client(), f"/rate/{invitation.token}/")
    sent(Client(), f"/rate/{invitation.token}/", {"level": "very_satisfied", "words": "好"})
    assert "谢谢" in seen(Client(), f"/rate/{invitation.token}/")
    assert Review.objects.count() == 1
    assert "100.00%" in seen(Client(), "/reviews/")
    told = verify()
    assert told.clean, told.faults


@pytest.mark.usefixtures("world")
def test_pages_of_the_desk_open_for_their_roles_and_not_for_others():
    pages = {"/desk/": "chuangkou", "/desk/intake/": "chuangkou", "/desk/publicity/": "gongshi"}
    for url, username in pages.items():
        seen(signed_in(username), url)
        assert Client().get(url).status_code == 302
        assert signed_in("zhangsan").get(url).status_code == 403
    seen(signed_in("xitong"), "/desk/calendar/")
    for url in ("/", "/search/", "/search/?q=开理发店", "/verify/", "/results/", "/reviews/", "/accounts/login/"):
        seen(Client(), url)
