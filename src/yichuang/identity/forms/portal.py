"""Shapes of input on the portal: sign-up, proof of identity, profile, organisations."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from yichuang.core.forms import ChoiceField, Form, field
from yichuang.identity import rules
from yichuang.identity.forms.passwords import password_field, password_help


class SignUpForm(Form):
    """注册: a person with a real name."""

    error_title = _("注册信息需要修改")

    name = field("text", label=_("姓名"), help=_("与证件一致。"), max_length=80)
    id_kind = ChoiceField(
        label=_("证件类型"), choices=[(k, rules.ID_KINDS[k]) for k in rules.PERSON_ID_KINDS], initial="citizen"
    )
    id_number = field("text", label=_("证件号码"), max_length=32)
    phone = field("phone", label=_("手机号"), help=_("用于登录和接收办事通知。"))
    username = field("text", label=_("登录名"), help=_("字母开头，4 至 30 位，以后可用它或手机号登录。"), max_length=30)
    password = password_field(_("密码"), new=True, help=password_help(staff=False))
    password2 = password_field(_("再次填写密码"), new=True)
    agreed = field("boolean", label=_("我已阅读并同意《个人信息保护说明》"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs.update({"autocomplete": "name", "class": "yc-w-medium"})
        self.fields["username"].widget.attrs.update(
            {"autocomplete": "username", "autocapitalize": "none", "class": "yc-w-medium"}
        )
        self.fields["id_number"].widget.attrs.update({"autocomplete": "off", "class": "yc-w-id"})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password") and data.get("password2") and data["password"] != data["password2"]:
            self.add_error("password2", _("两次填写的密码不一致，请重新填写。"))
        return data


class VerifyForm(Form):
    """实名核验, once more."""

    name = field("text", label=_("姓名"), help=_("与证件一致。"), max_length=80)
    id_kind = ChoiceField(
        label=_("证件类型"), choices=[(k, rules.ID_KINDS[k]) for k in rules.PERSON_ID_KINDS], initial="citizen"
    )
    id_number = field("text", label=_("证件号码"), max_length=32)


class ProfileForm(Form):
    """联系方式."""

    phone = field("phone", label=_("联系电话"))
    address = field("address", label=_("联系地址"), required=False)
    postcode = field("text", label=_("邮政编码"), required=False, max_length=6)


class PreferencesForm(Form):
    """适老版, language."""

    large_text = field("boolean", label=_("使用适老版（大字、大按钮）"), required=False)
    language = ChoiceField(label=_("界面语言"), choices=[("zh-hans", "简体中文"), ("en", "English")])


class OrganisationForm(Form):
    """登记我的单位: by its legal representative."""

    name = field("text", label=_("单位名称"), help=_("与营业执照一致。"), max_length=200)
    kind = ChoiceField(
        label=_("主体类型"),
        choices=[("organisation", _("法人及非法人组织")), ("individual_business", _("个体工商户"))],
        initial="organisation",
    )
    id_number = field("uscc", label=_("统一社会信用代码"))
    phone = field("phone", label=_("联系电话"))
    address = field("address", label=_("住所"), required=False)
