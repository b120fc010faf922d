"""The face of a licence: fields by their path in the form, by code alone, from the applicant; rows joined."""

from __future__ import annotations

from dataclasses import replace

import pytest

from yichuang.cases.rules.face import Line, face
from yichuang.cases.tests import given
from yichuang.catalogue.rules.formread import read

pytestmark = pytest.mark.django_db

FORM = read(
    {
        "groups": [
            {
                "code": "place",
                "title": "场所",
                "fields": [
                    {"code": "name", "label": "单位名称", "type": "text"},
                    {
                        "code": "kind",
                        "label": "类别",
                        "type": "choice",
                        "choices": [{"value": "1", "label": "理发店"}, {"value": "2", "label": "宾馆"}],
                    },
                ],
            },
            {
                "code": "people",
                "title": "人员",
                "repeat": True,
                "fields": [{"code": "name", "label": "姓名", "type": "text"}],
            },
        ]
    }
)
VALUES = {"place": {"name": "好味道", "kind": "1"}, "people": [{"name": "王一"}, {"name": "李二"}]}
APPLICANT = {"name": "好味道公司", "address": "人民路8号", "legal_representative": "赵三"}


@pytest.mark.parametrize(
    ("field", "line"),
    [
        ("place.kind", Line("kind", "类别", "理发店")),
        ("kind", Line("kind", "类别", "理发店")),
        ("people.name", Line("name", "姓名", "王一、李二")),
        ("legal_representative", Line("legal_representative", "法定代表人（负责人）", "赵三")),
        ("holder", Line("holder", "持证主体", "好味道公司")),
        ("place.nothing", Line("nothing", "nothing", "")),
    ],
)
def test_a_field_is_found_where_it_is(field: str, line: Line) -> None:
    version = given.world().version
    assert version.licence is not None
    version = replace(version, form=FORM, licence=replace(version.licence, fields=(field,)))
    assert face(version, VALUES, APPLICANT) == (line,)


def test_two_fields_of_one_code_keep_apart() -> None:
    version = given.world().version
    assert version.licence is not None
    version = replace(version, form=FORM, licence=replace(version.licence, fields=("place.name", "people.name")))
    assert [line.code for line in face(version, VALUES, APPLICANT)] == ["name", "people_name"]
