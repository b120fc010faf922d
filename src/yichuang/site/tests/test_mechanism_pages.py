"""外发队列, 后台任务, 日志 on the desk, and the public seals."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from yichuang.cases.tests import given as cases
from yichuang.core import jobs, log, outbox, seal
from yichuang.core.events import Event
from yichuang.core.models import Job, LogEvent, Message, Seal
from yichuang.core.tests import things
from yichuang.core.worker import Worker
from yichuang.identity.tests import given

pytestmark = pytest.mark.django_db


@pytest.fixture
def sign_in(client):
    def sign_in(*roles: str):
        member, who = given.staff(roles=roles, at=timezone.localtime())
        client.force_login(member.account)
        return who

    return sign_in


@pytest.fixture(autouse=True)
def wired(monkeypatch):
    def adapter(message):
        raise outbox.Rejected("对方返回 422：字段不合格")

    monkeypatch.setattr(outbox, "adapters", lambda: {"credit.http": adapter, "sms": adapter})


def message(key: str, adapter: str = "credit.http", division: str = "610114") -> Message:
    with transaction.atomic():
        outbox.enqueue(adapter, key, {"phone": "13900000001"}, about="case:1", at=timezone.now(), division=division)
    return Message.objects.get(key=key)


def deliver() -> None:
    for one in outbox.claim("w", timezone.now()):
        outbox.settle(one, outbox.deliver(one), timezone.now())


# --- outbox ----------------------------------------------------------------------------------------------------


def test_the_queue_shows_what_happened_and_nothing_personal(client, sign_in):
    sign_in("system_administrator")
    message("k-1")
    deliver()
    text = client.get("/desk/outbox/").content.decode()
    assert "未能送达" in text
    assert "字段不合格" in text
    page = client.get(f"/desk/outbox/{Message.objects.get().pk}/").content.decode()
    assert "立即重发" in page
    assert "13900000001" not in text + page


def test_filters_are_in_the_url(client, sign_in):
    sign_in("system_administrator")
    message("k-1")
    deliver()
    waiting = message("k-2", "sms")

    def listed(query: str) -> set[int]:
        return {m.pk for m in client.get(f"/desk/outbox/?{query}").context["page"].rows}

    assert listed("state=pending") == {waiting.pk}
    assert listed("adapter=sms") == {waiting.pk}
    assert listed("adapter=credit.http&state=pending") == set()
    assert len(listed("about=case:1")) == 2
    assert len(listed("state=nonsense")) == 2


def test_another_division_is_not_shown(client, sign_in):
    sign_in("system_administrator")
    other = message("k-1", division="610115")
    assert "没有这样的消息" in client.get("/desk/outbox/").content.decode()
    assert client.get(f"/desk/outbox/{other.pk}/").status_code == 404
    assert client.post(f"/desk/outbox/{other.pk}/resend/").status_code == 404


def test_an_administrator_sends_again_by_the_button(client, sign_in):
    who = sign_in("system_administrator")
    dead = message("k-1")
    deliver()
    answer = client.post(f"/desk/outbox/{dead.pk}/resend/", {"form_key": "one"}, follow=True)
    assert "已重新排入发送队列" in answer.content.decode()
    assert "重发记录" in answer.content.decode()
    client.post(f"/desk/outbox/{dead.pk}/resend/", {"form_key": "one"})
    assert Message.objects.get().state == "pending"
    assert LogEvent.objects.get(kind="outbox.resent").actor == who.ref


def test_a_publicity_officer_sees_but_does_not_send(client, sign_in):
    sign_in("publicity_officer")
    dead = message("k-1")
    deliver()
    assert "立即重发" not in client.get(f"/desk/outbox/{dead.pk}/").content.decode()
    assert client.post(f"/desk/outbox/{dead.pk}/resend/").status_code == 403
    assert Message.objects.get().state == "dead"


@pytest.mark.parametrize("path", ["/desk/outbox/", "/desk/log/"])
def test_others_are_refused(client, sign_in, path):
    assert client.get(path).status_code == 302
    sign_in("handler")
    assert client.get(path).status_code == 403


def test_pages_by_key_cost_the_same_however_deep(client, sign_in, django_assert_max_num_queries):
    sign_in("system_administrator")
    for n in range(120):
        message(f"k-{n}")
    seen, url = [], "/desk/outbox/"
    while url:
        with django_assert_max_num_queries(12):
            page = client.get(url).context["page"]
        seen += [m.pk for m in page.rows]
        url = f"/desk/outbox/?cursor={page.next}" if page.next else ""
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) == 120


# --- jobs ------------------------------------------------------------------------------------------------------


def test_a_job_is_followed_left_and_found_again(client, sign_in, monkeypatch):
    who = sign_in("catalogue_editor")

    def work(progress, rows):
        progress.expect(rows)
        progress.advance(rows)
        progress.reject(7, "缺少事项名称")
        progress.result(created=rows - 1)

    monkeypatch.setattr(jobs, "kinds", lambda: {"t": work})
    job = jobs.start("t", "导入事项", by=who, at=timezone.now(), rows=3)
    page = client.get(f"/desk/jobs/{job.pk}/").content.decode()
    assert "排队中" in page
    assert f'hx-get="/desk/jobs/{job.pk}/progress/"' in page
    assert "HX-Refresh" not in client.get(f"/desk/jobs/{job.pk}/progress/")
    while Worker().tasks():
        pass
    assert client.get(f"/desk/jobs/{job.pk}/progress/")["HX-Refresh"] == "true"
    page = client.get(f"/desk/jobs/{job.pk}/").content.decode()
    assert "缺少事项名称" in page
    assert "hx-get" not in page.split("yc-progress")[1].split("</div>")[0]
    assert "导入事项" in client.get("/desk/jobs/").content.decode()
    assert client.get(f"/desk/jobs/{job.pk}/file/").status_code == 404


def test_a_strangers_job_is_not_there(client, sign_in, monkeypatch):
    monkeypatch.setattr(jobs, "kinds", lambda: {"t": lambda progress: None})
    _, other = given.staff("李同事", at=timezone.localtime())
    job = jobs.start("t", "导入事项", by=other, at=timezone.now())
    sign_in("handler")
    for path in ("", "progress/", "file/"):
        assert client.get(f"/desk/jobs/{job.pk}/{path}").status_code == 404
    assert "导入事项" not in client.get("/desk/jobs/").content.decode()


# --- log -------------------------------------------------------------------------------------------------------


def test_an_auditor_reads_the_log_of_the_division(client, sign_in):
    sign_in("auditor")
    with transaction.atomic():
        log.append("run:1", Event("run.started", {"rows": 3}), by=things.CLERK, at=things.NOW)
        log.append("run:2", Event("run.ended"), by=things.ADMINISTRATOR, at=things.NOW + timedelta(days=1))

    def listed(query: str) -> list[str]:
        return [row["line"].stream for row in client.get(f"/desk/log/?{query}").context["rows"]]

    assert listed("stream=run:1") == ["run:1"]
    assert listed("kind=run") == ["run:2", "run:1"]
    assert listed("kind=run.ended") == ["run:2"]
    assert listed("by=staff:1&kind=run") == ["run:1"]
    assert listed("by=系统管理员&kind=run") == ["run:2"]
    assert listed("kind=run&begin=2026-03-03") == ["run:2"]
    assert listed("kind=run&end=2026-03-02") == ["run:1"]
    assert "rows" in client.get("/desk/log/?stream=run:1").content.decode()


def test_the_log_reads_in_words_and_is_found_by_number(client, sign_in):
    case = cases.submitted_case()
    sign_in("auditor")
    answer = client.get(f"/desk/log/?kind=case.submitted&stream={case.number}")
    (row,) = answer.context["rows"]
    assert (str(row["object"]), row["number"], str(row["name"])) == ("办件", case.number, "收件")
    assert "已收件，受理期限至" in row["sentence"]
    text = answer.content.decode()
    assert row["sentence"] in text
    assert '<optgroup label="办件">' in text
    assert '<option value="case.submitted" selected>收件</option>' in text


def test_the_log_of_another_division_is_not_shown(client, sign_in):
    sign_in("auditor")
    with transaction.atomic():
        log.append("run:1", Event("run.started"), by=things.system("t", "610115"), at=things.NOW)
    assert client.get("/desk/log/?stream=run:1").context["rows"] == []


def test_an_auditor_has_the_log_proved_in_the_worker(client, sign_in):
    sign_in("auditor")
    answer = client.post("/desk/log/verify/", {"form_key": "one"})
    job = Job.objects.get()
    assert answer["Location"] == f"/desk/jobs/{job.pk}/"
    while Worker().tasks():
        pass
    job.refresh_from_db()
    assert (job.state, job.rejected) == ("done", [])
    assert job.result["events"] == LogEvent.objects.count()


# --- seals -----------------------------------------------------------------------------------------------------


def test_everyone_may_keep_the_seals(client):
    assert client.get("/seals/").json()["seals"] == []
    with transaction.atomic():
        log.append("run:1", Event("run.started"), by=things.CLERK, at=things.NOW)
    seal.sweep(timezone.now() + timedelta(days=1))
    answer = client.get("/seals/")
    (told,) = answer.json()["seals"]
    made = Seal.objects.get()
    assert (told["day"], told["digest"], told["root"]) == (made.day.isoformat(), made.digest, made.root)
    assert "max-age" in answer["Cache-Control"]
    assert client.get(f"/seals/?before={made.day}").json()["seals"] == []
    assert client.get("/seals/?before=yesterday").status_code == 422
