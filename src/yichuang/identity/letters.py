"""授权委托书: how it is uploaded and kept, on the portal and at the window, and the form that appoints an agent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from yichuang.core import files
from yichuang.core.actor import Actor
from yichuang.core.forms import DateField, FileField, Form, field
from yichuang.core.models import File
from yichuang.core.refusal import Refusal
from yichuang.identity.models import Applicant

LETTER_KINDS = ("pdf", "jpg", "png")


def kept(upload: UploadedFile | None, principal: Applicant, *, by: Actor, at: datetime) -> File | None:
    """The letter as a file of the principal's, where one came. Raises Refusal 413, 422 of `core.files`."""
    if not upload:
        return None
    return files.store(upload, upload.name or "", owner=principal.ref, by=by, at=at, kinds=LETTER_KINDS)


def of_letter(refusal: Refusal) -> Refusal | dict[str, str]:
    """What `core.files` says of an upload, at the field of the letter; any other refusal as it is."""
    return {"letter": refusal.fields["file"]} if "file" in refusal.fields else refusal


def letter_field(*, needed: bool) -> FileField:
    """The 授权委托书: an organisation's bears its seal and is needed."""
    given = FileField(
        label=_("授权委托书"),
        required=needed,
        kinds=(*LETTER_KINDS, "jpeg"),
        error_messages={"required": _("请上传加盖公章的授权委托书。")},
    )
    given.help_text = _("加盖公章，写明代理人、事项、权限和期限。") if needed else _("有书面授权委托书的，请上传。")
    return given


class AgencyForm(Form):
    """委托代理人."""

    agent_name = field("text", label=_("代理人姓名"), max_length=80)
    agent_id_number = field("citizen_id", label=_("代理人公民身份号码"), help=_("代理人须已注册并完成实名核验。"))
    matters = field(
        "longtext",
        label=_("委托事项和权限"),
        max_length=200,
        help=_("例如：办理公共场所卫生许可，代为提交、补正和领取文书。"),
    )
    valid_until = DateField(
        label=_("委托截止日期"),
        help_text=_("最长 3 年，可随时终止。"),
        error_messages={"required": _("请填写委托截止日期。")},
    )

    def __init__(self, *args: Any, letter_needed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["letter"] = letter_field(needed=letter_needed)
