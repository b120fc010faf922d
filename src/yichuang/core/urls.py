"""Pages of the mechanisms, on the desk; the public list of seals."""

from __future__ import annotations

from django.urls import URLPattern, path

from yichuang.core.views import desk_calendar, desk_hours, desk_jobs, desk_log, desk_outbox, seals

portal: list[URLPattern] = [
    path("seals/", seals.seals, name="seals"),
]
desk: list[URLPattern] = [
    path("calendar/", desk_calendar.year, name="calendar"),
    path("calendar/preview/", desk_calendar.preview, name="calendar_preview"),
    path("calendar/apply/", desk_calendar.apply, name="calendar_apply"),
    path("calendar/sample.csv", desk_calendar.sample, name="calendar_sample"),
    path("calendar/hours/", desk_hours.hours, name="hours"),
    path("calendar/hours/<str:point>/", desk_hours.hours, name="hours_of"),
    path("jobs/", desk_jobs.job_list, name="jobs"),
    path("jobs/<int:number>/", desk_jobs.job, name="job"),
    path("jobs/<int:number>/progress/", desk_jobs.progress, name="job_progress"),
    path("jobs/<int:number>/file/", desk_jobs.result, name="job_file"),
    path("log/", desk_log.log_list, name="log"),
    path("log/verify/", desk_log.prove, name="log_verify"),
    path("outbox/", desk_outbox.outbox_list, name="outbox"),
    path("outbox/<int:number>/", desk_outbox.message, name="outbox_message"),
    path("outbox/<int:number>/resend/", desk_outbox.resend, name="outbox_resend"),
]
