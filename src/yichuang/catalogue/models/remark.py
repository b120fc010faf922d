"""批注: what an editor and a legal reviewer say to each other about a version, beside the element that it concerns."""

from __future__ import annotations

from django.db import models


class VersionRemark(models.Model):
    """number: its place among the version's remarks. element: key of the content, "" for the version as a whole. Written
    from the version's events, never seen by the public."""

    version = models.ForeignKey("catalogue.ItemVersion", on_delete=models.PROTECT, related_name="remarks")
    number = models.PositiveIntegerField()
    element = models.CharField("要素", max_length=40, blank=True)
    text = models.CharField("批注", max_length=1000)
    author = models.CharField(max_length=80)
    author_name = models.CharField(max_length=80)
    at = models.DateTimeField()
    settled_by = models.CharField(max_length=80, blank=True)
    settled_name = models.CharField(max_length=80, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="remark_number"),
            models.CheckConstraint(
                condition=models.Q(settled_by="", settled_at__isnull=True)
                | (~models.Q(settled_by="") & models.Q(settled_at__isnull=False)),
                name="remark_settled",
            ),
        ]
