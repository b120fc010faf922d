"""The configuration's own conclusions."""

from __future__ import annotations

import pytest

from yichuang.site.config import Config


@pytest.mark.parametrize(
    ("tiles", "origin"),
    [
        ("", ""),
        ("/tiles/{z}/{x}/{y}.png", ""),
        ("https://tiles.example.gov.cn/{z}/{x}/{y}.png", "https://tiles.example.gov.cn"),
        ("http://127.0.0.1:8080/{z}/{x}/{y}.png", "http://127.0.0.1:8080"),
        ("https://t{s}.tiles.example.gov.cn/{z}/{x}/{y}.png", "https://*.tiles.example.gov.cn"),
        ("javascript:alert(1)", ""),
    ],
)
def test_only_the_tiles_own_origin_is_let_in(tiles, origin):
    assert Config(map_tiles=tiles).tiles_origin == origin
