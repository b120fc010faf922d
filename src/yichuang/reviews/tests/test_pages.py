"""Pages and API of reviews: rating on a phone, the public's figures, the desk's list."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from yichuang.cases.tests import given as cases
from yichuang.core.models import LogEvent
from yichuang.identity.models import Account, Applicant, Staff
from yichuang.identity.tests import given as identity
from yichuang.reviews import queries, rules
from yichuang.reviews.models import Invitation, Review
from yichuang.reviews.tests import given

pytestmark = pytest.mark.django_db
NOW = timezone.localtime


@pytest.fixture(autouse=True)
def _nobody_was_here_before():
    cache.clear()


def client_of(whom: Applicant | Staff | Account) -> Client:
    client = Client()
    client.force_login(whom if isinstance(whom, Account) else whom.account)
    return client


def body(answer) -> str:
    return answer.content.decode()


# --- rating -------------------------------------------------------------------------------------------------------


def test_rating_without_signing_in() -> None:
    invitation = given.invitation(at=NOW())
    url = f"/rate/{invitation.token}/"
    page = body(Client().get(url))
    for label in rules.LEVELS.values():
        assert label in page
    assert "实名评价" not in page, "who one is must be known for that"
    answer = Client().post(
        f"{url}?from=qr",
        {
            "level": "dissatisfied",
            "tags.dissatisfied": "dissatisfied-1",
            "tags.satisfied": "satisfied-1",
            "words": "慢",
        },
    )
    assert (answer.status_code, answer["Location"]) == (302, f"{url}?done=1")
    assert "谢谢您的评价" in body(Client().get(answer["Location"]))
    assert "您已经评价过了" in body(Client().get(url))
    review = Review.objects.get()
    assert (review.level, review.tags, review.channel, review.words) == ("dissatisfied", ["dissatisfied-1"], "qr", "慢")
    again = Client().post(url, {"level": "satisfied"})
    assert (again.status_code, "已经评价过" in body(again)) == (409, True)
    assert Review.objects.count() == 1


def test_what_was_typed_is_kept_when_something_is_missing() -> None:
    invitation = given.invitation(at=NOW())
    answer = Client().post(f"/rate/{invitation.token}/", {"words": "说了很多话"})
    page = body(answer)
    assert answer.status_code == 422
    assert "请选择一个满意程度" in page
    assert "说了很多话" in page
    chosen = Client().post(
        f"/rate/{invitation.token}/",
        {"level": "satisfied", "tags.satisfied": ["satisfied-2"], "words": "长" * 501},
    )
    assert chosen.status_code == 422
    assert 'value="satisfied-2" checked' in body(chosen)
    assert not Review.objects.exists()


def test_the_applicant_may_put_their_name_to_it() -> None:
    applicant, _ = identity.person("张三（演示）")
    invitation = given.invitation(applicant=applicant, at=NOW())
    client = client_of(applicant)
    assert "实名评价" in body(client.get(f"/rate/{invitation.token}/"))
    client.post(f"/rate/{invitation.token}/", {"level": "satisfied", "named": "1"})
    assert Review.objects.get().applicant_id == applicant.pk


def test_staff_and_those_who_come_late_are_told_kindly() -> None:
    late, open_ = given.invitation(at=NOW() - timedelta(days=90)), given.invitation(at=NOW())
    assert "已过有效期" in body(Client().get(f"/rate/{late.token}/"))
    assert Client().post(f"/rate/{late.token}/", {"level": "satisfied"}).status_code == 409
    staff = client_of(identity.staff("王办理", ("handler",))[0])
    page = body(staff.get(f"/rate/{open_.token}/"))
    assert "不能代替群众评价" in page
    assert "reviews-form" not in page
    assert staff.post(f"/rate/{open_.token}/", {"level": "very_satisfied"}).status_code == 403
    assert Client().get("/rate/no-such-token/").status_code == 404
    assert not Review.objects.exists()


def test_the_case_s_page_leads_to_its_ratings() -> None:
    case = cases.closed_case(at=NOW() - timedelta(days=10))
    client = client_of(case.applicant)
    fragment = body(client.get(f"/rate/cases/{case.number}/"))
    tokens = list(Invitation.objects.values_list("token", flat=True))
    assert all(token in fragment for token in tokens)
    stranger = client_of(identity.person("路人（演示）")[0])
    assert body(stranger.get(f"/rate/cases/{case.number}/")).strip() == ""
    for token in tokens:
        Client().post(f"/rate/{token}/", {"level": "satisfied"})
    assert body(client.get(f"/rate/cases/{case.number}/")).strip() == ""


def test_the_receipt_carries_the_code_until_it_is_used() -> None:
    world = cases.world()
    case = cases.taken_in(world, at=NOW())
    clerk = client_of(Staff.objects.get(pk=int(world.clerk.ref.partition(":")[2])))
    assert "<svg" in body(clerk.get(f"/desk/reviews/receipt/{case.number}/"))
    given.review(of=Invitation.objects.get(phase="service"), at=NOW())
    assert "<svg" not in body(clerk.get(f"/desk/reviews/receipt/{case.number}/"))


# --- the public ---------------------------------------------------------------------------------------------------


def test_the_figures_are_cut_and_by_department_and_month() -> None:
    own, water = identity.department(), identity.department("阎良区水务局")
    at = NOW()
    for level in ("very_satisfied", "very_satisfied", "satisfied"):
        given.review(level, department=own, at=at)
    given.review("basically_satisfied", department=water, at=at)
    given.review("very_dissatisfied", department=water, at=at - timedelta(days=400))
    page = body(Client().get("/reviews/"))
    for words in ("75.00%", "50.00%", "100.00%", own.name, water.name, "不四舍五入"):
        assert words in page
    only = body(Client().get(f"/reviews/?department={own.pk}"))
    assert "66.66%" in only
    assert f'<td data-label="部门">{water.name}' not in only
    long = body(Client().get(f"/reviews/?since={(at - timedelta(days=500)):%Y-%m-%d}"))
    assert "60.00%" in long
    assert "还没有评价" in body(Client().get("/reviews/?until=2001-01-01"))
    assert Client().get("/reviews/?since=nonsense&department=x").status_code == 200
    assert Client().get("/reviews/?until=2024-02-29").status_code == 200


def test_words_are_shown_without_what_names_a_person() -> None:
    applicant, citizen = identity.person("欧阳修（演示）")
    given.review(
        "satisfied",
        words="李师傅很热情，<b>我电话</b>13912345678",
        named=True,
        by=citizen,
        of=given.invitation(applicant=applicant, at=NOW()),
        at=NOW(),
    )
    page = body(Client().get("/reviews/"))
    assert "李师傅很热情" in page
    for hidden in ("13912345678", "欧阳修", "<b>我电话"):
        assert hidden not in page


# --- the desk -----------------------------------------------------------------------------------------------------


def test_which_role_opens_which_page() -> None:
    given.review()
    department = identity.department()
    people = {
        role: identity.staff(role, (role,), department)[0]
        for role in (
            "head",
            "auditor",
            "reviewer",
            "handler",
            "window_clerk",
            "catalogue_editor",
            "system_administrator",
        )
    }
    opens = {
        "/desk/reviews/": {"head", "auditor", "reviewer", "handler", "window_clerk"},
        "/desk/reviews/export.xlsx": {"head", "auditor"},
        "/desk/reviews/export.csv": {"head", "auditor"},
    }
    citizen = identity.person("张三（演示）")[0]
    for path, allowed in opens.items():
        for role, whom in people.items():
            assert (client_of(whom).get(path).status_code == 200) == (role in allowed), (path, role)
        assert client_of(citizen).get(path).status_code == 403
        assert Client().get(path).status_code == 302


def test_the_evaluator_is_protected_at_the_desk_and_other_organs_stay_out() -> None:
    applicant, citizen = identity.person("欧阳修（演示）")
    department = identity.department()
    given.review(
        "dissatisfied",
        words="等了很久，我是13912345678",
        named=True,
        by=citizen,
        of=given.invitation(applicant=applicant, department=department),
    )
    head = client_of(identity.staff("钱主任", ("head",), department)[0])
    page = body(head.get("/desk/reviews/"))
    assert "等了很久" in page
    for hidden in ("欧阳修", "13912345678", applicant.id_number):
        assert hidden not in page
    other = client_of(identity.staff("水主任", ("head",), identity.department("阎良区水务局"))[0])
    assert "等了很久" not in body(other.get("/desk/reviews/"))
    assert "等了很久" in body(head.get("/desk/reviews/?level=bad"))
    assert "没有符合条件" in body(head.get("/desk/reviews/?level=very_satisfied"))
    assert head.get("/desk/reviews/?level=nonsense&phase=x&cursor=").status_code == 200


def test_the_export_speaks_the_interface_s_names() -> None:
    case = cases.closed_case()
    given.review("satisfied", words="=HYPERLINK(1)", of=Invitation.objects.get(phase="closing"))
    head = client_of(identity.staff("钱主任", ("head",), case.department)[0])
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(head.get("/desk/reviews/export.xlsx").content))
    heading, line = sheet.get_sheet_by_index(0).to_python()
    assert heading == list(queries.FIELDS)
    told = dict(zip(heading, line, strict=True))
    assert (told["projectNo"], told["satisfaction"], told["pf"], told["appStatus"]) == (case.number, "4", "2", "0")
    assert (told["certkeyGOV"], told["userName"]) == ("", "")
    assert told["writingEvaluation"].startswith("'=")
    assert told["deptCode"] == case.department.uscc
    assert told["acceptDate"]
    assert LogEvent.objects.filter(kind="review.exported").count() == 1


@pytest.mark.parametrize("many", [2, 12])
def test_pages_cost_the_same_however_many(many, django_assert_num_queries) -> None:
    for _ in range(many):
        given.review(words="好", tags=["very_satisfied-1"], at=NOW())
    head = client_of(identity.staff("钱主任", ("head",))[0])
    head.get("/desk/reviews/")
    with django_assert_num_queries(DESK):
        head.get("/desk/reviews/")
    with django_assert_num_queries(PUBLIC):
        Client().get("/reviews/")


DESK, PUBLIC = 7, 7
"""Desk: session, account, staff, roles; departments, rows, figures, tags. Public: departments for the filter; by department,
by month, names, defaults; words and tags."""


# --- programs -----------------------------------------------------------------------------------------------------


def test_a_device_sends_a_rating_once() -> None:
    invitation = given.invitation(at=NOW())
    _, token = identity.client(scopes=("reviews:write",), departments=[invitation.department])
    data = {"token": invitation.token, "level": "satisfied", "tags": ["satisfied-1"], "channel": "tablet"}

    def send(token: str = token, **changes):
        return Client().post(
            "/api/v1/reviews",
            json.dumps(data | changes),
            content_type="application/json",
            HTTP_AUTHORIZATION=f"Bearer {token}",
        )

    assert send(level="perfect").status_code == 422
    assert send(tags=["dissatisfied-1"]).json()["errors"]["tags"]
    assert send(token="yc_wrong").status_code == 401
    assert not Review.objects.exists()
    assert send().status_code == 201
    again = send()
    assert (again.status_code, again.json()["code"]) == (409, "review.used")
    review = Review.objects.get()
    assert (review.channel, review.applicant_id) == ("tablet", None)
    staff = client_of(identity.staff("王办理")[0])
    other = given.invitation(at=NOW())
    refused = staff.post(
        "/api/v1/reviews", json.dumps({"token": other.token, "level": "satisfied"}), content_type="application/json"
    )
    assert refused.status_code == 403
    _, blind = identity.client(scopes=("items:read",))
    assert send(token=blind).status_code == 403


def test_anybody_reads_the_figures() -> None:
    given.review("satisfied", at=NOW())
    told = Client().get("/api/v1/reviews/figures").json()
    assert (told["all"]["total"], told["all"]["satisfied_rate"]) == (1, "100.00%")
    assert len(Client().get("/api/v1/reviews/tags").json()) == len(rules.usual_tags())
