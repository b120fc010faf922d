"""The outbox: written with the act, delivered at least once, given up at last, sent again by a person."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from yichuang.core import adapters, outbox
from yichuang.core.models import LogEvent, Message
from yichuang.core.outbox import Outcome, Receipt, Rejected, Retry
from yichuang.core.refusal import Refusal
from yichuang.core.rules import backoff
from yichuang.core.tests import processes
from yichuang.core.tests.things import ADMINISTRATOR, CLERK, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def wired(monkeypatch):
    """An adapter "test" that does what the test says; returns the list of what it was given."""
    given = []

    def adapter(message: Message) -> Receipt:
        given.append(message.key)
        match message.payload.get("do"):
            case "retry":
                raise Retry("对方维护中")
            case "reject":
                raise Rejected("字段不合格")
            case "break":
                raise ZeroDivisionError
        return Receipt("R-1", {"ok": True})

    monkeypatch.setattr(outbox, "adapters", lambda: {"test": adapter})
    return given


def message(key: str = "k-1", **payload: object) -> Message:
    with transaction.atomic():
        outbox.enqueue("test", key, payload, about="case:1", at=NOW, division="610114")
    return stored(key)


def work(at=NOW) -> list[Message]:
    claimed = outbox.claim("w-1", at)
    for one in claimed:
        outbox.settle(one, outbox.deliver(one), at)
    return claimed


def stored(key: str = "k-1") -> Message:
    return Message.objects.get(key=key)


def test_a_repeated_key_is_the_first_message():
    first = message(n=1)
    again = message(n=2)
    assert again.pk == first.pk
    assert stored().payload == {"n": 1}


def test_nothing_is_sent_of_an_act_that_was_rolled_back(wired):
    def act():
        with transaction.atomic():
            message()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    assert not Message.objects.exists()
    assert work() == []
    assert wired == []


def test_an_adapter_that_nobody_wired_is_a_mistake_of_the_program():
    with pytest.raises(ValueError, match="no adapter"), transaction.atomic():
        outbox.enqueue("nobody", "k", {}, about="", at=NOW)


def test_delivered_with_its_receipt():
    message()
    work()
    sent = stored()
    assert (sent.state, sent.attempts, sent.sent_at, sent.last_error) == ("sent", 1, NOW, "")
    assert sent.receipt == {"reference": "R-1", "answer": {"ok": True}}
    assert work(NOW + timedelta(days=30)) == []


def test_while_it_is_claimed_nobody_else_gets_it_until_the_lease_ends():
    message()
    (mine,) = outbox.claim("w-1", NOW)
    assert outbox.claim("w-2", NOW + outbox.LEASE - timedelta(seconds=1)) == []
    (theirs,) = outbox.claim("w-2", NOW + outbox.LEASE)
    assert theirs.attempts == 2
    outbox.settle(mine, Outcome(error="late"), NOW + outbox.LEASE)  # the first one wakes up: its failure counts no more
    assert stored().claimed_by == "w-2"
    outbox.settle(mine, Outcome(receipt=Receipt("R-9")), NOW + outbox.LEASE)  # but a receipt does
    assert stored().state == "sent"
    outbox.settle(theirs, Outcome(error="no"), NOW + outbox.LEASE)
    assert stored().state == "sent"


def test_a_failure_waits_longer_and_longer_and_is_given_up_at_last(wired):
    message(do="retry")
    at, waits = NOW, []
    while stored().state == "pending":
        work(at)
        waits.append(stored().next_at - at)
        at = stored().next_at
    dead = stored()
    assert (dead.state, dead.attempts, dead.last_error) == ("dead", backoff.ATTEMPTS, "对方维护中")
    assert len(wired) == backoff.ATTEMPTS
    assert timedelta(seconds=2.5) <= waits[0] <= timedelta(seconds=5)
    assert waits[-2] >= timedelta(hours=3)
    assert timedelta(days=1) < at - NOW < timedelta(days=4)


def test_what_is_rejected_is_a_dead_letter_at_once(wired):
    message(do="reject")
    work()
    assert (stored().state, stored().attempts, stored().last_error) == ("dead", 1, "字段不合格")
    assert work(NOW + timedelta(days=30)) == []


def test_a_broken_adapter_is_tried_again_and_does_not_stop_the_others():
    message("k-1", do="break")
    message("k-2")
    work()
    assert stored("k-1").state == "pending"
    assert "ZeroDivisionError" in stored("k-1").last_error
    assert stored("k-2").state == "sent"


def test_an_adapter_taken_out_of_the_wiring_waits(monkeypatch):
    message()
    monkeypatch.setattr(outbox, "adapters", dict)
    work()
    assert stored().state == "pending"


def test_an_administrator_sends_a_dead_letter_again_and_the_log_tells_it(wired):
    dead = message(do="reject")
    work()
    Message.objects.filter(pk=dead.pk).update(payload={})  # the other side has mended its part
    outbox.resend(dead.pk, by=ADMINISTRATOR, at=NOW)
    work()
    assert stored().state == "sent"
    line = LogEvent.objects.get()
    assert (line.stream, line.kind, line.actor) == (f"outbox:{dead.pk}", "outbox.resent", "staff:2")
    assert "字段不合格" in line.data


@pytest.mark.parametrize(
    ("who", "state", "code"),
    [(CLERK, "dead", "actor.not_permitted"), (ADMINISTRATOR, "sent", "outbox.already_sent")],
)
def test_resending_is_refused(who, state, code):
    one = message(do="reject" if state == "dead" else "")
    work()
    before = Message.objects.values().get()
    with pytest.raises(Refusal) as told:
        outbox.resend(one.pk, by=who, at=NOW)
    assert told.value.code == code
    assert Message.objects.values().get() == before
    assert not LogEvent.objects.exists()


def test_a_message_of_another_division_is_not_there():
    with transaction.atomic():
        outbox.enqueue("test", "k", {}, about="", at=NOW, division="610115")
    other = stored("k")
    with pytest.raises(Refusal) as told:
        outbox.resend(other.pk, by=ADMINISTRATOR, at=NOW)
    assert told.value.status == 404


@given(st.integers(1, 100), st.floats(0, 1, exclude_max=True))
def test_every_wait_is_between_half_and_all_of_the_full_one(attempts, spread):
    full = min(backoff.FIRST * 2 ** min(attempts - 1, 20), backoff.LONGEST)
    assert full / 2 <= backoff.wait(attempts, spread) <= full


# --- over HTTP, to a process of its own -----------------------------------------------------------------------


@pytest.fixture
def there(tmp_path):
    process, url = processes.receiver(tmp_path)
    yield url, tmp_path
    process.kill()
    process.wait()
    process.stdout.close()


def test_http_carries_the_key_and_keeps_the_answer(there):
    url, folder = there
    one = message("case:1/credit", b=2, a=1)
    receipt = adapters.http(url, token="secret")(one)
    assert receipt == Receipt("R-1", {"reference": "R-1"})
    assert adapters.http(url)(one) == receipt
    assert processes.lines(folder / "requests") == ['case:1/credit {"a":1,"b":2}'] * 2
    assert processes.lines(folder / "taken") == ["case:1/credit"]


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422])
def test_http_4xx_will_never_be_taken(there, status):
    with pytest.raises(Rejected, match=str(status)):
        adapters.http(there[0])(message(answer=status))


@pytest.mark.parametrize("status", [302, 408, 429, 500, 503])
def test_http_5xx_and_the_busy_ones_are_tried_again(there, status):
    with pytest.raises(Retry, match=str(status)):
        adapters.http(there[0])(message(answer=status))


def test_http_nobody_listening_or_too_slow_is_tried_again(tmp_path, monkeypatch):
    with pytest.raises(Retry):
        adapters.http("http://127.0.0.1:9/")(message())

    def slow(*_args, **_kwargs):
        raise httpx.ReadTimeout("slow")

    monkeypatch.setattr(httpx, "post", slow)
    with pytest.raises(Retry, match="ReadTimeout"):
        adapters.http("http://127.0.0.1:9/")(message())


def test_http_without_an_address_waits_and_says_why():
    with pytest.raises(Retry, match="尚未配置"):
        adapters.http("")(message())


def test_console_is_a_receipt_too():
    assert adapters.console(message()).reference.startswith("console-")
