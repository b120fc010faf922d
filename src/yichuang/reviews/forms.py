"""The shape of what people ask of reviews. The rating itself is a form of its own drawing (`rate.html`)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yichuang.core.forms import ChoiceField, DateField, Form
from yichuang.reviews import rules
from yichuang.reviews.queries import Filters


class PublicFilters(Form):
    """The public's: months from and to, department."""

    since = DateField(label=_("自"), required=False)
    until = DateField(label=_("至"), required=False)
    department = ChoiceField(label=_("部门"), required=False, widget=forms.Select)

    def __init__(self, data: Any, *, departments: list[tuple[int, str]]) -> None:
        super().__init__(data)
        choices = [("", _("全部")), *((str(key), name) for key, name in departments)]
        self.fields["department"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def asked(self, today: date) -> dict[str, Any]:
        """The period asked for, the last year where none is; what is not well-formed does not narrow."""
        self.is_valid()
        data = self.cleaned_data
        until = data.get("until") or today
        since = data.get("since") or until.replace(year=until.year - 1, day=min(until.day, 28))
        department = int(data["department"]) if data.get("department") else None
        return {"since": min(since, until), "until": max(since, until), "department": department}


class DeskFilters(PublicFilters):
    """The desk's: also level, phase and only bad ones."""

    level = ChoiceField(label=_("满意程度"), required=False, widget=forms.Select)
    phase = ChoiceField(label=_("评价类别"), required=False, widget=forms.Select)

    def __init__(self, data: Any, *, departments: list[tuple[int, str]]) -> None:
        super().__init__(data, departments=departments)
        levels = [("", _("全部")), ("bad", _("差评（不满意、非常不满意）")), *rules.LEVELS.items()]
        self.fields["level"].choices = levels  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["phase"].choices = [("", _("全部")), *rules.PHASES.items()]  # type: ignore[attr-defined]

    def filters(self) -> Filters:
        self.is_valid()
        data = self.cleaned_data
        level = data.get("level") or ""
        return Filters(
            level="" if level == "bad" else level,
            bad=level == "bad",
            phase=data.get("phase") or "",
            department=int(data["department"]) if data.get("department") else None,
            since=data.get("since"),
            until=data.get("until"),
        )

    @property
    def narrowed(self) -> bool:
        return self.filters() != Filters()
