"""The sample of what is got in the end."""

from __future__ import annotations

import io
import re

import pytest
from pypdf import PdfReader

from yichuang.catalogue.rules import samples
from yichuang.catalogue.tests import given
from yichuang.core import documents

pytestmark = pytest.mark.django_db


def test_the_sample_shows_the_licence_and_passes_for_nothing(client):
    facts = given.published_item()
    answer = client.get(f"/items/{facts.item_id}/result.pdf")
    assert answer["Content-Type"] == "application/pdf"
    told = re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages))
    for words in ("公共场所卫生许可证", samples.ENTERPRISE, samples.ADDRESS, samples.NAME, "自发证之日起4年", "样", "没有任何效力", "样本不编号"):  # fmt: skip
        assert words in told, words


def test_the_guide_shows_it_as_a_picture(client):
    facts = given.published_item()
    assert f'src="/items/{facts.item_id}/result.png"' in client.get(f"/items/{facts.item_id}/").content.decode()
    answer = client.get(f"/items/{facts.item_id}/result.png")
    assert answer.content.startswith(b"\x89PNG")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/png", "max-age=3600, public")


def test_it_is_drawn_once(client, monkeypatch):
    facts = given.published_item(licence={**given.CONTENT["licence"], "name": "只画一次证"})
    first = client.get(f"/items/{facts.item_id}/result.png").content
    monkeypatch.setattr(documents, "_compiler", lambda: pytest.fail("drawn again"))
    assert client.get(f"/items/{facts.item_id}/result.png").content == first


def test_what_gives_no_licence_has_no_sample(client):
    facts = given.published_item(licence=None, result_name="决定书")
    assert client.get(f"/items/{facts.item_id}/result.png").status_code == 404
    assert client.get(f"/items/{facts.item_id}/result.pdf").status_code == 404
    assert "result.png" not in client.get(f"/items/{facts.item_id}/").content.decode()
