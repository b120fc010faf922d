"""Addresses of cases: `portal` (the applicant's), `desk` (under /desk/). A group of a form has no dash in its code: pages of a
draft that are no group have one in theirs."""

from __future__ import annotations

from django.urls import path

from yichuang.cases.views import papers
from yichuang.cases.views.desk import case, intake, worklist
from yichuang.cases.views.portal import apply, handin, my, sample
from yichuang.core import paths  # noqa: F401 - brings <key:...>

portal = [
    path("items/<key:item>/result.png", sample.picture, name="result_picture"),
    path("items/<key:item>/result.pdf", sample.pdf, name="result_sample"),
    path("apply/<key:item>/", apply.start, name="apply"),
    path("apply/drafts/<uuid:draft_id>/", apply.resume, name="draft"),
    path("apply/drafts/<uuid:draft_id>/hand-in/", handin.materials, name="draft_materials"),
    path("apply/drafts/<uuid:draft_id>/hand-in/<str:code>/upload/", handin.upload, name="draft_upload"),
    path("apply/drafts/<uuid:draft_id>/hand-in/<str:code>/<key:file_id>/remove/", handin.remove, name="draft_remove"),
    path("apply/drafts/<uuid:draft_id>/hand-in/files/<key:file_id>/", papers.draft_file, name="draft_file"),
    path("apply/drafts/<uuid:draft_id>/contact-delivery/", apply.reach, name="draft_reach"),
    path("apply/drafts/<uuid:draft_id>/check-answers/", apply.check, name="draft_check"),
    path("apply/drafts/<uuid:draft_id>/throw-away/", apply.discard, name="draft_discard"),
    path("apply/drafts/<uuid:draft_id>/<str:code>/", apply.group, name="draft_group"),
    path("my/", my.listing, name="my"),
    path("my/cases/<str:number>/", my.case, name="my_case"),
    path("my/cases/<str:number>/submitted/", my.submitted, name="submitted"),
    path("my/cases/<str:number>/why/<str:key>/", my.explain, name="my_explain"),
    path("my/cases/<str:number>/correct/", my.correct, name="my_correct"),
    path("my/cases/<str:number>/withdraw/", my.withdraw, name="my_withdraw"),
    path("my/cases/<str:number>/materials/<key:file_id>/", papers.material, name="my_material"),
    path("my/cases/<str:number>/documents/<key:document_id>/", papers.document, name="my_document"),
]

desk = [
    path("", worklist.listing, name="worklist"),
    path("count/", worklist.count, name="worklist_count"),
    path("find/", worklist.find, name="desk_find"),
    path("bulk/", worklist.bulk, name="bulk"),
    path("notices/<key:notice_id>/read/", worklist.read, name="notice_read"),
    path("intake/", intake.index, name="intake"),
    path("intake/<key:item>/", intake.applicant, name="intake_applicant"),
    path("intake/<key:item>/<key:applicant>/", intake.form, name="intake_form"),
    path("intake/<key:item>/<key:applicant>/agent/", intake.agent, name="intake_agent"),
    path("intake/<key:item>/<key:applicant>/letters/<key:agency>/", intake.letter, name="intake_letter"),
    path("intake/done/<str:number>/", intake.done, name="intake_done"),
    path("preview/", case.preview, name="preview"),
    path("cases/<str:number>/", case.case, name="desk_case"),
    path("cases/<str:number>/take/", case.take, name="take"),
    path("cases/<str:number>/reveal/", case.reveal, name="reveal"),
    path("cases/<str:number>/why/<str:key>/", case.explain, name="desk_explain"),
    path("cases/<str:number>/do/<str:verb>/", case.act, name="act"),
    path("cases/<str:number>/materials/<key:file_id>/", papers.desk_material, name="desk_material"),
    path("cases/<str:number>/documents/<key:document_id>/", papers.desk_document, name="desk_document"),
    path("cases/<str:number>/letters/<key:agency>/", papers.desk_letter, name="desk_letter"),
]
