"""What a refusal test asserts besides the refusal: that nothing was written."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from yichuang.core.models import Message
from yichuang.core.models.log import LogEvent
from yichuang.core.refusal import Refusal
from yichuang.identity.models import Account, Agency, Applicant, Client, Verification


def refused(act: Callable[[], object], *, status: int) -> Refusal:
    """The Refusal of an act that writes nothing."""

    def counted() -> tuple[int, ...]:
        return tuple(m.objects.count() for m in (LogEvent, Applicant, Account, Agency, Verification, Client, Message))

    before = counted()
    with pytest.raises(Refusal) as no:
        act()
    assert no.value.status == status, no.value
    assert counted() == before
    return no.value
