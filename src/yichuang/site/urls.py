"""Root URLs: each face mounts its packages."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from yichuang.identity.urls import accounts
from yichuang.site import views
from yichuang.site.api import api

PACKAGES = ("core", "identity", "catalogue", "hall", "licences", "cases", "publicity", "reviews", "reports")


def mount(package: str) -> list[URLResolver]:
    """A package's `portal` at the root and its `desk` under /desk/, in one namespace of its name."""
    if not find_spec(f"yichuang.{package}.urls"):
        return []
    urls = import_module(f"yichuang.{package}.urls")
    faces = [*getattr(urls, "portal", ()), path("desk/", include(getattr(urls, "desk", [])))]
    return [path("", include((faces, package)))]


own: list[URLPattern] = [
    path("", views.home, name="home"),
    path("large-text/", views.large_text, name="large_text"),
    path("language/", views.language, name="language"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((own, "site"))),
    path("accounts/", include(accounts)),
    path("api/v1/", api.urls),
    *(resolver for package in PACKAGES for resolver in mount(package)),
]

handler400 = "yichuang.site.views.bad_request"
handler403 = "yichuang.site.views.forbidden"
handler404 = "yichuang.site.views.not_found"
handler500 = "yichuang.site.views.server_error"
