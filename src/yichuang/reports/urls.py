"""Addresses of figures."""

from __future__ import annotations

from django.urls import URLPattern, path

from yichuang.reports import views

portal: list[URLPattern] = [
    path("figures/", views.listing, name="figures"),
    path("figures/<str:id>/", views.evidence, name="figure"),
    path("reform/", views.reform, name="reform"),
    path("reform/<int:pk>/", views.reformed, name="reformed"),
]
desk: list[URLPattern] = []
