"""The API of cases: persons with their session, programs with a token and scopes; every verb; every no as a problem."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.utils import timezone

from yichuang.cases import commands
from yichuang.cases.api.verbs import ACTS
from yichuang.cases.models import Case, Document, Draft
from yichuang.cases.rules.machine import MACHINE, SILENT
from yichuang.cases.tests import given
from yichuang.cases.tests.applying import photo
from yichuang.cases.tests.people import EVERYBODY, PERSONS, People, body, people
from yichuang.core.models import LogEvent
from yichuang.core.tests.counting import pinned
from yichuang.identity.tests import given as identity

pytestmark = pytest.mark.django_db
API = "/api/v1"


class Caller:
    """A browser, or a program with its token, that speaks JSON."""

    def __init__(self, browser: Browser, token: str = "") -> None:
        self.browser, self.headers = browser, {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, **query: Any) -> Any:
        return self.browser.get(f"{API}{path}", query, headers=self.headers)

    def post(self, path: str, data: Any = None, *, key: str = "", method: str = "post") -> Any:
        headers = {**self.headers, **({"Idempotency-Key": key} if key else {})}
        sent = json.dumps({} if data is None else data)
        return getattr(self.browser, method)(f"{API}{path}", sent, content_type="application/json", headers=headers)

    def file(self, path: str, file: SimpleUploadedFile) -> Any:
        return self.browser.post(f"{API}{path}", {"file": file}, headers=self.headers)


def person(p: People, who: str) -> Caller:
    return Caller(p.browser(who))


def program(p: People, *scopes: str) -> Caller:
    _, token = identity.client(scopes=scopes, departments=[p.w.department], at=timezone.localtime())
    return Caller(Browser(), token)


def problem(answer: Any, status: int, code: str = "") -> dict[str, Any]:
    assert answer.status_code == status, answer.content.decode()[:500]
    assert answer["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told["next_step"]
    assert told["detail"]
    if code:
        assert told["code"] == code
    return told


# --- reading ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_reads_what_the_pages_show_them(who: str) -> None:
    p = people()
    case = p.case()
    caller = person(p, who)
    sees = who in ("applicant", "agent", "clerk", "handler", "reviewer", "head", "auditor")
    receipt = Document.objects.get(case=case, kind="receipt")
    for path in ("", "/explain", "/documents", "/form", f"/documents/{receipt.pk}"):
        answer = caller.get(f"/cases/{case.number}{path}")
        if who == "anonymous":
            problem(answer, 401)
        elif sees:
            assert answer.status_code == 200, (path, answer.content)
            body(answer)
        else:
            problem(answer, 404, "case.unknown")
    listed = caller.get("/cases")
    if who == "anonymous":
        problem(listed, 401)
    else:
        assert ([c["number"] for c in listed.json()["items"]] == [case.number]) is sees


def test_a_program_reads_the_cases_of_its_departments_with_the_scope_and_no_others() -> None:
    p = people()
    case = p.case()
    assert program(p, "cases:read").get(f"/cases/{case.number}").json()["number"] == case.number
    problem(program(p, "items:read").get(f"/cases/{case.number}"), 403, "client.scope")
    _, token = identity.client(
        scopes=["cases:read"], departments=[identity.department("阎良区水务局")], at=timezone.localtime()
    )
    problem(Caller(Browser(), token).get(f"/cases/{case.number}"), 404)
    problem(Caller(Browser(), "yc_forged").get("/cases"), 401)


def test_a_list_is_paged_by_cursor_and_masks_persons() -> None:
    p = people()
    numbers = {p.case().number for _ in range(3)}
    caller = program(p, "cases:read")
    first = caller.get("/cases", size=2).json()
    second = caller.get("/cases", size=2, cursor=first["next"]).json()
    assert {c["number"] for c in (*first["items"], *second["items"])} == numbers
    assert second["next"] is None
    assert "张三（演示）" not in json.dumps(first, ensure_ascii=False)
    problem(caller.get("/cases", cursor="forged"), 422, "paging.cursor")
    problem(caller.get("/cases", size="x"), 422)
    problem(caller.get("/cases", scope="nothing"), 422)
    problem(caller.get("/cases", item=10**30), 422)


def test_a_list_costs_the_same_at_2_rows_and_at_30() -> None:
    p = people()
    p.case(), p.case()
    caller = person(p, "handler")
    caller.get("/cases")
    pinned("cases.api.list", lambda: caller.get("/cases", size=50))
    for _ in range(28):
        p.case()
    assert len(pinned("cases.api.list", lambda: caller.get("/cases", size=50)).json()["items"]) == 30


def test_the_form_is_given_and_a_look_by_others_is_on_the_record() -> None:
    p = people()
    case = p.case()
    looked = LogEvent.objects.filter(kind="personal.looked")
    assert person(p, "applicant").get(f"/cases/{case.number}/form").json()["values"]["place"]["name"] == "好味道理发店"
    assert not looked.exists()
    assert person(p, "handler").get(f"/cases/{case.number}/form").status_code == 200
    assert looked.count() == 1


def test_explain_gives_every_day_and_the_law() -> None:
    p = people()
    case = p.online()
    (line,) = person(p, "applicant").get(f"/cases/{case.number}/explain").json()
    assert line["key"] == "acceptance"
    assert len(line["days"]) == 5
    assert line["due_on"] == line["days"][-1]
    assert any("第三十二条" in law for law in line["law"])


# --- applying ---------------------------------------------------------------------------------------------------


def begun(p: People, caller: Caller) -> dict[str, Any]:
    answer = caller.post("/drafts", {"item": p.w.version.item_id, "applicant": p.w.applicant.pk})
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_a_person_applies_through_the_api() -> None:
    p = people()
    caller = person(p, "applicant")
    draft = begun(p, caller)
    assert draft["values"]["place"]["name"] == p.w.applicant.name
    path = f"/drafts/{draft['id']}"
    saved = caller.post(
        path,
        {"revision": draft["revision"], "values": given.values(), "contact": {"phone": "13900000001"}},
        method="patch",
    ).json()
    problem(caller.post(path, {"revision": draft["revision"], "values": {}}, method="patch"), 409, "draft.changed")
    told = problem(caller.post(f"{path}/submit"), 422, "case.form")
    assert set(told["errors"]) == {"material.m1", "material.m2"}
    for code in ("m1", "m2"):
        assert caller.file(f"{path}/materials/{code}", photo()).status_code == 201
    problem(caller.file(f"{path}/materials/nothing", photo()), 422)
    bad = SimpleUploadedFile("坏.pdf", b"<html></html>", "application/pdf")
    problem(caller.file(f"{path}/materials/m1", bad), 422)
    assert caller.get(path).json()["revision"] == saved["revision"]
    first = caller.post(f"{path}/submit", key="s-1")
    again = caller.post(f"{path}/submit", key="s-1")
    assert first.status_code == 201
    assert first.json()["number"] == again.json()["number"]
    assert again["Idempotency-Replayed"] == "true"
    assert Case.objects.count() == 1
    assert caller.get("/drafts").json() == []


def test_drafts_of_others_are_not_there() -> None:
    p = people()
    draft = begun(p, person(p, "applicant"))
    for who in ("stranger", "handler"):
        caller = person(p, who)
        problem(caller.get(f"/drafts/{draft['id']}"), 404)
        problem(caller.post(f"/drafts/{draft['id']}/submit"), 404)
        problem(caller.post("/drafts", {"item": p.w.version.item_id, "applicant": p.w.applicant.pk}), 403)
    assert begun(p, person(p, "agent"))["id"] == draft["id"]
    held = person(p, "applicant").file(f"/drafts/{draft['id']}/materials/m1", photo()).json()["files"][0]
    caller = person(p, "applicant")
    assert caller.post(f"/drafts/{draft['id']}/files/{held['id']}", method="delete").json()["files"] == []
    assert caller.post(f"/drafts/{draft['id']}", method="delete").status_code == 204
    assert not Draft.objects.exists()


# --- the window -------------------------------------------------------------------------------------------------


def brought(p: People, caller: Caller, **more: Any) -> dict[str, Any]:
    scan = caller.file("/uploads", photo()).json()["file"]
    return {
        "item": p.w.version.item_id,
        "applicant": {
            "kind": "person",
            "id_kind": "citizen",
            "id_number": p.w.applicant.id_number,
            "name": p.w.applicant.name,
            "phone": "13900000001",
        },
        "point": p.w.point,
        "values": given.values(),
        "materials": {"m1": {"copies": 1, "ticks": ["填写完整"]}, "m2": {"files": [scan]}},
        **more,
    }


@pytest.mark.parametrize("token", [True, False])
def test_a_window_takes_in_and_accepts_in_one_call_once(token: bool) -> None:
    p = people()
    caller = program(p, "cases:intake", "cases:read") if token else person(p, "clerk")
    sent = brought(p, caller, accept=True)
    first, again = (caller.post("/cases", sent, key="i-1") for _ in range(2))
    assert first.status_code == 201, first.content
    assert first.json()["number"] == again.json()["number"]
    case = Case.objects.get()
    assert (case.state, case.channel) == ("accepted", "api" if token else "window")
    problem(caller.post("/cases", {**sent, "note": "x"}, key="i-1"), 422, "idempotency.other_request")


def test_what_is_wrong_is_told_by_field_and_nothing_is_received() -> None:
    p = people()
    caller = person(p, "clerk")
    sent = brought(p, caller)
    for more, field in (
        ({"item": 10**30}, "item"),
        ({"nothing": 1}, "nothing"),
        ({"applicant": {**sent["applicant"], "id_number": "123"}}, "id_number"),
        ({"values": {"place": {"name": ""}}}, "place.name"),
        ({"materials": {"m1": {"copies": -1}}}, "materials.m1.copies"),
        ({"materials": {"m1": {"files": ["forged"]}}}, "files"),
    ):
        told = problem(caller.post("/cases", {**sent, **more}), 422)
        assert field in told["errors"], (more, told)
    problem(caller.post("/cases", {**sent, "item": 999999}), 404)
    assert not Case.objects.exists()
    for who in ("applicant", "handler"):
        other = person(p, who)
        problem(other.post("/cases", brought(p, other)), 403)
    problem(program(p, "cases:read").post("/cases", sent), 403, "client.scope")


def test_an_upload_is_good_for_its_own_caller_alone() -> None:
    p = people()
    word = person(p, "handler").file("/uploads", photo()).json()["file"]
    caller = person(p, "clerk")
    sent = brought(p, caller, materials={"m1": {"files": [word]}})
    problem(caller.post("/cases", sent), 422, "upload.unknown")
    problem(Caller(Browser()).file("/uploads", photo()), 401)


# --- verbs ------------------------------------------------------------------------------------------------------


def test_every_verb_that_people_take_has_its_address() -> None:
    taken = {arrow.verb for arrow in MACHINE if arrow.verb not in SILENT}
    assert taken - {act.verb for act in ACTS} == {"submit", "intake"}  # POST /drafts/{id}/submit, POST /cases


def test_from_acceptance_to_delivery() -> None:
    p = people()
    path = f"/cases/{p.online().number}"
    handler, reviewer = person(p, "handler"), person(p, "reviewer")
    accepted = handler.post(f"{path}/accept", {"ticks": {"m1": ["填写完整"]}})
    assert accepted.json()["state"] == "accepted"
    assert "pass_step" in {v["verb"] for v in accepted.json()["verbs"]}
    assert handler.post(f"{path}/pass_step", {"step": "examine", "opinion": "符合"}).status_code == 200
    assert reviewer.post(f"{path}/pass_step", {"step": "review", "opinion": "同意"}).status_code == 200
    assert reviewer.post(f"{path}/grant").json()["decision"] == "granted"
    assert handler.post(f"{path}/issue").status_code == 200
    problem(handler.post(f"{path}/deliver", {"way": "post"}), 422)
    problem(handler.post(f"{path}/deliver", {"way": "pigeon"}), 422)
    done = handler.post(f"{path}/deliver", {"way": "counter", "recipient": "张三"}).json()
    assert done["state"] == "closed"
    assert person(p, "applicant").get(path).json()["verbs"] == []


def test_a_correction_is_asked_and_answered() -> None:
    p = people()
    path = f"/cases/{p.online().number}"
    handler, applicant = person(p, "handler"), person(p, "applicant")
    problem(handler.post(f"{path}/request_correction", {"points": []}), 422)
    assert (
        handler.post(f"{path}/request_correction", {"points": [{"material": "m1", "what": "补签字"}]}).status_code
        == 200
    )
    word = applicant.file("/uploads", photo()).json()["file"]
    answer = applicant.post(f"{path}/resubmit", {"files": {"m1": [word]}})
    assert answer.json()["state"] == "received"
    assert applicant.post(f"{path}/withdraw", {"reason": "不办了"}).json()["state"] == "withdrawn"


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.verb)
def test_a_stranger_learns_nothing_and_a_wrong_state_is_told_with_what_is_open(act: Any) -> None:
    p = people()
    case = p.online()
    commands.withdraw(case.number, by=p.w.citizen, at=timezone.localtime())
    least = {
        "assign": {"staff_id": p.w.handler_staff.pk},
        "decline": {"reasons": "x"},
        "redirect": {"to": "x"},
        "refuse": {"reasons": "x"},
        "request_correction": {"points": [{"material": "m1", "what": "x"}]},
        "pass_step": {"step": "examine", "opinion": "x"},
        "return_step": {"step": "review", "to": "examine", "reason": "x"},
        "supply": {"material": "m1", "copies": 1},
        "start_special": {"kind": "testing", "reason": "x", "needed_days": 1},
        "end_special": {"no": 1},
        "extend": {"days": 1, "reason": "x"},
        "deliver": {"way": "electronic"},
        "deliver_notice": {"way": "electronic"},
        "terminate": {"ground": "matter_gone", "reasons": "x"},
        "correct_clerical": {"document_id": Document.objects.filter(case=case)[0].pk, "was": "x", "now": "y"},
    }.get(act.verb, {})
    events = LogEvent.objects.filter(stream=case.stream).count()
    path = f"/cases/{case.number}/{act.verb}"
    for who in (*PERSONS, "other_handler", "admin"):
        if who in ("applicant", "agent"):
            continue
        problem(person(p, who).post(path, least), 404)
    problem(Caller(Browser()).post(path, least), 401)
    problem(program(p, "cases:read").post(path, least), 403, "client.scope")
    if act.verb != "deliver_notice":
        told = problem(person(p, "head").post(path, least), 409)
        assert "现在可以办理" in told["next_step"] or told["code"] == "case.unknown"
    assert LogEvent.objects.filter(stream=case.stream).count() == events


def test_two_programs_at_once_the_second_is_told_what_happened() -> None:
    p = people()
    path = f"/cases/{p.online().number}/accept"
    first, second = program(p, "cases:handle"), person(p, "handler")
    assert second.post(path).status_code == 200
    told = problem(first.post(path), 409, "case.wrong_state")
    assert "王承办" in told["detail"]
