"""Staff and roles: who may do what, duties apart, everything in the log; posts and standing in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from yichuang.core import verify
from yichuang.core.actor import NOBODY, Actor
from yichuang.core.models.log import LogEvent
from yichuang.core.refusal import Refusal
from yichuang.identity import commands, queries
from yichuang.identity.models import Account, Post, RoleGrant, Staff
from yichuang.identity.tests import given

pytestmark = pytest.mark.django_db
AT = given.AT


def refused(act: Callable[[], object], *, status: int) -> Refusal:
    """The Refusal of an act that writes nothing."""
    before = LogEvent.objects.count(), RoleGrant.objects.count(), Staff.objects.count(), Account.objects.count()
    with pytest.raises(Refusal) as no:
        act()
    assert no.value.status == status
    after = LogEvent.objects.count(), RoleGrant.objects.count(), Staff.objects.count(), Account.objects.count()
    assert after == before
    return no.value


def hire(by: Actor, **changes: object) -> Staff:
    values: dict[str, object] = {
        "number": "N001",
        "name": "新同事",
        "department": given.department(),
        "password": given.PASSWORD,
        "by": by,
        "at": AT,
    }
    return commands.hire_staff(**(values | changes))  # type: ignore[arg-type]  # a test's own table


def test_the_system_administrator_hires_and_the_security_administrator_grants() -> None:
    _, system = given.staff("系统", ("system_administrator",))
    _, security = given.staff("安全", ("security_administrator",))
    new = hire(system)
    assert queries.actor_of_account(new.account, AT).grants == ()
    commands.grant_role(new, role="handler", department=new.department, by=security, at=AT)
    actor = queries.actor_of_account(new.account, AT)
    assert actor.has("handler", new.department.scope)
    assert actor.standing_in_for == ""
    kinds = list(LogEvent.objects.filter(stream=new.ref).order_by("seq").values_list("kind", "actor"))
    assert kinds == [("staff.hired", system.ref), ("staff.role_granted", security.ref)]


@pytest.mark.parametrize("role", ["handler", "head", "security_administrator", "auditor"])
def test_nobody_else_hires(role: str) -> None:
    _, actor = given.staff("某某", (role,))
    given.department()
    refused(lambda: hire(actor), status=403)


@pytest.mark.parametrize("role", ["handler", "head", "system_administrator", "auditor"])
def test_nobody_else_grants(role: str) -> None:
    _, actor = given.staff("某某", (role,))
    someone, _ = given.staff("丙某", ())
    refused(lambda: commands.grant_role(someone, role="handler", by=actor, at=AT), status=403)


def test_a_visitor_does_nothing() -> None:
    someone, _ = given.staff("丙某", ())
    refused(lambda: commands.grant_role(someone, role="handler", by=NOBODY, at=AT), status=403)
    refused(lambda: hire(NOBODY), status=403)


def test_nobody_grants_to_themselves() -> None:
    me, security = given.staff("安全", ("security_administrator",))
    refused(lambda: commands.grant_role(me, role="security_administrator", by=security, at=AT), status=403)


@pytest.mark.parametrize(
    ("held", "role"),
    [
        ("handler", "auditor"),
        ("auditor", "system_administrator"),
        ("system_administrator", "security_administrator"),
        ("security_administrator", "handler"),
        ("catalogue_editor", "legal_reviewer"),
        ("legal_reviewer", "catalogue_editor"),
    ],
)
def test_duties_kept_apart_are_refused(held: str, role: str) -> None:
    _, security = given.staff("安全", ("security_administrator",))
    someone, _ = given.staff("丙某", (held,))
    no = refused(lambda: commands.grant_role(someone, role=role, by=security, at=AT), status=409)
    assert no.code == "staff.duties_apart"
    assert "终止" in no.next_step


def test_after_the_old_role_ended_another_family_may_come() -> None:
    _, security = given.staff("安全", ("security_administrator",))
    someone, _ = given.staff("丙某", ("handler",))
    commands.end_role(RoleGrant.objects.get(staff=someone), reason="转岗", by=security, at=AT)
    commands.grant_role(someone, role="auditor", by=security, at=AT)
    someone.refresh_from_db()
    assert someone.duty == "audit"
    assert [g.role for g in queries.grants_of(someone, ended=True)] == ["auditor", "handler"]


def test_granting_twice_gives_the_grant_that_stands() -> None:
    _, security = given.staff("安全", ("security_administrator",))
    someone, _ = given.staff("丙某", ())
    first = commands.grant_role(someone, role="handler", department=someone.department, by=security, at=AT)
    again = commands.grant_role(someone, role="handler", department=someone.department, by=security, at=AT)
    assert first.pk == again.pk
    assert LogEvent.objects.filter(stream=someone.ref, kind="staff.role_granted").count() == 1


def test_another_divisions_department_is_no_scope() -> None:
    _, security = given.staff("安全", ("security_administrator",))
    someone, _ = given.staff("丙某", ())
    other = given.department("临潼区行政审批服务局", division="610115")
    refused(lambda: commands.grant_role(someone, role="handler", department=other, by=security, at=AT), status=422)


def test_the_last_security_administrator_stays() -> None:
    _, security = given.staff("安全", ("security_administrator",))
    only = RoleGrant.objects.get(role="security_administrator")
    refused(lambda: commands.end_role(only, by=security, at=AT), status=409)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"password": "weak"}, "password"),
        ({"password": "abcdefgh1234"}, "password"),
        ({"name": "1"}, "name"),
        ({"number": ""}, "number"),
        ({"phone": "123"}, "phone"),
    ],
)
def test_hiring_with_wrong_words_is_told_per_field(changes: dict[str, object], field: str) -> None:
    _, system = given.staff("系统", ("system_administrator",))
    assert field in refused(lambda: hire(system, **changes), status=422).fields


def test_a_number_or_sign_in_name_in_use_is_refused() -> None:
    _, system = given.staff("系统", ("system_administrator",))
    hire(system)
    assert "number" in refused(lambda: hire(system, username="another"), status=409).fields
    assert "username" in refused(lambda: hire(system, number="N002", username="n001"), status=409).fields


def test_deactivating_ends_roles_posts_and_sign_in() -> None:
    _, system = given.staff("系统", ("system_administrator",))
    a, _ = given.staff("甲某")
    b, _ = given.staff("乙某")
    post = given.post(a, b)
    commands.deactivate_staff(b, reason="调离", by=system, at=AT)
    b.refresh_from_db()
    post.refresh_from_db()
    assert not b.active
    assert queries.actor_of_account(Account.objects.get(pk=b.account_id), AT) == NOBODY
    assert queries.grants_of(b) == []
    assert post.b_id is None
    refused(lambda: commands.deactivate_staff(a, reason="调离", by=system, at=AT), status=409)  # still A of the post
    refused(lambda: commands.deactivate_staff(b, reason="调离", by=system, at=AT), status=409)


def test_an_administrator_does_not_deactivate_themselves() -> None:
    me, system = given.staff("系统", ("system_administrator",))
    refused(lambda: commands.deactivate_staff(me, reason="x", by=system, at=AT), status=403)


def test_a_reactivated_person_has_a_new_password_and_no_role() -> None:
    _, system = given.staff("系统", ("system_administrator",))
    b, _ = given.staff("乙某")
    commands.deactivate_staff(b, reason="产假", by=system, at=AT)
    commands.reactivate_staff(b, password="Feng-Huang-9", by=system, at=AT)
    account = Account.objects.get(pk=b.account_id)
    assert account.password_must_change
    assert account.check_password("Feng-Huang-9")
    assert queries.actor_of_account(account, AT).grants == ()


def test_moving_needs_roles_to_be_ended() -> None:
    _, system = given.staff("系统", ("system_administrator",))
    b, _ = given.staff("乙某")
    other = given.department("阎良区卫生健康局")
    refused(lambda: commands.move_staff(b, department=other, by=system, at=AT), status=409)
    c, _ = given.staff("丙某", ())
    commands.move_staff(c, department=other, by=system, at=AT)
    c.refresh_from_db()
    assert c.department == other


# --- AB岗 --------------------------------------------------------------------------------------------------------


def test_while_a_is_away_b_acts_with_as_rights_and_the_log_says_so() -> None:
    a, a_actor = given.staff("甲某", ("reviewer",))
    b, b_actor = given.staff("乙某", ("handler",))
    post = given.post(a, b)
    assert not b_actor.has("reviewer")
    commands.step_away(post, until=AT + timedelta(days=3), by=a_actor, at=AT)
    later = AT + timedelta(days=1)
    standing = queries.actor_of_account(b.account, later)
    assert standing.has("reviewer", a.department.scope)
    assert standing.has("handler", b.department.scope)
    assert standing.standing_in_for == a.ref
    after = queries.actor_of_account(b.account, AT + timedelta(days=3))
    assert not after.has("reviewer")
    assert after.standing_in_for == ""


def test_b_stands_in_also_where_the_roles_are_the_same() -> None:
    a, a_actor = given.staff("甲某")
    b, _ = given.staff("乙某")
    commands.step_away(given.post(a, b), by=a_actor, at=AT)
    standing = queries.actor_of_account(b.account, AT)
    assert standing.standing_in_for == a.ref
    assert len(standing.grants) == len(set(standing.grants))


def test_coming_back_ends_it_at_once() -> None:
    a, a_actor = given.staff("甲某", ("reviewer",))
    b, _ = given.staff("乙某", ("handler",))
    post = commands.step_away(given.post(a, b), by=a_actor, at=AT)
    commands.return_to_post(post, by=a_actor, at=AT + timedelta(hours=1))
    assert not queries.actor_of_account(b.account, AT + timedelta(hours=2)).has("reviewer")
    refused(lambda: commands.return_to_post(post, by=a_actor, at=AT), status=409)


def test_standing_in_never_unites_what_is_kept_apart() -> None:
    editor, _ = given.staff("编目", ("catalogue_editor",))
    legal, _ = given.staff("法制", ("legal_reviewer",))
    refused(lambda: given.post(legal, editor), status=409)
    plain, _ = given.staff("丁某", ("handler",))
    _, security = given.staff("安全", ("security_administrator",))
    given.post(legal, plain)
    no = refused(
        lambda: commands.grant_role(plain, role="catalogue_editor", department=plain.department, by=security, at=AT),
        status=409,
    )
    assert no.code == "staff.duties_apart"


def test_a_stranger_does_not_move_anothers_post() -> None:
    a, _ = given.staff("甲某")
    b, b_actor = given.staff("乙某")
    post = given.post(a, b)
    refused(lambda: commands.step_away(post, by=b_actor, at=AT), status=403)
    _, auditor = given.staff("审计", ("auditor",))
    refused(lambda: commands.set_post(department=a.department, name="岗", a=a, b=b, by=auditor, at=AT), status=403)


def test_a_post_without_b_cannot_be_left() -> None:
    a, a_actor = given.staff("甲某")
    post = given.post(a)
    refused(lambda: commands.step_away(post, by=a_actor, at=AT), status=409)


def test_the_departments_head_arranges_posts_of_that_department_only() -> None:
    a, _ = given.staff("甲某")
    b, _ = given.staff("乙某")
    _, head = given.staff("主任", ("head",))
    post = commands.set_post(department=a.department, name="受理岗", a=a, b=b, by=head, at=AT)
    assert Post.objects.get(pk=post.pk).b == b
    other = given.department("阎良区卫生健康局")
    refused(lambda: commands.set_post(department=other, name="岗", a=a, b=b, by=head, at=AT), status=403)


def test_the_log_replays_to_the_rows() -> None:
    a, a_actor = given.staff("甲某", ("reviewer",))
    b, _ = given.staff("乙某", ("handler",))
    post = commands.step_away(given.post(a, b), until=AT + timedelta(days=1), by=a_actor, at=AT)
    _, system = given.staff("系统", ("system_administrator",))
    commands.return_to_post(post, by=a_actor, at=AT)
    commands.deactivate_staff(b, reason="调离", by=system, at=AT)
    result = verify.verify()
    assert result.clean, result.faults


@pytest.mark.parametrize("staff_count", [2, 12])
def test_the_staff_list_costs_the_same_however_long(staff_count: int, django_assert_num_queries: object) -> None:
    from yichuang.core import paging

    _, system = given.staff("系统", ("system_administrator",))
    for n in range(staff_count):
        given.staff(f"员{'甲乙丙丁戊己庚辛壬癸子丑'[n]}", ("handler", "reviewer"))
    with django_assert_num_queries(2):  # type: ignore[operator]  # pytest-django's fixture
        page = paging.page(queries.staff_list(system), None, ("number", "id"))
        for row in page:
            assert row.department.name
            assert all(g.get_role_display() for g in row.current)


def test_building_an_actor_costs_two_queries(django_assert_num_queries: object) -> None:
    a, a_actor = given.staff("甲某", ("reviewer", "handler", "head"))
    b, _ = given.staff("乙某", ("handler",))
    commands.step_away(given.post(a, b), by=a_actor, at=AT)
    person, _ = given.person()
    for account in (b.account, person.account):
        with django_assert_num_queries(2):  # type: ignore[operator]  # pytest-django's fixture
            queries.actor_of_account(account, AT)  # type: ignore[arg-type]  # the person has one


# --- The first, and the proof -----------------------------------------------------------------------------------


def appoint(role: str, number: str) -> Staff:
    return commands.appoint_administrator(
        role=role,
        number=number,
        name="首任者",
        password=given.PASSWORD,
        division=given.DIVISION,
        department="阎良区行政审批服务局",
        at=AT,
    )


def test_an_installation_begins_with_three_administrators_and_then_goes_by_the_pages() -> None:
    made = [
        appoint(role, f"A{n}") for n, role in enumerate(("system_administrator", "security_administrator", "auditor"))
    ]
    assert [s.duty for s in made] == ["system", "security", "audit"]
    assert all(s.account.password_must_change for s in made)
    refused(lambda: appoint("auditor", "A9"), status=409)
    refused(lambda: appoint("handler", "A9"), status=422)


def test_an_administrator_who_is_appointed_twice_is_refused_whole() -> None:
    appoint("system_administrator", "A1")
    refused(lambda: appoint("security_administrator", "A1"), status=409)


@pytest.mark.parametrize("forgery", ["a role", "an end", "a new grant"])
def test_grants_that_were_edited_in_the_table_are_found(forgery: str) -> None:
    someone, _ = given.staff("甲某")
    assert verify.verify().clean
    if forgery == "a role":
        RoleGrant.objects.filter(staff=someone).update(role="head")
    elif forgery == "an end":
        RoleGrant.objects.filter(staff=someone).update(ended_at=AT, ended_by="staff:1")
    else:
        RoleGrant.objects.create(staff=someone, role="reviewer", granted_by="staff:1", granted_at=AT)
    faults = verify.verify().faults
    assert [f.stream for f in faults] == [someone.ref]
    assert "现行授权与日志不符" in faults[0].what
