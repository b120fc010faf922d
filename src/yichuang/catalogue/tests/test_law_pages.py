"""Pages and API of the law library, by who opens them; a version from upload to the answer of its review."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from yichuang.catalogue import commands
from yichuang.catalogue.models import Law, LawVersion, ReviewTask
from yichuang.catalogue.rules.lawchanges import ArticleText
from yichuang.catalogue.tests import given

pytestmark = pytest.mark.django_db
AT, BY = given.AT, given.by_system()
LAW = "公共场所卫生管理条例"
OLD = "# 公共场所卫生管理条例\n施行日期：2016-02-06\n第四条　国家实行卫生许可证制度。\n第八条　旧。\n"
NEW = "# 公共场所卫生管理条例\n文号：国务院令第714号\n施行日期：2019年4月23日\n第四条　国家实行卫生许可证制度。\n第八条　新。\n"


def signed(role: str, department: str = "阎良区行政审批服务局") -> Client:
    client = Client()
    staff, _ = given.identity.staff("某某", roles=(role,), department=given.identity.department(department))
    client.force_login(staff.account)
    return client


def page(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def cited(article: str = "第八条", **more) -> int:
    cites = [{"law": LAW, "level": "行政法规", "number": "", "article": article, "summary": "大意"}]
    return given.published_item(citations=cites, **more).item_id


def law(**said: str) -> Law:
    return commands.set_law(name=LAW, **{"level": "行政法规", "organ": "国务院", **said}, by=BY, at=AT)


def revised() -> Law:
    own = law()
    for day, text in ((date(2016, 2, 6), "旧"), (date(2019, 4, 23), "新")):
        commands.add_law_version(own, effective_on=day, articles=[ArticleText(8, text=text)], by=BY, at=AT)
    return own


def test_the_public_reads_a_law_and_what_rests_on_it(client):
    item = cited()
    own = revised()
    assert LAW in page(client, "/laws/")
    told = page(client, f"/laws/{own.pk}/")
    for words in (
        "行政法规",
        "国务院",
        "现行有效",
        "第八条",
        "新",
        "公共场所卫生许可",
        f"/items/{item}/",
        "国家法律法规数据库",
    ):
        assert words in told, words
    assert "旧" in page(client, f"/laws/{own.pk}/?version=1")
    page(client, "/laws/999999/", 404)


def test_the_guide_leads_to_the_law(client):
    item = cited()
    row = Law.objects.get(name=LAW)
    assert "/laws/?name=" in page(client, f"/items/{item}/")
    assert client.get("/laws/", {"name": LAW})["Location"] == f"/laws/{row.pk}/"
    assert "没有找到法规" in client.get("/laws/", {"name": "没有的法"}).content.decode()
    assert "信息不全" in page(client, f"/laws/{row.pk}/")


def test_lists_are_narrowed(client):
    law()
    commands.set_law(name="中华人民共和国水法", level="法律", by=BY, at=AT)
    assert LAW not in client.get("/laws/", {"q": "水法"}).content.decode()
    assert LAW not in client.get("/laws/", {"level": "法律"}).content.decode()
    given.draft(citations=[{"law": "取水办法", "level": "部门规章", "number": "", "article": "", "summary": ""}])
    told = signed("auditor").get("/desk/laws/", {"state": "incomplete"}).content.decode()
    assert "取水办法" in told
    assert LAW not in told


PATHS = ("/desk/laws/", "/desk/laws/{law}/", "/desk/laws/reviews/", "/desk/laws/reviews/{task}/")
EDITS = ("/desk/laws/new/", "/desk/laws/{law}/edit/", "/desk/laws/{law}/version/")


@pytest.mark.parametrize(
    ("role", "reads", "edits"),
    [
        ("catalogue_editor", 200, 200),
        ("legal_reviewer", 200, 403),
        ("head", 200, 403),
        ("auditor", 200, 403),
        ("handler", 403, 403),
        ("window_clerk", 403, 403),
    ],
)
def test_who_reads_and_who_edits(role, reads, edits):
    cited()
    own = revised()
    task = ReviewTask.objects.get()
    client = signed(role)
    for path in PATHS:
        page(client, path.format(law=own.pk, task=task.pk), reads)
    for path in EDITS:
        page(client, path.format(law=own.pk), edits)
    if reads == 200 and edits == 403:
        answer = client.post(f"/desk/laws/reviews/{task.pk}/", {"answer": "unchanged", "reason": "无关"})
        assert answer.status_code == 403
        task.refresh_from_db()
        assert task.state == "open"


def test_a_visitor_is_sent_to_sign_in(client):
    own = law()
    for path in ("/desk/laws/", f"/desk/laws/{own.pk}/version/", "/desk/laws/reviews/"):
        assert client.get(path).status_code == 302


def test_a_law_is_entered_and_mistakes_are_told():
    client = signed("catalogue_editor")
    wrong = client.post(
        "/desk/laws/new/", {"name": LAW, "level": "行政法规", "state": "in_force", "source_url": "ftp://x"}
    )
    assert wrong.status_code == 422
    assert "网址应以" in wrong.content.decode()
    assert not Law.objects.exists()
    done = client.post("/desk/laws/new/", {"name": f"《{LAW}》", "level": "行政法规", "state": "in_force"})
    assert done["Location"] == f"/desk/laws/{Law.objects.get(name=LAW).pk}/"


def upload(client: Client, own: Law, data: bytes, name: str = "条例.md", **more: str):
    file = io.BytesIO(data)
    file.name = name
    return client.post(f"/desk/laws/{own.pk}/version/", {"file": file, **more})


def test_a_version_is_looked_at_then_added_then_its_review_is_answered():
    item = cited()
    own = law()
    client = signed("catalogue_editor")
    first = upload(client, own, OLD.encode()).content.decode()
    assert "没有上一版可比" in first
    client.post(f"/desk/laws/{own.pk}/version/", {"text": OLD, "kind": "md", "apply": "1"})
    looked = upload(client, own, NEW.encode("gb18030")).content.decode()
    for words in (
        "GB 18030",
        "第八条",
        "涉及 1 个事项",
        "公共场所卫生许可",
        "第1条设定依据",
        "2019年4月23日",
        "国务院令第714号",
    ):
        assert words in looked, words
    assert LawVersion.objects.count() == 1, "a preview saves nothing"
    done = client.post(f"/desk/laws/{own.pk}/version/", {"text": NEW.replace("\n", "\r\n"), "kind": "md", "apply": "1"})
    assert done.status_code == 302
    task = ReviewTask.objects.get()
    assert task.item_id == item
    assert "公共场所卫生许可" in page(client, "/desk/laws/reviews/")
    path = f"/desk/laws/reviews/{task.pk}/"
    assert client.post(path, {"answer": "unchanged", "reason": ""}).status_code == 422
    assert client.post(path, {"answer": "unchanged", "reason": "条件没有变"}).status_code == 302
    assert "条件没有变" in page(client, path)
    assert "没有核对任务" in page(client, "/desk/laws/reviews/")


def test_bad_rows_are_shown_and_nothing_is_saved():
    own = law()
    client = signed("catalogue_editor")
    answer = upload(client, own, (OLD + "第八条　又一条。\n第七条　乱序。\n").encode(), apply="1")
    told = answer.content.decode()
    assert answer.status_code == 422
    assert "有 2 行需要改正" in told
    assert "第八条出现了两次" in told
    other = upload(client, own, OLD.replace("公共场所卫生管理条例", "别的条例").encode(), apply="1")
    assert "这是《别的条例》" in other.content.decode()
    assert upload(client, own, b"\x00\x01", apply="1").status_code == 422
    assert upload(client, own, "第四条 甲\n".encode(), "表.csv", apply="1").status_code == 422
    missing = upload(client, own, OLD.replace("施行日期：2016-02-06\n", "").encode(), apply="1")
    assert "请填写施行日期" in missing.content.decode()
    assert not LawVersion.objects.exists()


def test_a_table_is_a_version_too():
    own = law()
    table = "article,text,summary\n第四条,甲,\n8,,乙的大意\n"
    client = signed("catalogue_editor")
    assert upload(client, own, table.encode(), "条文.csv", effective_on="2016-02-06", apply="1").status_code == 302
    version = LawVersion.objects.get()
    assert [(a.label, a.text, a.summary) for a in version.articles.order_by("number")] == [
        ("第四条", "甲", ""),
        ("第八条", "", "乙的大意"),
    ]


def test_another_departments_editor_sees_the_task_and_does_not_answer():
    cited()
    revised()
    task = ReviewTask.objects.get()
    client = signed("catalogue_editor", "区水务局")
    assert "没有核对任务" in page(client, "/desk/laws/reviews/")
    assert "公共场所卫生许可" in page(client, "/desk/laws/reviews/?state=open")
    assert "提交答复" not in page(client, f"/desk/laws/reviews/{task.pk}/")
    page(client, "/desk/laws/reviews/999999/", 404)


def test_the_api_gives_laws(client):
    item = cited()
    own = revised()
    commands.set_law(name="中华人民共和国水法", level="法律", by=BY, at=AT)
    first = client.get("/api/v1/laws", {"size": 1}).json()
    second = client.get("/api/v1/laws", {"size": 1, "cursor": first["next"]}).json()
    assert {row["name"] for row in first["items"] + second["items"]} == {LAW, "中华人民共和国水法"}
    assert second["next"] is None
    whole = client.get(f"/api/v1/laws/{own.pk}").json()
    assert whole["items"] == 1
    assert [v["effective_on"] for v in whole["versions"]] == ["2019-04-23", "2016-02-06"]
    assert [(a["label"], a["text"]) for a in whole["articles"]] == [("第八条", "新")]
    assert whole["resting"] == [{"item": item, "name": "公共场所卫生许可", "article": "第八条"}]
    assert client.get("/api/v1/laws/999999").status_code == 404


def test_what_a_page_costs_does_not_grow(client):
    desk = signed("catalogue_editor")
    own = law()
    commands.add_law_version(own, effective_on=date(2016, 2, 6), articles=[ArticleText(8, text="旧")], by=BY, at=AT)

    def cost(of: Client, path: str) -> int:
        page(of, path)
        with CaptureQueriesContext(connection) as caught:
            page(of, path)
        return len(caught)

    def costs() -> list[int]:
        public = [cost(client, p) for p in ("/laws/", f"/laws/{own.pk}/", "/api/v1/laws", f"/api/v1/laws/{own.pk}")]
        return public + [cost(desk, p) for p in ("/desk/laws/", f"/desk/laws/{own.pk}/", "/desk/laws/reviews/")]

    cited()
    commands.add_law_version(own, effective_on=date(2017, 1, 1), articles=[ArticleText(8, text="新")], by=BY, at=AT)
    few = costs()
    for n in range(12):
        cited()
        commands.set_law(name=f"第{n}号条例", level="地方性法规", by=BY, at=AT)
    commands.add_law_version(
        own, effective_on=date(2018, 1, 1), articles=[ArticleText(n, text="再") for n in range(1, 30)], by=BY, at=AT
    )
    assert costs() == few
