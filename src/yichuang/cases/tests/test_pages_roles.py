"""Who gets which page: every address of cases for everybody, read and written, and nothing happens to those who may not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from django.utils import timezone

from yichuang.cases import commands, urls
from yichuang.cases.models import Case, Document, Draft, DraftFile, MaterialFile
from yichuang.cases.tests import given
from yichuang.cases.tests.people import EVERYBODY, PERSONS, STAFF, People, body, people
from yichuang.core.models import LogEvent
from yichuang.identity.models import Agency

pytestmark = pytest.mark.django_db
OWN = frozenset({"applicant", "agent"})
ANYBODY = frozenset(EVERYBODY)
SIGNED_IN = frozenset((*PERSONS, *STAFF))
DESK = frozenset(STAFF)
SEES = frozenset({"clerk", "handler", "reviewer", "head", "auditor"})
"""Staff who see the case: of its point, of its department, of the whole division."""


class Page(NamedTuple):
    """An address. gets: who is served. persons, staff: what the others are told who are signed in; seeing: staff who see
    the case, where they are told something else."""

    url: str
    gets: frozenset[str]
    persons: int = 403
    staff: int = 404
    seeing: int = 0


def pages(p: People, case: Case, draft: Draft) -> dict[str, Page]:
    """Every address that is read, by its name."""
    number, pk = case.number, draft.pk
    version = p.w.version
    held = DraftFile.objects.filter(draft=draft).first()
    paper = MaterialFile.objects.filter(material__case=case).first()
    receipt = Document.objects.get(case=case, kind="receipt")
    letter = Agency.objects.get(principal=p.w.applicant)
    assert held is not None
    assert paper is not None
    apply, desk = f"/apply/drafts/{pk}/", f"/desk/cases/{number}/"
    return {
        "result_picture": Page(f"/items/{version.item_id}/result.png", ANYBODY),
        "result_sample": Page(f"/items/{version.item_id}/result.pdf", ANYBODY),
        "apply": Page(f"/apply/{version.item_id}/", ANYBODY),
        "draft": Page(apply, OWN, 404),
        "draft_group": Page(f"{apply}place/", OWN, 404),
        "draft_materials": Page(f"{apply}hand-in/", OWN, 404),
        "draft_file": Page(f"{apply}hand-in/files/{held.pk}/", OWN, 404),
        "draft_reach": Page(f"{apply}contact-delivery/", OWN, 404),
        "draft_check": Page(f"{apply}check-answers/", OWN, 404),
        "my": Page("/my/", SIGNED_IN),
        "my_case": Page(f"/my/cases/{number}/", OWN | DESK, 404),
        "submitted": Page(f"/my/cases/{number}/submitted/", OWN, 404, seeing=403),
        "my_explain": Page(f"/my/cases/{number}/why/acceptance/", OWN, 404, seeing=403),
        "my_material": Page(f"/my/cases/{number}/materials/{paper.pk}/", OWN | SEES, 404),
        "my_document": Page(f"/my/cases/{number}/documents/{receipt.pk}/", OWN | SEES, 404),
        "worklist": Page("/desk/", DESK),
        "worklist_count": Page("/desk/count/", DESK),
        "desk_find": Page(f"/desk/find/?q={number}", DESK),
        "preview": Page("/desk/preview/", DESK),
        "intake": Page("/desk/intake/", frozenset({"clerk"}), staff=403),
        "intake_applicant": Page(f"/desk/intake/{version.item_id}/", frozenset({"clerk"}), staff=403),
        "intake_form": Page(f"/desk/intake/{version.item_id}/{p.w.applicant.pk}/", frozenset({"clerk"}), staff=403),
        "intake_agent": Page(
            f"/desk/intake/{version.item_id}/{p.w.applicant.pk}/agent/", frozenset({"clerk"}), staff=403
        ),
        "intake_letter": Page(
            f"/desk/intake/{version.item_id}/{p.w.applicant.pk}/letters/{letter.pk}/", frozenset({"clerk"}), staff=403
        ),
        "intake_done": Page(f"/desk/intake/done/{number}/", frozenset({"clerk"}), staff=403),
        "desk_case": Page(desk, SEES),
        "desk_explain": Page(f"{desk}why/acceptance/", SEES),
        "desk_material": Page(f"{desk}materials/{paper.pk}/", SEES),
        "desk_document": Page(f"{desk}documents/{receipt.pk}/", SEES),
        "desk_letter": Page(f"{desk}letters/{letter.pk}/", SEES),
    }


WRITTEN = {
    "draft_upload",
    "draft_remove",
    "draft_discard",
    "my_correct",
    "my_withdraw",
    "bulk",
    "notice_read",
    "take",
    "reveal",
    "act",
}
"""Addresses that are only written, or are read in a state of their own; each has its tests below or beside."""


def expected(page: Page, who: str) -> set[int]:
    if who in page.gets:
        return {200, 302}
    if who == "anonymous":
        return {302}
    return {page.persons if who in PERSONS else (page.seeing if who in SEES else 0) or page.staff}


def test_every_address_is_in_the_table() -> None:
    p = people()
    known = set(pages(p, taken(p), given.draft(p.w, at=timezone.localtime()))) | WRITTEN
    assert {route.name for route in (*urls.portal, *urls.desk)} == known


def taken(p: People) -> Case:
    files = [given.scan("intake:1", p.w.clerk, timezone.localtime())]
    return p.case(materials={"m1": {"copies": 1}, "m2": {"files": files}})


@pytest.mark.parametrize("who", EVERYBODY)
def test_each_person_gets_their_pages_and_no_others(who: str) -> None:
    p = people()
    case, draft = taken(p), given.draft(p.w, at=timezone.localtime())
    browser = p.browser(who)
    wrong = {}
    for name, page in pages(p, case, draft).items():
        answer = browser.get(page.url)
        body(answer)
        right = expected(page, who)
        to_sign_in = answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")
        if answer.status_code not in right or (to_sign_in and who != "anonymous"):
            wrong[name] = (answer.status_code, right)
        if who == "anonymous" and page.gets != ANYBODY and not to_sign_in:
            wrong[name] = (answer.status_code, "sign in")
    assert wrong == {}


class Write(NamedTuple):
    url: str
    data: dict[str, Any]
    may: frozenset[str]
    persons: int = 403
    staff: int = 404


def writes(p: People, case: Case, draft: Draft) -> dict[str, Write]:
    """Acts on a received case and a draft, and who may do them."""
    number, pk = case.number, draft.pk
    held = DraftFile.objects.filter(draft=draft).first()
    assert held is not None
    apply, desk = f"/apply/drafts/{pk}/", f"/desk/cases/{number}/"
    act = f"{desk}do/"
    office = frozenset({"clerk", "handler"})
    return {
        "group": Write(f"{apply}place/", {"place.name": "甲", "place.address": "乙", "action": "next"}, OWN, 404),
        "upload": Write(f"{apply}hand-in/m1/upload/", {}, OWN, 404),
        "remove": Write(f"{apply}hand-in/m1/{held.pk}/remove/", {}, OWN, 404),
        "reach": Write(f"{apply}contact-delivery/", {"contact.phone": "13900000000"}, OWN, 404),
        "submit": Write(f"{apply}check-answers/", {"declared": "on"}, OWN, 404),
        "discard": Write(f"{apply}throw-away/", {}, OWN, 404),
        "withdraw": Write(f"/my/cases/{number}/withdraw/", {}, OWN, 404),
        "correct": Write(f"/my/cases/{number}/correct/", {}, OWN, 404),
        "accept": Write(f"{act}accept/", {}, office),
        "correction": Write(f"{act}request_correction/", {"material.m1": "请补盖章"}, office),
        "decline": Write(f"{act}decline/", {"reasons": "依法不需要许可"}, office),
        "redirect": Write(f"{act}redirect/", {"to": "西安市水务局"}, office),
        "withdraw at the window": Write(f"{act}withdraw/", {}, frozenset({"clerk"})),
        "take": Write(f"{desk}take/", {}, frozenset({"handler"})),
        "reveal": Write(f"{desk}reveal/", {"why": number}, SEES - {"auditor"}),
    }


@pytest.mark.parametrize("who", EVERYBODY)
def test_each_person_does_their_acts_and_nothing_happens_to_the_others(who: str) -> None:
    p = people()
    case, draft = taken(p), given.draft(p.w, at=timezone.localtime())
    browser = p.browser(who)
    wrong = {}
    for name, write in writes(p, case, draft).items():
        before = LogEvent.objects.count(), Draft.objects.get(pk=draft.pk).revision
        with transaction.atomic():
            answer = browser.post(write.url, write.data)
            after = (
                LogEvent.objects.count(),
                Draft.objects.filter(pk=draft.pk).values_list("revision", flat=True).first(),
            )
            transaction.set_rollback(True)
        served = answer.status_code in (200, 302, 409, 422)
        if who in write.may:
            if not served:
                wrong[name] = answer.status_code
            continue
        refused = {302} if who == "anonymous" else {write.persons if who in PERSONS else write.staff, 403}
        if answer.status_code not in refused or before != after:
            wrong[name] = (answer.status_code, refused, before, after)
    assert wrong == {}


def test_a_look_by_staff_at_files_and_data_is_on_the_record_and_the_applicants_own_is_not() -> None:
    p = people()
    case = taken(p)
    paper = MaterialFile.objects.get(material__case=case)
    looks: Callable[[], int] = lambda: LogEvent.objects.filter(kind="personal.looked").count()  # noqa: E731 - said once
    body(p.browser("applicant").get(f"/my/cases/{case.number}/materials/{paper.pk}/"))
    assert looks() == 0
    body(p.browser("handler").get(f"/desk/cases/{case.number}/materials/{paper.pk}/"))
    assert looks() == 1
    shown = p.browser("handler").get(f"/desk/cases/{case.number}/").content.decode()
    assert p.w.applicant.id_number not in shown
    shown = p.browser("handler").post(f"/desk/cases/{case.number}/reveal/", {"why": "核对身份"}).content.decode()
    assert p.w.applicant.id_number in shown
    assert looks() == 2
    answer = p.browser("handler").post(f"/desk/cases/{case.number}/reveal/", {"why": ""})
    assert answer.status_code == 422
    assert looks() == 2


def test_a_document_of_another_case_is_not_found_under_this_one() -> None:
    p = people()
    first, second = p.case(), p.case()
    receipt = Document.objects.get(case=second, kind="receipt")
    assert p.browser("handler").get(f"/desk/cases/{first.number}/documents/{receipt.pk}/").status_code == 404


def test_steps_are_done_by_their_roles_only() -> None:
    p = people()
    case = p.accepted()
    url = f"/desk/cases/{case.number}/do/pass_step/"
    said = {"step": "examine", "conclusion": "grant", "opinion": "符合条件"}
    for who in ("clerk", "reviewer", "head", "auditor", "admin", "other_handler"):
        answer = p.browser(who).post(url, said)
        assert answer.status_code in (403, 404), who
    assert p.browser("handler").post(url, said).status_code == 302
    commands.pass_step(case.number, step="review", opinion="同意", by=p.w.reviewer, at=timezone.localtime())
    grant = f"/desk/cases/{case.number}/do/grant/"
    assert p.browser("handler").post(grant, {"opinion": "同意"}).status_code == 403
    assert p.browser("reviewer").post(grant, {"opinion": "同意"}).status_code == 302
