"""Files that people and departments hand in, and documents that the platform makes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class File(models.Model):
    """A stored file: the bytes lie once under their SHA-256 in the data folder, however many rows name them.

    owner: stream that it belongs to ("case:6101...", "draft:..."). salt: with it the log's seal of the digest can be
    checked; erasing forgets the salt, the name and (when no other row names them) the bytes, and keeps the digest.
    """

    digest = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    owner = models.CharField(max_length=80)
    division = models.CharField(max_length=6, blank=True)
    salt = models.CharField(max_length=32, blank=True)
    stored_at = models.DateTimeField()
    stored_by = models.CharField(max_length=80)
    erased_at = models.DateTimeField(null=True, blank=True)
    erased_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="file_not_empty"),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(salt="", name=""), name="file_erased_forgets"
            ),
        ]
        indexes = [
            models.Index(fields=["digest"], condition=Q(erased_at__isnull=True), name="file_live_digest"),
            models.Index(fields=["owner", "id"], name="file_owner"),
        ]

    @property
    def ref(self) -> str:
        return f"file:{self.pk}"
