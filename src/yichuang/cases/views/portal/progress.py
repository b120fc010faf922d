"""What happened and what comes next, as the applicant reads it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

STAGES = ("received", "accepted", "decided", "delivered")


def stages(case: Any) -> list[dict[str, Any]]:
    """提交, 受理, 审查决定, 送达: for kit/steps.html."""
    words = {"received": _("提交"), "accepted": _("受理"), "decided": _("审查决定"), "delivered": _("送达")}
    if not case.open and case.state not in ("closed", "archived"):
        reached = {"received"} | ({"accepted"} if case.accepted_at else set())
        return [{"title": words[s], "state": "done"} for s in STAGES if s in reached] + [
            {"title": case.get_state_display(), "state": "current"}
        ]
    done = {
        "received": True,
        "accepted": bool(case.accepted_at),
        "decided": bool(case.decided_at),
        "delivered": bool(case.delivered_at),
    }
    current = next((s for s in STAGES if not done[s]), "")
    return [{"title": words[s], "state": "done" if done[s] else "current" if s == current else "todo"} for s in STAGES]


def entries(page: Any, route: str, *, inside: bool = False) -> list[dict[str, Any]]:
    """For kit/timeline.html: what comes next on top, then what happened, newest first.

    route: URL name of the documents of the face ("cases:my_document"). inside: told to staff.
    """
    case = page.case
    ahead = []
    for title, key in (
        (_("答复是否受理"), "acceptance"),
        (_("作出决定"), "promised"),
        (_("送达结果"), "delivery"),
    ):
        line = page.clock.line(key)
        if line is not None and line.running:
            ahead.append(
                {
                    "title": title,
                    "state": "late" if line.left < 0 else "next",
                    "due": line.due_on,
                    "who": case.department.name,
                }
            )
    if case.state == "correcting":
        ahead.append(
            {
                "title": _("等待申请人补正") if inside else _("请您补正材料"),
                "state": "next",
                "due": case.correction_due_on,
                "who": _("申请人"),
            }
        )
    done = [
        {
            "at": line.at,
            "title": line.title,
            "note": line.note,
            "state": "official" if line.document else "",
            "documents": [
                {"url": reverse(route, args=[case.number, line.document.pk]), "name": line.document.get_kind_display()}
            ]
            if line.document
            else [],
        }
        for line in reversed(page.timeline)
    ]
    return [*ahead, *done]
