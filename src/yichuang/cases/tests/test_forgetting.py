"""An applicant who asks to be erased: what goes at once, what the law keeps and says so, what goes when its time is over."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client as Browser
from hypothesis import given as forall
from hypothesis import strategies as st

from yichuang.cases import commands, queries
from yichuang.cases.models import Case, CaseForm, Draft, MaterialFile
from yichuang.cases.rules import retention
from yichuang.cases.tests import given
from yichuang.cases.tests.given import AT, later
from yichuang.core import files
from yichuang.core.models import File, LogEvent
from yichuang.core.verify import verify
from yichuang.identity import commands as identity_commands
from yichuang.identity.models import Agency, Applicant
from yichuang.identity.tests import given as identity

ENDED = date(2026, 3, 5)
LAST = date(2056, 12, 31)
"""The last day on which the file of a case that ended on ENDED is kept: 30 years."""


def gone(file: File) -> bool:
    row = File.objects.get(pk=file.pk)
    return row.erased_at is not None and not files.path_of(row.digest).exists()


def unique(owner: str, by: object, *, at: datetime = AT) -> File:
    """A text of its own, so that no other row names the same bytes."""
    words = f"a,b\n{File.objects.count()},{owner}\n".encode()
    return files.store(words, "one.csv", owner=owner, by=by, at=at, kinds=("csv",), division=identity.DIVISION)  # type: ignore[arg-type]  # an Actor


def erase(w: given.World, at: datetime = AT) -> Applicant:
    return identity_commands.erase_applicant(
        w.applicant, reason="本人申请", retained=queries.retained, by=w.citizen, at=at
    )


def papers_erased(applicant: Applicant) -> dict[str, int]:
    data: dict[str, int] = json.loads(LogEvent.objects.get(stream=applicant.ref, kind="applicant.papers_erased").data)
    return data


@forall(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 60))
def test_what_is_kept_until_a_day_may_go_on_the_next(ended: date, years: int) -> None:
    last = retention.kept_until(ended, years)
    assert last >= ended + timedelta(days=365 * years)
    assert not ended < retention.ended_before(last, years)
    assert ended < retention.ended_before(last + timedelta(days=1), years)


@pytest.mark.django_db(transaction=True)
def test_a_draft_goes_with_its_files_at_once_and_the_log_says_so() -> None:
    w = given.world()
    draft = given.draft(w, materials=())
    held = unique(draft.stream, w.citizen)
    commands.attach(draft.pk, material="m1", file=held, by=w.citizen, at=AT)
    loose = unique(draft.stream, w.citizen)  # uploaded and never put to a material
    erase(w)
    assert not Draft.objects.exists()
    assert gone(held)
    assert gone(loose)
    assert papers_erased(w.applicant) == {"drafts": 1, "files": 2, "cases": 0, "kept": 0}
    assert LogEvent.objects.filter(stream=held.ref, kind="file.erased").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["discard", "detach", "fresh"])
def test_what_is_thrown_away_or_taken_off_a_draft_is_erased(way: str) -> None:
    w = given.world()
    draft = given.draft(w, materials=())
    held = unique(draft.stream, w.citizen)
    one = commands.attach(draft.pk, material="m1", file=held, by=w.citizen, at=AT)
    two = commands.attach(draft.pk, material="m2", file=held, by=w.citizen, at=AT)
    if way == "discard":
        commands.discard_draft(draft.pk, by=w.citizen, at=AT)
    elif way == "fresh":
        commands.start_draft(w.version.id, applicant=w.applicant, fresh=True, by=w.citizen, at=AT)
    else:
        commands.detach(draft.pk, file_id=one.pk, by=w.citizen, at=AT)
        assert not gone(held), "the other material still names it"
        commands.detach(draft.pk, file_id=two.pk, by=w.citizen, at=AT)
    assert gone(held)


@pytest.mark.django_db
def test_the_file_of_a_case_stays_until_its_time_is_over_and_the_person_is_told() -> None:
    w = given.world()
    case = given.closed_case(w)
    scan = MaterialFile.objects.filter(material__case=case)[0].file
    told = queries.stays(w.applicant, ENDED)
    assert ["1件办件" in told[0].what, told[0].until, "第四十七条" in told[0].law] == [True, LAST, True]
    erase(w, at=later(9))
    assert papers_erased(w.applicant)["kept"] == 1
    assert not gone(scan)
    assert CaseForm.objects.filter(case=case).exclude(content={}).exists()
    noon = datetime(2056, 12, 31, 12, tzinfo=AT.tzinfo)
    assert commands.forget(noon) == 0
    assert not gone(scan)
    assert commands.forget(noon + timedelta(days=1)) == 1
    assert gone(scan) or File.objects.get(pk=scan.pk).erased_at
    assert not CaseForm.objects.filter(case=case).exclude(content={}).exists()
    assert Case.objects.get(pk=case.pk).applicant_name == ""
    assert verify(case.stream).clean
    assert commands.forget(noon + timedelta(days=2)) == 0


@pytest.mark.django_db
def test_a_case_whose_time_is_over_goes_at_once_and_nobody_else_s_does() -> None:
    w, other = given.world(), given.world()
    case, theirs = given.closed_case(w), given.closed_case(other)
    much_later = datetime(2057, 1, 1, 9, tzinfo=AT.tzinfo)
    assert queries.stays(w.applicant, much_later.date()) == []
    assert commands.forget(much_later) == 0, "who did not ask is not forgotten by a clock"
    erase(w, at=much_later)
    assert papers_erased(w.applicant)["cases"] == 1
    assert not CaseForm.objects.filter(case=case).exclude(content={}).exists()
    assert CaseForm.objects.filter(case=theirs).exclude(content={}).exists()


@pytest.mark.django_db(transaction=True)
def test_a_letter_goes_at_once_where_it_proves_nothing_and_with_the_last_case_else() -> None:
    w = given.world()
    unused, _, _ = identity.agent_of(w.applicant, w.citizen, at=later(-30))
    identity_commands.end_agency(unused, by=w.citizen, at=later(-20))
    used, _, _ = identity.agent_of(w.applicant, w.citizen, name="孙代理（演示）")
    given.closed_case(w)
    assert any("1份授权委托书" in one.what for one in queries.stays(w.applicant, ENDED))
    erase(w, at=later(9))
    first, second = Agency.objects.get(pk=unused.pk).letter, Agency.objects.get(pk=used.pk).letter
    assert first is not None
    assert second is not None
    assert first.erased_at
    assert second.erased_at is None
    commands.forget(datetime(2057, 1, 1, 9, tzinfo=AT.tzinfo))
    second.refresh_from_db()
    assert second.erased_at


@pytest.mark.django_db
def test_the_page_tells_before_and_after_what_is_kept() -> None:
    w = given.world()
    given.closed_case(w)
    browser = Browser()
    assert w.applicant.account is not None
    browser.force_login(w.applicant.account)
    page = browser.get("/my/profile/").content.decode()
    assert "1件办件的案卷" in page
    answer = browser.post("/my/profile/erase/")
    assert answer.status_code == 200
    text = answer.content.decode()
    for words in ("账户已注销", "1件办件的案卷", "2056年12月31日", "第四十七条", "1份电子证照"):
        assert words in text
    assert browser.get("/my/profile/").status_code == 302
    w.applicant.refresh_from_db()
    assert w.applicant.erased_at
    assert settings.YICHUANG.archive_years == 30


@pytest.mark.django_db
def test_an_open_case_stands_against_erasure_and_nothing_is_lost() -> None:
    w = given.world()
    given.accepted_case(w)
    browser = Browser()
    assert w.applicant.account is not None
    browser.force_login(w.applicant.account)
    answer = browser.post("/my/profile/erase/")
    assert answer.status_code == 409
    assert "正在办理" in answer.content.decode()
    w.applicant.refresh_from_db()
    assert w.applicant.erased_at is None
    assert browser.get("/my/profile/").status_code == 200
