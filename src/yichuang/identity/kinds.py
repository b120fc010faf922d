"""Words of the log: OBJECTS by the first word of a kind or a stream, KINDS by the kind of event."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OBJECTS: dict[str, str | Promise] = {
    "account": _("账号"),
    "agency": _("代理"),
    "applicant": _("申请人"),
    "client": _("接入系统"),
    "department": _("部门"),
    "division": _("行政区划"),
    "post": _("岗位"),
    "staff": _("工作人员"),
    "verification": _("身份核验"),
}

KINDS: dict[str, str | Promise] = {
    "account.registered": _("注册账号"),
    "account.signed_in": _("登录"),
    "account.signed_out": _("退出登录"),
    "account.sign_in_failed": _("登录失败"),
    "account.sign_in_locked": _("登录锁定"),
    "account.unlocked": _("解除锁定"),
    "account.password_changed": _("修改密码"),
    "account.password_reset": _("重置密码"),
    "account.preferences_set": _("更改界面设置"),
    "account.totp_added": _("开启两步验证"),
    "account.totp_removed": _("关闭两步验证"),
    "account.recovery_codes_made": _("生成恢复码"),
    "agency.letter_attached": _("收存授权委托书"),
    "agency.appointed": _("委托代理"),
    "agency.ended": _("终止代理"),
    "applicant.registered": _("登记申请人"),
    "applicant.updated": _("更新申请人信息"),
    "applicant.bound": _("账号绑定申请人"),
    "applicant.erased": _("删除申请人个人信息"),
    "client.created": _("登记接入系统"),
    "client.revoked": _("停用接入系统"),
    "department.set": _("登记部门"),
    "division.set": _("登记行政区划"),
    "post.set": _("设置岗位"),
    "post.stepped_away": _("离岗顶岗"),
    "post.returned": _("返岗"),
    "post.closed": _("撤销岗位"),
    "staff.hired": _("登记工作人员"),
    "staff.moved": _("调动部门"),
    "staff.role_granted": _("授予角色"),
    "staff.role_ended": _("收回角色"),
    "staff.deactivated": _("停用人员"),
    "staff.reactivated": _("恢复人员"),
    "verification.asked": _("申请身份核验"),
    "verification.passed": _("身份核验通过"),
    "verification.failed": _("身份核验未通过"),
}
