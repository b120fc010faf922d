"""情形引导 of a draft at the desk: questions, the decision table as a grid, stored examples, and trying it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yichuang.catalogue import queries
from yichuang.catalogue.models import ItemVersion
from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules import editing, situationgrid
from yichuang.catalogue.rules.checks_situations import PLACE
from yichuang.catalogue.rules.findings import Finding
from yichuang.catalogue.rules.situations import GROUP, NO_FEE, Situations, parse
from yichuang.catalogue.views import grids
from yichuang.catalogue.views.desk import ROLES
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor
from yichuang.core.views import desk as at_desk


@dataclass(slots=True)
class Sheet:
    """One drawing of the grid: what is stored, what was typed, what is wrong with it."""

    row: ItemVersion
    stored: shape.Content
    data: situationgrid.Data
    table: Situations = field(init=False)
    content: shape.Content = field(init=False)
    findings: list[Finding] = field(init=False)

    def __post_init__(self) -> None:
        self.table = parse(self.data)[0]
        self.content = {**self.stored, "situations": situationgrid.settled(self.data)}
        context = queries.lint_context(self.row, self.content)
        every = editing.look(self.content, {}, context)
        self.findings = [one for one in every if one.element.split(".")[0] == PLACE or one.code == "situation.group"]

    @property
    def unsaved(self) -> bool:
        kept = situationgrid.settled(situationgrid.full(self.stored["situations"]))
        return bool(self.content["situations"] != kept)

    def at(self, place: str) -> list[Finding]:
        """What is said of a line of the grid, or of something in it."""
        whole = f"{PLACE}.{place}"
        return [one for one in self.findings if one.element == whole or one.element.startswith(f"{whole}.")]


@at_desk(roles=ROLES)
@require_http_methods(["GET", "POST"])
def grid(request: HttpRequest, pk: int) -> HttpResponse:
    """The grid of a version; of a draft it can be written. POST: do=r.add and the like redraw what was typed; else it is saved."""
    who = actor(request)
    row = queries.version_for(who, pk)
    stored = queries.content(row)
    if request.method != "POST":
        return _page(request, Sheet(row, stored, situationgrid.full(stored["situations"])), digest=row.digest)
    who.require("catalogue_editor", row.item.department.scope)
    posted = {name: list(values) for name, values in request.POST.lists()}
    used = queries.words_used(row.item_id)
    data, do = situationgrid.gather(posted, used), request.POST.get("do", "")
    if not do:
        return _save(request, Sheet(row, stored, data))
    no = None
    if do not in ("check", "try"):
        try:
            data = situationgrid.act(data, do, stored, posted, used)
        except LookupError as wrong:
            no = grids.cannot(wrong)
    return _page(request, Sheet(row, stored, data), no=no)


def _save(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    return grids.save(
        request, sheet.row, sheet.content, "catalogue:situations", lambda no: _page(request, sheet, no=no)
    )


def _page(request: HttpRequest, sheet: Sheet, *, digest: str = "", no: Refusal | None = None) -> HttpResponse:
    row, content, table = sheet.row, sheet.content, sheet.table
    tried = situationgrid.answers({name: list(v) for name, v in request.POST.lists()})
    context: dict[str, Any] = {
        **grids.drawn(request, row, sheet.findings, digest, no),
        "unsaved": sheet.unsaved,
        "questions": _questions(sheet),
        "rows": _rows(sheet),
        "materials": content["materials"],
        "handlings": content["handlings"],
        "fees": [f["fee_name"] for f in content["fees"]] if content["is_fee"] else [],
        "no_fee": NO_FEE,
        "instant": content["project_type"] == "1",
        "examples": _examples(sheet),
        "asked": [(q, tried.get(q.code, "")) for q in table.questions],
        "outcome": _outcome(sheet, tried),
        "count": sum(1 for _ in zip(table.all_answers(), range(2001), strict=False)) if table else 0,
        "group": GROUP,
    }
    return render(request, "catalogue/situations/grid.html", context, status=no.status if no else 200)


def _questions(sheet: Sheet) -> list[dict[str, Any]]:
    found = []
    given = sheet.data["questions"]
    for n, one in enumerate(given):
        now = situationgrid.when_of(one)
        before = [
            (
                f"{q['code']}:{c['value']}",
                _("“%(question)s”选“%(choice)s”") % {"question": q["text"], "choice": c["label"]},
            )
            for q in given[:n]
            for c in q["choices"]
        ]
        if now and now not in dict(before):
            before.append((now, now))
        found.append(
            {**one, "n": n, "lines": situationgrid.choices_said(one["choices"]), "now": now, "whens": before}
            | {"findings": sheet.at(f"questions.{n}")}
        )
    return found


def _rows(sheet: Sheet) -> list[dict[str, Any]]:
    return [
        {
            **one,
            "n": n,
            "cells": [
                (q, [(c["value"], c["label"], c["value"] in one["when"].get(q["code"], [])) for c in q["choices"]])
                for q in sheet.data["questions"]
            ],
            "left_out": [(m, one["without"].get(m["code"], "")) for m in sheet.content["materials"]],
            "findings": sheet.at(f"rows.{n}"),
        }
        for n, one in enumerate(sheet.data["rows"])
    ]


def _examples(sheet: Sheet) -> list[dict[str, Any]]:
    names = {m["code"]: m["material_name"] for m in sheet.content["materials"]}
    handlings = {h["code"]: h["name"] for h in sheet.content["handlings"]}
    wrong = situationgrid.failing(sheet.content, sheet.table)
    return [
        {
            **one,
            "n": n,
            "told": sheet.table.say(one["answers"]),
            "handling_name": handlings.get(one["handling"], one["handling"]),
            "names": [names.get(code, code) for code in one["materials"]],
            "wrong": wrong[n] if n < len(wrong) else True,
            "findings": sheet.at(f"examples.{n}"),
        }
        for n, one in enumerate(sheet.data["examples"])
    ]


def _outcome(sheet: Sheet, tried: dict[str, str]) -> dict[str, Any] | None:
    """What is tried comes to, in words; None while a question is open."""
    table, content = sheet.table, sheet.content
    if not table or table.answered(tried) is None:
        return None
    met = table.met(tried)
    if len(met) != 1:
        return {"met": [m + 1 for m in met]}
    row = table.rows[met[0]]
    without = dict(row.without)
    named = {h["code"]: h["name"] for h in content["handlings"]}
    return {
        "met": [met[0] + 1],
        "one": True,
        "handling": named.get(row.handling, row.handling),
        "needed": [m["material_name"] for m in content["materials"] if m["code"] not in without],
        "left_out": [(m["material_name"], without[m["code"]]) for m in content["materials"] if m["code"] in without],
        "days": row.days or content["promise_day"],
        "note": row.note,
    }
