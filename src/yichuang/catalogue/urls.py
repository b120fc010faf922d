"""Addresses of the catalogue."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from yichuang.catalogue.views import (
    adjustments,
    compare,
    drafts,
    editor,
    laws,
    life_desk,
    lists,
    lists_desk,
    publishing,
    tables,
)
from yichuang.catalogue.views import desk as at_desk
from yichuang.catalogue.views import life as lives
from yichuang.catalogue.views import portal as pages

portal: list[URLPattern] = [
    path("adjustments/", adjustments.published, name="adjusted"),
    path("search/", pages.search, name="search"),
    path("search/suggest/", pages.suggest, name="suggest"),
    path("items/<int:pk>/", pages.guide, name="guide"),
    path("items/<int:pk>/guide.pdf", pages.guide_pdf, name="guide_pdf"),
    path("items/<int:pk>/poster.pdf", pages.poster_pdf, name="poster_pdf"),
    path("items/<int:pk>/form.pdf", pages.form_pdf, name="form_pdf"),
    path("items/<int:pk>/form-sample.pdf", pages.form_sample_pdf, name="form_sample_pdf"),
    path("items/<int:pk>/materials/<str:code>/<str:kind>/", pages.sheet, name="sheet"),
    path("life/", lives.stages, name="life"),
    path("life/booklet/", lives.booklet, name="life_booklet"),
    path("life/booklet.pdf", lives.booklet_pdf, name="life_booklet_pdf"),
    path("life/situations/<int:pk>/", lives.situation, name="life_situation"),
    path("life/<slug:code>/", lives.stage, name="life_stage"),
    path("lists/", lists.lists, name="lists"),
    path("lists/<slug:code>/", lists.newest, name="list"),
    path("lists/<slug:code>/compare/", lists.compare, name="list_compare"),
    path("lists/<slug:code>/<int:number>/", lists.edition, name="list_edition"),
    re_path(
        r"^lists/(?P<code>[a-z]+)/(?P<number>[0-9]{1,8})\.(?P<form>xlsx|csv|pdf)$", lists.download, name="list_file"
    ),
    path("laws/", laws.laws, name="laws"),
    path("laws/<int:pk>/", laws.law, name="law"),
]

desk: list[URLPattern] = [
    path("adjustments/", adjustments.listing, name="adjustments"),
    path("adjustments/new/", adjustments.new, name="adjustment_new"),
    path("adjustments/past/", adjustments.past, name="adjustment_past"),
    path("adjustments/<int:pk>/", adjustments.one, name="adjustment"),
    path("adjustments/<int:pk>/lines/", adjustments.add_line, name="adjustment_add_line"),
    path("adjustments/<int:pk>/lines/<int:line>/remove/", adjustments.remove_line, name="adjustment_remove_line"),
    path("adjustments/<int:pk>/<str:verb>/", adjustments.act, name="adjustment_act"),
    path("catalogue/", at_desk.listing, name="desk"),
    path("catalogue/lint/", at_desk.lint, name="desk_lint"),
    path("catalogue/import/", tables.upload, name="import"),
    path("catalogue/import/<int:pk>/", tables.preview, name="import_preview"),
    path("catalogue/export/", tables.export, name="export"),
    path("catalogue/new/", editor.new, name="new_item"),
    path("catalogue/<int:pk>/", at_desk.item, name="desk_item"),
    path("catalogue/<int:pk>/draft/", drafts.begin, name="begin_draft"),
    path("catalogue/<int:pk>/compare/", compare.compare, name="compare"),
    path("catalogue/versions/<int:pk>/", at_desk.version, name="desk_version"),
    path("catalogue/versions/<int:pk>/edit/", editor.edit, name="edit_version"),
    path("catalogue/versions/<int:pk>/check/", editor.check, name="check_version"),
    path("catalogue/versions/<int:pk>/sheets/", drafts.sheets, name="desk_sheets"),
    path("catalogue/versions/<int:pk>/sheets/<str:code>/<str:kind>/", drafts.sheet, name="desk_sheet"),
    path("catalogue/versions/<int:pk>/sheets/<str:code>/<str:kind>/remove/", drafts.remove, name="desk_sheet_remove"),
    path("catalogue/versions/<int:pk>/do/<str:verb>/", publishing.act, name="version_act"),
    path("catalogue/versions/<int:pk>/changes/<int:seq>/", publishing.change, name="version_change"),
    path("catalogue/versions/<int:pk>/remarks/", publishing.remark, name="remark"),
    path("catalogue/remarks/<int:pk>/settle/", publishing.settle, name="settle_remark"),
    path("catalogue/reviews/", publishing.reviews, name="reviews"),
    path("catalogue/reviews/count/", publishing.count, name="reviews_count"),
    path("catalogue/versions/<int:pk>/retire/", at_desk.retire, name="retire"),
    path("life/", life_desk.stages, name="desk_life"),
    path("life/new/", life_desk.new, name="desk_life_new"),
    path("life/stages/<slug:code>/", life_desk.stage, name="desk_life_stage"),
    path("life/situations/<int:pk>/", life_desk.situation, name="desk_life_situation"),
    path("life/situations/<int:pk>/remove/", life_desk.remove, name="desk_life_remove"),
    path("life/booklet/", life_desk.print_booklet, name="desk_booklet"),
    path("life/booklet/<int:number>.pdf", life_desk.edition, name="desk_booklet_edition"),
    path("lists/", lists_desk.lists, name="desk_lists"),
    path("lists/<slug:code>/", lists_desk.one, name="desk_list"),
    path("listed/<slug:kind>/", lists_desk.entries, name="listed_entries"),
    path("listed/<slug:kind>/new/", lists_desk.new, name="listed_new"),
    path("listed/<slug:kind>/<int:pk>/", lists_desk.entry, name="listed_entry"),
    path("listed/<slug:kind>/<int:pk>/unlist/", lists_desk.unlist, name="listed_unlist"),
    path("laws/", laws.listing, name="desk_laws"),
    path("laws/new/", laws.new, name="new_law"),
    path("laws/<int:pk>/", laws.desk_law, name="desk_law"),
    path("laws/<int:pk>/edit/", laws.edit, name="edit_law"),
    path("laws/<int:pk>/version/", laws.add_version, name="add_law_version"),
    path("laws/reviews/", laws.tasks, name="law_tasks"),
    path("laws/reviews/<int:pk>/", laws.task, name="law_task"),
]
