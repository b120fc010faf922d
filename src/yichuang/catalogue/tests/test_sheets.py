"""Forms and samples: what the platform draws from the item's own form, and what an editor uploads."""

from __future__ import annotations

import io
import re

import pytest
from pypdf import PdfReader

from yichuang.catalogue import commands, queries
from yichuang.catalogue.models import ItemVersion
from yichuang.catalogue.models.item import DRAFT
from yichuang.catalogue.rules import formread, samples
from yichuang.catalogue.tests import given
from yichuang.core.models import File
from yichuang.core.refusal import Refusal
from yichuang.core.tests import samples as made

pytestmark = pytest.mark.django_db
AT = given.AT
PDF = made.pdf()
OTHER = made.pdf(pages=2)
FORM = {
    "groups": [
        {
            "code": "shop",
            "title": "经营者",
            "fields": [
                {"code": "name", "label": "单位名称", "type": "text", "required": True, "source": "applicant.name"},
                {"code": "owner", "label": "经营者姓名", "type": "text", "required": True, "max_length": 10},
                {"code": "id", "label": "身份证号", "type": "citizen_id", "required": True},
                {"code": "uscc", "label": "统一社会信用代码", "type": "uscc", "required": True},
                {"code": "phone", "label": "电话", "type": "phone", "required": True},
                {"code": "mail", "label": "邮箱", "type": "email"},
                {"code": "since", "label": "开业日期", "type": "date", "required": True, "max": "today"},
                {"code": "area", "label": "面积", "type": "decimal", "min": "5", "max": "8", "required": True},
                {"code": "money", "label": "资金", "type": "money", "required": True},
                {"code": "code", "label": "证书编码", "type": "text", "pattern": "^[0-9A-Z]{6,40}$", "required": True},
                {"code": "odd", "label": "怪编码", "type": "text", "pattern": "^ZZ-[0-9]{4}-QQ$"},
                {
                    "code": "kind", "label": "性质", "type": "choice", "required": True,
                    "choices": [{"value": "a", "label": "自有"}, {"value": "b", "label": "租赁"}],
                },
                {"code": "rent", "label": "租金", "type": "money", "when": {"field": "kind", "eq": "b"}},
                {"code": "agree", "label": "知晓告知内容", "type": "boolean", "required": True},
            ],
        },
        {
            "code": "people", "title": "从业人员", "repeat": True, "min": 2, "max": 9,
            "fields": [{"code": "name", "label": "姓名", "type": "text", "required": True}],
        },
    ]
}  # fmt: skip


def words(data: bytes) -> str:
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages))


# -- invented answers -------------------------------------------------------------------------------------------------


def test_invented_answers_are_ones_that_the_form_accepts():
    form, _ = formread.parse(FORM)
    values = samples.invented(form, "2026-11-24")
    assert form.check(values, today="2026-11-24").errors == {}
    assert values["shop"]["kind"] == "a"
    assert "rent" not in values["shop"], "a question that these answers do not raise"
    assert not values["shop"].get("odd"), "nothing invented fits: left blank"
    assert len(values["people"]) == 2
    assert samples.invented(form, "2026-11-24") == values


# -- drawn ------------------------------------------------------------------------------------------------------------


def test_the_blank_form_asks_everything_and_answers_nothing(client):
    facts = given.published_item(form=FORM)
    told = words(client.get(f"/items/{facts.item_id}/form.pdf").content)
    for label in ("公共场所卫生许可申请表", "单位名称", "身份证号", "租金", "从业人员", "自有", "申请人声明", "公共场所卫生检测报告"):  # fmt: skip
        assert label in told, label
    assert samples.ENTERPRISE not in told
    assert samples.NAME not in told


def test_the_sample_is_filled_in_and_says_that_it_is_one(client):
    facts = given.published_item(form=FORM)
    told = words(client.get(f"/items/{facts.item_id}/form-sample.pdf").content)
    for part in ("填写样例", "虚构", samples.ENTERPRISE, samples.NAME, "19000000000", samples.MARK):
        assert part in told, part


def test_an_item_without_a_form_has_neither(client):
    facts = given.published_item(form=None, licence=None, is_online=False, online_handle_depth=[], is_mobile=False)
    assert client.get(f"/items/{facts.item_id}/form.pdf").status_code == 404
    assert client.get(f"/items/{facts.item_id}/form-sample.pdf").status_code == 404


def test_the_guide_leads_to_form_and_sample_at_the_form_itself(client):
    facts = given.published_item()
    told = client.get(f"/items/{facts.item_id}/").content.decode()
    row = told[told.index("公共场所卫生许可申请表") :]
    assert f"/items/{facts.item_id}/form.pdf" in row[: row.index("</tr>")]
    assert f"/items/{facts.item_id}/form-sample.pdf" in row[: row.index("</tr>")]


# -- uploaded ---------------------------------------------------------------------------------------------------------


def put(version: ItemVersion, by=None, **given_values) -> ItemVersion:
    wanted = {"material": "m2", "kind": "example", "source": PDF, "name": "检测报告样表.pdf"} | given_values
    return commands.put_sheet(version.pk, **wanted, by=by or given.editor(), at=AT)


def test_a_sample_is_seen_once_its_version_is_published(client):
    draft = given.draft()
    put(draft)
    put(draft, kind="form", name="空表.pdf", source=OTHER)
    address = f"/items/{draft.item_id}/materials/m2/example/"
    assert client.get(address).status_code == 404
    commands.publish_version(draft.pk, by=given.by_system(), at=AT)
    assert address in client.get(f"/items/{draft.item_id}/").content.decode()
    answer = client.get(address)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == PDF
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert client.get(f"/items/{draft.item_id}/materials/m1/example/").status_code == 404
    assert client.get(f"/items/{draft.item_id}/materials/m2/other/").status_code == 404


def test_a_published_version_keeps_its_files_and_the_next_begins_with_them():
    draft = given.draft()
    put(draft)
    commands.publish_version(draft.pk, by=given.by_system(), at=AT)
    with pytest.raises(Refusal, match="不能再改"):
        put(draft, name="又一张.pdf", source=OTHER)
    assert File.objects.count() == 1, "what is refused is not kept"
    facts = queries.version(draft.pk)
    content = queries.content(queries.whole().get(pk=draft.pk))
    following = commands.draft_version(draft.item, content, by=given.by_system(), at=AT)
    assert queries.sheet_of(queries.version(following.pk), "m2", "example").digest == facts.material("m2").example_guid
    commands.take_sheet(following.pk, material="m2", kind="example", by=given.editor(), at=AT)
    assert queries.sheets(queries.version(following.pk)) == {}
    assert queries.sheets(queries.version(draft.pk))["m2"]["example"].name == "检测报告样表.pdf"


@pytest.mark.parametrize(
    ("wrong", "status"),
    [({"material": "m9"}, 404), ({"kind": "other"}, 404), ({"source": b"MZ not a pdf", "name": "样表.pdf"}, 422)],
)
def test_what_does_not_fit_is_refused_and_nothing_kept(wrong, status):
    draft = given.draft()
    with pytest.raises(Refusal) as refused:
        put(draft, **wrong)
    assert refused.value.status == status
    assert not File.objects.exists()
    assert ItemVersion.objects.get(pk=draft.pk).digest == draft.digest


def test_only_the_departments_editor_uploads():
    draft = given.draft()
    for by in (given.editor("区民政局"), given.identity.staff("某某", roles=("handler",))[1]):
        with pytest.raises(Refusal) as refused:
            put(draft, by=by)
        assert refused.value.status == 403
    assert not File.objects.exists()


def test_a_name_that_another_system_gave_is_no_file():
    content = given.content()
    content["materials"][1]["example_guid"] = "a3f0-from-elsewhere"
    made = commands.create_item(content, division=given.DIVISION, by=given.by_system(), at=AT)
    assert queries.sheets(queries.version(made.pk)) == {}


# -- the desk's page --------------------------------------------------------------------------------------------------


@pytest.fixture
def editor(client):
    client.force_login(given.identity.staff("周目录", roles=("catalogue_editor",))[0].account)
    return client


def sent(name: str, data: bytes) -> io.BytesIO:
    file = io.BytesIO(data)
    file.name = name
    return file


def test_an_editor_drafts_the_next_version_uploads_removes(editor):
    facts = given.published_item()
    assert "起草新版" in editor.get(f"/desk/catalogue/versions/{facts.id}/").content.decode()
    assert editor.post(f"/desk/catalogue/{facts.item_id}/draft/").status_code == 302
    draft = ItemVersion.objects.get(item_id=facts.item_id, state=DRAFT)
    assert (draft.number, draft.task_name) == (2, facts.name)
    assert editor.post(f"/desk/catalogue/{facts.item_id}/draft/").status_code == 409
    page = f"/desk/catalogue/versions/{draft.pk}/sheets/"
    wrong = editor.post(page, {"material": "m2", "kind": "example", "file": sent("样表.pdf", b"no pdf")})
    assert wrong.status_code == 422
    assert editor.post(page, {"material": "m2", "kind": "example"}).status_code == 422
    done = editor.post(page, {"material": "m2", "kind": "example", "file": sent("样表.pdf", PDF)})
    assert done.status_code == 302
    told = editor.get(page).content.decode()
    assert "样表.pdf" in told
    assert b"".join(editor.get(f"{page}m2/example/").streaming_content) == PDF
    assert editor.post(f"{page}m2/example/remove/").status_code == 302
    assert "样表.pdf" not in editor.get(page).content.decode()


def test_others_look_and_do_not_touch(client):
    draft = given.draft()
    put(draft)
    page = f"/desk/catalogue/versions/{draft.pk}/sheets/"
    assert client.get(page).status_code == 302
    client.force_login(given.identity.staff("某某", roles=("handler",))[0].account)
    told = client.get(page).content.decode()
    assert "检测报告样表.pdf" in told
    assert 'type="file"' not in told
    assert client.post(page, {"material": "m2", "kind": "form", "file": sent("a.pdf", PDF)}).status_code == 403
    assert client.post(f"{page}m2/example/remove/").status_code == 403
    assert client.post(f"/desk/catalogue/{draft.item_id}/draft/").status_code == 403
    assert queries.sheets(queries.version(draft.pk))["m2"]["example"].size == len(PDF)
