"""Applicants: sign-up, claims of identity, the window, erasure, notices."""

from __future__ import annotations

import json

import pytest
from django.conf import settings

from yichuang.core.actor import NOBODY, Actor
from yichuang.core.models import Message
from yichuang.core.models.log import LogEvent
from yichuang.core.outbox import Receipt
from yichuang.core.refusal import Refusal
from yichuang.identity import adapters, commands, queries
from yichuang.identity.models import Account, Applicant, Notice, Verification
from yichuang.identity.tests import given
from yichuang.identity.tests.refusals import refused

pytestmark = pytest.mark.django_db
AT = given.AT


@pytest.fixture
def by_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in production without a checking service: claims wait for a clerk."""
    monkeypatch.setattr(settings.YICHUANG, "env", "production")


@pytest.fixture
def by_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings.YICHUANG, "real_name_url", "http://127.0.0.1:9/real-name")


def sign_up(**changes: object) -> Account:
    values: dict[str, object] = {
        "username": "zhangsan",
        "password": given.PASSWORD,
        "name": "张三",
        "id_number": given.citizen_number(7),
        "phone": "13900000007",
        "at": AT,
    }
    return commands.register_person(**(values | changes))  # type: ignore[arg-type]  # a test's own table


# --- Sign-up ----------------------------------------------------------------------------------------------------


def test_a_person_signs_up_and_may_act_for_themselves() -> None:
    account = sign_up()
    actor = queries.actor_of_account(account, AT)
    assert actor.ref == f"person:{account.pk}"
    assert actor.behalf == {account.applicant.ref}
    assert account.applicant.verified_by == "trust"
    assert queries.self_of(actor) == account.applicant


def test_the_log_of_a_sign_up_holds_no_personal_data() -> None:
    account = sign_up()
    text = " ".join(LogEvent.objects.values_list("data", flat=True)) + " ".join(
        LogEvent.objects.values_list("actor_name", flat=True)
    )
    for secret in ("张三", account.applicant.id_number, "13900000007"):
        assert secret not in text
    claim = Verification.objects.get()
    assert (claim.name, claim.id_number, claim.phone) == ("", "", "")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id_number": "610114198806150011"}, "id_number"),
        ({"id_kind": "uscc", "id_number": "11370800MB28559184"}, "id_kind"),
        ({"phone": "12"}, "phone"),
        ({"name": "张3"}, "name"),
        ({"username": "13900000000"}, "username"),
        ({"password": "12345678"}, "password"),
        ({"password": "password1234"}, "password"),
    ],
)
def test_wrong_words_are_told_per_field(changes: dict[str, object], field: str) -> None:
    assert field in refused(lambda: sign_up(**changes), status=422).fields


def test_a_name_phone_or_identity_in_use_is_refused() -> None:
    first = sign_up()
    assert "username" in refused(lambda: sign_up(username="ZhangSan"), status=409).fields
    assert "phone" in refused(lambda: sign_up(username="lisi"), status=409).fields
    no = refused(lambda: sign_up(username="lisi", phone="13900000008", id_number=first.applicant.id_number), status=409)
    assert no.code == "applicant.has_account"


def test_a_stolen_number_does_not_open_the_windows_records() -> None:
    _, clerk = given.staff("李窗口", ("window_clerk",))
    number = given.citizen_number(9)
    known = commands.find_or_create_applicant(
        kind="person", id_kind="citizen", id_number=number, name="王五", phone="13911112222", by=clerk, at=AT
    )
    no = refused(lambda: sign_up(name="王五", id_number=number, phone="13900000009"), status=409)
    assert no.code == "applicant.differs"
    refused(lambda: sign_up(name="赵六", id_number=number, phone="13911112222"), status=409)
    account = sign_up(name="王五", id_number=number, phone="13911112222")
    assert account.applicant.pk == known.pk


@pytest.mark.usefixtures("by_window")
def test_in_production_a_clerk_sees_the_card_first() -> None:
    account = sign_up()
    actor = queries.actor_of_account(account, AT)
    assert actor.behalf == frozenset()
    claim = queries.pending_verifications(actor).get()
    refused(lambda: commands.settle_verification(claim, passed=True, by=actor, at=AT), status=403)
    refused(lambda: commands.settle_verification(claim, passed=True, by=NOBODY, at=AT), status=403)
    _, clerk = given.staff("李窗口", ("window_clerk",))
    commands.settle_verification(claim, passed=True, by=clerk, at=AT)
    account.refresh_from_db()
    assert account.applicant.verified_by == "window"
    assert queries.actor_of_account(account, AT).behalf == {account.applicant.ref}
    refused(lambda: commands.settle_verification(claim, passed=False, by=clerk, at=AT), status=409)


@pytest.mark.usefixtures("by_window")
def test_a_claim_that_failed_is_made_again() -> None:
    account = sign_up()
    _, clerk = given.staff("李窗口", ("window_clerk",))
    actor = queries.actor_of_account(account, AT)
    claim = queries.pending_verifications(actor).get()
    refused(
        lambda: commands.ask_verification(account, name="张三", id_number=given.citizen_number(7), by=actor, at=AT),
        status=409,
    )
    commands.settle_verification(claim, passed=False, reason="姓名有误", by=clerk, at=AT)
    assert not Applicant.objects.filter(account=account).exists()
    again = commands.ask_verification(account, name="章三", id_number=given.citizen_number(7), by=actor, at=AT)
    assert again.state == "pending"


@pytest.mark.usefixtures("by_service")
@pytest.mark.parametrize("passed", [True, False])
def test_the_checking_services_answer_enters_as_a_command(passed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[dict[str, object]] = []

    def post(message: Message, url: str, body: dict[str, object], **_: object) -> Receipt:
        sent.append(body)
        return Receipt(reference="r1", answer={"passed": passed, "reason": "信息不一致"})

    monkeypatch.setattr("yichuang.core.adapters.post", post)
    account = sign_up()
    message = Message.objects.get(adapter="real_name")
    assert "张三" not in json.dumps(message.payload, ensure_ascii=False)
    receipt = adapters.real_name(message)
    assert sent[0]["name"] == "张三"
    assert receipt.answer == {"passed": passed}
    assert Applicant.objects.filter(account=account).exists() is passed
    adapters.real_name(message)  # a repeat changes nothing
    assert len(sent) == 1


def test_the_unified_provider_brings_a_checked_person() -> None:
    account = commands.register_from_provider(
        name="张三", id_number=given.citizen_number(7), phone="13900000007", at=AT
    )
    assert account.applicant.verified_by == "oidc"
    assert not account.has_usable_password()
    again = commands.register_from_provider(name="张三", id_number=given.citizen_number(7), phone="", at=AT)
    assert again.pk == account.pk
    refused(lambda: commands.register_from_provider(name="", id_number="", phone="", at=AT), status=422)


# --- The window -------------------------------------------------------------------------------------------------


def window(by: Actor, **changes: object) -> Applicant:
    values: dict[str, object] = {
        "kind": "person",
        "id_kind": "citizen",
        "id_number": given.citizen_number(21),
        "name": "王五",
        "phone": "13911112222",
        "by": by,
        "at": AT,
    }
    return commands.find_or_create_applicant(**(values | changes))  # type: ignore[arg-type]  # a test's own table


def test_the_window_finds_or_makes_and_shows_masked() -> None:
    _, clerk = given.staff("李窗口", ("window_clerk",))
    made = window(clerk)
    assert window(clerk).pk == made.pk
    found = queries.find_by_identifier(clerk, "citizen", made.id_number)
    assert found == made
    shown = queries.shown_applicant(made)
    assert shown["name"] != "王五"
    assert made.id_number[6:14] not in str(shown)
    assert "13911112222" not in str(shown)
    no = refused(lambda: window(clerk, name="王伍"), status=409)
    assert no.code == "applicant.name_differs"


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"id_number": "1"}, "id_number"), ({"kind": "organisation"}, "id_kind"), ({"name": "1"}, "name")],
)
def test_the_window_is_told_what_to_mend(changes: dict[str, object], field: str) -> None:
    _, clerk = given.staff("李窗口", ("window_clerk",))
    assert field in refused(lambda: window(clerk, **changes), status=422).fields


def test_only_clerks_stand_at_the_window() -> None:
    for role in ("head", "auditor", "system_administrator"):
        _, by = given.staff("某某", (role,))
        refused(lambda by=by: window(by), status=403)  # type: ignore[misc]  # bound in the loop
    _, person = given.person()
    refused(lambda: window(person), status=403)
    with pytest.raises(Refusal):
        queries.find_by_identifier(person, "citizen", given.citizen_number(21))


# --- Personal data ----------------------------------------------------------------------------------------------


def test_a_look_at_personal_data_needs_a_reason_and_is_on_the_record() -> None:
    _, handler = given.staff("王办理")
    person, person_actor = given.person()
    with pytest.raises(Refusal) as no:
        queries.applicant_for(handler, person.pk, " ", at=AT)
    assert "why" in no.value.fields
    assert queries.looks_at(person) == []
    assert queries.applicant_for(handler, person.pk, "610114-20260302-000001-X 核对身份", at=AT) == person
    (look,) = queries.looks_at(person)
    assert look["by"] == "王办理"
    queries.applicant_for(person_actor, person.pk, "", at=AT)  # one's own data: no record
    assert len(queries.looks_at(person)) == 1
    _, auditor = given.staff("审计员", ("auditor",))
    assert queries.personal_looks(auditor).count() == 1
    with pytest.raises(Refusal):
        queries.personal_looks(handler)


def test_strangers_and_auditors_get_the_answer_of_nobody_there() -> None:
    person, _ = given.person()
    _, other = given.person("李四四")
    _, auditor = given.staff("审计员", ("auditor",))
    for actor in (other, NOBODY, auditor):
        for pk in (person.pk, 10**9):
            with pytest.raises(Refusal) as no:
                queries.applicant_for(actor, pk, "看看", at=AT)
            assert (no.value.status, no.value.code) == (404, "applicant.unknown")
    assert queries.looks_at(person) == []


def test_the_profile_is_corrected_by_whom_it_concerns() -> None:
    person, actor = given.person()
    _, other = given.person("李四四")
    refused(lambda: commands.update_profile(person, phone="13800000001", by=other, at=AT), status=403)
    assert "phone" in refused(lambda: commands.update_profile(person, phone="1", by=actor, at=AT), status=422).fields
    commands.update_profile(person, phone="138 0000 0001", address="西安", by=actor, at=AT)
    person.refresh_from_db()
    assert (person.phone, person.address) == ("13800000001", "西安")
    assert person.account is not None
    assert Account.objects.get(pk=person.account.pk).phone == "13800000001"
    event = LogEvent.objects.get(kind="applicant.updated")
    assert json.loads(event.data) == {"fields": ["address", "phone"]}


def test_erasure_leaves_a_row_without_a_person() -> None:
    person, actor = given.person()
    number, account = person.id_number, person.account
    commands.notify(person, title="已受理", body="您的申请已受理", at=AT)
    refused(
        lambda: commands.erase_applicant(person, reason="本人", retained=lambda a: "有在办事项", by=actor, at=AT),
        status=409,
    )
    _, other = given.person("李四四")
    refused(lambda: commands.erase_applicant(person, reason="x", retained=lambda a: "", by=other, at=AT), status=403)
    commands.erase_applicant(person, reason="本人申请", retained=lambda a: "", by=actor, at=AT)
    row = Applicant.objects.get(pk=person.pk)
    assert (row.name, row.phone, row.address, row.account) == ("", "", "", None)
    assert number not in row.id_number
    assert account is not None
    assert queries.actor_of_account(Account.objects.get(pk=account.pk), AT) == NOBODY
    assert not Notice.objects.filter(applicant=person).exists()
    assert LogEvent.objects.filter(stream=person.ref, kind="applicant.erased").exists()
    given.person(id_number=number)  # the number is free again


def test_my_data_is_exported_whole() -> None:
    company, actor = given.organisation()
    data = queries.export_applicant(actor, at=AT)
    assert data["person"]["name"] == "赵法人（演示）"
    assert data["represents"][0]["principal"] == company.name
    json.dumps(data)
