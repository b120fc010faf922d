"""统一身份认证 with a provider that is really there: discovery, authorization, token, keys and userinfo over HTTP."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.db import connections
from django.test import Client as Browser
from django.utils import timezone

from yichuang.identity import commands
from yichuang.identity.models import Account, Applicant
from yichuang.identity.tests import given
from yichuang.identity.tests.provider import CLIENT, SECRET

NUMBER = given.citizen_number(41)
SIGN_IN = "/accounts/oidc/unified/login/"
Persons = Callable[..., None]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """(address, the file of its persons) of a provider process."""
    persons = tmp_path_factory.mktemp("provider") / "persons.json"
    persons.write_text("{}")
    program = Path(__file__).with_name("provider.py")
    with subprocess.Popen([sys.executable, str(program), str(persons)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip(), persons
        process.terminate()


@pytest.fixture
def persons(running: tuple[str, Path], settings: object) -> Persons:
    """Tell the provider whom it knows: persons(u1={"name": ...})."""
    address, path = running
    app = {"provider_id": "unified", "name": "统一身份认证", "client_id": CLIENT, "secret": SECRET}
    app["settings"] = {"server_url": address}  # type: ignore[assignment]  # of two shapes
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}  # type: ignore[attr-defined]  # pytest-django's

    def known(**people: dict[str, str]) -> None:
        path.write_text(json.dumps(people))

    return known


def zhang(**more: str) -> dict[str, str]:
    return {"name": "张三", "id_number": NUMBER, "phone_number": "13900000041", **more}


def come_back(browser: Browser, sub: str) -> str:
    """From the platform to the provider, where the person signs in; the address to which it sends them back."""
    leave = browser.post(SIGN_IN)
    assert leave.status_code == 302, leave.content.decode()
    answer = requests.get(f"{leave['Location']}&as={sub}", allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def sign_in(browser: Browser, sub: str) -> object:
    return browser.get(come_back(browser, sub).removeprefix("http://testserver"))


@pytest.mark.django_db
def test_a_person_comes_in_by_the_provider_and_is_the_same_one_next_time(persons: Persons) -> None:
    persons(u1=zhang())
    for _ in range(2):
        browser = Browser()
        answer = sign_in(browser, "u1")
        assert (answer.status_code, answer["Location"]) == (302, "/my/")  # type: ignore[attr-defined,index]  # an HttpResponse
        assert browser.get("/my/profile/").status_code == 200
    person = Applicant.objects.get(id_number=NUMBER)
    assert (person.name, person.verified_by) == ("张三", "oidc")
    assert Account.objects.count() == 1
    assert SocialAccount.objects.get().extra_data == {}


@pytest.mark.django_db
def test_whoever_has_an_account_already_keeps_it(persons: Persons) -> None:
    own, _ = given.person("张三", id_number=NUMBER)
    persons(u1=zhang(), u2=zhang())
    for sub in ("u1", "u2"):  # two names at the provider, one certified number
        assert sign_in(Browser(), sub)["Location"] == "/my/"  # type: ignore[index]  # an HttpResponse
    assert [a.pk for a in Account.objects.all()] == [own.account_id]
    assert SocialAccount.objects.filter(user=own.account_id).count() == 2
    assert Applicant.objects.count() == 1


@pytest.mark.django_db
def test_who_was_served_at_the_window_finds_their_records_and_another_name_does_not(persons: Persons) -> None:
    _, clerk = given.staff("李窗口", ("window_clerk",))
    at_window = commands.find_or_create_applicant(
        kind="person", id_kind="citizen", id_number=NUMBER, name="张三", phone="13900000041", by=clerk, at=given.AT
    )
    persons(u1=zhang(name="李四"), u2=zhang())
    wrong = Browser()
    assert sign_in(wrong, "u1").status_code == 409  # type: ignore[attr-defined]  # an HttpResponse
    assert not Account.objects.filter(kind="person").exists()
    assert wrong.get("/my/profile/").status_code == 302
    sign_in(Browser(), "u2")
    at_window.refresh_from_db()
    assert at_window.account is not None
    assert Applicant.objects.count() == 1


@pytest.mark.django_db
def test_a_residence_permit_is_known_by_its_number(persons: Persons) -> None:
    persons(u1=zhang(id_number="810000199408230021"))
    sign_in(Browser(), "u1")
    assert Applicant.objects.get().id_kind == "residence_permit"


@pytest.mark.django_db
@pytest.mark.parametrize("person", [{"name": "张三"}, zhang(id_number="1"), zhang(name="")])
def test_a_provider_that_tells_no_name_or_number_gets_the_refusals_page(
    persons: Persons, person: dict[str, str]
) -> None:
    persons(u1=person)
    answer = sign_in(Browser(), "u1")
    assert answer.status_code == 422  # type: ignore[attr-defined]  # an HttpResponse
    assert "没有提供完整的实名信息" in answer.content.decode()  # type: ignore[attr-defined]  # an HttpResponse
    assert not Account.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "flaw",
    ["signature", "issuer", "audience", "expired", "unsigned", "shared secret", "unknown key", "subject", "missing"],
)
def test_a_token_that_is_not_the_provider_s_word_opens_nothing(persons: Persons, flaw: str) -> None:
    persons(u1=zhang(flaw=flaw))
    browser = Browser()
    answer = sign_in(browser, "u1")
    assert answer.status_code < 500  # type: ignore[attr-defined]  # an HttpResponse
    assert browser.get("/my/profile/").status_code == 302
    assert not Account.objects.exists()
    assert not SocialAccount.objects.exists()


@pytest.mark.django_db
def test_an_answer_is_good_once_and_for_the_browser_that_asked(persons: Persons) -> None:
    persons(u1=zhang())
    browser, thief = Browser(), Browser()
    back = come_back(browser, "u1").removeprefix("http://testserver")
    thief.get(back)
    assert thief.get("/my/profile/").status_code == 302
    assert not Account.objects.exists()
    browser.get(back)
    assert browser.get("/my/profile/").status_code == 200
    browser.post("/accounts/logout/")
    browser.get(back)
    assert browser.get("/my/profile/").status_code == 302


@pytest.mark.django_db
def test_who_says_no_at_the_provider_is_not_in_and_can_try_again(persons: Persons) -> None:
    persons(u1=zhang())
    browser = Browser()
    answer = sign_in(browser, "nobody")
    assert answer.status_code in (200, 302)  # type: ignore[attr-defined]  # an HttpResponse
    assert not Account.objects.exists()
    assert sign_in(browser, "u1")["Location"] == "/my/"  # type: ignore[index]  # an HttpResponse


@pytest.mark.django_db
def test_who_was_erased_begins_anew(persons: Persons) -> None:
    persons(u1=zhang())
    sign_in(Browser(), "u1")
    first = Applicant.objects.get()
    commands.erase_applicant(
        first, reason="本人申请", retained=lambda _: "", by=given.by_system(), at=timezone.localtime()
    )
    browser = Browser()
    sign_in(browser, "u1")
    assert browser.get("/my/profile/").status_code == 200
    assert Applicant.objects.get(id_number=NUMBER).pk != first.pk


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("known", [False, True])
def test_the_same_person_by_two_windows_at_once_gets_one_account(persons: Persons, known: bool) -> None:
    """known: the window has served them before, so that there is a record without an account."""
    if known:
        _, clerk = given.staff("李窗口", ("window_clerk",))
        commands.find_or_create_applicant(
            kind="person", id_kind="citizen", id_number=NUMBER, name="张三", phone="13900000041", by=clerk, at=given.AT
        )
    persons(u1=zhang())
    browsers = [Browser() for _ in range(4)]
    backs = [come_back(browser, "u1").removeprefix("http://testserver") for browser in browsers]
    together = threading.Barrier(len(browsers))
    answers: list[int] = []

    def arrive(browser: Browser, back: str) -> None:
        together.wait(10)
        try:
            answers.append(browser.get(back).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=arrive, args=pair) for pair in zip(browsers, backs, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302] * 4
    assert Account.objects.filter(kind="person").count() == 1
    assert Applicant.objects.filter(id_number=NUMBER).count() == 1
    assert SocialAccount.objects.count() == 1
    for browser in browsers:
        assert browser.get("/my/profile/").status_code == 200
