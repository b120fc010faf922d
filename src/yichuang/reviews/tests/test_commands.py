"""A rating, final, once; and what every refusal leaves undone."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from yichuang.cases.tests import given as cases
from yichuang.core.actor import NOBODY
from yichuang.core.models import LogEvent
from yichuang.core.refusal import Refusal
from yichuang.core.verify import verify as prove
from yichuang.identity.models import Notice
from yichuang.identity.tests import given as identity
from yichuang.reviews import commands, queries
from yichuang.reviews.models import Invitation, Review, Tag
from yichuang.reviews.tests import given

pytestmark = pytest.mark.django_db
AT = given.AT


def everything() -> tuple[int, int]:
    return Review.objects.count(), LogEvent.objects.filter(stream__startswith="review:").count()


def test_a_rating_is_kept_with_where_it_belongs_and_nobody_s_name() -> None:
    applicant, citizen = identity.person("张三（演示）")
    invitation = given.invitation(applicant=applicant)
    review = commands.submit(
        invitation.token,
        level="very_satisfied",
        tags=["very_satisfied-1"],
        words=" 服务很好，电话13912345678 ",
        channel="qr",
        by=citizen,
        at=AT,
    )
    assert (review.level, review.tags, review.channel, review.named, review.applicant_id) == (
        "very_satisfied",
        ["very_satisfied-1"],
        "qr",
        False,
        None,
    )
    assert (review.case_number, review.staff_ref, review.is_default) == (invitation.case_number, "staff:1", False)
    event = LogEvent.objects.get(stream=review.stream)
    assert (event.actor, event.actor_name) == ("anonymous:", "匿名评价人"), "who it was is in no table"
    assert "服务很好" not in event.data
    assert prove(review.stream).clean


def test_a_named_rating_names_the_applicant() -> None:
    applicant, citizen = identity.person("张三（演示）")
    review = given.review("dissatisfied", named=True, by=citizen, of=given.invitation(applicant=applicant))
    assert (review.named, review.applicant_id) == (True, applicant.pk)
    assert LogEvent.objects.get(stream=review.stream).actor == citizen.ref


def test_an_invitation_is_used_once() -> None:
    invitation = given.invitation()
    given.review(of=invitation)
    before = everything()
    with pytest.raises(Refusal) as no:
        given.review("dissatisfied", of=invitation)
    assert (no.value.code, no.value.status) == ("review.used", 409)
    assert everything() == before
    assert Review.objects.get().level == "very_satisfied"


def test_what_is_refused_leaves_nothing() -> None:
    applicant, _ = identity.person("张三（演示）")
    invitation = given.invitation(applicant=applicant)
    _, staff = identity.staff("王办理", ("handler",))
    stranger = identity.person("路人（演示）")[1]
    before = everything()
    for changes, status in (
        ({"by": staff}, 403),
        ({"level": ""}, 422),
        ({"tags": ["dissatisfied-1"]}, 422),
        ({"words": "好" * 501}, 422),
        ({"named": True, "by": stranger}, 422),
        ({"at": AT + timedelta(days=61)}, 409),
    ):
        with pytest.raises(Refusal) as no:
            commands.submit(invitation.token, **({"level": "satisfied", "by": NOBODY, "at": AT} | changes))
        assert no.value.status == status, changes
    for token in ("", "x", invitation.token[:-1]):
        with pytest.raises(Refusal) as no:
            commands.submit(token, level="satisfied", by=NOBODY, at=AT)
        assert no.value.status == 404
    assert everything() == before


def test_it_is_final() -> None:
    review = given.review()
    Review.objects.filter(pk=review.pk).update(level="very_dissatisfied")
    assert [fault.code for fault in prove(review.stream).faults] == ["row_changed"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(applicant_id=identity.person("张三（演示）")[0].pk)


def test_a_default_rating_is_in_no_rate() -> None:
    given.review("satisfied")
    made = given.review("very_dissatisfied")
    Review.objects.filter(pk=made.pk).update(is_default=True)
    told = queries.figures("610114", since=AT.date(), until=AT.date())
    assert (told.all.total, told.all.satisfied_rate, told.defaults) == (1, "100.00%", 1)
    assert queries.tally(Review.objects.all(), since=AT.date(), until=AT.date()).total == 1


def test_a_visit_that_led_to_no_case_is_rated_too() -> None:
    department = identity.department()
    _, clerk = identity.staff("李窗口", ("window_clerk",), department)
    first = commands.invite_visit(visit="A001", department=department, item_name="咨询", by=clerk, at=AT)
    again = commands.invite_visit(
        visit="A001", department=department, item_name="咨询", by=clerk, at=AT + timedelta(minutes=1)
    )
    assert first.pk == again.pk
    assert (first.phase, first.staff_ref) == ("service", clerk.ref)
    assert LogEvent.objects.filter(kind="review.invited").count() == 1
    with pytest.raises(Refusal) as no:
        commands.invite_visit(
            visit="A002", department=department, item_name="咨询", by=identity.person("张三（演示）")[1], at=AT
        )
    assert no.value.status == 403
    assert Invitation.objects.count() == 1


def test_tags_are_the_installation_s_own() -> None:
    _, admin = identity.staff("周系统", ("system_administrator",))
    usual = len(queries.tags())
    commands.set_tag("quick", level="very_satisfied", label="当场办结", order=9, by=admin, at=AT)
    assert len(queries.tags()) == usual + 1
    commands.set_tag("very_satisfied-1", level="very_satisfied", label="服务热情", active=False, by=admin, at=AT)
    assert len(queries.tags()) == usual
    with pytest.raises(Refusal):
        given.review(tags=["very_satisfied-1"])
    assert given.review(tags=["quick"]).tags == ["quick"]
    before = Tag.objects.count()
    for actor, label, status in ((identity.staff("王办理")[1], "x", 403), (admin, " ", 422), (admin, "长" * 21, 422)):
        with pytest.raises(Refusal) as no:
            commands.set_tag("other", level="satisfied", label=label, by=actor, at=AT)
        assert no.value.status == status
    assert Tag.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_once_are_one_rating() -> None:
    invitation = given.invitation()
    told: list[object] = []

    def tap(level: str) -> None:
        try:
            told.append(given.review(level, of=invitation))
        except Refusal as no:
            told.append(no.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=tap, args=(level,)) for level in ("satisfied", "dissatisfied")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Review.objects.count() == 1
    assert told.count("review.used") == 1


# --- from the case ------------------------------------------------------------------------------------------------


def test_a_case_invites_twice_and_tells_of_the_closing_one() -> None:
    case = cases.closed_case()
    service, closing = (Invitation.objects.get(about=case.stream, phase=phase) for phase in ("service", "closing"))
    assert service.token != closing.token
    assert closing.applicant_id == case.applicant_id
    assert closing.staff_ref.startswith("staff:")
    notice = Notice.objects.get(link=f"/rate/{closing.token}/")
    assert notice.applicant_id == case.applicant_id
    assert "自愿" in notice.body
    given.review(of=service)
    given.review(of=closing)
    assert Review.objects.count() == 2


def test_at_the_window_the_clerk_is_who_served() -> None:
    world = cases.world()
    case = cases.taken_in(world)
    invitation = Invitation.objects.get(about=case.stream, phase="service")
    assert (invitation.staff_ref, invitation.staff_name) == (world.clerk.ref, world.clerk.name)
