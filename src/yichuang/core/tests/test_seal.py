"""The daily seal: its tree, its chain, and what it covers."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from yichuang.core import log, seal
from yichuang.core.events import ALGORITHM, Event
from yichuang.core.models import Seal, SealLeaf
from yichuang.core.rules import seal as rules
from yichuang.core.tests.things import CLERK

# Leaves and roots of the reference tests of RFC 6962 implementations (SHA-256).
LEAVES = [bytes.fromhex(t) for t in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"
)]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_tree_is_that_of_rfc_6962(size):
    assert rules.root(LEAVES[:size], "sha256") == ROOTS[size - 1]


def test_the_empty_tree():
    assert rules.root([], "sha256") == hashlib.sha256().hexdigest()


@given(st.lists(st.binary(max_size=12), min_size=1, max_size=70), st.data())
def test_every_leaf_climbs_to_the_root_and_no_other_does(leaves, data):
    root = rules.root(leaves, "sha256")
    position = data.draw(st.integers(0, len(leaves) - 1))
    path = rules.path(leaves, position, "sha256")
    assert rules.climbs(leaves[position], position, len(leaves), path, root, "sha256")
    assert not rules.climbs(leaves[position] + b"x", position, len(leaves), path, root, "sha256")
    assert not rules.climbs(leaves[position], position, len(leaves), [*path, root], root, "sha256")


def test_a_leaf_does_not_pass_for_a_node():
    two = [b"a", b"b"]
    node = b"\x01" + b"".join(hashlib.sha256(b"\x00" + leaf).digest() for leaf in two)
    assert rules.root(two, "sha256") != rules.root([node[1:]], "sha256")


# --- in the database ------------------------------------------------------------------------------------------


@pytest.fixture
def clock(monkeypatch):
    """What the log takes for now."""

    class Clock:
        now = datetime(2026, 3, 2, 2, tzinfo=UTC)

    monkeypatch.setattr(log.timezone, "now", lambda: Clock.now)
    return Clock


def tell(stream: str, at: datetime, clock) -> None:
    clock.now = at
    with transaction.atomic():
        log.append(stream, Event("run.told"), by=CLERK, at=at)


MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)  # 10:00 in China
DAY = timedelta(days=1)


@pytest.mark.django_db
def test_a_day_is_sealed_once_it_is_over(clock):
    tell("run:1", MONDAY, clock)
    tell("run:2", MONDAY, clock)
    tell("run:1", MONDAY, clock)
    assert seal.sweep(MONDAY + timedelta(hours=13, minutes=59)) == 0  # 23:59
    assert seal.sweep(MONDAY + timedelta(hours=14, minutes=4)) == 0  # 00:04, the grace
    assert seal.sweep(MONDAY + timedelta(hours=14, minutes=6)) == 1
    assert seal.sweep(MONDAY + timedelta(hours=20)) == 0
    made = Seal.objects.get()
    leaves = list(SealLeaf.objects.order_by("position").values_list("stream", "seq"))
    assert (made.day, made.streams, made.previous) == (date(2026, 3, 2), 2, "")
    assert leaves == [("run:1", 2), ("run:2", 1)]


@pytest.mark.django_db
def test_only_heads_that_moved_and_each_seal_chained_to_the_one_before(clock):
    tell("run:1", MONDAY, clock)
    tell("run:2", MONDAY, clock)
    tell("run:2", MONDAY + 3 * DAY, clock)
    assert seal.sweep(MONDAY + 5 * DAY) == 2  # quiet days have none
    first, second = Seal.objects.order_by("day")
    assert second.day == date(2026, 3, 5)
    assert second.previous == first.digest
    assert list(second.leaves.values_list("stream", "seq")) == [("run:2", 2)]
    assert second.digest == rules.chained(second.day, second.root, 1, first.digest, ALGORITHM)


@pytest.mark.django_db
def test_a_transaction_that_ended_after_the_seal_is_under_the_next_one(clock):
    tell("run:1", MONDAY, clock)
    seal.sweep(MONDAY + DAY)
    tell("run:2", MONDAY, clock)  # recorded on Monday, visible only now
    tell("run:3", MONDAY + DAY, clock)
    seal.sweep(MONDAY + 2 * DAY)
    second = Seal.objects.order_by("day").last()
    assert list(second.leaves.order_by("position").values_list("stream", flat=True)) == ["run:2", "run:3"]


@pytest.mark.django_db
def test_events_after_midnight_wait_for_their_own_seal(clock):
    tell("run:1", MONDAY, clock)
    tell("run:1", MONDAY + DAY, clock)
    seal.sweep(MONDAY + DAY)
    assert SealLeaf.objects.get().seq == 1


@pytest.mark.django_db
def test_a_day_is_not_sealed_before_its_end_nor_twice(clock):
    tell("run:1", MONDAY, clock)
    with pytest.raises(ValueError, match="not over"):
        seal.seal_day(date(2026, 3, 2), at=MONDAY)
    seal.seal_day(date(2026, 3, 2), at=MONDAY + DAY)
    with pytest.raises(ValueError, match="not after"):
        seal.seal_day(date(2026, 3, 2), at=MONDAY + DAY)
    assert Seal.objects.count() == 1
