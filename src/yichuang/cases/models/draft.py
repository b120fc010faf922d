"""An application while it is being filled in: the applicant's own, not yet a case, kept until submitted or discarded."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class Draft(models.Model):
    """填报. revision counts the saves: a save names the revision that it saw, so that two windows do not overwrite.

    values: by "group.field" tree as the form definition has it. contact: {"name", "phone"}. delivery: {"way", "address"}.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    division = models.CharField(max_length=6)
    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey("catalogue.ItemVersion", on_delete=models.PROTECT, related_name="+")
    applicant = models.ForeignKey("identity.Applicant", on_delete=models.PROTECT, related_name="drafts")
    values = models.JSONField(default=dict)
    marked = models.JSONField("预填项及来源", default=dict)
    contact = models.JSONField(default=dict)
    delivery = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=1)
    created_by = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    case = models.OneToOneField("cases.Case", null=True, blank=True, on_delete=models.PROTECT, related_name="draft")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["applicant", "item"], condition=Q(case__isnull=True), name="draft_one_per_item"
            )
        ]
        indexes = [models.Index(fields=["updated_at"], condition=Q(case__isnull=True), name="draft_open")]

    @property
    def stream(self) -> str:
        return f"draft:{self.pk}"

    @property
    def name(self) -> str:
        """Of the item (brought along by `queries.draft_for` and `my_drafts`)."""
        return self.item.name


class DraftFile(models.Model):
    """A file attached to a material of a draft."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    material = models.CharField(max_length=40)
    file = models.ForeignKey("core.File", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
