"""Words of the log: OBJECTS by the first word of a kind or a stream, KINDS by the kind of event."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OBJECTS: dict[str, str | Promise] = {
    "licence": _("证照"),
    "licence_exports": _("证照导出"),
}

KINDS: dict[str, str | Promise] = {
    "licence.issued": _("颁发证照"),
    "licence.signed": _("证照签章"),
    "licence.expired": _("证照到期"),
    "licence.replaced": _("证照换发"),
    "licence.exported": _("导出证照"),
}
