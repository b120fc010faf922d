"""Tables of reviews."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q

from yichuang.core.events import Event
from yichuang.core.models import Logged
from yichuang.identity.models import Applicant, Department
from yichuang.reviews import rules


def new_token() -> str:
    """What the QR code carries: 144 bits, so that it cannot be guessed."""
    return secrets.token_urlsafe(18)


class Tag(models.Model):
    """评价标签, offered with one level. An administrator may switch one off; none is deleted, reviews name them by
    code."""

    code = models.CharField(max_length=40, primary_key=True)
    level = models.CharField(max_length=20, choices=list(rules.LEVELS.items()))
    label = models.CharField(max_length=40)
    order = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["level", "order"], name="review_tag_level")]


class Invitation(models.Model):
    """评价邀请, of one case in one phase or of one visit at a counter; used once, by whoever holds the token.

    What is needed to show and to file the review is here, so that nothing is looked up in other packages' tables.
    """

    token = models.CharField(max_length=40, unique=True, default=new_token)
    phase = models.CharField(max_length=10, choices=list(rules.PHASES.items()))
    about = models.CharField("所评之事", max_length=80, help_text="case:610114-..., visit:...")
    division = models.CharField(max_length=6)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    point = models.CharField("服务点", max_length=20, blank=True)
    item_id = models.BigIntegerField(null=True, blank=True)
    item_code = models.CharField(max_length=33, blank=True)
    item_name = models.CharField(max_length=1000)
    case_number = models.CharField(max_length=40, blank=True)
    staff_ref = models.CharField("服务人员", max_length=80, blank=True)
    staff_name = models.CharField(max_length=80, blank=True)
    applicant = models.ForeignKey(Applicant, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["about", "phase"], name="invitation_once")]
        indexes = [models.Index(fields=["applicant", "-created_at"], name="invitation_applicant")]

    def facts(self, *, used: bool) -> rules.Invited:
        return rules.Invited(
            phase=self.phase,
            expires_at=self.expires_at,
            used=used,
            staff_ref=self.staff_ref,
            applicant_ref=f"applicant:{self.applicant_id}" if self.applicant_id else "",
        )


class Review(Logged):
    """评价. Final: nothing changes it. `words` is what the person wrote; it can be erased, the log holds a salted
    digest.

    is_default: a rating that a system made by itself; this platform makes none, an import may bring one; never in a
    rate.
    """

    stream_kind = "review"
    replayed = (
        "invitation_id", "phase", "about", "division", "department_id", "point", "item_id", "item_code", "case_number",
        "staff_ref", "level", "tags", "words_digest", "named", "applicant_id", "channel", "is_default", "submitted_at",
    )  # fmt: skip

    invitation = models.OneToOneField(Invitation, on_delete=models.PROTECT, related_name="review")
    phase = models.CharField(max_length=10, choices=list(rules.PHASES.items()))
    about = models.CharField(max_length=80)
    division = models.CharField(max_length=6)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    point = models.CharField(max_length=20, blank=True)
    item_id = models.BigIntegerField(null=True, blank=True)
    item_code = models.CharField(max_length=33, blank=True)
    item_name = models.CharField(max_length=1000, blank=True)
    case_number = models.CharField(max_length=40, blank=True)
    staff_ref = models.CharField(max_length=80, blank=True)
    level = models.CharField(max_length=20, choices=list(rules.LEVELS.items()))
    tags = models.JSONField(default=list)
    words = models.CharField(max_length=rules.WORDS_MAX, blank=True)
    words_salt = models.CharField(max_length=32, blank=True)
    words_digest = models.CharField(max_length=64, blank=True)
    named = models.BooleanField(default=False)
    applicant = models.ForeignKey(Applicant, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10, choices=list(rules.CHANNELS.items()))
    is_default = models.BooleanField("系统默认评价", default=False)
    submitted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__in=list(rules.LEVELS)), name="review_level"),
            models.CheckConstraint(
                condition=Q(named=True) | Q(applicant__isnull=True), name="review_anonymous_has_nobody"
            ),
        ]
        indexes = [
            models.Index(fields=["division", "-submitted_at", "-id"], name="review_latest"),
            models.Index(fields=["department", "-submitted_at", "-id"], name="review_department"),
            models.Index(
                fields=["division", "department", "submitted_at", "level"],
                condition=Q(is_default=False),
                name="review_figures",
            ),
            models.Index(fields=["case_number"], name="review_case"),
        ]

    def apply(self, event: Event) -> None:
        if event.kind != "review.submitted":
            raise ValueError(f"a review knows no {event.kind}")
        data = event.data
        for name in (
            "phase", "about", "division", "point", "item_id", "item_code", "case_number", "staff_ref", "level"
        ):  # fmt: skip
            setattr(self, name, data[name])
        self.invitation_id = data["invitation_id"]
        self.department_id = data["department_id"]
        self.tags = data["tags"]
        self.words_digest = data["words"]
        self.named = data["named"]
        self.applicant_id = data["applicant_id"]
        self.channel = data["channel"]
        self.is_default = data["is_default"]
        if event.at is None:
            raise ValueError("a review has its moment")
        self.submitted_at = event.at
