"""How often one visitor may do what is open to everybody: look things up, send files, rate.

Counted by address and minute in the cache that all processes share (`core.cache`), and kept nowhere else; behind proxies
the address is read as `YICHUANG_PROXIES` says.
"""

from __future__ import annotations

from hashlib import sha256

from django.http import HttpRequest
from django.utils import timezone

from yichuang.core.address import client_address
from yichuang.core.cache import shared
from yichuang.core.refusal import Refusal


def check(request: HttpRequest, what: str, *, per_minute: int) -> None:
    """Count one more of `what` for the visitor's address. Raises Refusal 429 "limits.too_often" beyond the limit."""
    address = sha256(client_address(request).encode()).hexdigest()[:24]
    key = f"limits:{what}:{address}:{int(timezone.now().timestamp()) // 60}"
    if shared().count(key, seconds=120) > per_minute:
        raise Refusal("limits.too_often", "您的操作过于频繁。", "请稍等一分钟后再试。", status=429)
