"""What every process of the installation must know at once and may forget soon: counts of attempts, codes already used."""

from __future__ import annotations

from django.db import models


class SharedEntry(models.Model):
    """An entry of `core.cache`. key: digest of the cache's key, so that no address or account stands in it. value: JSON.
    expires_at: seconds of the epoch."""

    key = models.CharField(max_length=64, primary_key=True)
    value = models.TextField()
    expires_at = models.FloatField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="shared_expires")]
