"""日志 on the desk: what was recorded, its seals, and proving it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import orjson
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from yichuang.core import jobs, log, seal
from yichuang.core.forms import DateField, Form, once
from yichuang.core.models import LogEvent
from yichuang.core.paging import page
from yichuang.core.views import actor, desk


def _named() -> list[tuple[Any, Any]]:
    """The kinds of events for a choice, object by object; the object itself stands for all of its events."""
    kinds, objects, _sentences = log.words()
    found: list[tuple[Any, Any]] = [("", _("全部"))]
    for word, label in objects.items():
        names = [(kind, name) for kind, name in kinds.items() if kind.partition(".")[0] == word]
        if names:
            every = _("%(object)s：全部") % {"object": label}
            found.append((label, [(word, every), *names] if len(names) > 1 else names))
    return found


class Filters(Form):
    """In the URL."""

    stream = forms.CharField(label=gettext_lazy("对象"), required=False, max_length=80)
    kind = forms.ChoiceField(label=gettext_lazy("事件"), required=False, choices=_named)
    by = forms.CharField(label=gettext_lazy("操作人"), required=False, max_length=80)
    begin = DateField(label=gettext_lazy("起"), required=False)
    end = DateField(label=gettext_lazy("止"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = self.data.get("kind", "")
        kind = self.fields["kind"]
        if isinstance(kind, forms.ChoiceField) and asked and not kind.valid_value(asked):
            kind.choices = [*_named(), (asked, asked)]  # of an earlier time: it stands in the log and has no name now


@desk(roles=log.READERS)
@require_GET
def log_list(request: HttpRequest) -> HttpResponse:
    """The latest first, filters in the URL."""
    filters = Filters(request.GET or None)
    chosen: dict[str, Any] = filters.cleaned_data if filters.is_bound and filters.is_valid() else {}
    begin, end = chosen.get("begin"), chosen.get("end")
    found = page(
        log.lines(
            actor(request),
            stream=_streams(chosen.get("stream", "")),
            kind=chosen.get("kind", ""),
            by=chosen.get("by", ""),
            begin=_midnight(begin) if begin else None,
            end=_midnight(end + timedelta(days=1)) if end else None,
        ),
        request,
        ("-id",),
    )
    rows = [_row(line) for line in found]
    return render(
        request,
        "core/desk/log.html",
        {"page": found, "rows": rows, "filters": filters, "seals": seal.published(size=7)},
    )


@desk(roles=log.READERS)
@require_POST
def prove(request: HttpRequest) -> HttpResponse:
    """Start the proof of the whole log in the worker."""

    def act() -> HttpResponse:
        job = jobs.start("core.verify", _("核验日志"), by=actor(request), at=timezone.localtime())
        return redirect("core:job", job.pk)

    return once(request, act)


def _streams(asked: str) -> str | list[str]:
    """What the person typed: a stream, or the number of an object of whatever sort."""
    asked = asked.strip()
    return asked if not asked or ":" in asked else [f"{word}:{asked}" for word in log.words()[1]]


def _row(line: LogEvent) -> dict[str, Any]:
    """A line as the page shows it: named, as a sentence where its package has one, with what was recorded."""
    kinds, objects, sentences = log.words()
    word, _colon, number = line.stream.partition(":")
    say = sentences.get(line.kind.partition(".")[0])
    return {
        "line": line,
        "object": objects.get(word, word),
        "number": number,
        "name": kinds.get(line.kind, line.kind),
        "sentence": say(line.event(), line.actor_name) if say else "",
        "data": orjson.loads(line.data).items(),
    }


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
