"""Addresses of the catalogue."""

from __future__ import annotations

from django.urls import URLPattern, path

from yichuang.catalogue.views import portal as pages

portal: list[URLPattern] = [
    path("search/", pages.search, name="search"),
    path("items/<int:pk>/", pages.guide, name="guide"),
    path("items/<int:pk>/guide.pdf", pages.guide_pdf, name="guide_pdf"),
]

desk: list[URLPattern] = []
