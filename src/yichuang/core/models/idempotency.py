"""First answers, kept so that a repeated request does nothing twice."""

from __future__ import annotations

from django.db import models


class KeptAnswer(models.Model):
    """What a client was answered under a key. `finished_at` empty: the first request is still under way (`turn`
    names it, until `held_until`). `request` is the digest of method, path, query and body."""

    client = models.CharField(max_length=80)
    key = models.CharField(max_length=160)
    request = models.CharField(max_length=64)
    turn = models.CharField(max_length=32)
    held_until = models.DateTimeField()
    status = models.PositiveSmallIntegerField(default=0)
    content_type = models.CharField(max_length=100, blank=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=bytes)
    created_at = models.DateTimeField(db_index=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "key"], name="kept_answer_key")]
