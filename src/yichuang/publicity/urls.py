"""Addresses of publicity."""

from __future__ import annotations

from django.urls import URLPattern, path

from yichuang.publicity.views import desk as office
from yichuang.publicity.views import portal as pages

portal: list[URLPattern] = [
    path("results/", pages.results, name="results"),
    path("results/<int:record_id>/", pages.result, name="result"),
]

desk: list[URLPattern] = [
    path("publicity/", office.listing, name="desk"),
    path("publicity/<int:record_id>/", office.record, name="desk_record"),
    path("publicity/<int:record_id>/publish/", office.publish, name="desk_publish"),
]
