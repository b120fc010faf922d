"""Who is here, for every request; and what an account must do before it goes on."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from yichuang.core.actor import NOBODY, Actor
from yichuang.identity import rules
from yichuang.identity.models import Account, Applicant
from yichuang.identity.queries.actors import acting_for as find_acting_for
from yichuang.identity.queries.actors import actor_of_account

Respond = Callable[[HttpRequest], HttpResponse]
ACTING_FOR = "acting_for"
"""Session key: primary key of the applicant that a person acts for."""
ACTING_NAME = "acting_for_name"
"""Session key: its name, for the header of every page."""

SEEN = "seen"
"""Session key: when a member of staff last did something, in seconds of the epoch."""
NOTED_EVERY = 60
"""Seconds."""

OPEN = ("/accounts/", "/static/", "/language/", "/large-text/", "/healthz", "/readyz", "/metrics")
"""Where an account that must still do something may go: the pages on which it does it."""


def account_of(request: HttpRequest) -> Account | None:
    """Who signed in, None for visitors. No query without a session cookie."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    return request.user if isinstance(request.user, Account) and request.user.is_authenticated else None


class ActorMiddleware:
    """Sets `request.actor` (NOBODY, and no query, without a session), lets the sessions of staff end after
    `YICHUANG_STAFF_IDLE_MINUTES` without a request, and speaks the language that the account keeps."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        set_actor(request, NOBODY)
        account = account_of(request)
        if account is None:
            return self.get_response(request)
        set_actor(request, actor_of_account(account, timezone.localtime(), joined=True))
        if account.kind == "staff" and _idle(request):
            get_adapter(request).logout(request)
            set_actor(request, NOBODY)
            messages.info(request, _("您有一段时间没有操作，已自动退出。请重新登录后继续。"))
            return self.get_response(request)
        with translation.override(account.language):
            response = self.get_response(request)
            response.headers["Content-Language"] = account.language
            return response


def _idle(request: HttpRequest) -> bool:
    """True when the person's last act is longer ago than staff may be idle. Fragments that a page fetches by itself are
    no act. The time is written once a minute at most: a request does not cost a write."""
    now, seen = int(time.time()), request.session.get(SEEN)
    if seen is not None and now - seen > settings.YICHUANG.staff_idle_minutes * 60:
        return True
    fetched = request.method == "GET" and request.headers.get("HX-Request") == "true"
    if seen is None or (now - seen >= NOTED_EVERY and not fetched):
        request.session[SEEN] = now
    return False


class DutyMiddleware:
    """Sends an account where it must go first: to a new password (given by an administrator, or older than its
    rotation), to the second factor that staff need in production."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        account = None if request.path.startswith(OPEN) else account_of(request)
        where = must_go(account) if account else ""
        return redirect(where) if where else self.get_response(request)


def must_go(account: Account) -> str:
    """Path of the page that the account must see first, "" when nothing is left to do."""
    config = settings.YICHUANG
    staff = account.kind == "staff"
    days = config.staff_password_days if staff else 0
    if account.password_must_change or rules.password_expired(account.password_changed_at, timezone.now(), days=days):
        return reverse("account_change_password")
    if staff and config.staff_mfa and not is_mfa_enabled(account):
        return reverse("mfa_activate_totp")
    return ""


def set_actor(request: HttpRequest, who: Actor) -> None:
    request.actor = who  # type: ignore[attr-defined]  # what every view and command reads


def acting_for(request: HttpRequest) -> Applicant | None:
    """The applicant for whom the person acts now (chosen at /my/act-as/, else themselves), read once per request."""
    if not hasattr(request, "_acting_for"):
        chosen = request.session.get(ACTING_FOR)
        request._acting_for = find_acting_for(getattr(request, "actor", NOBODY), chosen)  # type: ignore[attr-defined]  # kept
    found: Applicant | None = request._acting_for  # type: ignore[attr-defined]  # as above
    return found


def acting(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `acting_for` (read only by a template that shows it), `acting_name` (the organisation that one
    acts for, "" for oneself: no query)."""
    name = request.session.get(ACTING_NAME, "") if account_of(request) else ""
    return {"acting_for": lambda: acting_for(request), "acting_name": name}
