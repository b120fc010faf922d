"""Sign-in: by name or phone, locked out and told how to get in again, second factor, idle sessions, passwords."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.core.cache import cache
from django.test import Client as Browser
from django.utils import timezone

from yichuang.core.models.log import LogEvent
from yichuang.core.refusal import Refusal
from yichuang.core.tests import processes
from yichuang.identity import commands
from yichuang.identity.middleware import SEEN
from yichuang.identity.models import Account
from yichuang.identity.signin import MFAAdapter
from yichuang.identity.tests import given

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def _fresh_limits() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def locks(settings: object) -> None:
    settings.AXES_ENABLED = True  # type: ignore[attr-defined]  # pytest-django's settings


def now_staff(name: str = "王办理", roles: tuple[str, ...] = ("handler",)) -> Account:
    person, _ = given.staff(name, roles, at=timezone.localtime())
    return person.account


def sign_in(browser: Browser, name: str, password: str = given.PASSWORD, **more: str) -> object:
    return browser.post(LOGIN, {"login": name, "password": password, **more})


def kinds(account: Account) -> list[str]:
    return list(LogEvent.objects.filter(stream=account.ref).order_by("seq").values_list("kind", flat=True))


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def test_signs_in_by_name_in_any_case_or_by_phone_and_is_on_the_record(client: Browser) -> None:
    person, _ = given.person(phone="13912345678", username="zhangsan")
    assert person.account is not None
    for name in ("zhangsan", "ZhangSan", "139 1234 5678"):
        answer = sign_in(client, name)
        assert (answer.status_code, answer["Location"]) == (302, "/my/")  # type: ignore[attr-defined,index]
        client.post("/accounts/logout/")
    assert kinds(person.account)[1:] == ["account.signed_in", "account.signed_out"] * 3


def test_staff_come_to_the_desk_and_a_next_address_of_elsewhere_is_not_followed(client: Browser) -> None:
    account = now_staff()
    assert sign_in(client, account.username)["Location"] == "/desk/"  # type: ignore[index]
    client.post("/accounts/logout/")
    answer = sign_in(client, account.username, next="https://evil.example/")
    assert answer["Location"] == "/desk/"  # type: ignore[index]


def test_a_wrong_password_keeps_the_name_and_says_so(client: Browser) -> None:
    account = now_staff()
    answer = client.post(LOGIN, {"login": account.username, "password": "wrong"})
    text = answer.content.decode()
    assert "登录名（或手机号）与密码不符" in text
    assert account.username in text
    assert kinds(account) == ["account.sign_in_failed"]


def test_an_unknown_name_is_not_written_down(client: Browser) -> None:
    sign_in(client, "my-secret-password", "x")
    event = LogEvent.objects.get(kind="account.sign_in_failed")
    assert event.stream.startswith("signin:")
    assert "my-secret-password" not in event.data + event.actor_name


@pytest.mark.usefixtures("locks")
def test_too_many_wrong_passwords_lock_and_the_page_says_when_and_how(client: Browser) -> None:
    account = now_staff()
    for _ in range(settings.YICHUANG.lock_after):
        answer = sign_in(client, account.username, "wrong")
    assert answer.status_code == 429  # type: ignore[attr-defined]
    text = answer.content.decode()  # type: ignore[attr-defined]
    assert "登录已暂停" in text
    assert "系统管理员" in text
    until = timezone.localtime() + timedelta(minutes=settings.YICHUANG.lock_minutes)
    assert re.search(f"{until:%H:%M}|{until - timedelta(minutes=1):%H:%M}", text)
    assert sign_in(client, account.username).status_code == 429  # type: ignore[attr-defined]  # the right one too
    assert kinds(account)[-1] == "account.sign_in_locked"
    _, system = given.staff("系统员", ("system_administrator",))
    commands.unlock_account(account, by=system, at=timezone.localtime())
    assert sign_in(client, account.username).status_code == 302  # type: ignore[attr-defined]


@pytest.mark.usefixtures("locks")
def test_staff_are_locked_from_everywhere_the_public_from_one_address(client: Browser) -> None:
    staff = now_staff()
    given.person(username="zhangsan")
    for account in (staff.username, "zhangsan"):
        for _ in range(settings.YICHUANG.lock_after):
            client.post(LOGIN, {"login": account, "password": "wrong"}, REMOTE_ADDR="10.0.0.1")
    elsewhere = {"REMOTE_ADDR": "10.0.0.2"}
    staff_answer = client.post(LOGIN, {"login": staff.username, "password": given.PASSWORD}, **elsewhere)  # type: ignore[arg-type]
    assert staff_answer.status_code == 429
    public = client.post(LOGIN, {"login": "zhangsan", "password": given.PASSWORD}, **elsewhere)  # type: ignore[arg-type]
    assert public.status_code == 302


@pytest.mark.usefixtures("locks")
def test_changing_the_case_of_the_name_does_not_help_a_guesser(client: Browser) -> None:
    account = now_staff()
    for n in range(settings.YICHUANG.lock_after):
        answer = sign_in(client, account.username.upper() if n % 2 else account.username.lower(), "wrong")
    assert answer.status_code == 429  # type: ignore[attr-defined]


@pytest.mark.usefixtures("locks")
@pytest.mark.parametrize("proxies", [0])
def test_a_forged_forwarding_header_changes_no_address(client: Browser, proxies: int) -> None:
    given.person(username="zhangsan")
    for n in range(settings.YICHUANG.lock_after):
        answer = client.post(
            LOGIN, {"login": "zhangsan", "password": "wrong"}, HTTP_X_FORWARDED_FOR=f"1.1.1.{n}", REMOTE_ADDR="10.0.0.1"
        )
    assert answer.status_code == 429


def test_a_deactivated_person_does_not_come_in_and_their_session_ends(client: Browser) -> None:
    person, _ = given.staff("乙某某", ("handler",), at=timezone.localtime())
    _, system = given.staff("系统员", ("system_administrator",))
    sign_in(client, person.account.username)
    assert client.get("/accounts/security/").status_code == 200
    commands.deactivate_staff(person, reason="调离", by=system, at=timezone.localtime())
    assert client.get("/accounts/security/").status_code == 302
    assert sign_in(client, person.account.username).status_code == 200  # type: ignore[attr-defined]  # the form again


# --- Passwords --------------------------------------------------------------------------------------------------


def test_a_given_password_must_be_changed_first(client: Browser) -> None:
    account = now_staff()
    _, system = given.staff("系统员", ("system_administrator",))
    commands.reset_password(account, password="Given-Pass-1", by=system, at=timezone.localtime())
    sign_in(client, account.username, "Given-Pass-1")
    assert client.get("/desk/posts/")["Location"] == "/accounts/password/change/"
    body = {"oldpassword": "Given-Pass-1", "password1": "Qian-Jin-Lu-8", "password2": "Qian-Jin-Lu-8"}
    answer = client.post("/accounts/password/change/", body)
    assert answer["Location"] == "/desk/"
    assert client.get("/desk/posts/").status_code == 200
    assert "account.password_changed" in kinds(account)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"password1": "short", "password2": "short"}, "密码至少 10 位"),
        ({"password1": given.PASSWORD, "password2": given.PASSWORD}, "不能与原密码相同"),
        ({"password1": "Qian-Jin-Lu-8", "password2": "Qian-Jin-Lu-9"}, "不一致"),
        ({"oldpassword": "x", "password1": "Qian-Jin-Lu-8", "password2": "Qian-Jin-Lu-8"}, "原密码不正确"),
    ],
)
def test_a_wrong_change_of_password_is_told_and_nothing_changes(
    client: Browser, body: dict[str, str], words: str
) -> None:
    account = now_staff()
    sign_in(client, account.username)
    answer = client.post("/accounts/password/change/", {"oldpassword": given.PASSWORD} | body)
    assert words in answer.content.decode()
    assert Account.objects.get(pk=account.pk).check_password(given.PASSWORD)


def test_staff_passwords_rotate_in_production_and_the_publics_do_not(
    client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings.YICHUANG, "staff_password_days", 90)
    staff, _ = given.staff("乙某某", ("handler",), at=timezone.localtime() - timedelta(days=91))
    sign_in(client, staff.account.username)
    assert client.get("/desk/posts/")["Location"] == "/accounts/password/change/"
    client.post("/accounts/logout/")
    given.person(username="zhangsan", at=timezone.localtime() - timedelta(days=400))
    sign_in(client, "zhangsan")
    assert client.get("/my/profile/").status_code == 200


def test_only_the_right_administrator_resets() -> None:
    staff = now_staff()
    person, _ = given.person()
    assert person.account is not None
    _, clerk = given.staff("李窗口", ("window_clerk",))
    own, system = given.staff("系统员", ("system_administrator",))
    for account, by in ((staff, clerk), (person.account, system), (own.account, system)):
        with pytest.raises(Refusal) as no:
            commands.reset_password(account, password="Given-Pass-1", by=by, at=timezone.localtime())
        assert no.value.status == 403
    commands.reset_password(person.account, password="Given-Pass-1", by=clerk, at=timezone.localtime())


# --- Second factor ----------------------------------------------------------------------------------------------


@pytest.fixture
def must_mfa(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings.YICHUANG, "staff_mfa", True)


@pytest.mark.usefixtures("must_mfa")
def test_staff_set_up_the_second_factor_before_anything_else_and_use_it_from_then_on(client: Browser) -> None:
    account = now_staff()
    sign_in(client, account.username)
    assert client.get("/desk/posts/")["Location"] == "/accounts/2fa/totp/activate/"
    page = client.get("/accounts/2fa/totp/activate/")
    assert page.status_code == 200, page.get("Location")
    secret = page.context["form"].secret
    assert "验证码不正确" in client.post("/accounts/2fa/totp/activate/", {"code": "000000"}).content.decode()
    page = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert page["Location"] == "/accounts/2fa/recovery-codes/"
    assert client.get("/accounts/2fa/recovery-codes/").status_code == 200
    assert client.get("/desk/posts/").status_code == 200
    stored = Authenticator.objects.get(user=account, type="totp")
    assert secret not in str(stored.data)  # encrypted
    assert "account.totp_added" in kinds(account)
    client.post("/accounts/logout/")

    answer = sign_in(client, account.username)
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")  # type: ignore[index]
    assert client.get("/desk/posts/").status_code == 302  # not in yet
    assert client.post("/accounts/2fa/authenticate/", {}).status_code == 302
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "验证码不正确" in wrong.content.decode()
    assert kinds(account)[-1] == "account.sign_in_failed"
    right = stored.wrap()
    codes = Authenticator.objects.get(user=account, type="recovery_codes").wrap().get_unused_codes()
    assert right is not None
    answer = client.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert answer["Location"] == "/desk/"
    assert client.get("/desk/posts/").status_code == 200


USED = """
import sys
from django.test import RequestFactory
from allauth.core.context import request_context
from allauth.mfa.models import Authenticator
from yichuang.identity.forms import SecondFactorForm
user = Authenticator.objects.get(type="totp").user
with request_context(RequestFactory().post("/accounts/2fa/authenticate/")):
    print(int(SecondFactorForm({"code": sys.argv[1]}, user=user).is_valid()))
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("must_mfa")
def test_a_code_used_in_one_process_is_used_up_in_every_other_as_long_as_it_could_be_right(
    client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = now_staff()
    sign_in(client, account.username)
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    client.post("/accounts/logout/")
    coming = str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + 1)))  # of a clock that is a little ahead
    out, wrong = processes.python(USED, coming).communicate(timeout=60)
    assert out == "1\n", wrong
    sign_in(client, account.username)
    again = client.post("/accounts/2fa/authenticate/", {"code": coming})
    assert "验证码不正确" in again.content.decode()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 35)  # allauth has forgotten it, the clock would still take it
    again = client.post("/accounts/2fa/authenticate/", {"code": coming})
    assert "验证码不正确" in again.content.decode()
    assert client.get("/desk/posts/").status_code == 302
    assert kinds(account)[-1] == "account.sign_in_failed"


@pytest.mark.usefixtures("must_mfa")
def test_staff_do_not_remove_it_themselves_the_security_administrator_does() -> None:
    account = now_staff()
    Authenticator.objects.create(user=account, type="totp", data={"secret": "x"})
    assert not MFAAdapter().can_delete_authenticator(Authenticator.objects.get(user=account))
    _, system = given.staff("系统员", ("system_administrator",))
    with pytest.raises(Refusal):
        commands.remove_two_factor(account, by=system, at=timezone.localtime())
    _, security = given.staff("安全员", ("security_administrator",))
    commands.remove_two_factor(account, by=security, at=timezone.localtime())
    assert not Authenticator.objects.filter(user=account).exists()
    with pytest.raises(Refusal):
        commands.remove_two_factor(account, by=security, at=timezone.localtime())


@pytest.mark.usefixtures("must_mfa")
def test_the_public_needs_no_second_factor(client: Browser) -> None:
    given.person(username="zhangsan")
    sign_in(client, "zhangsan")
    assert client.get("/my/profile/").status_code == 200


# --- Sessions ---------------------------------------------------------------------------------------------------


def test_staff_who_do_nothing_for_half_an_hour_are_signed_out(client: Browser) -> None:
    account = now_staff()
    sign_in(client, account.username)
    assert client.get("/desk/posts/").status_code == 200
    session = client.session
    session[SEEN] = int(time.time()) - settings.YICHUANG.staff_idle_minutes * 60 - 1
    session.save()
    assert client.get("/desk/posts/").status_code == 302
    assert kinds(account)[-1] == "account.signed_out"
    assert "已自动退出" in client.get(LOGIN).content.decode()


def test_fragments_that_a_page_fetches_by_itself_do_not_keep_a_session_alive(client: Browser) -> None:
    account = now_staff()
    sign_in(client, account.username)
    client.get("/desk/posts/")
    session = client.session
    before = session[SEEN] = int(time.time()) - 600
    session.save()
    client.get("/desk/posts/", headers={"HX-Request": "true"})
    assert client.session[SEEN] == before
    client.get("/desk/posts/")
    assert client.session[SEEN] > before


def test_the_session_cookie_is_out_of_scripts_reach(client: Browser) -> None:
    account = now_staff()
    sign_in(client, account.username)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


# --- Sign-up page and unified identity --------------------------------------------------------------------------


def form(**changes: str) -> dict[str, str]:
    return {
        "name": "张三",
        "id_kind": "citizen",
        "id_number": given.citizen_number(41),
        "phone": "13900000041",
        "username": "zhangsan",
        "password": given.PASSWORD,
        "password2": given.PASSWORD,
        "agreed": "on",
    } | changes


def test_a_person_signs_up_and_is_in(client: Browser) -> None:
    answer = client.post("/accounts/signup/", form())
    assert (answer.status_code, answer["Location"]) == (302, "/my/profile/")
    page = client.get("/my/profile/")
    assert page.status_code == 200
    assert given.citizen_number(41) not in page.content.decode()
    shown = client.post("/my/profile/", {"act": "reveal"})
    assert given.citizen_number(41) in shown.content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"id_number": "610114198806150011"}, "校验位不符"),
        ({"password2": "x"}, "两次填写的密码不一致"),
        ({"agreed": ""}, "请勾选"),
        ({"username": "13900000041"}, "登录名以字母开头"),
    ],
)
def test_a_wrong_sign_up_keeps_what_was_typed(client: Browser, changes: dict[str, str], words: str) -> None:
    answer = client.post("/accounts/signup/", form(**changes))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert 'value="张三"' in text
    assert not Account.objects.exists()


def test_the_unified_button_shows_only_when_configured(client: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "统一身份认证登录" not in client.get(LOGIN).content.decode()
    monkeypatch.setattr(settings.YICHUANG, "oidc_issuer", "https://sso.example.gov.cn")
    assert "统一身份认证登录" in client.get(LOGIN).content.decode()


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/", "/accounts/password/forgotten/"])
def test_the_doors_open_for_visitors(client: Browser, path: str) -> None:
    assert client.get(path).status_code == 200
