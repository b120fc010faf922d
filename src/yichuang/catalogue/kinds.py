"""Words of the log: OBJECTS by the first word of a kind or a stream, KINDS by the kind of event."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OBJECTS: dict[str, str | Promise] = {
    "certificate": _("证明事项"),
    "edition": _("清单版次"),
    "intermediary": _("中介服务"),
    "item": _("事项"),
    "items": _("事项目录"),
    "version": _("事项版本"),
}

KINDS: dict[str, str | Promise] = {
    "certificate.amended": _("修改证明事项"),
    "certificate.listed": _("列入证明事项清单"),
    "certificate.unlisted": _("移出证明事项清单"),
    "edition.published": _("公布清单"),
    "intermediary.amended": _("修改中介服务"),
    "intermediary.listed": _("列入中介服务清单"),
    "intermediary.unlisted": _("移出中介服务清单"),
    "item.created": _("新建事项"),
    "item.described": _("更新事项名称和分类"),
    "item.published": _("事项发布"),
    "item.retired": _("事项停用"),
    "items.imported": _("导入事项"),
    "version.drafted": _("起草版本"),
    "version.revised": _("修改草稿"),
    "version.published": _("版本发布"),
    "version.retired": _("版本停用"),
}
