"""Tables of identity."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, Lower

from yichuang.core.events import Event
from yichuang.core.models.log import Logged
from yichuang.identity import rules


class Division(models.Model):
    """行政区划: code of 6 (county and above), 9 (street) or 12 (community) digits."""

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=80)
    level = models.PositiveSmallIntegerField(help_text="1 国家 2 省 3 市 4 县 5 镇街 6 村社区")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")


class Department(models.Model):
    """部门: a body that holds powers. incomplete: made by an import that knew only its name."""

    division = models.CharField(max_length=6)
    name = models.CharField(max_length=80)
    short_name = models.CharField(max_length=40, blank=True)
    uscc = models.CharField("统一社会信用代码", max_length=18, blank=True)
    document_prefix = models.CharField("发文字号机关代字", max_length=20, blank=True, help_text="阎审批")
    seal_name = models.CharField("印章名称", max_length=80, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=200, blank=True)
    complaint_phone = models.CharField(max_length=40, blank=True)
    review_organ = models.CharField("行政复议机关", max_length=80, blank=True)
    court = models.CharField("行政诉讼管辖法院", max_length=80, blank=True)
    incomplete = models.BooleanField(default=False)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["division", "name"], name="department_name"),
            models.UniqueConstraint(fields=["uscc"], condition=~Q(uscc=""), name="department_uscc"),
        ]

    @property
    def scope(self) -> str:
        return f"department:{self.pk}"


class Account(AbstractUser):
    """What signs in. A person's account has an applicant; a member of staff's has a staff row; never both."""

    KINDS = [("person", "公众"), ("staff", "工作人员")]
    kind = models.CharField(max_length=10, choices=KINDS, default="person")
    phone = models.CharField("登录手机号", max_length=20, blank=True)
    large_text = models.BooleanField("适老版", default=False)
    language = models.CharField(max_length=10, default="zh-hans")
    password_changed_at = models.DateTimeField(null=True, blank=True)
    password_must_change = models.BooleanField(default=False)

    class Meta(AbstractUser.Meta):  # type: ignore[name-defined]  # django-stubs hides the Meta of the abstract class
        constraints = [
            models.UniqueConstraint(fields=["phone"], condition=~Q(phone=""), name="account_phone"),
            models.UniqueConstraint(Lower("username"), name="account_username_any_case"),
        ]

    @property
    def ref(self) -> str:
        return f"account:{self.pk}"


class Staff(Logged):
    """工作人员. duty: the family of duties that GB/T 22239 keeps apart; one per person, set by the first grant."""

    stream_kind = "staff"
    replayed = ("division", "number", "department_id", "duty", "active")

    DUTIES = [("operating", "业务"), ("system", "系统管理"), ("security", "安全管理"), ("audit", "审计管理")]
    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="staff")
    division = models.CharField(max_length=6)
    number = models.CharField("工号", max_length=20)
    name = models.CharField(max_length=40)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="staff")
    law_certificate = models.CharField("行政执法证号", max_length=40, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    duty = models.CharField(max_length=10, choices=DUTIES, default="operating")
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["division", "number"], name="staff_number")]

    @property
    def ref(self) -> str:
        return f"staff:{self.pk}"

    def apply(self, event: Event) -> None:
        data = event.data
        if event.kind == "staff.hired":
            self.division, self.number = data["division"], data["number"]
            self.department_id, self.duty, self.active = data["department"], data["duty"], True
        elif event.kind == "staff.moved":
            self.department_id = data["department"]
        elif event.kind == "staff.role_granted":
            self.duty = data["duty"]
        elif event.kind == "staff.deactivated":
            self.active = False
        elif event.kind == "staff.reactivated":
            self.active = True


class RoleGrant(models.Model):
    """角色授权 to a member of staff, for a department, a service point or the whole division. Ended, never deleted."""

    ROLES = [
        ("window_clerk", "窗口人员"),
        ("handler", "承办人"),
        ("reviewer", "审核人"),
        ("legal_reviewer", "法制审核人"),
        ("head", "负责人"),
        ("catalogue_editor", "事项管理员"),
        ("publicity_officer", "公示专员"),
        ("system_administrator", "系统管理员"),
        ("security_administrator", "安全管理员"),
        ("auditor", "审计员"),
    ]
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(max_length=30, choices=ROLES)
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    point = models.CharField("服务点代码", max_length=20, blank=True)
    granted_by = models.CharField(max_length=80)
    granted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "staff",
                "role",
                Coalesce("department", 0),
                "point",
                condition=Q(ended_at__isnull=True),
                name="role_grant_once",
            )
        ]
        indexes = [models.Index(fields=["staff", "ended_at"], name="role_grant_staff")]


class Post(Logged):
    """岗位 with A and B staff (AB岗). While A is away, B acts with A's rights and the log says so."""

    stream_kind = "post"
    replayed = ("department_id", "name", "point", "a_id", "b_id", "away_from", "away_until", "active")

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="posts")
    name = models.CharField(max_length=60)
    point = models.CharField(max_length=20, blank=True)
    a = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="a_posts")
    b = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="b_posts")
    away_from = models.DateTimeField(null=True, blank=True)
    away_until = models.DateTimeField(null=True, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(a=models.F("b")), name="post_a_is_not_b"),
            models.CheckConstraint(
                condition=Q(away_until__isnull=True) | Q(away_until__gt=models.F("away_from")), name="post_away_forward"
            ),
            models.UniqueConstraint(
                fields=["department", "name", "point"], condition=Q(active=True), name="post_name_once"
            ),
        ]

    def apply(self, event: Event) -> None:
        data = event.data
        if event.kind == "post.set":
            self.department_id, self.name, self.point = data["department"], data["name"], data["point"]
            self.a_id, self.b_id, self.active = data["a"], data["b"], True
            self.away_from = self.away_until = None
        elif event.kind == "post.stepped_away":
            self.away_from, self.away_until = _moment(data["from"]), _moment(data["until"])
        elif event.kind == "post.returned":
            self.away_from = self.away_until = None
        elif event.kind == "post.closed":
            self.active = False


def _moment(text: str | None) -> Any:
    return datetime.fromisoformat(text) if text else None


class Applicant(models.Model):
    """申请人: who asks for a decision and whom it binds (行政相对人). Personal data lives here and can be erased."""

    KINDS = [("person", "自然人"), ("organisation", "法人及非法人组织"), ("individual_business", "个体工商户")]
    ID_KINDS = list(rules.ID_KINDS.items())
    VERIFIED_BY = [
        ("trust", "演示免核验"),
        ("window", "窗口当面核验"),
        ("http", "实名核验接口"),
        ("oidc", "统一身份认证"),
    ]
    division = models.CharField(max_length=6, blank=True)
    kind = models.CharField(max_length=20, choices=KINDS)
    name = models.CharField(max_length=200)
    id_kind = models.CharField(max_length=20, choices=ID_KINDS)
    id_number = models.CharField(max_length=64)
    legal_representative = models.CharField("法定代表人", max_length=80, blank=True)
    legal_representative_id = models.CharField(max_length=64, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=6, blank=True)
    account = models.OneToOneField(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="applicant")
    invented = models.BooleanField("演示虚构", default=False)
    verified_by = models.CharField("核验方式", max_length=10, blank=True, choices=VERIFIED_BY)
    verified_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["id_kind", "id_number"], condition=Q(erased_at__isnull=True), name="applicant_identifier"
            )
        ]
        indexes = [
            models.Index(fields=["name"], name="applicant_name"),
            models.Index(fields=["phone"], name="applicant_phone"),
        ]

    @property
    def ref(self) -> str:
        return f"applicant:{self.pk}"


class Agency(models.Model):
    """A natural person who may act for another applicant: 法定代表人 or 委托代理人 (行政许可法 29). letter: the 授权委托书 as a
    file, which an organisation's agent cannot be without."""

    ROLES = [("legal_representative", "法定代表人"), ("agent", "委托代理人")]
    principal = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="agencies")
    agent = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="acts_for")
    role = models.CharField(max_length=20, choices=ROLES)
    matters = models.CharField("委托事项及权限", max_length=200, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    letter = models.OneToOneField("core.File", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["agent", "ended_at"], name="agency_agent")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("valid_from")),
                name="agency_forward",
            ),
            models.CheckConstraint(condition=~Q(principal=models.F("agent")), name="agency_not_oneself"),
            models.UniqueConstraint(
                fields=["principal", "agent", "role"], condition=Q(ended_at__isnull=True), name="agency_once"
            ),
        ]


class Verification(models.Model):
    """实名核验: somebody signed in claims to be this person, or to represent this organisation.

    Until it passes, no applicant is bound to the account, so that nobody reaches another's records by typing their
    number. What was typed is cleared when it is settled: the applicant's own row keeps it from then on.
    """

    STATES = [("pending", "待核验"), ("passed", "已通过"), ("failed", "未通过")]
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="verifications")
    kind = models.CharField(max_length=20, choices=Applicant.KINDS)
    name = models.CharField(max_length=200, blank=True)
    id_kind = models.CharField(max_length=20, choices=Applicant.ID_KINDS)
    id_number = models.CharField(max_length=64, blank=True)
    legal_representative = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=STATES, default="pending")
    method = models.CharField(max_length=10, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    applicant = models.ForeignKey(
        Applicant, null=True, blank=True, on_delete=models.PROTECT, related_name="verifications"
    )
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "id_kind", "id_number"], condition=Q(state="pending"), name="verification_once"
            )
        ]
        indexes = [models.Index(fields=["state", "asked_at"], name="verification_pending")]

    @property
    def ref(self) -> str:
        return f"verification:{self.pk}"


class Client(models.Model):
    """A program that calls the API, with a bearer token (only its digest is kept) and departments it may act for."""

    division = models.CharField(max_length=6)
    name = models.CharField(max_length=80)
    token_digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list, help_text='["cases:read", "cases:write", ...]')
    departments = models.ManyToManyField(Department, blank=True, related_name="clients")
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    @property
    def ref(self) -> str:
        return f"client:{self.pk}"


class Notice(models.Model):
    """消息 in an applicant's inbox. `about` is a stream ("case:6101..."), `link` a path of the portal."""

    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="notices")
    title = models.CharField(max_length=120)
    body = models.TextField()
    link = models.CharField(max_length=200, blank=True)
    about = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["applicant", "-created_at", "-id"], name="notice_inbox")]
