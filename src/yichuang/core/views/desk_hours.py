"""服务时间 on the desk: when each service point is open, by weekday; all staff see it, the system administrator sets it."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from yichuang.core import calendar, places
from yichuang.core.calendar import Line
from yichuang.core.forms import Form, once
from yichuang.core.refusal import Refusal
from yichuang.core.rules.hours import Hours, Opening
from yichuang.core.views import actor, desk
from yichuang.core.views.desk_calendar import KEEPERS

DEFAULT = "default"
"""How the address names the hours of all points that have none of their own."""
MONDAY = date(2024, 1, 1)  # any Monday
STRETCH = re.compile(r"(\d{1,2})[:：](\d{2})\s*(?:-|–|—|~|～|至|到)\s*(\d{1,2})[:：](\d{2})")
BETWEEN = re.compile(r"[、,，;；\s]*")
WEEKDAYS = (
    gettext_lazy("周一"),
    gettext_lazy("周二"),
    gettext_lazy("周三"),
    gettext_lazy("周四"),
    gettext_lazy("周五"),
    gettext_lazy("周六（调休上班）"),
    gettext_lazy("周日（调休上班）"),
)


class HoursField(forms.CharField):
    """ "9:00-12:00、13:00-17:00" -> ((9:00, 12:00), (13:00, 17:00)); nothing -> ()."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        found, at = [], 0
        while at < len(text):
            stretch = STRETCH.match(text, at)
            try:
                if stretch is None:
                    raise ValueError
                hour, minute, to_hour, to_minute = map(int, stretch.groups())
                found.append((time(hour, minute), time(to_hour, to_minute)))
            except ValueError:
                raise forms.ValidationError(
                    _("“%(rest)s”读不懂。请写作 09:00-12:00、13:00-17:00，24小时制。") % {"rest": text[at : at + 20]}
                ) from None
            at = stretch.end()
            gap = BETWEEN.match(text, at)
            at = gap.end() if gap else at
        return tuple(found)

    def prepare_value(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else written(value)


class HoursForm(Form):
    """A line for any working day, and one for each weekday on which it is otherwise."""

    error_title = gettext_lazy("服务时间需要修改")
    every = HoursField(
        label=gettext_lazy("各工作日"),
        required=False,
        max_length=120,
        error_messages={"required": gettext_lazy("请至少填写一段适用于各工作日的服务时间。")},
        help_text=gettext_lazy("含调休上班日。例如：09:00-12:00、13:00-17:00。"),
    )

    def __init__(self, *args: Any, default: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["every"].required = default
        for number, name in enumerate(WEEKDAYS):
            self.fields[str(number)] = HoursField(label=name, required=False, max_length=120)
        for bound in self.fields.values():
            bound.widget.attrs["autocomplete"] = "off"

    def lines(self) -> list[Line]:
        return [
            Line(opens, closes, None if name == "every" else int(name))
            for name, stretches in self.cleaned_data.items()
            for opens, closes in stretches
        ]


def written(openings: tuple[Opening, ...] | tuple[tuple[time, time], ...]) -> str:
    """As the form reads it back."""
    pairs = [(o.opens, o.closes) if isinstance(o, Opening) else o for o in openings]
    return "、".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in pairs)


@desk()
@require_http_methods(["GET", "POST"])
def hours(request: HttpRequest, point: str = DEFAULT) -> HttpResponse:
    """One point's hours, beside the list of all; POST sets them."""
    who = actor(request)
    names = [(DEFAULT, _("默认（未单独设定的服务点）")), *places.points(who.division)]
    if point not in dict(names):
        raise Refusal("hours.no_point", "没有这个服务点。", "请从列表中选择服务点。", status=404)
    code = "" if point == DEFAULT else point
    keeper = who.has_any(KEEPERS)
    own = calendar.own_hours(code)
    form = HoursForm(
        request.POST or None, default=not code, initial=_initial(own or (calendar.hours_of() if not code else None))
    )
    if request.method == "POST":
        if not keeper:
            who.require(KEEPERS[0])
        if form.is_valid():

            def act() -> HttpResponse:
                calendar.set_hours(code, form.lines(), by=who, at=timezone.localtime())
                messages.success(request, _("服务时间已更改。") if form.lines() else _("已改用默认服务时间。"))
                return redirect("core:hours_of", point)

            try:
                return once(request, act)
            except Refusal as refusal:
                if not refusal.fields:
                    raise
                form.take(refusal)
    context = {
        "point": point,
        "title": dict(names)[point],
        "own": own is not None,
        "shown": _shown(calendar.hours_of(code)),
        "form": form if keeper else None,
        "points": [
            {
                "code": one,
                "name": name,
                "own": calendar.own_hours("" if one == DEFAULT else one) is not None,
                "every": written(calendar.hours_of("" if one == DEFAULT else one).every),
            }
            for one, name in names
        ],
    }
    return render(request, "core/desk_hours.html", context, status=422 if form.errors else 200)


def _initial(held: Hours | None) -> dict[str, Any]:
    if held is None:
        return {}
    return {"every": written(held.every)} | {str(n): written(o) for n, o in held.by_weekday.items()}


def _shown(held: Hours) -> list[tuple[Any, str]]:
    """(weekday, hours) of a week."""
    return [(name, written(held.of_working(MONDAY + timedelta(days=n)))) for n, name in enumerate(WEEKDAYS)]
