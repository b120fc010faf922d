"""Pages and API of the catalogue, by who opens them; what each list costs."""

from __future__ import annotations

import io
import json
import re

import pytest
from django.test import Client
from pypdf import PdfReader

from yichuang.catalogue import commands, queries
from yichuang.catalogue.models import Item, ItemVersion
from yichuang.catalogue.tests import given
from yichuang.core import jobs, tables
from yichuang.core.models import Job
from yichuang.core.tests.counting import pinned

pytestmark = pytest.mark.django_db
AT = given.AT


def page(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


@pytest.fixture
def editor(client):
    staff, _ = given.identity.staff("周目录", roles=("catalogue_editor",))
    client.force_login(staff.account)
    return client


def other_staff(role: str) -> Client:
    client = Client()
    client.force_login(given.identity.staff("某某", roles=(role,))[0].account)
    return client


# -- portal -----------------------------------------------------------------------------------------------------------


def test_the_guide_says_everything_in_one_page(client):
    facts = given.published_item(is_fee=True, fee_basis="某条例", fees=[{"fee_name": "工本费", "fee_stand": "每本10元", "by_law": "某条例第三条"}])  # fmt: skip
    told = page(client, f"/items/{facts.item_id}/")
    for words in (
        "公共场所卫生许可", "5个工作日", "法定 20个工作日", "有固定的经营场所", "公共场所卫生检测报告", "有资质的检测机构出具", "工本费", "每本10元",
        "受理", "审查", "3 个工作日", "公共场所卫生许可证", "有效期4年", "《公共场所卫生管理条例》第四条", "卫生检测报告哪里出？", "阎良区政务服务大厅",
        "029-86212345", "60 日内", "6 个月内", "西安铁路运输法院", f"/apply/{facts.item_id}/",
    ):  # fmt: skip
        assert words in told, words


def test_what_need_not_be_brought_stands_apart(client):
    content = given.content()
    content["materials"][1] |= {"exempt": "由市场监管部门共享，免提交"}
    made = commands.create_item(content, division=given.DIVISION, by=given.by_system(), at=AT)
    commands.publish_version(made.pk, by=given.by_system(), at=AT)
    told = page(client, f"/items/{made.item_id}/")
    assert "您不用带" in told
    assert "由市场监管部门共享，免提交" in told
    assert [m.code for m in queries.guide(made.item_id).brought] == ["m1"]


def test_an_item_that_is_not_online_offers_no_application(client):
    facts = given.published_item(is_online=False, online_handle_depth=[], is_mobile=False, handle_type=["1"])
    told = page(client, f"/items/{facts.item_id}/")
    assert "/apply/" not in told
    assert "需要到窗口办理" in told


def test_drafts_retired_and_unknown_items_are_not_there(client):
    draft = given.draft()
    facts = given.published_item()
    commands.retire_version(facts.id, reason="取消", by=given.by_system(), at=AT)
    for pk in (draft.item_id, facts.item_id, 999_999):
        for path in (f"/items/{pk}/", f"/items/{pk}/guide.pdf", f"/items/{pk}/form.pdf", f"/api/v1/items/{pk}"):
            assert client.get(path).status_code == 404, path


def test_the_guide_and_the_blank_form_print(client):
    facts = given.published_item()
    for name in ("guide", "form"):
        response = client.get(f"/items/{facts.item_id}/{name}.pdf")
        assert response.status_code == 200
        assert response["Content-Type"] == "application/pdf"
        assert response.content.startswith(b"%PDF")


def test_search_finds_marks_and_narrows(client):
    shown = given.published_item(task_name="食品经营许可", main_audience="legal")
    given.published_item(task_name="食品摊贩备案", main_audience="person", task_type="10", catalog_code="")
    given.draft(task_name="食品小作坊登记草稿")
    told = page(client, "/search/?q=食品")
    assert "找到 2 项" in told
    assert "草稿" not in told
    narrowed = page(client, "/search/?q=食品&for=legal")
    assert f"/items/{shown.item_id}/" in narrowed
    assert "食品摊贩备案" not in narrowed
    assert "没有找到这件事" in page(client, "/search/?q=外星人来访")
    assert "这些条件下没有" in page(client, "/search/?q=食品&type=05")
    assert "按读音为您找到" in page(client, "/search/?q=shipinjingying")


STORY = "明天上午九点我姑妈坐高铁带取水的桶来看我们全家老小"


def test_what_meets_little_of_a_question_is_told_as_a_guess(client):
    facts = given.published_item(task_name="取水许可")
    for name in ("食品经营许可", "养犬登记", "诊所备案"):
        given.published_item(task_name=name, aliases=[])
    told = page(client, f"/search/?q={STORY}")
    assert "可能相关（与您的问题只有部分相符）" in told
    assert "完全相符的事项" in told
    assert "找到 1 项" not in told
    assert f"/items/{facts.item_id}/" in told
    assert "可能相关（只有部分相符）" in page(client, f"/search/suggest/?q={STORY}")
    assert [hit["loose"] for hit in client.get("/api/v1/search", {"q": STORY}).json()] == [True]
    firm = page(client, "/search/?q=取水许可")
    assert "找到 1 项" in firm
    assert "完全相符的事项" not in firm
    assert client.get("/api/v1/search", {"q": "取水许可"}).json()[0]["loose"] is False


def test_firm_hits_stand_before_loose_ones(client):
    for name in ("食品经营许可", "食品经营许可变更", "食品生产许可", "养犬登记", "诊所备案"):
        given.published_item(task_name=name, aliases=[])
    hits = queries.search("食品经营许可变更登记", 20)
    assert len(hits) > 1
    assert [hit.loose for hit in hits] == sorted(hit.loose for hit in hits)


def test_browsing_pages_by_key(client):
    for n in range(32):
        given.published_item(task_name=f"第{n:02d}号许可")
    first = page(client, "/search/")
    following = re.search(r'href="(\?[^"]*cursor=[^"]+)"', first)
    assert following
    second = page(client, "/search/" + following.group(1).replace("&amp;", "&"))
    assert "第31号许可" in second
    assert "第00号许可" not in second


@pytest.mark.parametrize(
    "query",
    [
        "q=" + "长" * 500,
        "department=x",
        "department=99999999999999",
        "for=all",
        "online=7",
        "type=%00",
        "cursor=bad",
        "q=%F0%9F%98%80",
    ],
)
def test_an_odd_address_is_answered(client, query):
    assert client.get(f"/search/?{query}").status_code in (200, 422)


def test_suggestions_are_a_fragment(client):
    given.published_item(task_name="食品经营许可")
    told = page(client, "/search/suggest/?q=食品")
    assert "食品经营许可" in told
    assert "<html" not in told
    assert page(client, "/search/suggest/?q=").strip() == ""


# -- desk -------------------------------------------------------------------------------------------------------------


def test_the_desk_is_for_staff(client):
    facts = given.published_item()
    for path in ("", "lint/", "import/", f"{facts.item_id}/", f"versions/{facts.id}/", f"{facts.item_id}/compare/"):
        assert client.get(f"/desk/catalogue/{path}").status_code == 302
    clerk = other_staff("window_clerk")
    assert clerk.get("/desk/catalogue/").status_code == 200
    assert clerk.get("/desk/catalogue/import/").status_code == 403
    assert clerk.post(f"/desk/catalogue/versions/{facts.id}/retire/", {"reason": "x"}).status_code == 403
    assert clerk.post("/desk/catalogue/export/").status_code == 403
    assert "废止" not in clerk.get(f"/desk/catalogue/versions/{facts.id}/").content.decode().split("基本信息")[0].replace("已废止", "")  # fmt: skip


def test_another_divisions_items_are_not_there(editor):
    commands.import_items([given.sparse_row(1)], division="610115", by=given.by_system(), at=AT)
    item = Item.objects.get()
    assert editor.get(f"/desk/catalogue/{item.pk}/").status_code == 404
    assert editor.get(f"/desk/catalogue/versions/{item.versions.get().pk}/").status_code == 404
    assert "X-00001" not in page(editor, "/desk/catalogue/")


def test_the_list_narrows_by_its_filters(editor):
    given.published_item(task_name="食品经营许可")
    given.draft(task_name="理发店登记", task_type="07", catalog_code="")
    told = page(editor, "/desk/catalogue/?state=draft&type=07")
    assert "理发店登记" in told
    assert "食品经营许可" not in told
    assert "食品经营许可" in page(editor, "/desk/catalogue/?q=开饭店")


def test_an_editor_retires_what_is_in_force_with_a_reason(editor):
    draft = given.second_person(given.draft())
    assert editor.post(f"/desk/catalogue/versions/{draft.pk}/publish/").status_code == 404, "nobody publishes alone"
    wrong = editor.post(f"/desk/catalogue/versions/{draft.pk}/retire/", {"reason": ""})
    assert wrong.status_code == 422
    assert ItemVersion.objects.get(pk=draft.pk).state == "published"
    assert editor.post(f"/desk/catalogue/versions/{draft.pk}/retire/", {"reason": "法律修订"}).status_code == 302
    assert "法律修订" in page(editor, f"/desk/catalogue/{draft.item_id}/")


def test_errors_take_the_button_away_and_are_listed(editor):
    draft = given.draft(promise_day=30)
    told = page(editor, f"/desk/catalogue/versions/{draft.pk}/")
    assert f"versions/{draft.pk}/do/submit/" not in told
    assert "承诺时限30天长于法定时限20天" in told
    assert "承诺时限30天长于法定时限20天" in page(editor, "/desk/catalogue/lint/")


def test_two_versions_side_by_side(editor):
    facts = given.published_item()
    item = Item.objects.get(pk=facts.item_id)
    content = queries.content(queries.whole().get(pk=facts.id))
    content["materials"][0]["is_need"] = "3"
    commands.draft_version(item, content | {"promise_day": 7}, by=given.by_system(), at=AT)
    told = page(editor, f"/desk/catalogue/{item.pk}/compare/")
    assert "2 处不同" in told
    assert "承诺办结时限" in told
    assert "容缺后补" in told
    assert "两版内容相同" in page(editor, f"/desk/catalogue/{item.pk}/compare/?a=1&b=1")
    assert client_ok(editor, f"/desk/catalogue/{item.pk}/compare/?a=99&b=x")


def client_ok(client: Client, path: str) -> bool:
    return client.get(path).status_code == 200


def upload(client: Client, data: bytes, name: str):
    file = io.BytesIO(data)
    file.name = name
    return client.post("/desk/catalogue/import/", {"table": file})


def test_a_table_is_uploaded_looked_at_and_imported(client):
    staff, _ = given.identity.staff("周目录", roles=("catalogue_editor",), whole_division=True)
    client.force_login(staff.account)
    rows = [
        {"名": f"事项{n}登记", "事项编码": f"L-{n}", "类型": "99" if n == 3 else "7", "部门": "区民政局"}
        for n in range(5)
    ]
    answer = upload(client, tables.write_xlsx(rows, list(rows[0])), "事项.xlsx")
    assert answer.status_code == 302
    preview = answer["Location"]
    told = page(client, preview)
    assert "事项0登记" in told
    assert "导入后会怎样" not in told, "nobody knows yet which column is the name"
    columns = {"c0": "task_name", "c1": "local_task_code", "c2": "task_type", "c3": "dept_name"}
    looked = client.post(preview, columns | {"check": "1"}, follow=True).content.decode()
    assert re.search(r"新增</dt><dd>4</dd>", looked)
    assert "不在代码表中" in looked
    assert not Item.objects.exists()
    started = client.post(preview, columns | {"start": "1"})
    assert started.status_code == 302
    job = Job.objects.get()
    jobs.run.call(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.message
    assert job.result == {"created": 4, "updated": 0, "unchanged": 0}
    assert [r["row"] for r in job.rejected] == [5]
    assert Item.objects.count() == 4


def test_columns_must_make_sense(client):
    staff, _ = given.identity.staff("周目录", roles=("catalogue_editor",), whole_division=True)
    client.force_login(staff.account)
    preview = upload(client, "甲,乙\n一,二\n".encode("gb18030"), "表.csv")["Location"]
    answer = client.post(preview, {"c0": "task_name", "c1": "task_name", "start": "1"})
    assert answer.status_code == 422
    told = answer.content.decode()
    assert "已对应这一要素" in told
    assert "请指明哪一列是实施主体" in told
    assert not Job.objects.exists()


def test_a_file_that_is_no_table_is_refused(editor):
    assert upload(editor, b"%PDF-1.7 no table", "事项.xlsx").status_code == 422
    assert upload(editor, b"", "事项.csv").status_code == 422


def test_somebody_elses_table_is_not_there(editor):
    preview = upload(editor, "task_name,local_task_code,dept_name\n一,L-1,局\n".encode(), "表.csv")["Location"]
    assert client_ok(editor, preview)
    assert other_staff("catalogue_editor").get(preview).status_code == 404


def test_an_export_is_a_file_that_reads_back(editor):
    given.published_item()
    assert editor.post("/desk/catalogue/export/", {"form": "csv"}).status_code == 302
    job = Job.objects.get()
    jobs.run.call(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.message
    from yichuang.core import files

    rows = list(tables.read(files.content(job.result_file)))
    assert len(rows) == 1
    assert commands.rehearse(rows, division=given.DIVISION, by=given.by_system()).unchanged == 1
    assert editor.post("/desk/catalogue/export/", {"form": "exe"}).status_code == 422


def test_a_rehearsal_says_what_an_import_then_does():
    given.published_item()
    rows = [given.sparse_row(n) for n in range(4)]
    commands.import_items(rows[:2], by=given.by_system(), at=AT)
    rows[1]["task_name"] = "改名"
    rows.append(given.sparse_row(9, task_type="99"))
    before = Item.objects.count()
    foreseen = commands.rehearse(rows, division=given.DIVISION, by=given.by_system())
    assert Item.objects.count() == before
    done = commands.import_items(rows, by=given.by_system(), at=AT)
    assert foreseen.as_dict() == done.as_dict()


# -- API --------------------------------------------------------------------------------------------------------------


def test_the_api_gives_items_forms_and_answers(client):
    facts = given.published_item()
    given.draft(task_name="只是草稿")
    listed = client.get("/api/v1/items").json()
    assert [row["id"] for row in listed["items"]] == [facts.item_id]
    assert listed["items"][0]["promise_day"] == 5
    whole = client.get(f"/api/v1/items/{facts.item_id}").json()
    assert whole["content"]["materials"][0]["material_name"] == "公共场所卫生许可申请表"
    assert whole["digest"] == facts.digest
    form = client.get(f"/api/v1/items/{facts.item_id}/form").json()
    assert form["groups"][0]["fields"][0]["code"] == "name"
    found = client.get("/api/v1/search", {"q": "开理发店"}).json()
    assert found[0]["id"] == facts.item_id
    assert client.get("/api/v1/items?audience=nobody").status_code == 422
    assert client.get("/api/v1/items?audience=person").json()["items"] == []
    missing = client.get("/api/v1/items/999999")
    assert missing.status_code == 404
    assert json.loads(missing.content)["next_step"]


def test_the_api_pages_by_cursor(client):
    for _ in range(5):
        given.published_item()
    first = client.get("/api/v1/items?size=3").json()
    second = client.get("/api/v1/items", {"size": 3, "cursor": first["next"]}).json()
    assert len(first["items"]) == 3
    assert len(second["items"]) == 2
    assert second["next"] is None
    assert client.get("/api/v1/items?cursor=bad").status_code == 422


# -- cost -------------------------------------------------------------------------------------------------------------


def test_the_poster_is_one_sheet_with_what_matters(client):
    form = given.content()["materials"][0]
    many = [
        {**form, "code": f"m{n}", "material_name": f"第{n}份材料，名称很长，超过一行的那一种"} for n in range(1, 13)
    ]
    facts = given.published_item(materials=many)
    response = client.get(f"/items/{facts.item_id}/poster.pdf")
    assert response["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(response.content)).pages
    assert len(pages) == 1
    told = "".join(pages[0].extract_text().split())
    for words in (facts.name, "第4份材料", "还有8项", "5个工作日", "不收费", "送达"):
        assert words in told, words
    assert "第5份材料" not in told
    assert client.get("/items/999999/poster.pdf").status_code == 404


@pytest.mark.parametrize("many", [2, 40])
def test_what_a_page_costs_does_not_grow(client, many):
    for n in range(many):
        facts = given.published_item(task_name=f"第{n}号食品经营许可")
    queries.forget()
    anonymous = client
    pinned("catalogue.search", lambda: page(anonymous, "/search/?q=食品经营许可"))
    pinned("catalogue.browse", lambda: page(anonymous, "/search/"))
    pinned("catalogue.suggest", lambda: page(anonymous, "/search/suggest/?q=食品"))
    pinned("catalogue.guide", lambda: page(anonymous, f"/items/{facts.item_id}/"))
    pinned("catalogue.api.items", lambda: page(anonymous, "/api/v1/items"))
    pinned("catalogue.api.item", lambda: page(anonymous, f"/api/v1/items/{facts.item_id}"))
    clerk = other_staff("head")
    page(clerk, "/desk/catalogue/")
    pinned("catalogue.desk", lambda: page(clerk, "/desk/catalogue/"))
    pinned("catalogue.desk_item", lambda: page(clerk, f"/desk/catalogue/{facts.item_id}/"))
    pinned("catalogue.desk_version", lambda: page(clerk, f"/desk/catalogue/versions/{facts.id}/"))
    pinned("catalogue.lint", lambda: list(queries.lint_all()))
    pinned("catalogue.export", lambda: list(queries.export_rows()))
