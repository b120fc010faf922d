"""What is to be told to other systems, written in the transaction that gave rise to it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Message(models.Model):
    """One delivery to one adapter. `key` goes along as the Idempotency-Key, so that a repeat does no harm.

    While a worker has it in hand, `next_at` lies in the future (the lease) and `claimed_by` names the worker: when
    the worker dies, the message is simply due again. `attempts` counts from the claim, so that a message that kills
    its worker ends as a dead letter too. `about` is the stream it concerns ("case:...").
    """

    PENDING, SENT, DEAD = "pending", "sent", "dead"
    STATES = [(PENDING, "待发送"), (SENT, "已送达"), (DEAD, "未能送达")]

    adapter = models.CharField(max_length=40)
    key = models.CharField(max_length=160, unique=True)
    payload = models.JSONField()
    about = models.CharField(max_length=80, blank=True)
    division = models.CharField(max_length=6, blank=True)
    state = models.CharField(max_length=10, choices=STATES, default=PENDING)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    claimed_by = models.CharField(max_length=64, blank=True)
    last_error = models.CharField(max_length=500, blank=True)
    receipt = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["pending", "sent", "dead"]), name="message_state"),
            models.CheckConstraint(condition=Q(sent_at__isnull=False) | ~Q(state="sent"), name="message_sent_at"),
        ]
        indexes = [
            models.Index(fields=["next_at", "id"], condition=Q(state="pending"), name="message_due"),
            models.Index(fields=["adapter"], condition=Q(state="dead"), name="message_dead"),
            models.Index(fields=["division", "state", "-id"], name="message_state_list"),
            models.Index(fields=["division", "adapter", "-id"], name="message_adapter_list"),
            models.Index(fields=["about"], name="message_about"),
        ]
