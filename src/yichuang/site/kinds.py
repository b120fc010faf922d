"""Words of the log: OBJECTS by the first word of a kind or a stream, KINDS by the kind of event."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OBJECTS: dict[str, str | Promise] = {
    "demo": _("演示数据"),
}

KINDS: dict[str, str | Promise] = {
    "demo.begun": _("装入演示数据"),
}
