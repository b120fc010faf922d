"""Addresses of licences."""

from __future__ import annotations

from django.urls import URLPattern, path

from yichuang.licences.views import desk as office
from yichuang.licences.views import portal as pages

portal: list[URLPattern] = [
    path("verify/", pages.verify, name="verify"),
    path("v/<str:token>/", pages.live, name="live"),
    path("my/licences/", pages.mine, name="my"),
    path("my/licences/<str:identifier>/", pages.show, name="my_licence"),
    path("my/licences/<str:identifier>/licence.pdf", pages.download, name="my_pdf"),
]

desk: list[URLPattern] = [
    path("licences/", office.registry, name="registry"),
    path("licences/export.xlsx", office.export, {"kind": "xlsx"}, name="export_xlsx"),
    path("licences/export.csv", office.export, {"kind": "csv"}, name="export_csv"),
    path("licences/<str:identifier>/", office.licence, name="desk_licence"),
    path("licences/<str:identifier>/licence.pdf", office.download, name="desk_pdf"),
    path("licences/<str:identifier>/replace/", office.replace, name="replace"),
]
