"""Words of the log: OBJECTS by the first word of a kind or a stream, KINDS by the kind of event."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yichuang.cases.rules.sentences import TITLES

OBJECTS: dict[str, str | Promise] = {
    "bar": _("限制申请"),
    "case": _("办件"),
    "clock": _("时限"),
}

KINDS: dict[str, str | Promise] = {
    **TITLES,
    "applicant.papers_erased": _("清除申请人留存材料"),
    "bar.set": _("限制再次申请"),
    "bar.lifted": _("解除限制"),
    "clock.thresholds_set": _("设置黄灯时点"),
}
