"""Words of the log: OBJECTS by the first word of a kind or a stream, KINDS by the kind of event."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OBJECTS: dict[str, str | Promise] = {
    "certificate": _("证明事项"),
    "edition": _("清单版次"),
    "intermediary": _("中介服务"),
    "booklet": _("一册通"),
    "adjustment": _("权力事项调整"),
    "item": _("事项"),
    "items": _("事项目录"),
    "situation": _("全生命周期情形"),
    "stage": _("全生命周期阶段"),
    "law": _("法规"),
    "lawreview": _("法规核对"),
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
    "booklet.printed": _("编印一册通"),
    "adjustment.proposed": _("提出调整"),
    "adjustment.revised": _("修改调整"),
    "adjustment.opinions_asked": _("征求部门意见"),
    "adjustment.opinion_given": _("部门答复意见"),
    "adjustment.overdue_noted": _("记明逾期未答复"),
    "adjustment.sent_to_legal": _("送合法性审查"),
    "adjustment.legal_passed": _("合法性审查通过"),
    "adjustment.legal_returned": _("合法性审查退回"),
    "adjustment.approved": _("政府批准"),
    "adjustment.not_approved": _("政府未批准"),
    "adjustment.published": _("公布调整"),
    "adjustment.effected": _("调整生效"),
    "adjustment.effect_failed": _("调整未能生效"),
    "adjustment.withdrawn": _("撤回调整"),
    "adjustment.recorded": _("补录往年调整"),
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
