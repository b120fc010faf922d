"""Pages of the mechanisms, on the desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from yichuang.core.views import desk_calendar

portal: list[URLPattern] = []
desk: list[URLPattern] = [
    path("calendar/", desk_calendar.year, name="calendar"),
    path("calendar/preview/", desk_calendar.preview, name="calendar_preview"),
    path("calendar/apply/", desk_calendar.apply, name="calendar_apply"),
    path("calendar/sample.csv", desk_calendar.sample, name="calendar_sample"),
]
