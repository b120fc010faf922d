"""The search index: how much each term weighs in each item. Written by `commands.index`, in the verb's transaction."""

from __future__ import annotations

from django.db import models


class Term(models.Model):
    """A term and in how many items it stands, among the published and among all (the rarer, the more it tells).

    The row "" counts the items themselves."""

    text = models.CharField(max_length=40, primary_key=True)
    published = models.IntegerField(default=0)
    total = models.IntegerField(default=0)


class Posting(models.Model):
    """A term in an item. scope: 1 published, 0 only a draft or retired. weight: 1 to 1000 (rules.words)."""

    item = models.ForeignKey("catalogue.Item", on_delete=models.CASCADE, related_name="postings", db_index=False)
    term = models.CharField(max_length=40)
    scope = models.PositiveSmallIntegerField()
    weight = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "term"], name="posting_once")]
        indexes = [models.Index(fields=["term", "scope", "-weight", "item"], name="posting_term")]
