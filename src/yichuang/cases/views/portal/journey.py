"""The pages of an application in their order, for one draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from yichuang.cases.models import Draft
from yichuang.catalogue.rules.facts import MaterialFacts, VersionFacts
from yichuang.catalogue.rules.form import Group


@dataclass(frozen=True, slots=True)
class Stop:
    """One page. done: nothing is missing on it."""

    name: str
    title: str
    url: str
    done: bool


@dataclass(frozen=True, slots=True)
class Journey:
    """draft: with its files prefetched. today: for dates that are bounded by today."""

    draft: Draft
    version: VersionFacts
    today: date

    @property
    def groups(self) -> tuple[Group, ...]:
        return self.version.form.asked(self.draft.values)

    @property
    def materials(self) -> tuple[MaterialFacts, ...]:
        return self.version.materials_for(self.draft.values)

    @property
    def lacking(self) -> tuple[MaterialFacts, ...]:
        """Required materials without a file."""
        have = {f.material for f in self.draft.files.all()}
        return tuple(m for m in self.materials if m.required and m.code not in have)

    def stops(self) -> list[Stop]:
        draft, checked = self.draft, self.version.form.check(self.draft.values, today=self.today.isoformat())
        wrong = {path.split(".")[0] for path in checked.errors}
        found = [
            Stop(
                g.code,
                g.title,
                reverse("cases:draft_group", args=[draft.pk, g.code]),
                g.code in draft.values and g.code not in wrong,
            )
            for g in self.groups
        ]
        if self.materials:
            found.append(
                Stop("materials", _("申请材料"), reverse("cases:draft_materials", args=[draft.pk]), not self.lacking)
            )
        reach = bool(draft.contact.get("phone") and draft.delivery.get("way"))
        found.append(Stop("reach", _("联系与领取"), reverse("cases:draft_reach", args=[draft.pk]), reach))
        found.append(Stop("check", _("核对提交"), reverse("cases:draft_check", args=[draft.pk]), False))
        return found

    def after(self, name: str) -> str:
        """The address of the page after the one named."""
        stops = self.stops()
        place = next((n for n, stop in enumerate(stops) if stop.name == name), -1)
        return stops[min(place + 1, len(stops) - 1)].url

    def before(self, name: str) -> str:
        stops = self.stops()
        place = next((n for n, stop in enumerate(stops) if stop.name == name), 0)
        return stops[place - 1].url if place else reverse("cases:apply", args=[self.draft.item_id])

    def first_open(self) -> str:
        """Where to go on: the first page that is not done."""
        return next(stop.url for stop in self.stops() if not stop.done)

    def steps(self, current: str) -> list[dict[str, Any]]:
        """For kit/steps.html. A page further on counts as done only when all before it are."""
        found: list[dict[str, Any]] = []
        passed, clear = False, True
        for stop in self.stops():
            here = stop.name == current
            done = stop.done and (not passed or clear)
            found.append(
                {"title": stop.title, "url": stop.url, "state": "current" if here else "done" if done else "todo"}
            )
            passed, clear = passed or here, clear and stop.done
        return found
