"""后台任务 on the desk: long work, left and found again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yichuang.core import files, jobs
from yichuang.core.models import Job
from yichuang.core.paging import page
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor, desk

TONES = {Job.WAITING: "grey", Job.RUNNING: "blue", Job.DONE: "green", Job.FAILED: "red"}
KIT_STATES = {Job.WAITING: "waiting", Job.RUNNING: "running", Job.DONE: "finished", Job.FAILED: "failed"}
SHOWN = 500


@desk()
@require_GET
def job_list(request: HttpRequest) -> HttpResponse:
    """One's own, the latest first (a system administrator sees the division's)."""
    found = page(jobs.jobs_of(actor(request)).defer("rejected", "arguments"), request, ("-id",))
    return render(request, "core/desk/jobs.html", {"page": found, "tones": TONES})


@desk()
@require_GET
def job(request: HttpRequest, number: int) -> HttpResponse:
    """Progress that refreshes itself, and at the end what came out."""
    found = jobs.job_for(actor(request), number)
    context = _progress(found) | {
        "job": found,
        "tone": TONES[found.state],
        "rejected": found.rejected[:SHOWN],
        "more": max(0, len(found.rejected) - SHOWN),
        "figures": [(jobs.FIGURES.get(name, name), value) for name, value in found.result.items()],
        "crumbs": [(_("后台任务"), reverse("core:jobs"))],
    }
    return render(request, "core/desk/job.html", context)


@desk()
@require_GET
def progress(request: HttpRequest, number: int) -> HttpResponse:
    """The fragment that the page asks for every two seconds; once it is over the whole page is loaded again."""
    found = jobs.job_for(actor(request), number)
    response = render(request, "core/kit/progress.html", _progress(found))
    if found.over:
        response["HX-Refresh"] = "true"
    return response


@desk()
@require_GET
def result(request: HttpRequest, number: int) -> HttpResponseBase:
    """The file that came out."""
    found = jobs.job_for(actor(request), number)
    if found.result_file is None:
        raise Refusal("job.no_file", "这项任务没有结果文件。", "请返回任务页面查看结果。", status=404)
    return files.response(found.result_file)


def _progress(found: Job) -> dict[str, object]:
    return {
        "label": found.label,
        "done": found.done,
        "total": found.total,
        "state": KIT_STATES[found.state],
        "poll_url": reverse("core:job_progress", args=[found.pk]),
    }
