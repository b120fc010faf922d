"""Words of the log: OBJECTS by the first word of a kind or a stream, KINDS by the kind of event."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OBJECTS: dict[str, str | Promise] = {
    "review": _("评价"),
    "review_exports": _("评价导出"),
    "review_tags": _("评价标签"),
}

KINDS: dict[str, str | Promise] = {
    "review.invited": _("邀请评价"),
    "review.submitted": _("提交评价"),
    "review.tag_set": _("设置评价标签"),
    "review.exported": _("导出评价"),
}
