"""Laws and the items that rest on them."""

from __future__ import annotations

from django.db import models


class Law(models.Model):
    """法律法规规章文件: by its name; level as in rules.facts.LAW_LEVELS ("法律", "行政法规", ...). number: 文号."""

    name = models.CharField(max_length=200, unique=True)
    level = models.CharField(max_length=20, blank=True)
    number = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return f"《{self.name}》"


class Citation(models.Model):
    """设定依据: an article of a law that a version rests on, with our own summary of it. level and number are as they stood
    when the version was written; the law's own may move on."""

    version = models.ForeignKey("catalogue.ItemVersion", on_delete=models.CASCADE, related_name="citations")
    position = models.PositiveSmallIntegerField()
    law = models.ForeignKey(Law, on_delete=models.PROTECT, related_name="citations")
    level = models.CharField(max_length=20, blank=True)
    number = models.CharField(max_length=100, blank=True)
    article = models.CharField(max_length=200, blank=True)
    summary = models.TextField(max_length=2000, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="citation_position")]
