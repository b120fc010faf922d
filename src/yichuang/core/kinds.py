"""Words of the log: OBJECTS by the first word of a kind or a stream, KINDS by the kind of event."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OBJECTS: dict[str, str | Promise] = {
    "calendar": _("工作日历"),
    "file": _("文件"),
    "hours": _("服务时间"),
    "job": _("后台任务"),
    "outbox": _("外发消息"),
    "personal": _("个人信息"),
}

KINDS: dict[str, str | Promise] = {
    "calendar.changed": _("更改工作日历"),
    "file.stored": _("存入文件"),
    "file.erased": _("删除文件"),
    "hours.changed": _("更改服务时间"),
    "job.started": _("启动后台任务"),
    "outbox.resent": _("重新外发"),
    "personal.looked": _("查看个人信息"),
}
