"""Words of the log: OBJECTS by the first word of a kind or a stream, KINDS by the kind of event."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OBJECTS: dict[str, str | Promise] = {
    "point": _("服务点"),
    "window": _("窗口"),
}

KINDS: dict[str, str | Promise] = {
    "point.set": _("设置服务点"),
    "window.set": _("设置窗口"),
}
