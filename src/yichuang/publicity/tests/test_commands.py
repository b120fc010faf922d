"""Making, showing, withholding, mending, pushing: on records of decisions that were made."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from unittest import mock

import httpx
import pytest
from django.conf import settings
from django.utils import timezone
from python_calamine import CalamineWorkbook

from yichuang.core import calendar, outbox
from yichuang.core.actor import system
from yichuang.core.models import LogEvent, Message
from yichuang.core.refusal import Refusal
from yichuang.core.verify import verify as prove
from yichuang.identity.models import Department
from yichuang.identity.tests import given as identity
from yichuang.publicity import commands, queries, sweeps
from yichuang.publicity.models import PublicRecord
from yichuang.publicity.rules.record import NAMES
from yichuang.publicity.tests import given
from yichuang.publicity.tests.receiver import Platform

pytestmark = pytest.mark.django_db
AT = given.AT


@pytest.fixture
def platform():
    served = Platform(token="secret")
    thread = threading.Thread(target=served.serve_forever, daemon=True)
    thread.start()
    made = settings.YICHUANG.model_copy(update={"credit_url": served.url, "credit_token": "secret"})
    with mock.patch.object(settings, "YICHUANG", made):
        yield served
    served.shutdown()
    served.server_close()
    thread.join()


def deliver() -> list[outbox.Outcome]:
    """What the worker does with the messages that are due."""
    outcomes = []
    for message in outbox.claim("test", timezone.now() + timedelta(days=400), limit=50):
        outcome = outbox.deliver(message)
        outbox.settle(message, outcome, timezone.now())
        outcomes.append(outcome)
    return outcomes


def everything() -> tuple[list, int, int]:
    rows = list(PublicRecord.objects.order_by("pk").values_list("pk", "state", "seq", "record_digest"))
    return rows, LogEvent.objects.filter(stream__startswith="publicity:").count(), Message.objects.count()


# --- making -------------------------------------------------------------------------------------------------------


def test_a_decision_without_a_licence_is_public_at_once_and_pushed() -> None:
    row = given.record()
    assert (row.state, row.due_on, row.decided_on) == ("published", date(2026, 3, 11), date(2026, 3, 2))
    assert row.record["XK_NR"] == "准予从事理发店经营活动。"
    assert Message.objects.get(adapter="credit.file").about == row.stream
    assert [e.kind for e in LogEvent.objects.filter(stream=row.stream).order_by("seq")] == [
        "publicity.recorded",
        "publicity.published",
        "publicity.pushed",
    ]
    assert row.applicant.id_number not in "".join(LogEvent.objects.values_list("data", flat=True))
    assert prove(row.stream).clean


def test_with_a_licence_to_follow_it_waits_for_the_licence() -> None:
    row = given.record(licensed=True)
    assert (row.state, Message.objects.count()) == ("pending", 0)
    with pytest.raises(Refusal, match="证照尚未制发"):
        commands.publish(row.pk, by=given.officer(row.department), at=AT)
    done = given.issued(row, at=AT + timedelta(days=1))
    assert (done.state, done.licence_number, done.record["XK_XKBH"]) == (
        "published",
        "阎卫证〔2026〕1号",
        "阎卫证〔2026〕1号",
    )
    assert (done.record["XK_YXQZ"], done.record["XK_YXQZI"]) == ("2026/03/03", "2030/03/01")
    again = given.issued(row, at=AT + timedelta(days=2))
    assert again.seq == done.seq
    assert Message.objects.count() == 1
    assert prove(row.stream).clean


def test_one_record_for_a_case_and_none_is_none() -> None:
    first = given.record(case_number="610114-20260302-900001-X")
    second = given.record(case_number="610114-20260302-900001-X")
    assert first.pk == second.pk
    assert commands.complete("610114-20260302-999999-X", None, by=given.by_system(), at=AT) is None


def test_what_the_item_withholds_by_law_is_withheld_and_told_to_nobody() -> None:
    row = given.record(withhold="涉及商业秘密", licensed=True)
    done = given.issued(row)
    assert (done.state, done.reason, Message.objects.count()) == ("withheld", "trade_secret", 0)


def test_what_the_item_withholds_without_ground_waits_for_the_officer() -> None:
    row = given.record(withhold="领导要求不公开")
    assert (row.state, row.held, Message.objects.count()) == ("pending", True, 0)
    shown = commands.publish(row.pk, by=given.officer(row.department), at=AT)
    assert (shown.state, shown.held) == ("published", False)


# --- the officer --------------------------------------------------------------------------------------------------


def test_withholding_showing_and_taking_down() -> None:
    row = given.record(withhold="说不清")
    officer = given.officer(row.department)
    commands.withhold(row.pk, reason="personal_privacy", note="含当事人病史", by=officer, at=AT)
    row.refresh_from_db()
    assert (row.state, row.reason, row.note) == ("withheld", "personal_privacy", "含当事人病史")
    assert "病史" not in "".join(LogEvent.objects.values_list("data", flat=True))
    commands.publish(row.pk, by=officer, at=AT + timedelta(days=1))
    commands.withdraw(row.pk, reason="error", by=officer, at=AT + timedelta(days=2))
    row.refresh_from_db()
    assert (row.state, row.published_at) == ("withdrawn", AT + timedelta(days=1))
    with pytest.raises(Refusal) as no:
        queries.result(row.pk)
    assert no.value.status == 404
    assert prove(row.stream).clean


def test_whoever_may_not_changes_nothing() -> None:
    row = given.record(withhold="说不清")
    water = identity.department("阎良区水务局")
    actors = [
        given.officer(water),
        identity.staff("钱主任", ("head",), row.department)[1],
        identity.person("张三（演示）")[1],
    ]
    before = everything()
    for actor in actors:
        for act in (
            lambda a: commands.publish(row.pk, by=a, at=AT),
            lambda a: commands.withhold(row.pk, reason="trade_secret", by=a, at=AT),
            lambda a: commands.mend(row.pk, {"BZ": "x"}, by=a, at=AT),
            lambda a: commands.push(row.pk, by=a, at=AT),
        ):
            with pytest.raises(Refusal) as no:
                act(actor)
            assert no.value.status == 403
    with pytest.raises(Refusal) as no:
        commands.publish(row.pk + 1000, by=actors[1], at=AT)
    assert no.value.status == 404
    assert everything() == before


def test_a_reason_that_is_none_changes_nothing() -> None:
    row = given.record()
    officer = given.officer(row.department)
    before = everything()
    with pytest.raises(Refusal) as no:
        commands.withdraw(row.pk, reason="", by=officer, at=AT)
    assert "reason" in no.value.fields
    with pytest.raises(Refusal) as no:
        commands.withhold(row.pk, reason="trade_secret", by=officer, at=AT)
    assert no.value.status == 409, "what is public is taken down, with the reason"
    assert everything() == before


# --- the standard -------------------------------------------------------------------------------------------------


def test_a_wrong_record_is_shown_in_time_and_pushed_when_it_is_mended() -> None:
    row = given.record(category="一般")
    assert (row.state, row.problem_fields, Message.objects.count()) == ("published", ["XK_XKLB"], 0)
    officer = given.officer(row.department)
    with pytest.raises(Refusal) as no:
        commands.push(row.pk, by=officer, at=AT)
    assert (no.value.code, set(no.value.fields)) == ("publicity.wrong_record", {"XK_XKLB"})
    assert [r.pk for r in queries.desk(officer, queries.Filters(view="wrong"), today=AT.date())] == [row.pk]
    mended = commands.mend(row.pk, {"XK_XKLB": "普通"}, by=officer, at=AT + timedelta(days=1))
    assert (mended.problems, mended.corrections) == ([], {"XK_XKLB": "普通"})
    assert Message.objects.count() == 1
    event = LogEvent.objects.get(stream=row.stream, kind="publicity.mended")
    assert "XK_XKLB" in event.data
    assert "普通" not in event.data
    assert prove(row.stream).clean


def test_mending_at_the_source_and_checking_again() -> None:
    nameless = identity.department("阎良区无码局", uscc="")
    row = given.record(department=nameless)
    officer = given.officer(nameless)
    assert set(row.problem_fields) == {"XK_XKJGDM", "XK_LYDWDM"}
    same = commands.mend(row.pk, {}, by=officer, at=AT)
    assert set(same.problem_fields) == {"XK_XKJGDM", "XK_LYDWDM"}
    Department.objects.filter(pk=nameless.pk).update(uscc=identity.organisation_code(prefix="11610114MB"))
    assert commands.mend(row.pk, {}, by=officer, at=AT).problems == []
    assert Message.objects.count() == 1


def test_what_follows_from_the_decision_cannot_be_mended() -> None:
    row = given.record()
    officer = given.officer(row.department)
    before = everything()
    with pytest.raises(Refusal) as no:
        commands.mend(row.pk, {"XK_WSH": "别的号", "XK_NOSUCH": "x"}, by=officer, at=AT)
    assert (no.value.status, set(no.value.fields)) == (422, {"XK_WSH", "XK_NOSUCH"})
    assert everything() == before


def test_mending_into_a_fault_is_seen() -> None:
    row = given.record()
    officer = given.officer(row.department)
    wrong = commands.mend(row.pk, {"XK_YXQZI": "2020/01/01"}, by=officer, at=AT)
    assert wrong.problem_fields == ["XK_YXQZI"]
    back = commands.mend(row.pk, {"XK_YXQZI": "2099/12/31"}, by=officer, at=AT)
    assert (back.problems, back.corrections) == ([], {})


# --- pushing ------------------------------------------------------------------------------------------------------


def test_both_receivers_get_the_record_and_their_receipts_are_kept(platform) -> None:
    row = given.record()
    assert sorted(row.pushed_to) == ["credit.file", "credit.http"]
    assert all(outcome.receipt for outcome in deliver())
    row.refresh_from_db()
    assert set(row.receipts) == {"credit.http", "credit.file"}
    assert row.receipts["credit.http"]["reference"] == "XY000001"
    assert row.receipted_at is not None
    assert platform.records == [row.record]
    assert set(platform.records[0]) == set(NAMES)
    folder = settings.YICHUANG.data_dir / "exchange" / "credit"
    stem = row.pushed_key
    sheet = CalamineWorkbook.from_path(str(folder / f"{stem}.xlsx")).get_sheet_by_index(0).to_python()
    assert sheet[0] == list(NAMES)
    assert dict(zip(sheet[0], sheet[1], strict=True)) == row.record
    assert (folder / f"{stem}.csv").read_text("utf-8-sig").splitlines()[0] == ",".join(NAMES)
    assert not list(folder.glob("*.part"))
    assert prove(row.stream).clean


def test_a_receiver_that_is_down_is_tried_again_and_gets_it_once(platform) -> None:
    platform.fail = 2
    row = given.record()
    for _ in range(4):
        deliver()
    row.refresh_from_db()
    assert (len(platform.records), platform.requests) == (1, 3)
    assert row.receipted_at is not None
    message = Message.objects.get(adapter="credit.http")
    outbox.deliver(message)  # a worker that died before it wrote the receipt down sends it again
    assert len(platform.records) == 1
    assert LogEvent.objects.filter(kind="publicity.receipted").count() == 2


def test_a_receiver_that_refuses_leaves_a_dead_letter_with_its_reason(platform) -> None:
    platform.refuse = True
    row = given.record()
    deliver()
    message = Message.objects.get(adapter="credit.http")
    assert (message.state, "数据不符合标准" in message.last_error) == ("dead", True)
    row.refresh_from_db()
    assert (row.receipted, row.receipted_at) == (["credit.file"], None)
    assert [
        r.pk for r in queries.desk(given.officer(row.department), queries.Filters(view="unreceipted"), today=AT.date())
    ] == [row.pk]


def test_a_mended_record_goes_out_under_its_own_key_and_the_old_one_is_let_go(platform) -> None:
    row = given.record()
    commands.mend(row.pk, {"BZ": "更正备注"}, by=given.officer(row.department), at=AT)
    assert Message.objects.filter(adapter="credit.http").count() == 2
    deliver()
    assert [record["BZ"] for record in platform.records] == ["更正备注"]
    row.refresh_from_db()
    assert row.receipted_at is not None
    commands.push(row.pk, by=given.officer(row.department), at=AT)
    assert Message.objects.filter(adapter="credit.http").count() == 2, "the same record is pushed once"


def test_the_wrong_token_is_not_lost(platform) -> None:
    given.record()
    platform.token = "another"
    deliver()
    assert Message.objects.get(adapter="credit.http").state == "dead"
    assert httpx.get(platform.url).json()["records"] == 0


def test_no_receiver_configured_pushes_nowhere() -> None:
    made = settings.YICHUANG.model_copy(update={"credit_file": False, "credit_url": ""})
    with mock.patch.object(settings, "YICHUANG", made):
        row = given.record()
    assert (row.state, row.pushed_at, Message.objects.count()) == ("published", None, 0)


# --- time ---------------------------------------------------------------------------------------------------------


def test_the_sweep_warns_once_near_the_due_date_and_once_past_it() -> None:
    row = given.record(licensed=True)
    levels = []
    for day in (6, 9, 10, 11, 12, 13):
        sweeps.warn(AT.replace(day=day))
        row.refresh_from_db()
        levels.append((day, row.warned, LogEvent.objects.filter(kind="publicity.warned").count()))
    assert levels == [(6, "", 0), (9, "near", 1), (10, "near", 1), (11, "near", 1), (12, "late", 2), (13, "late", 2)]


def test_a_changed_calendar_moves_the_due_date_of_what_is_not_public_yet() -> None:
    pending, public = given.record(licensed=True), given.record()
    moved = calendar.current()
    rest = type(moved)({date(2026, 3, 4): False}, date(2026, 12, 31), 2)
    assert commands.reschedule(rest, by=system("calendar"), at=AT) == 1
    pending.refresh_from_db()
    public.refresh_from_db()
    assert (pending.due_on, public.due_on) == (date(2026, 3, 12), date(2026, 3, 11))
    assert commands.reschedule(rest, by=system("calendar"), at=AT) == 0


def test_compliance_counts_what_had_to_be_public() -> None:
    in_time = given.record()
    given.record(withhold="涉及国家秘密")
    late = given.record(licensed=True)
    given.issued(late, at=AT + timedelta(days=20))
    given.record(licensed=True)  # due, and not public
    fresh = given.record(licensed=True, decided_on=date(2026, 4, 30), at=AT.replace(month=4, day=30))
    commands.receive(
        in_time.pk, adapter="credit.file", digest=in_time.record_digest, reference="1", by=given.by_system(), at=AT
    )
    told = queries.compliance(
        PublicRecord.objects.all(), since=date(2026, 3, 1), until=date(2026, 4, 30), today=date(2026, 4, 30)
    )
    assert (told.decisions, told.due, told.published_in_time, told.received_in_time) == (5, 3, 1, 1)
    assert (told.published_rate, told.received_rate) == ("33.33%", "33.33%")
    assert told.evidence_url == "/desk/publicity/?since=2026-03-01&until=2026-04-30"
    late_ones = queries.desk(
        identity.staff("审计", ("auditor",))[1], queries.Filters(view="late"), today=date(2026, 4, 30)
    )
    assert set(late_ones.values_list("pk", flat=True)) == {late.pk, late.pk + 1}
    assert fresh.due_on > date(2026, 4, 30)
