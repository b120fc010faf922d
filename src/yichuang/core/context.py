"""What every page knows: the platform, who is here, where one can go, how large the text is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yichuang.core.actor import Actor
from yichuang.core.views import actor

LARGE_TEXT_COOKIE = "large_text"
ROOTS = ("/", "/desk/")
"""Everything lies below them, so they are marked only when they are open themselves."""

ROLE_NAMES: dict[str, str | Promise] = {
    "window_clerk": _("窗口人员"),
    "handler": _("承办人"),
    "reviewer": _("审核人"),
    "legal_reviewer": _("法制审核人"),
    "head": _("负责人"),
    "catalogue_editor": _("事项管理员"),
    "publicity_officer": _("公示专员"),
    "system_administrator": _("系统管理员"),
    "security_administrator": _("安全管理员"),
    "auditor": _("审计员"),
}


@dataclass(frozen=True, slots=True)
class Link:
    """One line of a navigation. name: URL name. roles: shown to staff who hold one of them, () to all.
    group: heading above it. count: URL name of a fragment that shows how many wait there ("" for none)."""

    label: str | Promise
    name: str
    icon: str = ""
    roles: tuple[str, ...] = ()
    group: str | Promise = ""
    count: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of the navigation as a template shows it."""

    label: str | Promise
    url: str
    icon: str
    group: str | Promise
    count_url: str
    current: bool


def navigation(face: str, path: str, who: Actor) -> list[Shown]:
    """The lines of `site/wiring.py` NAV[face] that this actor may follow; the one that is open is marked."""
    links: tuple[Link, ...] = import_module(settings.YICHUANG_WIRING).NAV.get(face, ())
    shown = []
    for link in links:
        if link.roles and not who.has_any(link.roles):
            continue
        url, count_url = place(link.name), place(link.count) if link.count else ""
        if not url or (link.count and not count_url):
            continue
        shown.append(Shown(link.label, url, link.icon, link.group, count_url, False))
    above = [one.url for one in shown if path == one.url or (path.startswith(one.url) and one.url not in ROOTS)]
    longest = max(above, key=len, default="")
    return [replace(one, current=one.url == longest) for one in shown]


def large_text(request: HttpRequest) -> bool:
    """适老版: of the account when somebody signed in, of the browser otherwise."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return bool(getattr(user, "large_text", False))
    return request.COOKIES.get(LARGE_TEXT_COOKIE) == "1"


def site(request: HttpRequest) -> dict[str, Any]:
    """Context processor of every page: `config`, `who`, `roles_held`, `nav`, `desk_nav`, `large_text`, `site_urls`."""
    who = actor(request)
    path = request.path
    on_desk = path.startswith("/desk/")
    return {
        "config": settings.YICHUANG,
        "who": who,
        "roles_held": [ROLE_NAMES[g] for g in dict.fromkeys(grant.role for grant in who.grants) if g in ROLE_NAMES],
        "nav": [] if on_desk else navigation("portal", path, who),
        "desk_nav": navigation("desk", path, who) if on_desk and who.is_staff else [],
        "large_text": large_text(request),
        "site_urls": _urls(),
    }


def place(name: str) -> str:
    """Path of a URL name without arguments, "" when this installation has none."""
    return _place(name, get_urlconf() or settings.ROOT_URLCONF)


@cache
def _place(name: str, urlconf: str) -> str:
    try:
        return reverse(name, urlconf)
    except NoReverseMatch:
        return ""


def _urls() -> dict[str, str]:
    """Places of higher floors that the frame links to, by name; "" for what this installation does not have."""
    names = {
        "home": "site:home",
        "search": "catalogue:search",
        "my": "cases:my",
        "inbox": "identity:inbox",
        "follows": "catalogue:follows",
        "profile": "identity:profile",
        "act_as": "identity:act_as",
        "security": "mfa_index",
        "licences": "licences:my",
        "verify": "licences:verify",
        "results": "publicity:results",
        "reviews": "reviews:public",
        "desk": "cases:worklist",
        "desk_find": "cases:desk_find",
        "sign_in": "account_login",
        "sign_up": "account_signup",
        "sign_out": "account_logout",
        "accessibility": "site:accessibility",
        "large_text": "site:large_text",
        "language": "site:language",
        "api_docs": "api-1:openapi-view",
        "open": "catalogue:open",
        "privacy": "site:privacy",
    }
    return {key: place(name) for key, name in names.items()}
