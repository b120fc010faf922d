"""Addresses of licences."""

from __future__ import annotations

from django.urls import URLPattern, path

from yichuang.licences.views import portal as pages

portal: list[URLPattern] = [
    path("verify/", pages.verify, name="verify"),
    path("v/<str:token>/", pages.live, name="live"),
    path("my/licences/", pages.mine, name="my"),
    path("my/licences/<str:identifier>/", pages.show, name="my_licence"),
    path("my/licences/<str:identifier>/licence.pdf", pages.download, name="my_pdf"),
]

desk: list[URLPattern] = []
