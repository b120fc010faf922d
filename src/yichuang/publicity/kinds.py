"""Words of the log: OBJECTS by the first word of a kind or a stream, KINDS by the kind of event."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OBJECTS: dict[str, str | Promise] = {
    "publicity": _("公示"),
    "publicity_exports": _("公示导出"),
}

KINDS: dict[str, str | Promise] = {
    "publicity.recorded": _("生成公示记录"),
    "publicity.completed": _("证照信息补入"),
    "publicity.published": _("公示"),
    "publicity.withheld": _("设为不予公开"),
    "publicity.withdrawn": _("撤下"),
    "publicity.mended": _("更正"),
    "publicity.pushed": _("列入报送队列"),
    "publicity.receipted": _("收到回执"),
    "publicity.rescheduled": _("公示期限调整"),
    "publicity.warned": _("期限提醒"),
    "publicity.exported": _("导出公示"),
}
