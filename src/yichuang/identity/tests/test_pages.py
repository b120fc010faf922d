"""Who gets which page: every role at every address, forged ids, forms sent twice, what the pages show."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from yichuang.core.models import File
from yichuang.core.models.log import LogEvent
from yichuang.identity import commands, queries, rules
from yichuang.identity.models import Account, Agency, Client, Notice, RoleGrant, Staff
from yichuang.identity.tests import given

pytestmark = pytest.mark.django_db
ROLES = tuple(rules.FAMILY)
ALL = frozenset(ROLES)
VIEWERS = frozenset({"system_administrator", "security_administrator", "auditor", "head"})
CLERKS = frozenset({"window_clerk", "handler"})

DESK = {
    "/desk/staff/": VIEWERS,
    "/desk/staff/{staff}/": VIEWERS,
    "/desk/staff/hire/": frozenset({"system_administrator"}),
    "/desk/posts/": ALL,
    "/desk/clients/": frozenset({"security_administrator", "auditor"}),
    "/desk/access/": frozenset({"auditor"}),
    "/desk/access/sign-ins/": frozenset({"auditor", "security_administrator"}),
    "/desk/people/": CLERKS,
    "/desk/people/{person}/": CLERKS | {"reviewer", "legal_reviewer", "head", "system_administrator"},
}
PORTAL = ("/my/inbox/", "/my/profile/", "/my/act-as/", "/my/organisations/add/", "/my/profile/{person}/agents/")


def signed_in(browser: Browser, account: Account | None) -> Browser:
    assert account is not None
    browser.force_login(account)
    return browser


def officer(*roles: str, name: str = "某某某") -> Staff:
    return given.staff(name, roles, at=timezone.localtime())[0]


@pytest.fixture
def world() -> dict[str, int]:
    person, _ = given.person(at=timezone.localtime())
    return {"staff": officer("handler", name="被看者").pk, "person": person.pk}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("path", DESK)
def test_each_role_gets_its_desk_pages_and_no_others(
    client: Browser, world: dict[str, int], path: str, role: str
) -> None:
    signed_in(client, officer(role).account)
    answer = client.get(path.format(**world))
    assert answer.status_code == (200 if role in DESK[path] else 403), role


@pytest.mark.parametrize("path", DESK)
def test_visitors_are_sent_to_sign_in_and_the_public_is_turned_away(
    client: Browser, world: dict[str, int], path: str
) -> None:
    answer = client.get(path.format(**world))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")
    person, _ = given.person("李四四", at=timezone.localtime())
    assert signed_in(client, person.account).get(path.format(**world)).status_code == 403


@pytest.mark.parametrize("path", PORTAL)
def test_the_persons_pages(client: Browser, path: str) -> None:
    person, _ = given.person(at=timezone.localtime())
    path = path.format(person=person.pk)
    assert client.get(path).status_code == 302
    assert signed_in(client, person.account).get(path).status_code == 200


def test_anothers_profile_agents_and_notices_are_not_there(client: Browser) -> None:
    victim, victim_actor = given.organisation(at=timezone.localtime())
    agency, _, _ = given.agent_of(victim, victim_actor, at=timezone.localtime())
    notice = commands.notify(victim, title="机密", body="机密", at=timezone.localtime())
    stranger, _ = given.person("孙某某", at=timezone.localtime())
    signed_in(client, stranger.account)
    for path in (f"/my/profile/{victim.pk}/", f"/my/profile/{victim.pk}/agents/", f"/my/inbox/{notice.pk}/"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert victim.name not in answer.content.decode()
    assert client.post(f"/my/agencies/{agency.pk}/end/").status_code == 404
    assert client.post("/my/act-as/", {"applicant": victim.pk}).status_code == 404
    notice.refresh_from_db()
    agency.refresh_from_db()
    assert notice.read_at is None
    assert agency.ended_at is None


def test_acting_for_an_organisation_is_kept_and_shown_until_changed(client: Browser) -> None:
    company, actor = given.organisation("阎良区云上理发店", at=timezone.localtime())
    own = queries.self_of(actor)
    assert own is not None
    signed_in(client, own.account)
    client.post("/my/act-as/", {"applicant": company.pk})
    page = client.get("/my/act-as/")
    assert "阎良区云上理发" in page.content.decode()
    assert page.context["acting_name"] == company.name
    assert page.context["acting_for"]().pk == company.pk
    client.post("/my/act-as/", {"applicant": own.pk})
    assert client.get("/my/act-as/").context["acting_for"]().pk == own.pk


def test_an_agency_that_ended_ends_acting_for_it(client: Browser) -> None:
    company, actor = given.organisation(at=timezone.localtime())
    agency, agent, _ = given.agent_of(company, actor, at=timezone.localtime())
    signed_in(client, agent.account)
    client.post("/my/act-as/", {"applicant": company.pk})
    commands.end_agency(agency, by=actor, at=timezone.localtime())
    assert client.get("/my/act-as/").context["acting_for"]().pk == agent.pk


def test_the_inbox_is_read(client: Browser) -> None:
    person, _ = given.person(at=timezone.localtime())
    commands.notify(person, title="受理通知", body="请查看", link="/my/", at=timezone.localtime())
    bad = commands.notify(person, title="坏链接", body="x", link="https://evil.example/", at=timezone.localtime())
    signed_in(client, person.account)
    assert "受理通知" in client.get("/my/inbox/").content.decode()
    assert "evil.example" not in client.get(f"/my/inbox/{bad.pk}/").content.decode()
    client.post("/my/inbox/read/")
    assert not Notice.objects.filter(read_at__isnull=True).exists()


def test_the_profile_is_corrected_and_exported(client: Browser) -> None:
    person, _ = given.person(at=timezone.localtime())
    signed_in(client, person.account)
    answer = client.post("/my/profile/", {"phone": "123", "address": "新地址"})
    assert answer.status_code == 422
    assert "新地址" in answer.content.decode()
    assert client.post("/my/profile/", {"phone": "13800000001", "address": "新地址"}).status_code == 302
    person.refresh_from_db()
    assert person.address == "新地址"
    data = client.post("/my/profile/export/")
    assert data.json()["person"]["address"] == "新地址"
    assert data["Cache-Control"] == "no-store"
    client.post("/my/profile/preferences/", {"large_text": "on", "language": "zh-hans"})
    assert Account.objects.get(pk=person.account_id).large_text


def test_an_organisation_is_registered_and_an_agent_appointed_on_the_pages(client: Browser) -> None:
    person, _ = given.person("赵法人", at=timezone.localtime())
    agent, _ = given.person("钱代理", at=timezone.localtime())
    signed_in(client, person.account)
    body = {
        "name": "阎良区云上理发店",
        "kind": "organisation",
        "id_number": given.organisation_code(88),
        "phone": "029-86200000",
    }
    answer = client.post("/my/organisations/add/", body | {"form_key": "k1"})
    assert answer.status_code == 302
    assert client.post("/my/organisations/add/", body | {"form_key": "k1"})["Location"] == answer["Location"]
    page = answer["Location"]
    until = timezone.localdate().replace(year=timezone.localdate().year + 1).isoformat()
    told = {"agent_name": "钱代理", "agent_id_number": agent.id_number, "matters": "许可", "valid_until": until}
    without = client.post(page + "agents/", told)
    assert without.status_code == 422
    assert "请上传加盖公章的授权委托书" in without.content.decode()
    forged = SimpleUploadedFile("委托书.pdf", b"<html></html>", "application/pdf")
    assert "委托书.pdf" in client.post(page + "agents/", {**told, "letter": forged}).content.decode()
    assert not Agency.objects.filter(role="agent").exists()
    assert not File.objects.exists()
    scan = SimpleUploadedFile("委托书.png", given.scan(), "image/png")
    appointed = client.post(page + "agents/", {**told, "letter": scan})
    assert appointed.status_code == 302, appointed.content.decode()
    shown = client.get(page).content.decode()
    assert "钱代理" in shown
    agency = Agency.objects.get(role="agent")
    letter = f"/my/agencies/{agency.pk}/letter/"
    assert letter in shown
    for account, status in ((person.account, 200), (agent.account, 200), (given.person("外人")[0].account, 404)):
        answer = signed_in(Browser(), account).get(letter)
        assert answer.status_code == status
        assert status == 404 or b"".join(answer.streaming_content) == given.scan()


def test_a_person_s_own_agent_needs_no_letter_and_then_there_is_none_to_show(client: Browser) -> None:
    person, _ = given.person("赵本人", at=timezone.localtime())
    agent, _ = given.person("钱代理", at=timezone.localtime())
    signed_in(client, person.account)
    until = timezone.localdate().replace(year=timezone.localdate().year + 1).isoformat()
    told = {"agent_name": "钱代理", "agent_id_number": agent.id_number, "matters": "许可", "valid_until": until}
    assert client.post(f"/my/profile/{person.pk}/agents/", told).status_code == 302
    agency = Agency.objects.get()
    assert client.get(f"/my/agencies/{agency.pk}/letter/").status_code == 404


# --- Desk -------------------------------------------------------------------------------------------------------


def test_roles_are_granted_and_ended_on_the_page(client: Browser) -> None:
    someone = officer(name="新同事")
    signed_in(client, officer("security_administrator").account)
    page = f"/desk/staff/{someone.pk}/"
    body = {"role": "handler", "department": someone.department_id}
    assert client.post(page + "grant/", body).status_code == 302
    wrong = client.post(page + "grant/", {"role": "auditor"})
    assert wrong.status_code == 422
    assert "不得由一人兼任" in wrong.content.decode()
    grant = RoleGrant.objects.get(staff=someone)
    assert client.post(f"{page}grants/{grant.pk}/end/").status_code == 302
    assert "终止角色" in client.get(page).content.decode()
    assert client.post(f"{page}grants/{10**9}/end/").status_code == 404


def test_an_administrators_acts_on_others(client: Browser) -> None:
    someone = officer("handler", name="新同事")
    signed_in(client, officer("system_administrator").account)
    page = f"/desk/staff/{someone.pk}/"
    assert client.post(page + "unlock/").status_code == 302
    assert client.post(page + "password/", {"password": "weak"}).status_code == 422
    assert client.post(page + "password/", {"password": "Given-Pass-1"}).status_code == 302
    assert client.post(page + "second-factor/").status_code == 403
    assert client.post(page + "deactivate/", {}).status_code == 422
    assert client.post(page + "deactivate/", {"reason": "调离"}).status_code == 302
    assert client.post(page + "reactivate/", {"password": "Given-Pass-2"}).status_code == 302
    assert client.post(page + "explode/").status_code == 404
    assert client.post("/desk/staff/999999/unlock/").status_code == 404


def test_hiring_on_the_page_twice_is_once(client: Browser) -> None:
    organ = given.department()
    signed_in(client, officer("system_administrator").account)
    body = {"name": "新同事", "number": "N100", "department": organ.pk, "password": "Given-Pass-1", "form_key": "k"}
    first = client.post("/desk/staff/hire/", body)
    assert first.status_code == 302
    assert client.post("/desk/staff/hire/", body)["Location"] == first["Location"]
    assert Staff.objects.filter(number="N100").count() == 1
    again = client.post("/desk/staff/hire/", body | {"form_key": "k2"})
    assert again.status_code == 422
    assert "工号已在使用" in again.content.decode()


def test_another_divisions_staff_are_not_there(client: Browser) -> None:
    elsewhere, _ = given.staff(
        "外区人", ("handler",), given.department("临潼区行政审批服务局", division="610115"), at=timezone.localtime()
    )
    signed_in(client, officer("system_administrator").account)
    assert client.get(f"/desk/staff/{elsewhere.pk}/").status_code == 404
    assert "外区人" not in client.get("/desk/staff/").content.decode()


def test_a_head_sees_the_own_department_only(client: Browser) -> None:
    other, _ = given.staff("卫健人", ("handler",), given.department("阎良区卫生健康局"), at=timezone.localtime())
    signed_in(client, officer("head").account)
    assert "卫健人" not in client.get("/desk/staff/").content.decode()
    assert client.get(f"/desk/staff/{other.pk}/").status_code == 404


def test_posts_are_set_left_and_returned_to(client: Browser) -> None:
    a, b = officer("reviewer", name="甲同志"), officer("handler", name="乙同志")
    signed_in(client, officer("head").account)
    body = {"department": a.department_id, "name": "审核岗", "a": a.pk, "b": b.pk}
    assert client.post("/desk/posts/", body).status_code == 302
    assert client.post("/desk/posts/", body | {"b": a.pk}).status_code == 422
    (row,) = client.get("/desk/posts/").context["rows"]
    pk = row["post"].pk
    signed_in(client, b.account)
    assert client.post(f"/desk/posts/{pk}/away/", {}).status_code == 403
    signed_in(client, a.account)
    assert client.post(f"/desk/posts/{pk}/away/", {"until": "天知道"}).status_code == 422
    assert client.post(f"/desk/posts/{pk}/away/", {}).status_code == 302
    signed_in(client, b.account)
    assert "代岗" in client.get("/desk/posts/").content.decode()
    signed_in(client, a.account)
    assert client.post(f"/desk/posts/{pk}/return/").status_code == 302
    assert client.post(f"/desk/posts/{pk}/close/").status_code == 403


def test_a_token_is_shown_once(client: Browser) -> None:
    organ = given.department()
    signed_in(client, officer("security_administrator").account)
    body = {"name": "数据平台", "scopes": ["cases:read"], "departments": [organ.pk]}
    answer = client.post("/desk/clients/", body)
    assert answer.status_code == 201
    token = answer.context["token"]
    assert token.startswith("yc_")
    assert token in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert token not in client.get("/desk/clients/").content.decode()
    assert client.post("/desk/clients/", {"name": "x"}).status_code == 422
    made = Client.objects.get()
    assert client.post(f"/desk/clients/{made.pk}/revoke/").status_code == 302
    signed_in(client, officer("auditor").account)
    assert client.post("/desk/clients/", body).status_code == 403
    assert Client.objects.count() == 1


def test_the_auditor_sees_looks_and_sign_ins_filtered_and_paged(client: Browser) -> None:
    person, _ = given.person()
    _, handler = given.staff("王办理")
    for n in range(25):
        queries.applicant_for(handler, person.pk, f"用途{n}", at=timezone.localtime())
    signed_in(client, officer("auditor").account)
    first = client.get("/desk/access/")
    assert len(first.context["rows"]) == 20
    assert first.context["page"].next
    rest = client.get("/desk/access/", {"cursor": first.context["page"].next})
    assert len(rest.context["rows"]) == 5
    assert client.get("/desk/access/", {"by": "无此人"}).context["rows"] == []
    assert client.get("/desk/access/", {"begin": "2020-01-01", "end": "2020-01-02"}).context["rows"] == []
    assert client.get("/desk/access/", {"cursor": "forged"}).status_code == 422
    Browser().post("/accounts/login/", {"login": "nobody", "password": "x"})
    rows = client.get("/desk/access/sign-ins/", {"kind": "account.sign_in_failed"}).context["rows"]
    assert [row["what"] for row in rows] == ["登录失败"]


def test_at_the_window_a_person_is_found_seen_and_helped(client: Browser) -> None:
    person, _ = given.person("张三三", phone="13912345678")
    signed_in(client, officer("window_clerk").account)
    wrong = client.post("/desk/people/", {"id_kind": "citizen", "id_number": "1"})
    assert wrong.status_code == 422
    missing = client.post("/desk/people/", {"id_kind": "citizen", "id_number": given.citizen_number(777)})
    assert "没有登记过这个号码" in missing.content.decode()
    found = client.post("/desk/people/", {"id_kind": "citizen", "id_number": person.id_number})
    page = found["Location"]
    assert person.id_number not in client.get(page).content.decode()
    assert client.post(page, {"why": ""}).status_code == 422
    assert not LogEvent.objects.filter(kind="personal.looked").exists()
    seen = client.post(page, {"why": "核对申请人身份"})
    assert person.id_number in seen.content.decode()
    assert LogEvent.objects.filter(kind="personal.looked").count() == 1
    assert client.post(page + "password/", {"password": "Given-Pass-1"}).status_code == 302
    assert client.post(page + "unlock/").status_code == 302
    assert client.get("/desk/people/999999/").status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_post_only_address_answers_a_get_with_405(client: Browser, method: str) -> None:
    signed_in(client, officer("security_administrator").account)
    someone = officer("handler")
    answer = getattr(client, method)(f"/desk/staff/{someone.pk}/unlock/")
    assert answer.status_code == (405 if method == "get" else 403)


def queries_of(browser: Browser, path: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert browser.get(path).status_code == 200
    return len(caught)


def test_lists_cost_the_same_number_of_queries_at_two_rows_and_at_twelve(client: Browser) -> None:
    auditor, security = officer("auditor").account, officer("security_administrator").account
    person, _ = given.person(at=timezone.localtime())
    _, handler = given.staff("王办理")
    seen: dict[str, list[int]] = {}
    for rows in (2, 10):
        for n in range(rows):
            staff = officer("handler", name=f"{'甲乙丙丁戊己庚辛壬癸'[n]}同志")
            given.post(staff, name=f"{rows}岗{n}")
            given.client(at=timezone.localtime())
            commands.notify(person, title="受理", body="受理", at=timezone.localtime())
            queries.applicant_for(handler, person.pk, "核对", at=timezone.localtime())
        for account, paths in (
            (auditor, ("/desk/staff/", "/desk/posts/", "/desk/clients/", "/desk/access/", "/desk/access/sign-ins/")),
            (security, ("/desk/staff/", "/desk/clients/")),
            (person.account, ("/my/inbox/", "/my/profile/", "/my/act-as/")),
        ):
            signed_in(client, account)
            client.get(paths[0])  # what is read once per session
            for path in paths:
                seen.setdefault(f"{account} {path}", []).append(queries_of(client, path))
    assert {path: counts for path, counts in seen.items() if len(set(counts)) > 1} == {}
    assert max(counts[0] for counts in seen.values()) <= 12, seen
