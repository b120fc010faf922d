"""Words of the log: OBJECTS by the first word of a kind or a stream, KINDS by the kind of event."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OBJECTS: dict[str, str | Promise] = {
    "booklet": _("一册通"),
    "item": _("事项"),
    "items": _("事项目录"),
    "situation": _("全生命周期情形"),
    "stage": _("全生命周期阶段"),
    "law": _("法规"),
    "lawreview": _("法规核对"),
    "version": _("事项版本"),
}

KINDS: dict[str, str | Promise] = {
    "booklet.printed": _("编印一册通"),
    "item.created": _("新建事项"),
    "item.described": _("更新事项名称和分类"),
    "item.published": _("事项发布"),
    "item.retired": _("事项停用"),
    "items.imported": _("导入事项"),
    "situation.item_retired": _("情形中的事项停用"),
    "situation.removed": _("撤下情形"),
    "situation.set": _("设定情形和事项"),
    "stage.set": _("设定阶段"),
    "law.set": _("登记法规信息"),
    "law.version_added": _("录入法规新版本"),
    "lawreview.opened": _("交办核对"),
    "lawreview.answered": _("答复核对"),
    "version.drafted": _("起草版本"),
    "version.revised": _("修改草稿"),
    "version.published": _("版本发布"),
    "version.retired": _("版本停用"),
}
