"""Notices by inbox and SMS, programs and their tokens, departments."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings

from yichuang.core.actor import Actor, system
from yichuang.core.models import Message
from yichuang.core.models.log import LogEvent
from yichuang.core.outbox import Receipt, Rejected
from yichuang.core.refusal import Refusal
from yichuang.identity import adapters, commands, queries
from yichuang.identity.models import Applicant
from yichuang.identity.tests import given
from yichuang.identity.tests.refusals import refused

pytestmark = pytest.mark.django_db
AT = given.AT


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


# --- Notices ----------------------------------------------------------------------------------------------------


def test_a_notice_reaches_the_inbox_and_the_phone_without_naming_it_in_the_outbox() -> None:
    person, actor = given.person(phone="13912345678")
    notice = commands.notify(person, title="已受理", body="正文", link="/my/", about="case:1", at=AT)
    assert queries.unread(actor) == 1
    message = Message.objects.get(adapter="sms")
    assert message.payload == {"notice": notice.pk}
    assert message.about == "case:1"
    assert adapters.sms(message).reference.startswith("console")
    _, other = given.person("李四四")
    with pytest.raises(Refusal):
        commands.read_notices(applicant_ids=[person.pk], by=other, at=AT)
    assert commands.read_notices(applicant_ids=[person.pk], by=actor, at=AT) == 1
    assert queries.unread(actor) == 0


def test_no_phone_no_sms_and_an_erased_applicant_gets_none() -> None:
    _, clerk = given.staff("李窗口", ("window_clerk",))
    silent = window(clerk, phone="")
    commands.notify(silent, title="已受理", body="正文", at=AT)
    landline = window(clerk, id_number=given.citizen_number(22), name="赵六六", phone="029-86200000")
    commands.notify(landline.pk, title="已受理", body="正文", at=AT)
    assert not Message.objects.exists()
    person, actor = given.person()
    commands.notify(person, title="已受理", body="正文", at=AT)
    commands.erase_applicant(person, reason="本人", retained=lambda a: "", by=actor, at=AT)
    with pytest.raises(Rejected):
        adapters.sms(Message.objects.get())


def test_sms_over_http_carries_phone_and_text(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[dict[str, str]] = []
    monkeypatch.setattr(settings.YICHUANG, "sms_url", "http://127.0.0.1:9/sms")
    monkeypatch.setattr("yichuang.core.adapters.post", lambda m, url, body: (sent.append(body), Receipt("1"))[1])
    person, _ = given.person(phone="13912345678")
    commands.notify(person, title="已受理", body="您的申请已受理", at=AT)
    adapters.sms(Message.objects.get())
    assert sent[0]["phone"] == "13912345678"
    assert "已受理" in sent[0]["text"]


# --- Programs ---------------------------------------------------------------------------------------------------


def test_a_program_has_its_scopes_in_its_departments_until_revoked_or_expired() -> None:
    _, security = given.staff("安全员", ("security_administrator",))
    organ = given.department()
    client, token = commands.create_client(
        name="区数据平台",
        scopes=["cases:read", "cases:intake"],
        departments=[organ],
        expires_at=AT + timedelta(days=10),
        by=security,
        at=AT,
    )
    assert token not in " ".join(LogEvent.objects.values_list("data", flat=True))
    found = queries.actor_of_client(token, AT)
    assert found is not None
    actor, _ = found
    assert actor.ref == client.ref
    assert actor.has("cases:read", organ.scope)
    assert actor.has("window_clerk", organ.scope)
    assert not actor.has("handler")
    assert not actor.has("cases:read", "department:0")
    assert queries.actor_of_client(token, AT + timedelta(days=10)) is None
    assert queries.actor_of_client(token + "x", AT) is None
    commands.revoke_client(client, by=security, at=AT)
    assert queries.actor_of_client(token, AT) is None
    refused(lambda: commands.revoke_client(client, by=security, at=AT), status=409)


def test_only_the_security_administrator_gives_tokens_and_says_what_for() -> None:
    organ = given.department()
    for role in ("system_administrator", "head", "auditor"):
        _, by = given.staff("某某", (role,))
        refused(
            lambda by=by: commands.create_client(  # type: ignore[misc]  # bound in the loop
                name="x", scopes=["cases:read"], departments=[organ], by=by, at=AT
            ),
            status=403,
        )
    _, security = given.staff("安全员", ("security_administrator",))
    no = refused(
        lambda: commands.create_client(
            name=" ", scopes=["cases:read"], departments=[], expires_at=AT, by=security, at=AT
        ),
        status=422,
    )
    assert set(no.fields) == {"name", "departments", "expires_at"}


# --- Organs -----------------------------------------------------------------------------------------------------


def test_a_department_is_set_once_and_corrected_by_whom_it_is_for() -> None:
    organ = given.department()
    events = LogEvent.objects.count()
    same = commands.set_department(
        division=organ.division, name=organ.name, phone=organ.phone, by=given.by_system(), at=AT
    )
    assert (same.pk, LogEvent.objects.count()) == (organ.pk, events)
    _, head = given.staff("主任", ("head",))
    refused(lambda: commands.set_department(division=organ.division, name="新局", uscc="", by=head, at=AT), status=403)
    no = refused(
        lambda: commands.set_department(
            division=organ.division, name="新局", uscc=organ.uscc, by=system("setup"), at=AT
        ),
        status=409,
    )
    assert "uscc" in no.fields


def test_an_import_makes_an_incomplete_department_and_never_spoils_a_complete_one() -> None:
    _, editor = given.staff("编目员", ("catalogue_editor",))
    made = commands.set_department(division=given.DIVISION, name="新局", incomplete=True, by=editor, at=AT)
    assert made.incomplete
    complete = given.department()
    again = commands.set_department(division=given.DIVISION, name=complete.name, incomplete=True, by=editor, at=AT)
    assert not again.incomplete
    commands.set_department(
        division=given.DIVISION,
        name="新局",
        uscc=given.organisation_code(77, prefix="11610114MB"),
        by=given.by_system(),
        at=AT,
    )
    made.refresh_from_db()
    assert not made.incomplete
