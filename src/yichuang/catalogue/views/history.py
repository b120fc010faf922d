"""Who changed what in an item's versions, and why: lines of the log as the timeline shows them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yichuang.catalogue import queries
from yichuang.catalogue.models import Item, ItemVersion
from yichuang.catalogue.rules import content as shape
from yichuang.core.events import Event
from yichuang.core.models import LogEvent

KINDS = {
    "version.drafted": gettext_lazy("起草"),
    "version.revised": gettext_lazy("修改草稿"),
    "version.submitted": gettext_lazy("送法制审核"),
    "version.approved": gettext_lazy("法制审核通过"),
    "version.returned": gettext_lazy("退回修改"),
    "version.submission_withdrawn": gettext_lazy("撤回送审"),
    "version.remarked": gettext_lazy("批注"),
    "version.remark_settled": gettext_lazy("了结批注"),
    "version.published": gettext_lazy("发布版本"),
    "version.retired": gettext_lazy("废止版本"),
}
OFFICIAL = ("version.approved", "version.published", "version.retired")
NAMED = 6
"""Elements that a line names; the others are counted."""


def timeline(item: Item, versions: list[ItemVersion]) -> list[dict[str, Any]]:
    """The latest first. 1 query beside the versions."""
    lines = queries.history(item)
    numbers = {v.stream: v for v in versions}
    changed = queries.changes(lines)
    return [_told(line, numbers[line.stream], changed.get(line.pk)) for line in lines]


def _told(line: LogEvent, version: ItemVersion, changed: list[str] | None) -> dict[str, Any]:
    event = line.event()
    notes, links = [words(event)], []
    if changed is not None:
        notes.append(_("改动：%(elements)s") % {"elements": named(changed)} if changed else "")
        url = reverse("catalogue:version_change", args=[version.pk, line.seq])
        links.append({"url": url, "name": _("看改动前后")})
    elif line.kind == "version.drafted" and version.number > 1:
        url = reverse("catalogue:compare", args=[version.item_id])
        links.append({"url": f"{url}?a={version.number - 1}&b={version.number}", "name": _("与上一版比较")})
    kind = str(KINDS.get(line.kind, line.kind))
    return {
        "at": line.occurred_at,
        "title": _("第 %(n)s 版：%(what)s") % {"n": version.number, "what": kind},
        "who": line.actor_name,
        "note": "；".join(note for note in notes if note),
        "state": "official" if line.kind in OFFICIAL else "done",
        "documents": links,
    }


def named(labels: list[str]) -> str:
    """The first labels, and how many there are."""
    told = "、".join(labels[:NAMED])
    return told if len(labels) <= NAMED else _("%(told)s等 %(n)s 处") % {"told": told, "n": len(labels)}


def words(event: Event) -> str:
    """What was said with an event: why, and from which day."""
    data = event.data
    found = [str(data.get(name) or "") for name in ("note", "opinion", "reason", "text")]
    if data.get("element"):
        found.insert(0, shape.LABELS.get(data["element"], ""))
    if event.kind == "version.submitted":
        found.append(_("计划%(day)s实施") % {"day": _day(data)} if data.get("effective_on") else _("审核通过当天实施"))
    if event.kind == "version.published":
        found.append(_("%(day)s起实施") % {"day": _day(data)})
    if data.get("by_version"):
        found.append(_("由第 %(n)s 版取代") % {"n": data["by_version"]})
    return "；".join(word for word in found if word)


def _day(data: dict[str, Any]) -> str:
    day = date.fromisoformat(data["effective_on"])
    return f"{day.year}年{day.month}月{day.day}日"
