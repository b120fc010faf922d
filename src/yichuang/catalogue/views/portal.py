"""Search and guide: what, who may, how long, how much, what to bring, where, and how to complain."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yichuang.catalogue import queries
from yichuang.catalogue.rules import facts
from yichuang.core import documents
from yichuang.identity.models import Department

SHOWN = 30


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:100]
    audience = request.GET.get("for", "")
    hits = queries.search(text, limit=SHOWN) if text else []
    if audience in facts.AUDIENCES:
        hits = [h for h in hits if h.audience == audience]
    context = {
        "q": text,
        "hits": hits,
        "audience": audience,
        "audiences": facts.AUDIENCES.items(),
        "items": queries.published(audience) if not text else [],
    }
    return render(request, "catalogue/search.html", context)


@require_GET
def guide(request: HttpRequest, pk: int) -> HttpResponse:
    version = queries.current(pk)
    return render(request, "catalogue/guide.html", {"version": version, **_told(version)})


def _told(version: facts.VersionFacts) -> dict[str, object]:
    elements = version.elements
    return {
        "organ": Department.objects.get(pk=version.department_id),
        "elements": elements,
        "task_type": facts.TASK_TYPES.get(version.task_type, ""),
        "project_type": facts.PROJECT_TYPES.get(version.project_type, ""),
        "unit": facts.DAY_TYPES.get(version.promised_type, ""),
        "statutory_unit": facts.DAY_TYPES.get(version.statutory_type, ""),
        "channels": [facts.HANDLE_TYPES.get(c, c) for c in version.channels],
        "deliveries": [facts.DELIVERIES.get(d, d) for d in version.deliveries],
        "materials": [
            {
                "m": m,
                "need": facts.NEEDS.get(m.need, ""),
                "form": facts.MATERIAL_FORMATS.get(m.format, ""),
                "source": facts.SOURCE_TYPES.get(m.source, ""),
            }
            for m in version.materials
        ],
        "steps": [
            {"s": s, "role": facts.STEP_ROLES.get(s.role, "")} for s in sorted(version.steps, key=lambda s: s.group)
        ],
    }


@require_GET
def guide_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The guide to print and take along, one sheet."""
    version = queries.current(pk)
    told = _told(version)
    days = (
        "当场办结"
        if version.instant
        else f"{version.promised_days}{told['unit']}（法定{version.statutory_days}{told['statutory_unit']}）"
    )
    brought = [[m.name, m.exempt or facts.NEEDS.get(m.need, ""), m.source_explain] for m in version.materials]
    data = {
        "organ": version.department,
        "title": f"{version.name} 办事指南",
        "lead": version.summary,
        "sections": [
            {
                "title": "基本信息",
                "facts": [
                    ["办理时限", days],
                    ["收费", "收费" if version.is_fee else "不收费"],
                    ["到场次数", str(version.visits)],
                ],
            },
            {"title": "申请材料", "table": {"head": ["材料", "要求", "来源"], "rows": brought, "widths": [5, 4, 4]}},
            {"title": "设定依据", "list": [f"《{c.law}》{c.article}" for c in version.citations]},
        ],
    }
    response = HttpResponse(documents.render("core/sheet", data), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="guide-{pk}.pdf"'
    return response
