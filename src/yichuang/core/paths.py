"""Converters of addresses. `<key:pk>`: a primary key, never longer than the database's own; a longer one is no address."""

from __future__ import annotations

from django.urls import register_converter
from django.urls.converters import IntConverter


class Key(IntConverter):
    """Up to 18 digits: any BIGINT key, and nothing that a database refuses to read."""

    regex = "[0-9]{1,18}"


register_converter(Key, "key")
