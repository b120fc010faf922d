"""Addresses of the hall."""

from __future__ import annotations

from django.urls import URLPattern, path

from yichuang.hall import views

portal: list[URLPattern] = [
    path("points/", views.points, name="points"),
    path("points/boundary.json", views.boundary, name="boundary"),
    path("points/near/<int:item>/", views.near, name="near"),
]
