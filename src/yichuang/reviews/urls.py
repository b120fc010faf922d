"""Addresses of reviews."""

from __future__ import annotations

from django.urls import URLPattern, path

from yichuang.reviews.views import desk as staff
from yichuang.reviews.views import portal as pages

portal: list[URLPattern] = [
    path("reviews/", pages.public, name="public"),
    path("rate/cases/<str:number>/", pages.of_case, name="of_case"),
    path("rate/<str:token>/", pages.rate, name="rate"),
]

desk: list[URLPattern] = [
    path("reviews/", staff.listing, name="desk"),
    path("reviews/export.xlsx", staff.export, {"kind": "xlsx"}, name="export_xlsx"),
    path("reviews/export.csv", staff.export, {"kind": "csv"}, name="export_csv"),
    path("reviews/receipt/<str:number>/", staff.receipt, name="receipt"),
]
