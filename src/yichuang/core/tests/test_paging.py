"""Pages by key: all pages together are the whole list, in order, both ways, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yichuang.core.models import CalendarYear, File
from yichuang.core.paging import page
from yichuang.core.refusal import Refusal

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, tzinfo=UTC)
ORDERS = [
    ("id",),
    ("-id",),
    ("stored_at", "id"),
    ("-stored_at", "-id"),
    ("-stored_at", "id"),
    ("erased_at", "id"),
    ("-erased_at", "-id"),
    ("division", "-erased_at", "size", "-id"),
    ("-pk",),
]
files = st.lists(
    st.tuples(
        st.integers(0, 3), st.none() | st.integers(0, 3), st.sampled_from(["", "610114", "610115"]), st.integers(1, 3)
    ),
    max_size=14,
)


def fill(rows: list[tuple[int, int | None, str, int]]) -> None:
    File.objects.all().delete()
    File.objects.bulk_create(
        File(
            digest="0" * 64,
            size=size,
            media_type="x",
            name="" if gone is not None else "n",
            owner="o",
            division=division,
            stored_at=AT + timedelta(days=stored, microseconds=stored),
            erased_at=None if gone is None else AT + timedelta(hours=gone),
            stored_by="x",
        )
        for stored, gone, division, size in rows
    )


def expected(order: tuple[str, ...]) -> list[int]:
    keys = [
        F(name.removeprefix("-")).desc(nulls_last=True) if name.startswith("-") else F(name).asc(nulls_last=True)
        for name in order
    ]
    return list(File.objects.order_by(*keys).values_list("pk", flat=True))


def forward(order: tuple[str, ...], size: int) -> tuple[list[int], str | None]:
    found: list[int] = []
    cursor, last = None, None
    while True:
        one = page(File.objects.all(), cursor, order, size)
        found += [row.pk for row in one]
        last = one.previous
        if one.next is None:
            return found, last
        cursor = one.next


@pytest.mark.parametrize("order", ORDERS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=files, size=st.integers(1, 6))
def test_pages_together_are_the_whole_list_forwards_and_backwards(
    order: tuple[str, ...], rows: list[tuple[int, int | None, str, int]], size: int
):
    fill(rows)
    whole = expected(order)
    found, back = forward(order, size)
    assert found == whole
    tail = len(whole) - ((len(whole) - 1) % size + 1 if whole else 0)
    before: list[int] = []
    while back is not None:
        one = page(File.objects.all(), back, order, size)
        assert one.next is not None
        before = [row.pk for row in one] + before
        back = one.previous
    assert before == whole[:tail]


def test_the_first_page_of_a_short_list_has_no_neighbours():
    fill([(1, None, "", 1)] * 3)
    one = page(File.objects.all(), None, ("id",), 3)
    assert (len(one), one.next, one.previous) == (3, None, None)
    empty = page(File.objects.none(), None, ("id",))
    assert (list(empty), empty.next, empty.previous) == ([], None, None)


def test_rows_that_arrive_meanwhile_shift_nothing():
    fill([(n % 4, None, "", 1) for n in range(10)])
    first = page(File.objects.all(), None, ("-id",), 4)
    fill_more = File.objects.first()
    assert fill_more is not None
    fill_more.pk = None
    fill_more.save(force_insert=True)
    second = page(File.objects.all(), first.next, ("-id",), 4)
    assert [row.pk for row in second] == [first.rows[-1].pk - n for n in range(1, 5)]


def test_when_all_that_followed_is_gone_the_way_back_leads_to_the_last_page():
    fill([(1, None, "", 1)] * 6)
    first = page(File.objects.all(), None, ("id",), 3)
    File.objects.filter(pk__gt=first.rows[-1].pk).delete()
    gone = page(File.objects.all(), first.next, ("id",), 3)
    assert gone.rows == []
    assert gone.previous is not None
    assert page(File.objects.all(), gone.previous, ("id",), 3).rows == first.rows


def test_it_reads_the_cursor_of_the_request_and_costs_one_query(django_assert_num_queries):
    fill([(1, None, "", 1)] * 5)
    get = RequestFactory().get
    first = page(File.objects.all(), get("/"), ("id",), 2)
    with django_assert_num_queries(1):
        second = page(File.objects.all(), get("/", {"cursor": first.next or ""}), ("id",), 2)
    assert second.rows[0].pk == first.rows[-1].pk + 1


def test_values_annotations_and_other_primary_keys_page_as_well():
    years = CalendarYear.objects.annotate(label=Concat(Value("y"), "changed_by")).values("year", "label")
    total = years.count()
    one = page(years, None, ("label", "-year"), 4)
    two = page(years, one.next, ("label", "-year"), 100)
    assert [row["year"] for row in [*one, *two]] == sorted((y["year"] for y in years), reverse=True)
    assert len(one) + len(two) == total


@pytest.mark.parametrize("cursor", ["x", "a.b", "eyJvIjoiaWQifQ:forged", "\x00", "…"])
def test_a_cursor_that_is_not_ours_is_refused(cursor: str):
    with pytest.raises(Refusal) as no:
        page(File.objects.all(), cursor, ("id",))
    assert (no.value.code, no.value.status) == ("paging.cursor", 422)


def test_a_cursor_of_another_order_is_refused():
    fill([(1, None, "", 1)] * 3)
    first = page(File.objects.all(), None, ("id",), 1)
    with pytest.raises(Refusal):
        page(File.objects.all(), first.next, ("-id",), 1)


def test_an_order_without_a_unique_end_is_a_fault_of_the_program():
    with pytest.raises(ValueError, match="unique"):
        page(File.objects.all(), None, ("stored_at",))


def test_dates_and_the_absence_of_them_survive_the_cursor():
    fill([(0, None, "", 1), (0, 1, "", 1), (0, None, "", 1)])
    order = ("erased_at", "id")
    one = page(File.objects.all(), None, order, 2)
    two = page(File.objects.all(), one.next, order, 2)
    assert [row.erased_at is None for row in [*one, *two]] == [False, True, True]
    assert date(2026, 3, 2) == one.rows[0].stored_at.date()
