"""What lies on the legal reviewer's desk in the model district: versions that were sent, one that waits for its day, a remark."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from yichuang.catalogue import commands as catalogue
from yichuang.catalogue import queries
from yichuang.catalogue.models import Item
from yichuang.core.actor import Actor
from yichuang.identity.models import Account
from yichuang.identity.queries import actor_of_account

EDITOR, REVIEWER = "shixiang", "fazhi"
SENT: tuple[tuple[str, dict[str, Any], str], ...] = (
    (
        "610114-JT-0101",
        {"summary": "货车从事道路货运前要办的许可；总质量4.5吨及以下的普通货车从事普通货运，不用办。"},
        "2019年起4.5吨及以下普通货车不再办理，向群众说明不用办的情形。",
    ),
    ("610114-WL-0105", {"more_aliases": ["书吧卖书", "报刊亭"]}, "增加群众常用的叫法，便于搜索。"),
    ("610114-WJ-0101", {"link_way": "窗口电话：029-0000-0002（演示）"}, "咨询电话变更。"),
)
"""Item, what changes, why."""
APPROVED = (
    "610114-SJ-0105",
    {"summary": "开药店、药品零售连锁门店，营业前要办药品经营许可证。"},
    "说明写得更直白。",
)
AHEAD = timedelta(days=14)


def enter(at: datetime) -> None:
    """Sends them, unless they were sent before."""
    editor, reviewer = (actor_of_account(Account.objects.get(username=u), at) for u in (EDITOR, REVIEWER))
    for code, changes, note in (*SENT, APPROVED):
        item = Item.objects.filter(code=code, division=editor.division).first()
        if item is None or item.versions.filter(drafted_by=editor.ref).exists():
            continue
        content = queries.content(queries.in_force(item.pk))
        content["aliases"] = [*content["aliases"], *changes.get("more_aliases", ())]
        content |= {name: value for name, value in changes.items() if name != "more_aliases"}
        draft = catalogue.draft_version(item, content, note=note, by=editor, at=at)
        day = (at + AHEAD).date() if code == APPROVED[0] else None
        catalogue.submit_version(draft.pk, note=note, effective_on=day, by=editor, at=at)
        if day:
            catalogue.approve_version(draft.pk, opinion="内容没有减损申请人的权利。", by=reviewer, at=at)
        elif "link_way" in changes:
            _remark(draft.pk, by=reviewer, at=at)


def _remark(version: int, *, by: Actor, at: datetime) -> None:
    catalogue.remark(version, element="link_way", text="请附电话变更的通知，核对后再审。", by=by, at=at)
