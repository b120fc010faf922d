"""Members of staff and their roles.

The system administrator hires, moves and deactivates; only the security administrator grants and ends roles; neither
does the other's work (GB/T 22239-2019). An installation's first administrators are appointed by the system itself.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yichuang.core import log
from yichuang.core.actor import Actor, system
from yichuang.core.events import Event
from yichuang.core.refusal import Refusal
from yichuang.identity import rules
from yichuang.identity.commands.organs import require_system, set_department
from yichuang.identity.commands.passwords import check_password, set_password
from yichuang.identity.models import Account, Department, Post, RoleGrant, Staff


def hire_staff(
    *,
    number: str,
    name: str,
    department: Department,
    password: str,
    username: str = "",
    phone: str = "",
    law_certificate: str = "",
    password_must_change: bool = True,
    by: Actor,
    at: datetime,
) -> Staff:
    """A member of staff with an account (username: by default the number), without any role yet.

    Raises Refusal: 403 unless by a system administrator (or the system); 422 for a weak password or missing words;
    409 when the number, the sign-in name or the phone is in use.
    """
    require_system(by)
    number, name, username = number.strip(), name.strip(), (username or number).strip()
    phone = rules.clean_phone(phone)
    fields = {}
    if not number or len(number) > 20:
        fields["number"] = "请填写工号，不超过 20 位"
    if rules.name_fault(name):
        fields["name"] = rules.name_fault(name)
    if phone and rules.phone_fault(phone, mobile=True):
        fields["phone"] = rules.phone_fault(phone, mobile=True)
    if fields:
        raise Refusal("staff.incomplete", "人员信息不完整。", "请按提示补充。", fields=fields, status=422)
    check_password(password, staff=True, words=(username, number, phone))
    with transaction.atomic():
        if Staff.objects.filter(division=department.division, number=number).exists():
            raise Refusal(
                "staff.number_taken", "这个工号已在使用。", "请换一个工号。", fields={"number": "工号已在使用"}
            )
        if Account.objects.filter(username__iexact=username).exists():
            raise Refusal(
                "account.username_taken",
                "这个登录名已在使用。",
                "请换一个登录名。",
                fields={"username": "登录名已在使用"},
            )
        if phone and Account.objects.filter(phone=phone).exists():
            raise Refusal(
                "account.phone_taken",
                "这个手机号已绑定其他账户。",
                "请换一个手机号。",
                fields={"phone": "手机号已绑定其他账户"},
            )
        account = Account(username=username, kind="staff", first_name=name, phone=phone)
        set_password(account, password, at=at)
        account.password_must_change = password_must_change
        account.save()
        staff = Staff(account=account, name=name, law_certificate=law_certificate.strip(), phone=phone)
        event = Event(
            "staff.hired",
            {
                "division": department.division,
                "number": number,
                "department": department.pk,
                "duty": "operating",
                "account": account.pk,
            },
        )
        log.record(staff, event, by=by, at=at)
    return staff


def appoint_administrator(
    *, role: str, number: str, name: str, password: str, division: str, department: str, at: datetime
) -> Staff:
    """The first administrator of a kind in a division, when there is nobody yet who could hire or grant: from the
    command line of whoever installs. The department is made when it is missing.

    Raises Refusal 422 for a role that is not an administrator's; 409 when one is there: then the pages are the way.
    """
    by = system("setup", division)
    if role not in rules.WHOLE_DIVISION:
        raise Refusal("staff.not_administrator", "只能设立首任管理员。", "业务岗位由管理员在工作台授权。", status=422)
    with transaction.atomic():
        held = RoleGrant.objects.filter(role=role, ended_at__isnull=True, staff__active=True, staff__division=division)
        if held.exists():
            raise Refusal(
                "staff.administrator_exists",
                f"本区划已有{rules.ROLE_NAMES[role]}。",
                "请由现任管理员在工作台“人员与授权”中办理。",
            )
        organ = set_department(division=division, name=department, by=by, at=at)
        hired = hire_staff(number=number, name=name, department=organ, password=password, by=by, at=at)
        grant_role(hired, role=role, by=by, at=at)
        hired.refresh_from_db()
    return hired


def move_staff(staff: Staff, *, department: Department, by: Actor, at: datetime) -> Staff:
    """To another department of the division. Refused (409) while roles are held: they are ended first."""
    require_system(by)
    with transaction.atomic():
        staff = log.lock(Staff, pk=staff.pk)
        if held_roles(staff):
            raise Refusal("staff.has_roles", "此人还有未终止的角色，不能调动部门。", "请先由安全管理员终止其角色。")
        if department.division != staff.division:
            raise Refusal("staff.other_division", "不能调到其他区划的部门。", "请在对方区划另建人员。", status=422)
        log.record(
            staff,
            Event("staff.moved", {"from": staff.department_id, "department": department.pk}),
            by=by,
            at=at,
        )
    return staff


def grant_role(
    staff: Staff, *, role: str, department: Department | None = None, point: str = "", by: Actor, at: datetime
) -> RoleGrant:
    """A role for a department, a service point, or (neither) the whole division. Repeated: the grant that stands.

    Raises Refusal: 403 unless by a security administrator (or the system), or to oneself; 409 when duties are kept
    apart (own roles, and those of posts that the person stands in for), or the person is deactivated; 422 for a scope
    that the role does not have or another division's department.
    """
    if not by.is_system:
        by.require("security_administrator")
    with transaction.atomic():
        staff = log.lock(Staff, pk=staff.pk)
        if not staff.active:
            raise Refusal("staff.inactive", "此人已停用，不能授权。", "请先由系统管理员恢复其账户。")
        held = held_roles(staff)
        stood_for = {
            r for post in Post.objects.filter(b=staff, active=True).select_related("a") for r in held_roles(post.a)
        }
        duty = rules.may_grant(
            role,
            held | stood_for,
            to_oneself=by.ref == staff.ref or staff.ref in by.standing_in_for.split(","),
            scoped=bool(department or point),
        )
        for post in Post.objects.filter(a=staff, b__isnull=False, active=True).select_related("b"):
            if post.b:
                rules.may_stand_in({role}, held_roles(post.b))
        if department and department.division != staff.division:
            raise Refusal(
                "staff.other_division",
                "不能授予其他区划部门的角色。",
                "请选择本区划的部门。",
                fields={"department": "请选择本区划的部门"},
                status=422,
            )
        standing = RoleGrant.objects.filter(
            staff=staff, role=role, department=department, point=point, ended_at__isnull=True
        ).first()
        if standing:
            return standing
        grant = RoleGrant.objects.create(
            staff=staff, role=role, department=department, point=point, granted_by=by.ref, granted_at=at
        )
        log.record(staff, Event("staff.role_granted", {**_told(grant), "duty": duty}), by=by, at=at)
    return grant


def end_role(grant: RoleGrant, *, reason: str = "", by: Actor, at: datetime) -> RoleGrant:
    """Ended, never deleted. Raises Refusal 403 unless by a security administrator (or the system), 409 when ended."""
    if not by.is_system:
        by.require("security_administrator")
    with transaction.atomic():
        staff = log.lock(Staff, pk=grant.staff_id)
        grant = RoleGrant.objects.get(pk=grant.pk)
        if grant.ended_at:
            raise Refusal("staff.role_ended", "这项授权已经终止。", "请刷新页面查看现行授权。")
        if grant.role == "security_administrator" and not _others(grant):
            raise Refusal(
                "staff.last_security_administrator",
                "这是最后一名安全管理员，终止后将无人能够授权。",
                "请先授权另一名安全管理员。",
            )
        _end(grant, by=by, at=at)
        log.record(staff, Event("staff.role_ended", {**_told(grant), "reason": reason}), by=by, at=at)
    return grant


def deactivate_staff(staff: Staff, *, reason: str, by: Actor, at: datetime) -> Staff:
    """The account cannot sign in any more, sessions end, roles end, posts as A or B are left.

    Raises Refusal: 403 unless by a system administrator, or oneself; 409 when already so, or while the person is A of
    a post (somebody must take it first) or the last security administrator; 422 without a reason.
    """
    require_system(by)
    if by.ref == staff.ref:
        raise Refusal("staff.deactivate_oneself", "不能停用自己的账户。", "请由另一名系统管理员办理。", status=403)
    if not reason.strip():
        raise Refusal(
            "staff.reason",
            "没有填写停用原因。",
            "请填写原因，例如“调离”。",
            fields={"reason": "请填写停用原因"},
            status=422,
        )
    with transaction.atomic():
        staff = log.lock(Staff, pk=staff.pk)
        if not staff.active:
            raise Refusal("staff.inactive", "此人已经停用。", "无需再次办理。")
        post = Post.objects.filter(a=staff, active=True).first()
        if post:
            raise Refusal("staff.has_post", f"此人是“{post.name}”的A岗。", "请先为该岗位另定A岗或撤销岗位，再停用。")
        grants = list(RoleGrant.objects.filter(staff=staff, ended_at__isnull=True))
        if any(g.role == "security_administrator" and not _others(g) for g in grants):
            raise Refusal("staff.last_security_administrator", "这是最后一名安全管理员。", "请先授权另一名安全管理员。")
        for grant in grants:
            _end(grant, by=by, at=at)
        for held in Post.objects.filter(b=staff, active=True):
            log.record(
                log.lock(Post, pk=held.pk),
                Event(
                    "post.set",
                    {
                        "department": held.department_id,
                        "name": held.name,
                        "point": held.point,
                        "a": held.a_id,
                        "b": None,
                    },
                ),
                by=by,
                at=at,
            )
        account = Account.objects.get(pk=staff.account_id)
        account.is_active = False
        account.set_unusable_password()  # its sessions do not come back either when the person does
        account.save(update_fields=["is_active", "password"])
        events = [Event("staff.role_ended", {**_told(g), "reason": "停用"}) for g in grants]
        log.record(staff, *events, Event("staff.deactivated", {"reason": reason.strip()}), by=by, at=at)
    return staff


def reactivate_staff(staff: Staff, *, password: str, reason: str = "", by: Actor, at: datetime) -> Staff:
    """The account may sign in again, with a new first password and no role. Refusal 403, 409 when active, 422."""
    require_system(by)
    check_password(password, staff=True, words=(staff.number, staff.phone))
    with transaction.atomic():
        staff = log.lock(Staff, pk=staff.pk)
        if staff.active:
            raise Refusal("staff.active", "此人的账户未停用。", "无需恢复。")
        account = Account.objects.get(pk=staff.account_id)
        set_password(account, password, at=at)
        account.is_active = account.password_must_change = True
        account.save()
        log.record(staff, Event("staff.reactivated", {"reason": reason.strip()}), by=by, at=at)
    return staff


def held_roles(staff: Staff) -> frozenset[str]:
    """Roles that the person holds now, whatever their scope."""
    return frozenset(RoleGrant.objects.filter(staff=staff, ended_at__isnull=True).values_list("role", flat=True))


def _told(grant: RoleGrant) -> dict[str, object]:
    return {"grant": grant.pk, "role": grant.role, "department": grant.department_id, "point": grant.point}


def _end(grant: RoleGrant, *, by: Actor, at: datetime) -> None:
    grant.ended_at, grant.ended_by = at, by.ref
    grant.save(update_fields=["ended_at", "ended_by"])


def _others(grant: RoleGrant) -> bool:
    return (
        RoleGrant.objects.filter(
            role=grant.role, ended_at__isnull=True, staff__active=True, staff__division=grant.staff.division
        )
        .exclude(staff=grant.staff)
        .exists()
    )
