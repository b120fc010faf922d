"""Who calls the API: a program with its bearer token, or somebody signed in (their browser, with CSRF)."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer, SessionAuth

from yichuang.core.actor import Actor
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor
from yichuang.identity.middleware import set_actor
from yichuang.identity.models import Client
from yichuang.identity.queries.actors import actor_of_client

NOTED_EVERY = timedelta(minutes=10)
"""How exactly `Client.last_used_at` is kept: a call does not cost a write."""


class Bearer(HttpBearer):
    """`Authorization: Bearer yc_...`: request.actor becomes "client:ID" with the token's scopes and departments."""

    openapi_description = "接入系统的令牌，由安全管理员在“接入系统”中发放。"

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        at = timezone.localtime()
        found = actor_of_client(token, at)
        if found is None:
            raise Refusal(
                "client.token", "令牌无效，或已停用、已过期。", "请核对令牌，或向安全管理员申请新的令牌。", status=401
            )
        who, client = found
        if client.last_used_at is None or at - client.last_used_at > NOTED_EVERY:
            Client.objects.filter(pk=client.pk).update(last_used_at=at)
        set_actor(request, who)
        return who


class Session(SessionAuth):
    """The session cookie of the pages, for the pages' own calls. The last of `auth`: here it is told that nobody came."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor:
        if super().authenticate(request, key) is None:
            raise Refusal(
                "client.no_credentials",
                "没有提供身份凭据。",
                "请在请求头中提供 Authorization: Bearer 令牌，或先登录。",
                status=401,
            )
        return actor(request)


auth = (Bearer(), Session(csrf=True))
"""For every operation that needs somebody: `Router(auth=auth)`."""


def require_scope(request: HttpRequest, scope: str, *departments: str) -> Actor:
    """The actor of the request. A program needs the scope (for one of the departments' scopes, when some are named);
    people need no scope: their roles decide. Raises Refusal 403."""
    who = actor(request)
    if who.kind == "client" and not who.has(scope, *departments):
        raise Refusal(
            "client.scope",
            f"令牌没有“{scope}”权限，或不包含这个部门。",
            "请向安全管理员申请扩大令牌的权限范围。",
            status=403,
        )
    return who
