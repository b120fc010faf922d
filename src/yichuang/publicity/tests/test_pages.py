"""Pages and API of publicity: what the public reads, what the officer does, what a refusal leaves undone."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from yichuang.core.models import LogEvent, Message
from yichuang.identity.models import Account, Applicant, Staff
from yichuang.identity.tests import given as identity
from yichuang.publicity.models import PublicRecord
from yichuang.publicity.rules.record import NAMES
from yichuang.publicity.tests import given

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_was_here_before():
    cache.clear()


def client_of(whom: Applicant | Staff | Account) -> Client:
    client = Client()
    client.force_login(whom if isinstance(whom, Account) else whom.account)
    return client


def body(answer) -> str:
    return answer.content.decode()


def officer_of(row: PublicRecord) -> Client:
    return client_of(identity.staff("吴公示", ("publicity_officer",), row.department)[0])


# --- the public ---------------------------------------------------------------------------------------------------


def test_anybody_reads_what_is_public_and_nothing_else() -> None:
    public = given.record()
    waiting = given.record(licensed=True)
    secret = given.record(withhold="涉及国家秘密")
    page = body(Client().get("/results/"))
    assert public.decision_number in page
    assert public.shown_name in page
    for hidden in (waiting, secret):
        assert hidden.decision_number not in page
        assert Client().get(f"/results/{hidden.pk}/").status_code == 404
    whole = body(Client().get(f"/results/{public.pk}/"))
    assert "准予从事理发店经营活动" in whole
    assert public.applicant.id_number in whole, "an organisation's code is public"
    assert public.applicant.legal_representative_id not in whole
    assert Client().get("/results/99999999/").status_code == 404


def test_a_natural_person_s_name_is_masked_and_the_number_nowhere() -> None:
    person, _ = identity.person("欧阳修（演示）")
    row = given.record(person, content="准予{applicant}从事{scope}")
    pages = body(Client().get("/results/")) + body(Client().get(f"/results/{row.pk}/"))
    pages += body(Client().get("/results/results.csv")) + str(Client().get("/api/v1/results").json())
    assert "欧阳*（演示）" in pages
    assert "欧阳修" not in pages
    assert person.id_number not in pages
    assert "准予申请人从事理发店" in pages
    assert "欧阳修" not in body(Client().get("/results/?q=欧阳修")).replace('value="欧阳修"', ""), "nor found by it"
    assert "没有符合条件" in body(Client().get("/results/?q=欧阳修"))


def test_the_list_is_narrowed_by_its_address() -> None:
    first = given.record(item_name="公共场所卫生许可")
    second = given.record(
        identity.organisation("阎良区水利公司（演示）")[0],
        item_name="取水许可",
        department=identity.department("阎良区水务局"),
        at=given.AT + timedelta(days=30),
    )
    for query, there, gone in (
        ("q=水利", second, first),
        (f"q={first.decision_number}", first, second),
        ("q=取水", second, first),
        (f"department={second.department_id}", second, first),
        ("until=2026-03-10", first, second),
        ("since=2026年3月10日", second, first),
    ):
        page = body(Client().get(f"/results/?{query}"))
        assert f"/results/{there.pk}/" in page, query
        assert f"/results/{gone.pk}/" not in page, query
    assert Client().get("/results/?since=nonsense&department=x").status_code == 200
    assert Client().get("/results/?cursor=forged").status_code == 422


def test_the_public_takes_the_list_away_in_the_standard_s_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    monkeypatch.setattr("yichuang.core.limits.timezone.now", lambda: now)  # all within one minute
    row = given.record()
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(Client().get("/results/results.xlsx").content))
    heading, line = sheet.get_sheet_by_index(0).to_python()
    assert heading == list(NAMES)
    told = dict(zip(heading, line, strict=True))
    assert (told["XK_WSH"], told["XK_FR_ZJHM"]) == (row.decision_number, "")
    states = [Client().get("/results/results.csv").status_code for _ in range(7)]
    assert states[-1] == 429


# --- the officer --------------------------------------------------------------------------------------------------


def test_which_role_opens_which_page() -> None:
    row = given.record()
    people = {
        role: identity.staff(role, (role,), row.department)[0]
        for role in ("publicity_officer", "head", "auditor", "handler", "window_clerk", "system_administrator")
    }
    opens = {
        "/desk/publicity/": {"publicity_officer", "head", "auditor"},
        "/desk/publicity/count/": {"publicity_officer", "head", "auditor"},
        f"/desk/publicity/{row.pk}/": {"publicity_officer", "head", "auditor"},
        "/desk/publicity/credit.xlsx": {"publicity_officer"},
        "/desk/publicity/credit.csv": {"publicity_officer"},
    }
    citizen = identity.person("张三（演示）")[0]
    for path, allowed in opens.items():
        for role, whom in people.items():
            assert (client_of(whom).get(path).status_code == 200) == (role in allowed), (path, role)
        assert client_of(citizen).get(path).status_code == 403
        assert Client().get(path).status_code == 302
    before = LogEvent.objects.filter(stream=row.stream).count()
    for verb in ("publish", "withhold", "withdraw", "mend", "push"):
        for role in ("head", "auditor", "handler"):
            answer = client_of(people[role]).post(f"/desk/publicity/{row.pk}/{verb}/", {"reason": "error"})
            assert answer.status_code == 403, (verb, role)
    assert LogEvent.objects.filter(stream=row.stream).count() == before


def test_another_organ_s_officer_sees_and_does_nothing() -> None:
    row = given.record()
    stranger = client_of(identity.staff("别局", ("publicity_officer",), identity.department("阎良区水务局"))[0])
    assert row.decision_number not in body(stranger.get("/desk/publicity/"))
    assert stranger.get(f"/desk/publicity/{row.pk}/").status_code == 404
    assert stranger.post(f"/desk/publicity/{row.pk}/withdraw/", {"reason": "error"}).status_code == 404
    row.refresh_from_db()
    assert row.state == "published"


def test_numbers_of_persons_are_masked_at_the_desk_and_their_export_is_on_record() -> None:
    person, _ = identity.person("欧阳修（演示）")
    row = given.record(person)
    officer = officer_of(row)
    assert person.id_number not in body(officer.get(f"/desk/publicity/{row.pk}/"))
    assert person.id_number in body(officer.get("/desk/publicity/credit.csv"))
    assert LogEvent.objects.filter(kind="publicity.exported").count() == 1


def test_withholding_taking_down_and_showing_through_the_pages() -> None:
    row = given.record(withhold="说不清")
    officer, url = officer_of(row), f"/desk/publicity/{row.pk}/"
    page = body(officer.get(url))
    assert "没有写出法定理由" in page
    wrong = officer.post(f"{url}withhold/", {"reason": "", "form_key": "a"})
    assert (wrong.status_code, "请选择不予公开的法定理由" in body(wrong)) == (422, True)
    row.refresh_from_db()
    assert row.state == "pending"
    assert officer.post(f"{url}withhold/", {"reason": "trade_secret", "form_key": "a"}).status_code == 302
    assert officer.post(f"{url}withhold/", {"reason": "trade_secret", "form_key": "a"}).status_code == 302, "sent twice"
    late = officer.post(f"{url}withhold/", {"reason": "trade_secret", "form_key": "b"})
    assert (late.status_code, "不予公开" in body(late)) == (409, True)
    assert officer.post(f"{url}publish/").status_code == 302
    assert officer.post(f"{url}withdraw/", {"reason": "error", "note": "名称有误"}).status_code == 302
    page = body(officer.get(url))
    assert "已撤下" in page
    assert "名称有误" in page
    assert [e.kind for e in LogEvent.objects.filter(stream=row.stream).order_by("seq")] == [
        "publicity.recorded",
        "publicity.withheld",
        "publicity.published",
        "publicity.pushed",
        "publicity.withdrawn",
    ]


def test_mending_through_the_page() -> None:
    row = given.record(category="一般")
    officer, url = officer_of(row), f"/desk/publicity/{row.pk}/"
    page = body(officer.get(url))
    assert "许可类别应为" in page
    assert "不符合双公示数据标准" in page
    import re

    fields = dict(re.findall(r'<input type="text" name="(XK_\w+|BZ)" value="([^"]*)"', page))
    assert fields["XK_XKLB"] == "一般"
    text = {"XK_NR": row.record["XK_NR"], "BZ": ""}
    same = {name: row.record.get(name, "") for name in NAMES if name not in ("XK_FR_ZJHM", "XK_XDR_ZJHM")} | text
    same = {name: value for name, value in same.items() if name not in ("XK_WSH", "XK_JDRQ", "XK_ZT")}
    too_long = officer.post(f"{url}mend/", {**same, "XK_XKZS": "长" * 65})
    assert too_long.status_code == 422
    assert officer.post(f"{url}mend/", {**same, "XK_XKLB": "普通"}).status_code == 302
    row.refresh_from_db()
    assert (row.problems, row.corrections) == ([], {"XK_XKLB": "普通"})
    assert row.record["XK_FR_ZJHM"] == row.applicant.legal_representative_id, "what is not shown is not lost"
    assert Message.objects.filter(adapter="credit.file").count() == 1
    assert officer.post(f"{url}mend/", {"recheck": "1"}).status_code == 302


def test_the_desk_s_views_and_counts() -> None:
    good, wrong = given.record(), given.record(category="一般")
    held = given.record(withhold="说不清")
    officer = officer_of(good)
    for view, rows in (
        ("wrong", {wrong}),
        ("held", {held}),
        ("late", {held}),
        ("unreceipted", {good}),
        ("", {good, wrong, held}),
    ):
        page = body(officer.get(f"/desk/publicity/?view={view}"))
        for row in (good, wrong, held):
            assert (f"/desk/publicity/{row.pk}/" in page) == (row in rows), (view, row.pk)
    count = body(officer.get("/desk/publicity/count/"))
    assert "件逾期" in count
    assert "件须更正" in count


@pytest.mark.parametrize("many", [2, 12])
def test_lists_cost_the_same_however_long(many, django_assert_num_queries) -> None:
    rows = [given.record() for _ in range(many)]
    officer, visitor = officer_of(rows[0]), Client()
    officer.get("/desk/publicity/")
    with django_assert_num_queries(DESK):
        officer.get("/desk/publicity/")
    with django_assert_num_queries(RESULTS):
        visitor.get("/results/")


DESK, RESULTS = 7, 2
"""Desk: session, account, staff, roles; departments, rows, counts, compliance. Results: departments, rows."""


# --- programs -----------------------------------------------------------------------------------------------------


def test_the_api() -> None:
    row = given.record()
    other = given.record(department=identity.department("阎良区水务局"))
    items = Client().get("/api/v1/results").json()["items"]
    assert {item["id"] for item in items} == {row.pk, other.pk}
    assert items[0]["record"]["XK_XKJG"]
    assert Client().get(f"/api/v1/results/{row.pk}").json()["decision_number"] == row.decision_number
    missing = Client().get("/api/v1/results/99999999")
    assert (missing.status_code, missing.json()["code"]) == (404, "publicity.not_found")
    first = Client().get("/api/v1/results?size=1").json()
    second = Client().get("/api/v1/results", {"size": 1, "cursor": first["next"]}).json()
    assert {first["items"][0]["id"], second["items"][0]["id"]} == {row.pk, other.pk}
    assert Client().get("/api/v1/publicity").status_code == 401
    _, token = identity.client(scopes=("publicity:read",), departments=[row.department])
    mine = Client().get("/api/v1/publicity", HTTP_AUTHORIZATION=f"Bearer {token}").json()["items"]
    assert [item["id"] for item in mine] == [row.pk]
    assert row.applicant.legal_representative_id not in str(mine)
    _, blind = identity.client(scopes=("items:read",), departments=[row.department])
    assert Client().get("/api/v1/publicity", HTTP_AUTHORIZATION=f"Bearer {blind}").status_code == 403
