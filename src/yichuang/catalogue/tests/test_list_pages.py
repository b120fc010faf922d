"""Pages and API of the public lists and of what is listed, by who opens them; what each costs."""

from __future__ import annotations

import pytest
from django.test import Client

from yichuang.catalogue import commands
from yichuang.catalogue.models import Certificate, Intermediary, ListEdition
from yichuang.catalogue.tests import given, given_lists
from yichuang.core import jobs, tables
from yichuang.core.models import Job
from yichuang.core.tests.counting import pinned

pytestmark = pytest.mark.django_db
AT = given.AT


def page(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(given.identity.staff("某某", roles=(role,), whole_division=True)[0].account)
    return client


def test_the_public_reads_lists_editions_and_what_changed(client):
    facts = given.published_item(task_name="食品经营许可")
    assert page(client, "/lists/").count("尚未公布") == 16
    assert "还没有公布" in page(client, "/lists/licence/")
    first = given_lists.edition("licence", title="第一版许可清单")
    commands.retire_version(facts.id, reason="取消", by=given.by_system(), at=AT)
    given.published_item(task_name="理发店许可")
    given_lists.edition("licence")
    assert "第 2 版" in page(client, "/lists/")
    told = page(client, "/lists/licence/")
    assert "理发店许可" in told
    assert "食品经营许可" not in told
    assert "不是现行的一版" not in told
    old = page(client, "/lists/licence/1/?verify=1")
    for words in ("第一版许可清单", "食品经营许可", first.digest, "不是现行的一版", "与公布时的指纹一致"):
        assert words in old, words
    compared = page(client, "/lists/licence/compare/")
    assert "增加 1 条，减少 1 条，变化 0 条" in compared
    assert "两版内容相同" in page(client, "/lists/licence/compare/?a=1&b=1")
    assert "增加 1 条，减少 1 条" in page(client, "/lists/licence/compare/?a=99&b=x")


def test_what_is_not_there(client):
    for path in ("/lists/nothing/", "/lists/licence/1/", "/lists/licence/compare/", "/lists/licence/1.xlsx", "/lists/licence/99999999999/", "/api/v1/lists/nothing", "/api/v1/lists/licence"):  # fmt: skip
        assert client.get(path).status_code in (404, 422), path


def test_an_edition_is_taken_away_as_files(client):
    given.published_item(task_name="=食品经营许可")
    edition = given_lists.edition("licence")
    for form in ("xlsx", "csv"):
        answer = client.get(f"/lists/licence/1.{form}")
        assert "attachment" in answer["Content-Disposition"]
        (row,) = tables.read(answer.content)
        assert list(row) == edition.columns
        assert row["事项名称"] == "=食品经营许可"
    pdf = client.get("/lists/licence/1.pdf")
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")


def test_an_editor_sees_what_would_change_and_publishes():
    given.published_item(task_name="食品经营许可")
    editor, handler, head = signed_in("catalogue_editor"), signed_in("handler"), signed_in("head")
    assert handler.get("/desk/lists/").status_code == 403
    told = page(editor, "/desk/lists/licence/")
    assert "增加 1 条" in told
    assert "公布第一版" in told
    assert "公布第一版" not in page(head, "/desk/lists/licence/")
    assert head.post("/desk/lists/licence/", {"title": ""}).status_code == 403
    assert editor.post("/desk/lists/licence/", {"title": "长" * 201}).status_code == 422
    assert not Job.objects.exists()
    assert editor.post("/desk/lists/licence/", {"title": ""}).status_code == 302
    assert editor.post("/desk/lists/licence/", {"title": ""}).status_code == 409
    jobs.run.call(Job.objects.get().pk)
    assert ListEdition.objects.get().count == 1
    told = page(editor, "/desk/lists/licence/")
    assert "没有变化" in told
    assert "公布新版" not in told.replace("不需要公布新版", "")
    assert "现在没有内容" in page(editor, "/desk/lists/self/")


@pytest.mark.parametrize(
    ("kind", "entry", "model", "changes"),
    [
        ("certificates", given_lists.CERTIFICATE, Certificate, {"way": "告知承诺"}),
        ("intermediaries", given_lists.INTERMEDIARY, Intermediary, {"fee_way": "不收费"}),
    ],
)
def test_an_entry_goes_through_its_pages(kind, entry, model, changes):
    editor, reader = signed_in("catalogue_editor"), signed_in("auditor")
    form = {k: "\n".join(v) if isinstance(v, list) else v for k, v in entry.items()}
    told = editor.post(f"/desk/listed/{kind}/new/", form | {"law": ""})
    assert told.status_code == 422
    assert not model.objects.exists()
    assert editor.post(f"/desk/listed/{kind}/new/", form).status_code == 302
    row = model.objects.get()
    at = f"/desk/listed/{kind}/{row.pk}/"
    assert row.name in page(reader, f"/desk/listed/{kind}/")
    assert "移出清单" not in page(reader, at)
    assert reader.post(at, form | changes).status_code == 403
    assert editor.post(at, form | changes).status_code == 302
    row.refresh_from_db()
    assert all(getattr(row, name) == value for name, value in changes.items())
    assert editor.post(f"{at}unlist/", {"reason": ""}).status_code == 422
    assert editor.post(f"{at}unlist/", {"reason": "依据已修改"}).status_code == 302
    row.refresh_from_db()
    assert not row.in_force
    assert "依据已修改" in page(editor, at)
    assert row.name not in page(editor, f"/desk/listed/{kind}/")
    assert row.name in page(editor, f"/desk/listed/{kind}/?ended=1")
    for path in (f"/desk/listed/{kind}/", at, "/desk/listed/other/"):
        assert signed_in("handler").get(path).status_code == 403, path
        assert Client().get(path).status_code == 302, path
    assert editor.get("/desk/listed/other/").status_code == 404


def test_an_entry_that_is_asked_for_stays_and_the_page_names_who_asks():
    row = given_lists.certificate()
    given.published_item(task_name="保安员证核发", **given_lists.material())
    editor = signed_in("catalogue_editor")
    assert "保安员证核发" in page(editor, f"/desk/listed/certificates/{row.pk}/")
    answer = editor.post(f"/desk/listed/certificates/{row.pk}/unlist/", {"reason": "不再需要"})
    assert answer.status_code == 409
    assert "保安员证核发" in answer.content.decode()


def test_the_api_gives_the_newest_edition_to_everybody(client):
    for n in range(3):
        given.published_item(task_name=f"第{n}号许可")
    assert [row["edition"] for row in client.get("/api/v1/lists").json()] == [None] * 16
    edition = given_lists.edition("licence")
    listed = {row["code"]: row for row in client.get("/api/v1/lists").json()}
    assert listed["licence"]["edition"]["digest"] == edition.digest
    first = client.get("/api/v1/lists/licence?size=2").json()
    second = client.get("/api/v1/lists/licence", {"size": 2, "cursor": first["next"]}).json()
    assert [len(first["items"]), len(second["items"])] == [2, 1]
    assert len(first["items"][0]["cells"]) == len(first["columns"])
    assert client.get("/api/v1/lists/licence?cursor=bad").status_code == 422


@pytest.mark.parametrize("many", [2, 12])
def test_what_a_page_costs_does_not_grow(client, many):
    given_lists.certificate()
    for n in range(many):
        given_lists.certificate(code=f"ZM-{n}", name=f"第{n}号证明", names=[])
        facts = given.published_item(task_name=f"第{n}号许可", **given_lists.material())
    given_lists.edition("licence")
    given_lists.edition("certificate")
    given_lists.edition("service")
    given.revised(facts, promise_day=6)
    commands.retire_version(given.published_item(task_name="旧").id, reason="取消", by=given.by_system(), at=AT)
    given_lists.edition("licence")
    editor = signed_in("catalogue_editor")
    page(client, "/lists/")
    page(editor, "/desk/lists/")
    pinned("catalogue.lists", lambda: page(client, "/lists/"))
    pinned("catalogue.list", lambda: page(client, "/lists/licence/"))
    pinned("catalogue.list_compare", lambda: page(client, "/lists/licence/compare/"))
    pinned("catalogue.api.lists", lambda: page(client, "/api/v1/lists"))
    pinned("catalogue.api.list", lambda: page(client, "/api/v1/lists/licence"))
    pinned("catalogue.desk_lists", lambda: page(editor, "/desk/lists/"))
    pinned("catalogue.desk_list", lambda: page(editor, "/desk/lists/service/"))
    pinned("catalogue.listed_entries", lambda: page(editor, "/desk/listed/certificates/"))
