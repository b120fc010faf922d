"""Adapters that a package builds its own upon: HTTP with JSON, and the console.

An adapter is called by the worker with a message and returns a Receipt, or raises Retry or Rejected.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import structlog
from django.conf import settings

from yichuang.core.events import canonical
from yichuang.core.models import Message
from yichuang.core.outbox import Receipt, Rejected, Retry

if TYPE_CHECKING:
    from httpx import Response

TIMEOUT = 20.0
"""Seconds for the whole exchange, well inside a claim's lease (outbox.LEASE)."""

logger = structlog.get_logger(__name__)


def post(
    message: Message,
    url: str,
    body: Mapping[str, Any],
    *,
    headers: Mapping[str, str] | None = None,
    timeout: float = TIMEOUT,
) -> Receipt:
    """POST `body` as JSON with the message's key as Idempotency-Key.

    2xx is the receipt (its JSON, or its first 2,000 characters); 408, 425 and 429 and every 5xx, redirect or network
    failure is Retry; every other 4xx is Rejected. The body is canonical, so that a repeat is the same bytes.
    """
    import httpx  # large: loaded with the first delivery

    sent = {"Content-Type": "application/json", "Idempotency-Key": message.key, **(headers or {})}
    try:
        answer = httpx.post(url, content=canonical(body).encode(), headers=sent, timeout=timeout)
    except httpx.HTTPError as broken:
        raise Retry(f"无法连接：{type(broken).__name__} {broken}") from broken
    if answer.is_success:
        told = _told(answer)
        reference = told.get("reference") or told.get("id") or "" if isinstance(told, dict) else ""
        return Receipt(reference=str(reference), answer=told)
    reason = f"对方返回 {answer.status_code}：{answer.text[:300]}"
    if 400 <= answer.status_code < 500 and answer.status_code not in {408, 425, 429}:
        raise Rejected(reason)
    raise Retry(reason)


def _told(answer: Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return answer.text[:2000]


def http(url: str, *, token: str = "", timeout: float = TIMEOUT) -> Callable[[Message], Receipt]:
    """An adapter that posts each message's payload to `url`, with a bearer token where one is given. Without an
    address it is not set up yet: the messages wait (Retry) and show the reason."""

    def adapter(message: Message) -> Receipt:
        if not url:
            raise Retry("尚未配置对方系统的地址")
        headers = {"Authorization": f"Bearer {token}"} if token else None
        return post(message, url, message.payload, headers=headers, timeout=timeout)

    return adapter


def console(message: Message) -> Receipt:
    """Development: the message is a line of the operator's log (in production without its payload: personal data)."""
    shown = {} if settings.YICHUANG.production else {"payload": message.payload}
    logger.info("outbox.console", adapter=message.adapter, key=message.key, **shown)
    return Receipt(reference=f"console-{message.pk}")
