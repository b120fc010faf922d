"""Issuing, sealing, replacing, expiring: what each leaves behind, and what a refusal does not."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from yichuang.core import files
from yichuang.core.models import File, LogEvent, Message
from yichuang.core.refusal import Refusal
from yichuang.core.verify import verify as prove
from yichuang.identity.tests import given as identity
from yichuang.licences import adapters, commands, queries, rules
from yichuang.licences.models import Licence
from yichuang.licences.tests import given

pytestmark = pytest.mark.django_db
AT = given.AT


def everything() -> tuple[int, int, int]:
    return (
        Licence.objects.count(),
        LogEvent.objects.filter(stream__startswith="licence:").count(),
        Message.objects.count(),
    )


def test_a_licence_is_issued_with_its_identifier_and_its_message_to_the_worker() -> None:
    issuer = identity.department()
    made = given.licence(issuer=issuer)
    assert made.identifier == str(rules.Identifier(given.TYPE, issuer.uscc, "202603020001", 1))
    assert made.number == "阎审批证〔2026〕022-03020001号"
    assert (made.state, made.issued_on, made.expires_on) == ("in_force", date(2026, 3, 2), date(2030, 3, 1))
    assert [(line.label, line.value) for line in made.lines] == [
        ("地址", "西安市阎良区凤凰路12号"),
        ("许可范围", "理发店"),
    ]
    message = Message.objects.get(adapter="licence.sign")
    assert message.payload == {"identifier": made.identifier}
    event = LogEvent.objects.get(stream=made.stream)
    assert event.kind == "licence.issued"
    assert "凤凰路" not in event.data, "the face can be erased: it is not in the log"


def test_serials_are_of_the_issuer_the_type_and_the_day() -> None:
    first, second = given.licence(), given.licence()
    other_type = given.licence(type_code="11100000000013338W023")
    next_day = given.licence(at=AT + timedelta(days=1))
    assert [m.serial for m in (first, second, other_type, next_day)] == [
        "202603020001",
        "202603020002",
        "202603020001",
        "202603030001",
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"expires_on": date(2026, 3, 1)}, "expires_on"),
        ({"type_code": "123"}, "type_code"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_refused_leaves_nothing(changes, field) -> None:
    identity.department()
    before = everything()
    with pytest.raises(Refusal) as no:
        given.licence(**changes)
    assert no.value.status == 422
    assert field in no.value.fields
    assert everything() == before


def test_an_organ_without_a_code_issues_nothing() -> None:
    nameless = identity.department("阎良区无码局", uscc="")
    with pytest.raises(Refusal, match="统一社会信用代码"):
        given.licence(issuer=nameless)
    assert everything()[0] == 0


def test_the_worker_seals_it_once() -> None:
    made = given.licence()
    message = Message.objects.get(adapter="licence.sign")
    receipt = adapters.seal(message)
    again = adapters.seal(message)
    made.refresh_from_db()
    assert receipt.reference == again.reference == made.file_digest
    assert made.file is not None
    assert files.content(made.file).startswith(b"%PDF-")
    assert (made.signer, File.objects.count()) == (made.issuer.name, 1)
    assert [e.kind for e in LogEvent.objects.filter(stream=made.stream).order_by("seq")] == [
        "licence.issued",
        "licence.signed",
    ]
    assert prove(made.stream).clean


def test_a_replacement_is_the_next_version_and_ends_the_one_before() -> None:
    old = given.licence(signed=True)
    _, head = identity.staff("钱主任", ("head",), old.issuer)
    new = commands.replace(
        old.identifier, reason="门牌号变更", details={"address": "凤凰路18号"}, by=head, at=AT + timedelta(days=2)
    )
    old.refresh_from_db()
    assert (old.state, old.replaced_by) == ("replaced", new.identifier)
    assert (new.version, new.serial, new.replaces, new.number) == (2, old.serial, old.identifier, old.number)
    assert {line.code: line.value for line in new.lines} == {"address": "凤凰路18号", "scope": "理发店"}
    assert new.token != old.token
    assert Message.objects.filter(adapter="licence.sign").count() == 2
    assert prove(old.stream).clean
    assert prove(new.stream).clean
    with pytest.raises(Refusal) as no:
        commands.replace(old.identifier, reason="再来", by=head, at=AT + timedelta(days=3))
    assert no.value.status == 409


def test_who_may_not_replace_changes_nothing() -> None:
    old = given.licence()
    _, stranger = identity.staff("外局", ("head",), identity.department("阎良区水务局"))
    _, clerk = identity.staff("李窗口", ("window_clerk",), old.issuer)
    before = everything()
    for actor in (stranger, clerk):
        with pytest.raises(Refusal) as no:
            commands.replace(old.identifier, reason="x", by=actor, at=AT)
        assert no.value.status == 403
    with pytest.raises(Refusal) as no:
        commands.replace(str(rules.parse(old.identifier).next_version()), reason="x", by=given.by_system(), at=AT)
    assert no.value.status == 404
    with pytest.raises(Refusal):
        commands.replace("1.2.156.3005.2.x", reason="x", by=given.by_system(), at=AT)
    old.refresh_from_db()
    assert old.state == "in_force"
    assert everything() == before


def test_the_sweep_marks_what_has_expired_and_nothing_else() -> None:
    over = given.licence(expires_on=date(2026, 3, 10))
    last_day, endless = given.licence(expires_on=date(2026, 3, 11)), given.licence(expires_on=None)
    at = AT.replace(day=11)
    assert commands.expire_due(at, by=given.by_system()) == 1
    assert commands.expire_due(at, by=given.by_system()) == 0
    states = {m.pk: Licence.objects.get(pk=m.pk).state for m in (over, last_day, endless)}
    assert states == {over.pk: "expired", last_day.pk: "in_force", endless.pk: "in_force"}


def test_two_current_versions_cannot_be(db) -> None:
    made = given.licence()
    made.pk, made.code, made.identifier, made.token, made.version = None, "x", "x", "x", 2
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save()


def test_what_an_applicant_holds_is_known_while_it_is_in_force() -> None:
    holder, _ = identity.organisation()
    made = given.licence(holder, expires_on=date(2026, 12, 31))
    assert queries.held(holder.pk, given.TYPE, at=AT)["scope"] == "理发店"
    assert queries.held(holder.pk, given.TYPE, at=AT)["number"] == made.number
    assert queries.held(holder.pk, given.TYPE, at=AT.replace(year=2027)) == {}
    assert queries.held(holder.pk, "11100000000013338W099", at=AT) == {}
    assert [m.pk for m in queries.of_source(made.source)] == [made.pk]


def test_the_log_cannot_be_contradicted_by_the_row() -> None:
    made = given.licence()
    Licence.objects.filter(pk=made.pk).update(expires_on=date(2040, 1, 1))
    told = prove(made.stream)
    assert [fault.code for fault in told.faults] == ["row_changed"]


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_get_eight_numbers() -> None:
    holder, issuer = identity.organisation()[0], identity.department()
    made: list[str] = []
    wrong: list[BaseException] = []

    def one() -> None:
        try:
            made.append(given.licence(holder, issuer=issuer).identifier)
        except BaseException as broken:  # noqa: BLE001 - told by the test below
            wrong.append(broken)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(set(made)) == 8


@pytest.mark.django_db(transaction=True)
def test_two_who_seal_at_once_leave_one_document() -> None:
    made = given.licence()
    done: list[str] = []

    def one() -> None:
        try:
            done.append(commands.sign(made.identifier, by=given.by_system(), at=AT).file_digest)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 2
    assert len(set(done)) == 1
    assert LogEvent.objects.filter(kind="licence.signed").count() == 1
