"""What the pages share that edit one part of a draft as a grid: a button redraws what was typed, saving is one call, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from yichuang.catalogue import commands, queries
from yichuang.catalogue.models import ItemVersion
from yichuang.catalogue.models.item import DRAFT
from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules.findings import ERROR, Finding
from yichuang.core.forms import once
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor


def cannot(wrong: LookupError) -> Refusal:
    """A button that cannot do what it says."""
    return Refusal("catalogue.no_row", f"{wrong.args[0]}。", "已填的内容都还在。", status=422)


def save(
    request: HttpRequest, row: ItemVersion, content: shape.Content, page: str, again: Callable[[Refusal], HttpResponse]
) -> HttpResponse:
    """Write the draft that the page was made from and go back to it. page: its name. again: the page with what was refused (409, 422)."""
    digest = request.POST.get("digest") or "-"

    def act() -> HttpResponse:
        made = commands.revise_draft(row.pk, content, digest=digest, by=actor(request), at=timezone.localtime())
        messages.success(request, _("已保存。"))
        return redirect(page, pk=made.pk)

    try:
        return once(request, act)
    except Refusal as no:
        if no.status not in (409, 422):
            raise
        return again(no)


def drawn(
    request: HttpRequest, row: ItemVersion, findings: Sequence[Finding], digest: str, no: Refusal | None
) -> dict[str, Any]:
    """The context that every grid has. edits: the visitor may write it. digest: of the draft that the page was made from."""
    wrong = sum(one.severity == ERROR for one in findings)
    return {
        "version": row,
        "item": row.item,
        "edits": row.state == DRAFT and not row.stage and queries.may_edit(actor(request), row.item),
        "digest": digest or request.POST.get("digest", ""),
        "refusal": no,
        "findings": findings,
        "errors": wrong,
        "warnings": len(findings) - wrong,
    }
