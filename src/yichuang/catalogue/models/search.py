"""The search index: how much each term weighs in each item. Written by `search.index`, in the verb's transaction."""

from __future__ import annotations

from django.db import models


class Term(models.Model):
    """A term and in how many items it stands, among the published and among all (the rarer, the more it tells)."""

    text = models.CharField(max_length=40, primary_key=True)
    published = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)


class Posting(models.Model):
    """A term in an item. scope: 1 published, 0 only a draft or retired. weight: 1 to 1000 (see rules.words)."""

    item = models.ForeignKey("catalogue.Item", on_delete=models.CASCADE, related_name="postings", db_index=False)
    term = models.CharField(max_length=40)
    scope = models.PositiveSmallIntegerField()
    weight = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "term"], name="posting_once", include=["weight"])]
        indexes = [models.Index(fields=["term", "scope", "-weight", "item"], name="posting_term")]
