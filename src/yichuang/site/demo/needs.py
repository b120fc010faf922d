"""What the public of the model district asked for and did not find; the people and numbers are invented."""

from __future__ import annotations

from datetime import datetime, timedelta

from yichuang.catalogue import commands as catalogue
from yichuang.catalogue.models import NeedRequest
from yichuang.identity.models import Account
from yichuang.identity.queries import actor_of_account

ASKED = (
    ("无人机考证", (3, 2, 4)),
    ("共享单车乱停放投诉", (2, 2)),
    ("外国人驾照换领", (1, 3)),
    ("路灯不亮", (1,)),
    ("院里的树遮光", (1, 1)),
)
"""Words, and how often they were asked on the days before this one."""
ANSWERED = "路灯不亮"
SENT = (
    ("无人机考证", "想考无人机驾驶员执照，去哪里报名？", "13900000101"),
    ("院里的树遮光", "楼前的树挡了光，谁来修剪？", "13900000102"),
)


def enter(at: datetime) -> None:
    """Counts and sends them, unless they are there."""
    editor = actor_of_account(Account.objects.get(username="shixiang"), at)
    if NeedRequest.objects.filter(division=editor.division).exists():
        return
    for words, times in ASKED:
        for ago, count in enumerate(times, 1):
            for _ in range(count):
                catalogue.count_unanswered(
                    words, division=editor.division, day=(at - timedelta(days=ago)).date(), loose=False
                )
    catalogue.answer_question(
        ANSWERED, outcome="not_ours", reason="路灯由城市管理部门养护，不是审批事项", advice="请拨打 12345，说明路段和灯杆编号。", by=editor, at=at
    )  # fmt: skip
    for words, wish, phone in SENT:
        catalogue.send_need(words=words, wish=wish, phone=phone, division=editor.division, at=at - timedelta(hours=2))
