"""Organisations and their agents: who acts for whom, since when, on what paper."""

from __future__ import annotations

import json
from datetime import UTC, timedelta

import pytest

from yichuang.core.actor import NOBODY
from yichuang.core.models.log import LogEvent
from yichuang.identity import commands, queries
from yichuang.identity.models import Agency, Applicant
from yichuang.identity.tests import given
from yichuang.identity.tests.refusals import refused

pytestmark = pytest.mark.django_db
AT = given.AT


def test_the_legal_representative_registers_and_acts_for_the_organisation() -> None:
    company, actor = given.organisation()
    assert company.legal_representative == "赵法人（演示）"
    assert company.ref in actor.behalf
    assert [a.pk for a in queries.applicants_for(actor)][-1] == company.pk
    assert queries.applicants_for(actor)[0].kind == "person"


def test_an_organisation_of_the_window_is_not_taken_by_whoever_types_its_code() -> None:
    _, clerk = given.staff("李窗口", ("window_clerk",))
    company = commands.register_organisation(
        name="阎良区大饭店", id_number=given.organisation_code(5), legal_representative="钱总",
        legal_representative_id=given.citizen_number(31), by=clerk, at=AT,
    )  # fmt: skip
    assert isinstance(company, Applicant)
    _, stranger = given.person("孙某某")
    no = refused(
        lambda: commands.register_organisation(name="阎良区大饭店", id_number=company.id_number, by=stranger, at=AT),
        status=409,
    )
    assert no.code == "applicant.differs"
    _, owner = given.person("钱总", id_number=given.citizen_number(31))
    same = commands.register_organisation(name="阎良区大饭店", id_number=company.id_number, by=owner, at=AT)
    assert same == company


def test_staff_who_are_no_clerks_and_visitors_register_nothing() -> None:
    _, auditor = given.staff("审计员", ("auditor",))
    for by in (auditor, NOBODY):
        refused(
            lambda by=by: commands.register_organisation(  # type: ignore[misc]  # bound in the loop
                name="某公司", id_number=given.organisation_code(6), by=by, at=AT
            ),
            status=403,
        )


def test_an_agent_acts_within_the_period_only() -> None:
    company, actor = given.organisation()
    _, agent, _ = given.agent_of(company, actor, days=30)
    assert agent.account is not None
    assert company.ref in queries.actor_of_account(agent.account, AT + timedelta(days=30)).behalf
    assert company.ref not in queries.actor_of_account(agent.account, AT + timedelta(days=31)).behalf


def test_an_agent_does_not_appoint_another() -> None:
    company, actor = given.organisation()
    _, _, agent_actor = given.agent_of(company, actor)
    other, _ = given.person("周某某")
    no = refused(
        lambda: commands.appoint_agent(
            company, agent=other, matters="许可", valid_until=AT.date() + timedelta(days=9), by=agent_actor, at=AT
        ),
        status=403,
    )
    assert "一百六十九" in no.law


def test_an_agent_who_is_not_registered_and_one_whose_name_differs_get_the_same_answer() -> None:
    company, actor = given.organisation()
    someone, _ = given.person("周某某")
    until = AT.date() + timedelta(days=9)
    answers = {
        refused(
            lambda name=name, number=number: commands.appoint_agent(  # type: ignore[misc]  # bound in the loop
                company, agent_name=name, agent_id_number=number, matters="许可", valid_until=until, by=actor, at=AT
            ),
            status=422,
        ).message
        for name, number in (("吴某某", someone.id_number), ("周某某", given.citizen_number(999)))
    }
    assert len(answers) == 1
    commands.appoint_agent(
        company,
        agent_name="周某某",
        agent_id_number=someone.id_number,
        matters="许可",
        valid_until=until,
        letter=given.letter(company, actor),
        by=actor,
        at=AT,
    )


def test_an_organisation_s_agent_cannot_be_without_a_letter_of_its_own() -> None:
    company, actor = given.organisation()
    other, other_actor = given.organisation("另一公司（演示）")
    someone, _ = given.person("周某某")
    _, clerk = given.staff("李窗口", ("window_clerk",))
    terms = {"agent": someone, "matters": "许可", "valid_until": AT.date() + timedelta(days=9), "at": AT}
    no = refused(lambda: commands.appoint_agent(company, **terms, by=actor), status=422)
    assert list(no.fields) == ["letter"]
    refused(lambda: commands.appoint_agent(company, **terms, by=clerk), status=422)
    for foreign in (given.letter(other, actor), given.letter(company, other_actor)):
        refused(lambda held=foreign: commands.appoint_agent(company, **terms, letter=held, by=actor), status=422)  # type: ignore[misc]  # bound in the loop
    assert not Agency.objects.filter(role="agent").exists()
    letter = given.letter(company, actor)
    commands.appoint_agent(company, **terms, letter=letter, by=actor)
    used = {**terms, "agent": given.person("吴某某")[0], "letter": letter}
    refused(lambda: commands.appoint_agent(company, **used, by=actor), status=422)
    event = LogEvent.objects.get(kind="agency.appointed", stream=company.ref, data__contains='"role":"agent"')
    assert json.loads(event.data)["letter"] == letter.ref


def test_a_letter_comes_later_to_an_agency_that_has_none() -> None:
    company, actor = given.organisation()
    someone, _ = given.person("周某某")
    until = AT.date() + timedelta(days=9)
    agency = commands.appoint_agent(
        company, agent=someone, matters="许可", valid_until=until, by=given.by_system(), at=AT
    )
    assert queries.letters_of(company, at=AT) == []
    _, stranger = given.person("孙某某")
    theirs, second = given.letter(company, stranger), given.letter(company, actor)
    refused(lambda: commands.attach_letter(agency, theirs, by=stranger, at=AT), status=403)
    commands.attach_letter(agency, given.letter(company, actor), by=actor, at=AT)
    assert [a.pk for a in queries.letters_of(company, at=AT)] == [agency.pk]
    refused(lambda: commands.attach_letter(agency, second, by=actor, at=AT), status=409)
    commands.end_agency(agency, by=actor, at=AT + timedelta(days=2))
    assert queries.letters_of(company, at=AT + timedelta(days=1))
    assert queries.letters_of(company, at=AT + timedelta(days=3)) == []


def test_a_letter_stands_from_the_first_minute_of_its_first_day_here() -> None:
    company, actor = given.organisation()
    someone, _ = given.person("周某某")
    day, letter = AT.date(), given.letter(company, actor)
    commands.appoint_agent(company, agent=someone, matters="许可", valid_until=day, letter=letter, by=actor, at=AT)
    midnight = AT.replace(hour=0, minute=1)
    assert queries.letters_of(company, at=midnight.astimezone(UTC)), "in UTC it is still the day before"
    assert queries.letters_of(company, at=(midnight - timedelta(minutes=2)).astimezone(UTC)) == []


def test_an_agency_is_ended_by_principal_or_agent_and_by_no_stranger() -> None:
    company, actor = given.organisation()
    agency, agent, agent_actor = given.agent_of(company, actor)
    _, stranger = given.person("孙某某")
    refused(lambda: commands.end_agency(agency, by=stranger, at=AT), status=403)
    commands.end_agency(agency, by=agent_actor, at=AT)
    assert agent.account is not None
    assert company.ref not in queries.actor_of_account(agent.account, AT).behalf
    refused(lambda: commands.end_agency(agency, by=actor, at=AT), status=409)
    legal = Agency.objects.get(principal=company, role="legal_representative")
    refused(lambda: commands.end_agency(legal, by=actor, at=AT), status=403)
