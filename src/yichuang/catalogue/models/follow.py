"""关注: what applicants want to be told of, and how far the telling of a change has come."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yichuang.catalogue.rules.following import KINDS


class Follow(models.Model):
    """An applicant follows an item or a law, as long as the row is there. Written from the applicant's stream "follow:ID";
    gone when it ends and when the applicant is erased. division: the item's, else the applicant's."""

    applicant = models.ForeignKey("identity.Applicant", on_delete=models.PROTECT, related_name="follows")
    kind = models.CharField("类别", max_length=4, choices=list(KINDS.items()))
    item = models.ForeignKey("catalogue.Item", null=True, blank=True, on_delete=models.PROTECT, related_name="follows")
    law = models.ForeignKey("catalogue.Law", null=True, blank=True, on_delete=models.PROTECT, related_name="follows")
    division = models.CharField("行政区划", max_length=12, blank=True)
    followed_at = models.DateTimeField("关注时间")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="item", item__isnull=False, law__isnull=True)
                | Q(kind="law", item__isnull=True, law__isnull=False),
                name="follow_one_target",
            ),
            models.UniqueConstraint(fields=["item", "applicant"], condition=Q(kind="item"), name="follow_item_once"),
            models.UniqueConstraint(fields=["law", "applicant"], condition=Q(kind="law"), name="follow_law_once"),
        ]
        indexes = [models.Index(fields=["applicant", "-followed_at", "-id"], name="follow_mine")]

    stream_kind: ClassVar[str] = "follow"

    @property
    def target(self) -> int:
        """The primary key of the item or law."""
        return self.item_id or self.law_id or 0

    @property
    def name(self) -> str:
        """Of the item or law."""
        found = self.item or self.law
        return found.name if found else ""


class Telling(models.Model):
    """One event that people are told of, in the order of their numbers: whoever is not beyond `reached` has been told, so that
    nobody is told twice however often the work begins. stream, seq: the event."""

    stream = models.CharField(max_length=80)
    seq = models.PositiveIntegerField()
    reached = models.BigIntegerField(default=0)
    told = models.PositiveIntegerField("已告知", default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="telling_once")]
