"""Pages and API of licences: who sees what, what a stranger learns, what a refusal leaves undone."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from yichuang.core.models import File, LogEvent
from yichuang.identity.models import Account, Applicant, Staff
from yichuang.identity.tests import given as identity
from yichuang.licences.models import Licence
from yichuang.licences.tests import given

pytestmark = pytest.mark.django_db
NOW = timezone.localtime


@pytest.fixture(autouse=True)
def _nobody_was_here_before():
    cache.clear()


def client_of(whom: Applicant | Staff | Account) -> Client:
    account = whom if isinstance(whom, Account) else whom.account
    client = Client()
    client.force_login(account)
    return client


def body(answer) -> str:
    return answer.content.decode()


def status(answer) -> int:
    """Its status; a file behind it is read to its end, which lets it go."""
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer.status_code


def now_licence(holder=None, **changes) -> Licence:
    return given.licence(holder, at=NOW(), expires_on=NOW().date() + timedelta(days=900), **changes)


# --- everybody ----------------------------------------------------------------------------------------------------


def test_the_code_opens_the_state_and_nothing_more() -> None:
    person, _ = identity.person("欧阳修（演示）")
    made = now_licence(person)
    answer = Client().get(f"/v/{made.token}/")
    page = body(answer)
    assert answer.status_code == 200
    assert "证照有效" in page
    assert made.name in page
    assert "欧阳*（演示）" in page
    for secret in ("欧阳修", person.id_number, "凤凰路", "理发店", made.number, made.identifier):
        assert secret not in page, "least disclosure"
    assert answer["Cache-Control"] == "no-store"
    assert "noindex" in answer["X-Robots-Tag"]


def test_a_code_that_nobody_gave_is_answered_clearly() -> None:
    answer = Client().get("/v/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/")
    assert answer.status_code == 404
    assert "无法确认" in body(answer)
    assert "谨防假证" in body(answer)


def test_verifying_by_identifier_and_by_file() -> None:
    made = now_licence(signed=True)
    assert made.file is not None
    from yichuang.core import files

    pdf = files.content(made.file)
    kept = File.objects.count()
    by_identifier = Client().post("/verify/", {"identifier": made.identifier})
    by_file = Client().post("/verify/", {"file": SimpleUploadedFile("x.pdf", pdf, "application/pdf")})
    altered = Client().post("/verify/", {"file": SimpleUploadedFile("x.pdf", pdf + b"x", "application/pdf")})
    assert "证照有效" in body(by_identifier)
    assert "证照有效" in body(by_file)
    assert "未被改动" in body(by_file)
    assert (altered.status_code, "不可采信" in body(altered)) == (200, True)
    assert File.objects.count() == kept, "an uploaded file is not kept"


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        ({"identifier": ""}, 422, "请填写电子证照标识"),
        ({}, 422, "请选择电子证照"),
        ({"identifier": "1.2.156.3005.2.x"}, 404, "五段"),
        ({"identifier": "乱写的<script>"}, 404, "没有查到"),
        ({"file": SimpleUploadedFile("x.docx", b"PK", "application/zip")}, 422, "PDF 格式"),
        ({"file": SimpleUploadedFile("x.pdf", b"PK\x03\x04", "application/pdf")}, 404, "不是一份能够读取的 PDF"),
    ],
)
def test_what_cannot_be_verified_says_how_to_mend_it(data, status, words) -> None:
    for value in data.values():
        if hasattr(value, "seek"):
            value.seek(0)
    answer = Client().post("/verify/", data)
    assert (answer.status_code, words in body(answer)) == (status, True)
    assert "<script>" not in body(answer)


def test_trying_identifiers_one_after_another_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    monkeypatch.setattr("yichuang.core.limits.timezone.now", lambda: now)  # all within one minute
    client = Client()
    states = [client.post("/verify/", {"identifier": "1.2.156.3005.2.x"}).status_code for _ in range(22)]
    assert set(states[:20]) == {404}
    assert states[-1] == 429
    assert Client().get("/verify/").status_code == 200, "the page itself stays open"


# --- the holder ---------------------------------------------------------------------------------------------------


def test_the_wallet_holds_what_a_person_may_show() -> None:
    holder, _ = identity.person("张三（演示）")
    shop, _ = identity.organisation("阎良区云上理发店（演示）", representative=holder)
    own, firm = now_licence(holder, name="健康证明"), now_licence(shop)
    stranger, _ = identity.person("路人（演示）")
    page = body(client_of(holder).get("/my/licences/"))
    assert own.name in page
    assert firm.name in page
    assert "还没有电子证照" in body(client_of(stranger).get("/my/licences/"))
    assert Client().get("/my/licences/").status_code == 302


def test_the_holder_downloads_what_the_worker_has_not_sealed_yet() -> None:
    holder, _ = identity.person("张三（演示）")
    made = now_licence(holder)
    answer = client_of(holder).get(f"/my/licences/{made.identifier}/licence.pdf")
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")  # type: ignore[attr-defined]
    assert answer["X-Content-Type-Options"] == "nosniff"
    made.refresh_from_db()
    assert made.signed_at is not None


def test_a_stranger_s_licence_is_not_there() -> None:
    holder, _ = identity.person("张三（演示）")
    stranger, _ = identity.person("路人（演示）")
    made = now_licence(holder)
    before = LogEvent.objects.count()
    for path in ("", "licence.pdf"):
        answer = client_of(stranger).get(f"/my/licences/{made.identifier}/{path}")
        assert answer.status_code == 404
        assert made.name not in body(answer)
    made.refresh_from_db()
    assert (made.signed_at, LogEvent.objects.count()) == (None, before)


def test_the_page_to_show_carries_the_code() -> None:
    holder, _ = identity.person("张三（演示）")
    made = now_licence(holder)
    page = body(client_of(holder).get(f"/my/licences/{made.identifier}/"))
    assert "<svg" in page
    assert made.token not in page.replace(f"/v/{made.token}/", ""), "the token is in the code alone"


# --- the desk -----------------------------------------------------------------------------------------------------


def desk_people(issuer):
    return {
        "window_clerk": identity.staff("李窗口", ("window_clerk",), issuer)[0],
        "handler": identity.staff("王承办", ("handler",), issuer)[0],
        "reviewer": identity.staff("赵审核", ("reviewer",), issuer)[0],
        "head": identity.staff("钱主任", ("head",), issuer)[0],
        "auditor": identity.staff("孙审计", ("auditor",), issuer)[0],
        "system_administrator": identity.staff("周系统", ("system_administrator",), issuer)[0],
        "catalogue_editor": identity.staff("吴目录", ("catalogue_editor",), issuer)[0],
    }


def test_which_role_opens_which_page() -> None:
    issuer = identity.department()
    made = now_licence(issuer=issuer, signed=True)
    people = desk_people(issuer)
    citizen, _ = identity.person("张三（演示）")
    opens = {
        "/desk/licences/": {"window_clerk", "handler", "reviewer", "head", "auditor"},
        f"/desk/licences/{made.identifier}/": {"window_clerk", "handler", "reviewer", "head", "auditor"},
        f"/desk/licences/{made.identifier}/licence.pdf": {"window_clerk", "handler", "reviewer", "head", "auditor"},
        "/desk/licences/export.xlsx": {"reviewer", "head", "auditor"},
        "/desk/licences/export.csv": {"reviewer", "head", "auditor"},
    }
    for path, allowed in opens.items():
        for role, whom in people.items():
            assert (status(client_of(whom).get(path)) == 200) == (role in allowed), (path, role)
        assert client_of(citizen).get(path).status_code == 403
        assert Client().get(path).status_code == 302


def test_another_organ_s_head_sees_only_their_own() -> None:
    made = now_licence(issuer=identity.department())
    water = identity.department("阎良区水务局")
    own = now_licence(issuer=water, name="取水许可证")
    head = client_of(identity.staff("水主任", ("head",), water)[0])
    page = body(head.get("/desk/licences/"))
    assert own.name in page
    assert made.identifier not in page
    assert head.get(f"/desk/licences/{made.identifier}/").status_code == 404


def test_a_person_s_face_is_shown_for_a_purpose_and_on_record() -> None:
    holder, _ = identity.person("欧阳修（演示）")
    issuer = identity.department()
    made = now_licence(holder, issuer=issuer)
    handler = client_of(desk_people(issuer)["handler"])
    url = f"/desk/licences/{made.identifier}/"
    closed = body(handler.get(url))
    assert "凤凰路" not in closed
    assert "欧阳修" not in closed
    refused = handler.post(url, {"why": " "})
    assert (refused.status_code, "请填写查看用途" in body(refused)) == (422, True)
    assert not LogEvent.objects.filter(kind="personal.looked").exists()
    opened = body(handler.post(url, {"why": "核对持证人身份"}))
    assert "凤凰路" in opened
    assert LogEvent.objects.filter(kind="personal.looked", stream=f"personal:{holder.ref}").count() == 1


def test_the_registry_is_narrowed_by_its_address() -> None:
    issuer = identity.department()
    mine = now_licence(issuer=issuer)
    other = now_licence(issuer=issuer, name="取水许可证", type_code="11100000000013338W023")
    head = client_of(desk_people(issuer)["head"])
    for query, there, gone in (
        (f"q={other.number}", other, mine),
        (f"type={mine.type_code}", mine, other),
        (f"q={mine.identifier}", mine, other),
    ):
        page = body(head.get(f"/desk/licences/?{query}"))
        assert f"/desk/licences/{there.identifier}/" in page
        assert f"/desk/licences/{gone.identifier}/" not in page
    assert "没有符合条件的证照" in body(head.get("/desk/licences/?state=revoked"))
    assert head.get("/desk/licences/?until=notadate&type=nonsense").status_code == 200
    assert head.get("/desk/licences/?cursor=forged").status_code == 422


def test_the_catalogue_goes_out_in_the_national_names() -> None:
    issuer = identity.department()
    made = now_licence(issuer=issuer)
    head = client_of(desk_people(issuer)["head"])
    sheet = CalamineWorkbook.from_filelike(
        io.BytesIO(head.get("/desk/licences/export.xlsx").content)
    ).get_sheet_by_index(0)
    heading, row = sheet.to_python()
    assert heading[:3] == ["certificate_name", "certificate_number", "certificate_source_id"]
    told = dict(zip(heading, row, strict=True))
    assert told["certificate_identifier"] == made.identifier
    assert told["certificate_holder_code"] == made.holder.id_number
    assert told["issue_dept_code"] == issuer.uscc
    csv = head.get("/desk/licences/export.csv").content.decode("utf-8-sig")
    assert csv.splitlines()[0].startswith("certificate_name,")
    assert LogEvent.objects.filter(kind="licence.exported").count() == 2


def test_replacing_through_the_page() -> None:
    issuer = identity.department()
    made = now_licence(issuer=issuer, signed=True)
    people = desk_people(issuer)
    url = f"/desk/licences/{made.identifier}/replace/"
    data = {"reason": "门牌号变更", "face.address": "凤凰路18号", "face.scope": "理发店", "form_key": "k1"}
    assert client_of(people["handler"]).post(url, data).status_code == 403
    wrong = client_of(people["head"]).post(url, {**data, "reason": ""})
    assert (wrong.status_code, "请填写理由" in body(wrong), "凤凰路18号" in body(wrong)) == (422, True, True)
    assert Licence.objects.count() == 1
    head = client_of(people["head"])
    first, again = head.post(url, data), head.post(url, data)
    assert (first.status_code, again["Location"]) == (302, first["Location"])
    assert Licence.objects.count() == 2
    assert "证照无效" in body(Client().get(f"/v/{made.token}/"))
    late = head.post(url, {**data, "form_key": "k2"})
    assert late.status_code == 409


@pytest.mark.parametrize("many", [2, 12])
def test_lists_cost_the_same_however_long(many, django_assert_num_queries) -> None:
    issuer = identity.department()
    holder, _ = identity.person("张三（演示）")
    for _ in range(many):
        now_licence(holder, issuer=issuer)
    head, citizen = client_of(desk_people(issuer)["head"]), client_of(holder)
    head.get("/desk/licences/")
    citizen.get("/my/licences/")
    with django_assert_num_queries(DESK):
        head.get("/desk/licences/")
    with django_assert_num_queries(WALLET):
        citizen.get("/my/licences/")


DESK, WALLET = 5, 4
"""Session, account, staff or person, roles or agencies; types for the filter; the rows; the frame's own counts."""


# --- programs -----------------------------------------------------------------------------------------------------


def test_the_api_verifies_for_everybody() -> None:
    made = now_licence(signed=True)
    answer = Client().post("/api/v1/verify", json.dumps({"subject": made.identifier}), content_type="application/json")
    told = answer.json()
    assert (answer.status_code, told["valid"], told["state"]) == (200, True, "in_force")
    assert "凤凰路" not in str(told)
    wrong = Client().post("/api/v1/verify", json.dumps({"subject": "x.y"}), content_type="application/json").json()
    assert (wrong["valid"], wrong["code"]) == (False, "bad_identifier")
    empty = Client().post("/api/v1/verify", json.dumps({"subject": ""}), content_type="application/json")
    assert (empty.status_code, empty["Content-Type"]) == (422, "application/problem+json")
    from yichuang.core import files

    assert made.file is not None
    pdf = SimpleUploadedFile("x.pdf", files.content(made.file), "application/pdf")
    assert Client().post("/api/v1/verify/file", {"file": pdf}).json()["signature"] == "good"


def test_the_api_s_registry_is_that_of_the_token_s_departments() -> None:
    own, other = identity.department(), identity.department("阎良区水务局")
    person, _ = identity.person("欧阳修（演示）")
    mine, theirs = now_licence(person, issuer=own), now_licence(issuer=other)
    _, token = identity.client(scopes=("licences:read",), departments=[own])
    _, blind = identity.client(scopes=("items:read", "cases:handle"), departments=[own])
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
    rows = Client().get("/api/v1/licences", **bearer).json()["items"]
    assert [row["identifier"] for row in rows] == [mine.identifier]
    assert rows[0]["holder"] == "欧阳*（演示）"
    assert person.id_number not in str(rows)
    assert Client().get(f"/api/v1/licences/{theirs.identifier}", **bearer).status_code == 404
    assert Client().get(f"/api/v1/licences/{mine.identifier}", **bearer).json()["live_state"] == "in_force"
    assert Client().get("/api/v1/licences", HTTP_AUTHORIZATION=f"Bearer {blind}").status_code == 403
    assert Client().get("/api/v1/licences").status_code == 401
    assert [r["identifier"] for r in client_of(person).get("/api/v1/licences").json()["items"]] == [mine.identifier]
