"""What the worker delivers for identity: SMS, and the check of a claimed identity.

Messages carry only the number of a row; what is personal is read at the moment of sending and kept nowhere else.
"""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from yichuang.core import adapters
from yichuang.core.actor import system
from yichuang.core.models import Message
from yichuang.core.outbox import Receipt, Rejected, Retry
from yichuang.core.refusal import Refusal
from yichuang.identity.commands.verification import settle_verification
from yichuang.identity.models import Notice, Verification


def sms(message: Message) -> Receipt:
    """A notice as SMS: to `YICHUANG_SMS_URL` as {"phone", "text"}, or to the console where none is set.

    Rejected when the applicant was erased or has no mobile phone any more.
    """
    notice = Notice.objects.select_related("applicant").filter(pk=message.payload["notice"]).first()
    if notice is None or not notice.applicant.phone:
        raise Rejected("申请人的资料已删除，或没有手机号")
    if not settings.YICHUANG.sms_url:
        return adapters.console(message)
    text = f"【{settings.YICHUANG.platform_name}】{notice.title}。{notice.body}"
    return adapters.post(message, settings.YICHUANG.sms_url, {"phone": notice.applicant.phone, "text": text[:500]})


def real_name(message: Message) -> Receipt:
    """A claim of identity to `YICHUANG_REAL_NAME_URL` as {"kind", "name", "id_kind", "id_number", ...}; its answer
    {"passed": true|false, "reason": "..."} enters as a command. An answer without "passed" is tried again."""
    claim = Verification.objects.filter(pk=message.payload["verification"]).first()
    if claim is None or claim.state != "pending":
        return Receipt(reference="settled", answer={"state": claim.state if claim else "gone"})
    body = {
        "kind": claim.kind,
        "name": claim.name,
        "id_kind": claim.id_kind,
        "id_number": claim.id_number,
        "legal_representative": claim.legal_representative,
        "phone": claim.phone,
    }
    if not settings.YICHUANG.real_name_url:
        raise Retry("尚未配置实名核验接口的地址")
    receipt = adapters.post(message, settings.YICHUANG.real_name_url, body)
    answer = receipt.answer if isinstance(receipt.answer, dict) else {}
    if not isinstance(answer.get("passed"), bool):
        raise Retry("实名核验接口的回答无法读懂")
    by, at = system("real_name", settings.YICHUANG.division), timezone.localtime()
    reason = str(answer.get("reason") or "")[:200]
    try:
        settle_verification(claim, passed=answer["passed"], method="http", reason=reason, by=by, at=at)
    except Refusal as no:
        settle_verification(claim, passed=False, method="http", reason=no.message, by=by, at=at)
    return Receipt(reference=receipt.reference, answer={"passed": answer["passed"]})
