"""Serial numbers: never the same one twice, however many ask at once."""

from __future__ import annotations

import pytest
from django.db import transaction

from yichuang.core import numbers
from yichuang.core.models import Counter
from yichuang.core.rules.check37 import mod37_36
from yichuang.core.tests import processes

TAKER = """
import sys, threading
from django.db import connections, transaction
from yichuang.core import numbers
mine = []
def take(count):
    for n in range(count):
        if n % 3 == 0:  # as inside a command that goes on for a while
            with transaction.atomic():
                mine.append(numbers.take("case:610114:20261124"))
        else:
            mine.append(numbers.take("case:610114:20261124"))
    connections.close_all()
sys.stdin.readline()
threads = [threading.Thread(target=take, args=(int(sys.argv[1]),)) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(*mine)
"""


@pytest.mark.django_db
def test_each_scope_counts_by_itself_from_one():
    assert [numbers.take("a"), numbers.take("a"), numbers.take("b"), numbers.take("a")] == [1, 2, 1, 3]


@pytest.mark.django_db
def test_a_number_taken_in_an_act_that_failed_is_given_again():
    def act():
        with transaction.atomic():
            numbers.take("a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    assert numbers.take("a") == 1


@pytest.mark.django_db(transaction=True)
def test_eight_writers_at_once_never_take_the_same_number():
    each = 40
    takers = [processes.python(TAKER, str(each)) for _ in range(2)]  # of four threads, each with its connection
    told = [taker.communicate("go\n", timeout=90) for taker in takers]
    assert all(taker.returncode == 0 for taker in takers), told
    taken = [int(n) for out, _ in told for n in out.split()]
    assert sorted(taken) == list(range(1, 8 * each + 1))
    assert Counter.objects.get().value == 8 * each


@pytest.mark.parametrize(("text", "check"), [("61011420261124000123", "O"), ("0", "2"), ("A12425GABC1234002", "M")])
def test_the_check_character(text, check):
    assert mod37_36(text) == check


@pytest.mark.parametrize("text", ["", "a", "1-2", "１"])
def test_the_check_character_is_only_for_digits_and_capitals(text):
    with pytest.raises(ValueError, match="not made of"):
        mod37_36(text)
