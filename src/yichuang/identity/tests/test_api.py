"""API: who I am, departments, divisions; tokens that are wrong, revoked, expired."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from yichuang.identity import commands
from yichuang.identity.tests import given

pytestmark = pytest.mark.django_db


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_a_program_is_told_who_it_is(client: Browser) -> None:
    made, token = given.client(scopes=("cases:read",))
    answer = client.get("/api/v1/me", headers=bearer(token))
    assert answer.status_code == 200
    body = answer.json()
    assert (body["ref"], body["kind"]) == (made.ref, "client")
    assert body["grants"] == [{"role": "cases:read", "scope": given.department().scope}]
    made.refresh_from_db()
    assert made.last_used_at is not None


def test_a_signed_in_person_sees_whom_they_act_for_masked(client: Browser) -> None:
    company, actor = given.organisation(at=timezone.localtime())
    from yichuang.identity import queries

    own = queries.self_of(actor)
    assert own is not None
    assert own.account is not None
    client.force_login(own.account)
    body = client.get("/api/v1/me").json()
    assert [a["id"] for a in body["acts_for"]] == [own.pk, company.pk]
    assert own.id_number not in str(body)


@pytest.mark.parametrize("headers", [{}, bearer("yc_forged"), bearer(""), {"Authorization": "Basic eDp5"}])
def test_without_a_good_token_the_answer_is_401_as_a_problem(client: Browser, headers: dict[str, str]) -> None:
    answer = client.get("/api/v1/me", headers=headers)
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["next_step"]


def test_a_revoked_and_an_expired_token_are_no_tokens(client: Browser) -> None:
    made, token = given.client()
    commands.revoke_client(made, by=given.by_system(), at=timezone.localtime())
    assert client.get("/api/v1/me", headers=bearer(token)).status_code == 401
    old = timezone.localtime() - timedelta(days=2)
    _, token = commands.create_client(
        name="旧系统",
        scopes=["cases:read"],
        departments=[given.department()],
        expires_at=old + timedelta(days=1),
        by=given.by_system(),
        at=old,
    )
    assert client.get("/api/v1/me", headers=bearer(token)).status_code == 401


def test_departments_and_divisions_are_public_and_paged(client: Browser) -> None:
    given.division()
    for n in range(3):
        given.department(f"测试局{n}")
    first = client.get("/api/v1/departments?size=2").json()
    assert len(first["items"]) == 2
    second = client.get("/api/v1/departments", {"size": 2, "cursor": first["next"]}).json()
    assert len(second["items"]) == 1
    assert second["next"] is None
    assert client.get("/api/v1/divisions?under=6101").json()["items"][0]["name"] == "西安市阎良区"
    assert client.get("/api/v1/departments?cursor=forged").status_code == 422
