"""A write that a program repeats is done once and answered as the first time."""

from __future__ import annotations

import json
import threading
from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.http import HttpResponse, JsonResponse
from django.test import RequestFactory
from django.utils import timezone

from yichuang.core import idempotency, log
from yichuang.core.events import Event
from yichuang.core.idempotency import idempotent
from yichuang.core.models import KeptAnswer, LogEvent
from yichuang.core.refusal import Refusal
from yichuang.core.tests.things import CLERK, NOW

pytestmark = pytest.mark.django_db


@idempotent
def act(request):
    """Writes one event a call; does as the body says."""
    said = json.loads(request.body)
    with transaction.atomic():
        line = log.append("run:1", Event("run.told", said), by=CLERK, at=NOW)
    match said.get("end"):
        case "refuse":
            raise Refusal("run.no", "不行。", "改一下。", status=409)
        case "answer 422":
            return JsonResponse({"no": True}, status=422)
        case "break":
            raise ZeroDivisionError
    return JsonResponse({"seq": line.seq}, status=201, headers={"Location": f"/runs/{line.seq}"})


def call(body: dict, key: str = "k-1", token: str = "a", path: str = "/api/v1/runs") -> HttpResponse:
    headers = {"Authorization": f"Bearer {token}"} | ({"Idempotency-Key": key} if key else {})
    return act(RequestFactory().post(path, json.dumps(body), content_type="application/json", headers=headers))


def code(response: HttpResponse) -> str:
    return json.loads(response.content)["code"]


def test_a_repeat_gets_the_first_answer_and_nothing_is_done():
    first, again = call({"n": 1}), call({"n": 1})
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again["Location"] == first["Location"]
    assert again["Content-Type"] == first["Content-Type"]
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert LogEvent.objects.count() == 1


def test_without_a_key_every_call_is_done():
    call({"n": 1}, key="")
    call({"n": 1}, key="")
    assert LogEvent.objects.count() == 2
    assert not KeptAnswer.objects.exists()


@pytest.mark.parametrize("other", [{"body": {"n": 2}}, {"path": "/api/v1/others"}, {"path": "/api/v1/runs?x=1"}])
def test_the_same_key_with_another_request_is_refused(other):
    call({"n": 1})
    answer = call(**{"body": {"n": 1}, **other})
    assert (answer.status_code, code(answer)) == (422, "idempotency.other_request")
    assert LogEvent.objects.count() == 1


def test_another_client_has_keys_of_its_own():
    call({"n": 1}, token="a")
    call({"n": 1}, token="b")
    assert LogEvent.objects.count() == 2
    assert "Bearer" not in "".join(KeptAnswer.objects.values_list("client", flat=True))


@pytest.mark.parametrize(("end", "status"), [("refuse", 409), ("answer 422", 422)])
def test_what_was_refused_wrote_nothing_and_may_be_tried_again(end, status):
    assert call({"end": end}).status_code == status
    assert not LogEvent.objects.exists()
    assert not KeptAnswer.objects.exists()
    assert call({"n": 1}).status_code == 201  # mended, with the same key


def test_what_broke_wrote_nothing_and_may_be_tried_again():
    with pytest.raises(ZeroDivisionError):
        call({"end": "break"})
    assert not LogEvent.objects.exists()
    assert not KeptAnswer.objects.exists()


def test_a_key_too_long_is_refused():
    answer = call({"n": 1}, key="k" * 161)
    assert (answer.status_code, code(answer)) == (422, "idempotency.key_too_long")
    assert not LogEvent.objects.exists()


def test_while_the_first_is_under_way_a_repeat_is_told_to_wait_and_after_a_crash_it_takes_over():
    request = RequestFactory().post("/api/v1/runs", json.dumps({"n": 1}), content_type="application/json")
    request.META["HTTP_AUTHORIZATION"] = "Bearer a"
    client, digest = idempotency.client_of(request), idempotency.request_digest(request)
    crashed = idempotency.reserve(client, "k-1", digest, timezone.now())
    answer = call({"n": 1})
    assert (answer.status_code, code(answer)) == (409, "idempotency.under_way")
    KeptAnswer.objects.update(held_until=timezone.now() - timedelta(seconds=1))
    assert call({"n": 1}).status_code == 201
    with pytest.raises(Refusal, match="另一次提交"):  # the crashed one was only slow: it comes too late
        idempotency.keep(crashed, HttpResponse(), timezone.now())
    assert LogEvent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_do_it_once():
    answers, together = [], threading.Barrier(8)

    def one():
        together.wait()
        answers.append(call({"n": 1}).status_code)
        connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 201 in answers
    assert set(answers) <= {201, 409}
    assert LogEvent.objects.count() == 1
    assert call({"n": 1}).status_code == 201
