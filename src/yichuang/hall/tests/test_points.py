"""Where people can go: the list, the part of the guide, the outline of the map."""

from __future__ import annotations

import io
import json
import re

import pytest
from pypdf import PdfReader

from yichuang.catalogue.tests import given as catalogue
from yichuang.core.tests.counting import pinned
from yichuang.hall import commands, queries, rules
from yichuang.hall.tests import given
from yichuang.identity.tests import given as identity

pytestmark = pytest.mark.django_db
SQUARE = {"type": "Polygon", "coordinates": [[[109, 34], [110, 34], [110, 35], [109, 34]]]}


def names(version) -> list[str]:
    return [place.name for place in queries.places_for(version)]


def test_the_hall_takes_what_is_settled_in_it_and_a_street_what_is_its_own():
    given.point("610114001", "政务大厅")
    given.point("610114002", "凤凰路街道中心", level=5)
    given.point("610114003", "社区站", level=6)
    assert names(catalogue.published_item()) == ["政务大厅"]
    assert names(catalogue.published_item(is_entry_center=False)) == []
    assert names(catalogue.published_item(handle_area=["全区"])) == ["政务大厅", "凤凰路街道中心"]
    assert names(catalogue.published_item(use_level="5")) == ["政务大厅", "凤凰路街道中心"]
    assert names(catalogue.published_item(use_level="6", is_entry_center=False)) == ["社区站"]


def test_a_departments_own_counter_takes_its_items_and_no_others():
    other = identity.department("阎良区民政局")
    commands.set_point(
        code="610114009", name="婚姻登记处", level=4, division=identity.DIVISION, department=other,
        by=identity.by_system(), at=identity.AT,
    )  # fmt: skip
    assert names(catalogue.published_item(department="阎良区民政局", is_entry_center=False)) == ["婚姻登记处"]
    assert names(catalogue.published_item()) == []


def test_another_division_and_a_closed_point_are_not_told():
    made = given.point()
    commands.set_point(
        code="610115001", name="临潼大厅", level=4, division="610115", by=identity.by_system(), at=identity.AT
    )
    assert [p.name for p in queries.places(identity.DIVISION)] == ["阎良区政务服务大厅"]
    type(made).objects.filter(pk=made.pk).update(active=False)  # no verb closes a point yet
    assert queries.places(identity.DIVISION) == []


def test_a_point_without_hours_or_phone_tells_the_usual_ones(settings):
    settings.YICHUANG.phone = "12345"
    commands.set_point(
        code="610114009", name="大厅", level=4, division=identity.DIVISION, by=identity.by_system(), at=identity.AT
    )
    (place,) = queries.places(identity.DIVISION)
    assert (place.hours, place.phone, place.on_map) == ("工作日 09:00-12:00、13:00-17:00", "12345", False)


def test_the_page_reads_without_scripts_or_a_map(client):
    given.point()
    given.point("610114002", "凤凰路街道中心", level=5)
    told = pinned("hall.points", lambda: client.get("/points/")).content.decode()
    for words in ("阎良区政务服务大厅", "凤凰路街道中心", "西安市阎良区前进路1号", "工作日 9:00-12:00", 'href="tel:'):
        assert words in told, words
    assert re.search(r"<div class=\"hall-map-frame[^>]*\bhidden\b", told), "what needs scripts is hidden until they run"
    assert re.search(r"<div class=\"hall-nearest[^>]*\bhidden\b", told)
    assert "data-tiles" not in told
    assert not re.findall(r"(?:src|href)=\"(?:https?:)?//", told)


def test_tiles_are_the_operators_choice(client, settings):
    given.point()
    settings.YICHUANG.map_tiles, settings.YICHUANG.map_credit = "/tiles/{z}/{x}/{y}.png", "审图号：示例"
    try:
        told = client.get("/points/").content.decode()
    finally:
        settings.YICHUANG.map_tiles = settings.YICHUANG.map_credit = ""
    assert 'data-tiles="/tiles/{z}/{x}/{y}.png"' in told
    assert "审图号：示例" in told


def test_the_page_of_an_item_and_its_part_of_the_guide(client):
    given.point()
    given.point("610114002", "凤凰路街道中心", level=5)
    version = catalogue.published_item()
    part = client.get(f"/points/near/{version.item_id}/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "阎良区政务服务大厅" in part
    assert "凤凰路街道中心" not in part
    for path in (f"/points/near/{version.item_id}/", f"/points/?item={version.item_id}"):
        whole = client.get(path).content.decode()
        assert "<html" in whole
        assert "公共场所卫生许可" in whole
        assert "凤凰路街道中心" not in whole
    assert f'href="/points/near/{version.item_id}/"' in client.get(f"/items/{version.item_id}/").content.decode()


def test_an_item_that_is_not_there_has_no_points(client):
    assert client.get("/points/near/999999/").status_code == 404
    assert client.get("/points/?item=999999").status_code == 404
    assert client.get("/points/?item=x").status_code == 200


def test_the_printed_guide_says_where(client):
    given.point()
    version = catalogue.published_item()
    pdf = client.get(f"/items/{version.item_id}/guide.pdf").content
    words = re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))
    assert "就近服务点" in words
    assert "阎良区政务服务大厅" in words


# -- the outline ------------------------------------------------------------------------------------------------------


def test_the_outline_is_the_operators_file_and_nothing_else_of_it(client, settings, tmp_path):
    settings.YICHUANG.map_boundary = None
    assert client.get("/points/boundary.json").status_code == 404
    file = tmp_path / "outline.json"
    file.write_text(json.dumps({"type": "Feature", "properties": {"secret": "x"}, "geometry": SQUARE}))
    settings.YICHUANG.map_boundary = file
    try:
        answer = client.get("/points/boundary.json")
        assert answer.status_code == 200
        assert answer.json()["features"][0]["geometry"] == SQUARE
        assert "secret" not in answer.content.decode()
        given.point()
        assert 'data-boundary="/points/boundary.json"' in client.get("/points/").content.decode()
        file.write_text("no json, and longer than before")
        assert client.get("/points/boundary.json").status_code == 404
    finally:
        settings.YICHUANG.map_boundary = None


@pytest.mark.parametrize(
    "wrong", [None, [], {}, {"type": "Point", "coordinates": [1, 2]}, {"type": "FeatureCollection"}]
)
def test_what_has_no_area_is_no_outline(wrong):
    with pytest.raises(ValueError, match="no"):
        rules.outline(wrong)
