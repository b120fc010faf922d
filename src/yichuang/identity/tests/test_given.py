"""The builders make what they say, through commands."""

from __future__ import annotations

import pytest

from yichuang.core.models.log import LogEvent
from yichuang.identity.tests import given

pytestmark = pytest.mark.django_db


def test_a_world_of_people_is_made_and_every_act_is_in_the_log() -> None:
    clerk, clerk_actor = given.staff("李窗口", roles=("window_clerk",))
    person, person_actor = given.person()
    company, representative = given.organisation()
    _agency, _agent, agent_actor = given.agent_of(company, representative)

    assert clerk_actor.has("window_clerk", clerk.department.scope)
    assert not clerk_actor.has("window_clerk", "department:0")
    assert person_actor.behalf == {person.ref}
    assert person_actor.name == "张*（演示）"
    assert company.ref in representative.behalf
    assert company.ref in agent_actor.behalf
    assert set(LogEvent.objects.values_list("kind", flat=True)) >= {
        "department.set",
        "staff.hired",
        "staff.role_granted",
        "account.registered",
        "verification.passed",
        "applicant.registered",
        "agency.appointed",
    }
