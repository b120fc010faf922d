"""Where a request comes from, through as many proxies as are configured."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The visitor's IP address.

    Each of `YICHUANG_PROXIES` proxies appends to X-Forwarded-For who spoke to it: the visitor is the entry that the
    outermost of them wrote, counted from the end. What stands before it the visitor wrote themselves, and it is not
    believed. Without proxies, or with fewer entries than proxies (who came past them), it is the peer of the connection.
    """
    peer = str(request.META.get("REMOTE_ADDR", ""))
    count = settings.YICHUANG.proxies
    told = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if count else []
    if len(told) < count or not told:
        return peer
    try:
        return str(ip_address(told[-count].strip()))
    except ValueError:
        return peer
