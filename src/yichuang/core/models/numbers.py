"""Counters that give serial numbers."""

from __future__ import annotations

from django.db import models


class Counter(models.Model):
    """The last serial given in a scope ("case:610114:20261124")."""

    scope = models.CharField(max_length=120, primary_key=True)
    value = models.PositiveBigIntegerField()
