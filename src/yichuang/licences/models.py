"""Tables of licences."""

from __future__ import annotations

import secrets
from datetime import date

from django.db import models
from django.db.models import Q

from yichuang.core.events import Event
from yichuang.core.models import File, Logged
from yichuang.identity.models import Applicant, Department
from yichuang.licences import rules


def new_token() -> str:
    """What the QR code carries: 192 bits, so that it cannot be guessed."""
    return secrets.token_urlsafe(24)


class Licence(Logged):
    """电子证照, one version. `details` is the face (照面信息) as [{code, label, value}]: it can hold personal data
    and can be
    erased; the log names it by `details_digest` (salted). `file` is the signed PDF, absent until the seal is on it."""

    stream_kind = "licence"
    stream_field = "code"
    replayed = (
        "code", "identifier", "type_code", "issuer_code", "serial", "version", "number", "name", "division",
        "holder_id", "issuer_id",
        "details_digest", "issued_on", "effective_on", "expires_on", "source", "replaces", "replaced_by", "state",
        "file_digest", "signed_at", "signer",
    )  # fmt: skip

    code = models.CharField("标识去掉固定前缀", max_length=72, unique=True)
    identifier = models.CharField("电子证照标识", max_length=100, unique=True)
    type_code = models.CharField("证照类型代码", max_length=21)
    issuer_code = models.CharField("颁发机构代码", max_length=18)
    serial = models.CharField("流水号", max_length=20)
    version = models.PositiveSmallIntegerField("版本号")
    number = models.CharField("证照编号", max_length=64)
    name = models.CharField("证照名称", max_length=200)
    division = models.CharField(max_length=6)
    holder = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="licences")
    issuer = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="licences")
    details = models.JSONField(default=list)
    details_salt = models.CharField(max_length=32, blank=True)
    details_digest = models.CharField(max_length=64)
    issued_on = models.DateField("颁发日期")
    effective_on = models.DateField("有效期起")
    expires_on = models.DateField("有效期止", null=True, blank=True)
    source = models.CharField(max_length=80, blank=True)
    replaces = models.CharField(max_length=100, blank=True)
    replaced_by = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=12, choices=list(rules.STATES.items()))
    token = models.CharField(max_length=48, unique=True, default=new_token)
    file = models.ForeignKey(File, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    file_digest = models.CharField(max_length=64, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signer = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["type_code", "issuer_code", "serial"],
                condition=Q(state__in=["in_force", "expired"]),
                name="licence_one_current_version",
            ),
            models.CheckConstraint(condition=Q(version__gte=1, version__lte=999), name="licence_version"),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=models.F("effective_on")), name="licence_dates"
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, file_digest="") | Q(signed_at__isnull=False) & ~Q(file_digest=""),
                name="licence_signed_has_file",
            ),
        ]
        indexes = [
            models.Index(fields=["division", "-issued_on", "-id"], name="licence_registry"),
            models.Index(fields=["issuer", "-issued_on", "-id"], name="licence_issuer"),
            models.Index(fields=["type_code", "-issued_on", "-id"], name="licence_type"),
            models.Index(fields=["holder", "-issued_on"], name="licence_holder"),
            models.Index(fields=["source"], name="licence_source"),
            models.Index(fields=["file_digest"], name="licence_file_digest"),
            models.Index(fields=["state", "expires_on"], name="licence_expiry"),
            models.Index(fields=["number"], name="licence_number"),
        ]

    def apply(self, event: Event) -> None:
        data = event.data
        match event.kind:
            case "licence.issued":
                for name in (
                    "identifier",
                    "type_code",
                    "issuer_code",
                    "serial",
                    "version",
                    "number",
                    "name",
                    "division",
                ):
                    setattr(self, name, data[name])
                self.code = data["identifier"].removeprefix(rules.PREFIX + ".")
                self.holder_id = _key(data["holder"])
                self.issuer_id = _key(data["issuer"])
                self.details_digest = data["details"]
                self.issued_on = date.fromisoformat(data["issued_on"])
                self.effective_on = date.fromisoformat(data["effective_on"])
                self.expires_on = date.fromisoformat(data["expires_on"]) if data["expires_on"] else None
                self.source = data["source"]
                self.replaces = data["replaces"]
                self.state = rules.IN_FORCE
            case "licence.signed":
                self.file_id = _key(data["file"])
                self.file_digest = data["digest"]
                self.signer = data["signer"]
                self.signed_at = event.at
            case "licence.replaced":
                self.state = rules.REPLACED
                self.replaced_by = data["by"]
            case "licence.expired":
                self.state = rules.EXPIRED
            case _:
                raise ValueError(f"a licence knows no {event.kind}")

    def facts(self) -> rules.Facts:
        return rules.Facts(
            identifier=self.identifier,
            state=self.state,
            issuer_scope=f"department:{self.issuer_id}",
            effective_on=self.effective_on,
            expires_on=self.expires_on,
            signed=self.signed_at is not None,
        )

    @property
    def lines(self) -> tuple[rules.Detail, ...]:
        return tuple(rules.Detail(**line) for line in self.details)


def _key(ref: str) -> int:
    return int(ref.partition(":")[2])
