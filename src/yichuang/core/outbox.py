"""The outbox: what other systems are to be told, written with the act, delivered by the worker, at least once.

A command calls `enqueue` in its transaction. The worker `claim`s what is due (SKIP LOCKED; on SQLite the one writer),
calls the adapter outside any transaction, and `settle`s the outcome. A claim is a lease: a worker that dies is followed
by another one when the lease ends, with the same key, so that a receiver that honours the key gets each message once.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from typing import Any

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from yichuang.core import log
from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.models import LogEvent, Message
from yichuang.core.refusal import Refusal
from yichuang.core.rules import backoff

LEASE = timedelta(seconds=90)
"""Longer than any adapter's time-out, short enough that a dead worker's messages are not late."""

logger = structlog.get_logger(__name__)


class Retry(Exception):
    """The other side cannot take it now; it will be tried again. reason: shown to the administrator."""


class Rejected(Exception):
    """The other side will never take it as it is: a dead letter at once. reason: shown to the administrator."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the other side answered: its own number, and whatever it said (JSON-able)."""

    reference: str = ""
    answer: Any = None

    def as_json(self) -> dict[str, Any]:
        return {"reference": self.reference, "answer": self.answer}


Adapter = Callable[[Message], Receipt]


@cache
def adapters() -> Mapping[str, Adapter]:
    """name -> adapter, from the literal table of the module named in settings."""
    table: Mapping[str, Adapter] = import_module(settings.YICHUANG_WIRING).ADAPTERS
    return table


def enqueue(adapter: str, key: str, payload: dict[str, Any], *, about: str, at: datetime, division: str = "") -> None:
    """Write a message, in the caller's transaction. A repeated key leaves the first message as it is.

    adapter: a name of `site.wiring.ADAPTERS`. key: what the other side knows it by, at most 160 characters.
    about: the stream it concerns. at: now, aware. Raises RuntimeError outside a transaction, ValueError for an
    adapter that nobody wired.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("outbox.enqueue belongs in the transaction of a command")
    if adapter not in adapters():
        raise ValueError(f"no adapter {adapter!r} in ADAPTERS")
    message = Message(
        key=key,
        adapter=adapter,
        payload=payload,
        about=about,
        division=division or settings.YICHUANG.division,
        next_at=at,
        created_at=at,
    )
    Message.objects.bulk_create([message], ignore_conflicts=True)


def waiting(at: datetime) -> bool:
    """True if something is due: a cheap read, so that an idle worker takes no write lock."""
    return Message.objects.filter(state=Message.PENDING, next_at__lte=at).exists()


def claim(worker: str, at: datetime, limit: int = 16) -> list[Message]:
    """Take up to `limit` due messages for LEASE; nobody else gets them before it ends."""
    with transaction.atomic():
        due = Message.objects.filter(state=Message.PENDING, next_at__lte=at).order_by("next_at", "id")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        taken = list(due[:limit])
        for message in taken:
            message.attempts += 1
            message.claimed_by = worker
            message.next_at = at + LEASE
        Message.objects.bulk_update(taken, ["attempts", "claimed_by", "next_at"])
    return taken


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a delivery ended: a receipt, or an error that is final or not."""

    receipt: Receipt | None = None
    error: str = ""
    final: bool = False


def deliver(message: Message) -> Outcome:
    """Hand it to its adapter: network, no transaction. Never raises: a broken adapter is tried again later."""
    adapter = adapters().get(message.adapter)
    if adapter is None:
        return Outcome(error=f"没有名为 {message.adapter} 的适配器")
    try:
        return Outcome(receipt=adapter(message))
    except Rejected as no:
        return Outcome(error=str(no), final=True)
    except Retry as later:
        return Outcome(error=str(later))
    except Exception as broken:  # whatever an adapter does, the other messages go on
        logger.exception("outbox.adapter_broken", adapter=message.adapter, message=message.pk)
        return Outcome(error=f"{type(broken).__name__}: {broken}")


def settle(message: Message, outcome: Outcome, at: datetime) -> None:
    """Write down how it ended. A receipt always counts; a failure only while this claim is the latest one."""
    open_ = Message.objects.filter(pk=message.pk).exclude(state=Message.SENT)
    if outcome.receipt is not None:
        open_.update(state=Message.SENT, receipt=outcome.receipt.as_json(), sent_at=at, last_error="", claimed_by="")
        logger.info("outbox.sent", adapter=message.adapter, message=message.pk, attempts=message.attempts)
        return
    later = None if outcome.final else backoff.next_try(message.attempts, at, random.random())  # noqa: S311 - no secret
    changes: dict[str, Any] = {"last_error": outcome.error[:500], "claimed_by": ""}
    changes |= {"state": Message.DEAD} if later is None else {"next_at": later}
    open_.filter(state=Message.PENDING, attempts=message.attempts).update(**changes)
    logger.warning(
        "outbox.dead" if later is None else "outbox.retry",
        adapter=message.adapter,
        message=message.pk,
        attempts=message.attempts,
        reason=outcome.error[:200],
    )


def resend(message_id: int, *, by: Actor, at: datetime) -> Message:
    """Try a dead letter again at once, or a waiting one before its time: by a system administrator, told in the log.

    Refusal 404 "outbox.unknown"; 409 "outbox.already_sent" for one that was received.
    """
    by.require("system_administrator")
    with transaction.atomic():
        rows = Message.objects.all()
        if connection.features.has_select_for_update:
            rows = rows.select_for_update()
        message = rows.filter(pk=message_id, division=by.division).first()
        if message is None:
            raise _unknown()
        if message.state == Message.SENT:
            raise Refusal("outbox.already_sent", "这条消息已经送达，对方已有回执。", "请在发送队列查看回执，无需重发。")
        was = {"state": message.state, "attempts": message.attempts, "reason": message.last_error}
        message.state = Message.PENDING
        message.attempts = 0
        message.next_at = at
        message.claimed_by = ""
        message.save(update_fields=["state", "attempts", "next_at", "claimed_by"])
        log.append(f"outbox:{message.pk}", Event("outbox.resent", {"adapter": message.adapter, **was}), by=by, at=at)
    return message


READERS = ("system_administrator", "publicity_officer", "auditor")
"""Who sees the queue; what a message says (its payload) is shown to nobody, as it may be personal."""


def messages(actor: Actor, *, adapter: str = "", state: str = "", about: str = "") -> QuerySet[Message]:
    """The messages of the actor's division, without their payload. Refusal 403 for who is no reader."""
    if not actor.has_any(READERS):
        actor.require("system_administrator")
    rows = Message.objects.filter(division=actor.division).defer("payload")
    if adapter:
        rows = rows.filter(adapter=adapter)
    if state:
        rows = rows.filter(state=state)
    if about:
        rows = rows.filter(about=about)
    return rows


def message_for(actor: Actor, message_id: int) -> Message:
    """The one gate to a message. Refusal 404 for one that is not there or of another division."""
    message = messages(actor).filter(pk=message_id).first()
    if message is None:
        raise _unknown()
    return message


def resends(message: Message) -> list[LogEvent]:
    """When and by whom it was sent again, the latest first."""
    return list(LogEvent.objects.filter(stream=f"outbox:{message.pk}").order_by("-seq"))


def _unknown() -> Refusal:
    return Refusal("outbox.unknown", "没有这条发送记录。", "请返回发送队列重新选择。", status=404)
