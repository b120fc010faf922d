"""Addresses of figures."""

from __future__ import annotations

from django.urls import URLPattern, path

from yichuang.reports import views

portal: list[URLPattern] = [
    path("figures/", views.listing, name="figures"),
    path("figures/<str:id>/", views.evidence, name="figure"),
]
desk: list[URLPattern] = []
