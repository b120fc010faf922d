"""Programs that call the API."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from yichuang.core import log
from yichuang.core.actor import Actor
from yichuang.core.events import Event, digest
from yichuang.core.refusal import Refusal
from yichuang.identity import rules
from yichuang.identity.models import Client, Department

PREFIX = "yc_"


def token_digest(token: str) -> str:
    """What is kept of a token. It has 256 random bits, so a plain digest cannot be turned back."""
    return digest(token, "sha256")


def create_client(
    *,
    name: str,
    scopes: Iterable[str],
    departments: Iterable[Department],
    division: str = "",
    expires_at: datetime | None = None,
    by: Actor,
    at: datetime,
) -> tuple[Client, str]:
    """A program and its token, which is told this once and never again. Only the security administrator may.

    Raises Refusal 403, 422 per field.
    """
    _require(by)
    scopes, organs = sorted(set(scopes)), list(departments)
    rules.check_scopes(scopes)
    fields: dict[str, str] = {}
    if not name.strip():
        fields["name"] = "请填写接入系统的名称"
    if not organs:
        fields["departments"] = "请至少选择一个部门"
    if expires_at is not None and expires_at <= at:
        fields["expires_at"] = "有效期应晚于现在"
    if fields:
        raise Refusal("client.incomplete", "接入信息不完整。", "请按提示补充。", fields=fields, status=422)
    token = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        client = Client.objects.create(
            division=division or by.division or organs[0].division,
            name=name.strip(),
            token_digest=token_digest(token),
            scopes=scopes,
            created_at=at,
            created_by=by.ref,
            expires_at=expires_at,
        )
        client.departments.set(organs)
        data = {
            "scopes": scopes,
            "departments": [d.pk for d in organs],
            "expires": expires_at.isoformat() if expires_at else None,
        }
        log.append(client.ref, Event("client.created", data), by=by, at=at)
    return client, token


def revoke_client(client: Client, *, reason: str = "", by: Actor, at: datetime) -> Client:
    """The token stops working at once. Raises Refusal 403; 409 when it was revoked before."""
    _require(by)
    with transaction.atomic():
        if not Client.objects.filter(pk=client.pk, active=True).update(active=False):
            raise Refusal("client.revoked", "这个接入已经停用。", "无需再次办理。")
        log.append(client.ref, Event("client.revoked", {"reason": reason}), by=by, at=at)
    client.refresh_from_db()
    return client


def _require(by: Actor) -> None:
    if not by.is_system:
        by.require("security_administrator")
