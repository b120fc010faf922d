from __future__ import annotations

import pytest
from django.conf import settings
from django.test import RequestFactory

from yichuang.core.address import client_address


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "1.1.1.1", "10.0.0.9"),
        (1, "203.0.113.5", "203.0.113.5"),
        (1, "1.1.1.1, 203.0.113.5", "203.0.113.5"),  # the first was sent by the visitor
        (2, "203.0.113.5, 192.0.2.1", "203.0.113.5"),
        (2, "1.1.1.1, 203.0.113.5, 192.0.2.1", "203.0.113.5"),
        (2, "203.0.113.5", "10.0.0.9"),  # past the proxies
        (1, "", "10.0.0.9"),
        (1, "unknown", "10.0.0.9"),
        (1, "2001:DB8::1", "2001:db8::1"),
    ],
)
def test_the_visitor_is_who_spoke_to_the_outermost_proxy(monkeypatch, proxies, forwarded, address):
    monkeypatch.setattr(settings.YICHUANG, "proxies", proxies)
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert client_address(RequestFactory(REMOTE_ADDR="10.0.0.9").get("/", headers=headers)) == address
