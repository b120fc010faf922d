"""Addresses of publicity."""

from __future__ import annotations

from django.urls import URLPattern, path

from yichuang.publicity.views import desk as office
from yichuang.publicity.views import portal as pages

portal: list[URLPattern] = [
    path("results/", pages.results, name="results"),
    path("results/results.xlsx", pages.download, {"kind": "xlsx"}, name="results_xlsx"),
    path("results/results.csv", pages.download, {"kind": "csv"}, name="results_csv"),
    path("results/<int:record_id>/", pages.result, name="result"),
]

desk: list[URLPattern] = [
    path("publicity/", office.listing, name="desk"),
    path("publicity/count/", office.count, name="count"),
    path("publicity/credit.xlsx", office.export, {"kind": "xlsx"}, name="export_xlsx"),
    path("publicity/credit.csv", office.export, {"kind": "csv"}, name="export_csv"),
    path("publicity/<int:record_id>/", office.record, name="desk_record"),
    path("publicity/<int:record_id>/publish/", office.publish, name="desk_publish"),
    path("publicity/<int:record_id>/withhold/", office.withhold, name="desk_withhold"),
    path("publicity/<int:record_id>/withdraw/", office.withdraw, name="desk_withdraw"),
    path("publicity/<int:record_id>/mend/", office.mend, name="desk_mend"),
    path("publicity/<int:record_id>/push/", office.push, name="desk_push"),
]
