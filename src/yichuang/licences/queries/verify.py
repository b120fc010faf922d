"""核验: is this a licence, is the file the organ's own, and is it in force now? Least disclosure: nothing of the
face."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from yichuang.core import personal
from yichuang.core.refusal import Refusal
from yichuang.licences import rules
from yichuang.licences.models import Licence

VALID, INVALID, UNKNOWN = "valid", "invalid", "unknown"

_FILE_FAULTS = {
    "not_pdf": (
        "这不是一份能够读取的 PDF 文件。",
        "请上传从本平台下载的电子证照 PDF 原件，不要上传照片、截图或转换过的文件。",
    ),
    "encrypted": ("这份 PDF 加了密码，无法核验。", "请上传从本平台下载的电子证照 PDF 原件。"),
    "unsigned": (
        "这份 PDF 没有电子签名，不是电子证照原件。",
        "请向持证人索要电子证照 PDF 原件，或扫描证照上的二维码核验。",
    ),
}
_TAMPERED = (
    "这份文件在盖章之后被改动过，内容不可信。",
    "请勿采信；请扫描证照上的二维码查看真实状态，或向颁发机构核实、举报。",
)
_STRANGER = (
    "这份文件的电子签名不是本平台认可的机构所签。",
    "请勿采信；请扫描证照上的二维码查看真实状态，或向颁发机构核实、举报。",
)
_STATE_WORDS = {
    rules.EXPIRED: ("证照已过有效期，现已失效。", "需要继续从事该活动的，请持证人申请延续或者重新申请。"),
    rules.REPLACED: ("证照已换发新证，这一版本已失效。", "请向持证人索要新版证照。"),
    rules.REVOKED: ("证照已被撤销。", "请勿采信；有疑问请向颁发机构核实。"),
    rules.WITHDRAWN: ("证照已被撤回。", "请勿采信；有疑问请向颁发机构核实。"),
    rules.ANNULLED: ("证照已被吊销。", "请勿采信；有疑问请向颁发机构核实。"),
    rules.CANCELLED: ("证照已被注销。", "请勿采信；有疑问请向颁发机构核实。"),
    rules.NOT_YET: ("证照已核发，尚未到生效日期。", "请在生效日期之后再核验。"),
}


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer. verdict: valid, invalid (found, and not to be relied on) or unknown (nothing found or readable).

    code: ok, not_found, bad_identifier, not_pdf, encrypted, unsigned, tampered, stranger, not_issued, or the
    state's name. signature: "" when no file was checked, else good or bad. holder: masked for a natural person.
    """

    verdict: str
    code: str
    message: str
    next_step: str
    checked_at: datetime
    identifier: str = ""
    name: str = ""
    number: str = ""
    holder: str = ""
    issuer: str = ""
    issued_on: date | None = None
    effective_on: date | None = None
    expires_on: date | None = None
    state: str = ""
    state_name: str = ""
    signature: str = ""
    signer: str = ""
    signed_at: datetime | None = None

    @property
    def valid(self) -> bool:
        return self.verdict == VALID

    @property
    def validity(self) -> str:
        return rules.dates_text(self.effective_on, self.expires_on) if self.effective_on else ""

    def refusal(self) -> Refusal:
        return Refusal(f"licence.{self.code}", self.message, self.next_step, status=404)


def verify(subject: bytes | str, *, at: datetime) -> Verification:
    """Of a PDF's bytes, an identifier or a token."""
    if isinstance(subject, bytes):
        return verify_pdf(subject, at=at)
    text = subject.strip()
    if text.upper().startswith(rules.PREFIX[:8]) or "." in text:
        return verify_identifier(text, at=at)
    return verify_token(text, at=at)


def verify_token(token: str, *, at: datetime) -> Verification:
    """By the QR code."""
    return _found(_licences().filter(token=token).first() if token else None, at)


def verify_identifier(identifier: str, *, at: datetime) -> Verification:
    """By the printed 电子证照标识. A forged one is told apart from one that was never issued."""
    wrong = rules.fault(identifier)
    if wrong:
        return Verification(
            UNKNOWN,
            "bad_identifier",
            f"电子证照标识不正确：{wrong}。",
            "请核对证照上印制的标识，逐字输入；确认无误仍不正确的，可能是假证，请向颁发机构核实。",
            at,
        )
    return _found(_licences().filter(identifier=str(rules.parse(identifier))).first(), at)


def verify_pdf(pdf: bytes, *, at: datetime) -> Verification:
    """By the file itself: whole, sealed by one of our organs, the very document that was issued, and in force now.

    The copy that is on record is checked as of the moment of its seal, so that it outlives the certificate's term.
    """
    from yichuang.licences import signature  # its libraries are large: loaded with the first file

    known = _licences().filter(file_digest=signature.fingerprint(pdf)).first()
    reading = signature.read(pdf, at=known.signed_at if known and known.signed_at else at)
    if reading.fault:
        message, next_step = _FILE_FAULTS[reading.fault]
        return Verification(UNKNOWN, reading.fault, message, next_step, at)
    claimed = known
    if claimed is None and not rules.fault(reading.identifier):
        claimed = _licences().filter(identifier=str(rules.parse(reading.identifier))).first()
    if not reading.intact or not reading.trusted:
        code, (message, next_step) = ("tampered", _TAMPERED) if not reading.intact else ("stranger", _STRANGER)
        if not reading.intact and not reading.signer:
            code, (message, next_step) = "stranger", _STRANGER
        return Verification(
            INVALID, code, message, next_step, at, signature="bad", signer=reading.signer if reading.trusted else ""
        )
    if known is None:
        return Verification(
            INVALID,
            "not_issued",
            "这份文件的签名有效，但不是登记在案的证照原件。",
            "请扫描证照上的二维码查看真实状态，或从本平台重新下载证照。",
            at,
            identifier=claimed.identifier if claimed else "",
            signature="good",
            signer=reading.signer,
        )
    return replace(_found(known, at), signature="good", signer=reading.signer, signed_at=known.signed_at)


def _licences() -> QuerySet[Licence]:
    return Licence.objects.select_related("holder", "issuer")


def _found(licence: Licence | None, at: datetime) -> Verification:
    if licence is None:
        no = rules.not_found()
        return Verification(UNKNOWN, "not_found", no.message, no.next_step, at)
    state = rules.live_state(licence.state, licence.effective_on, licence.expires_on, timezone.localtime(at).date())
    message, next_step = _STATE_WORDS.get(state, ("证照真实、有效。", ""))
    return Verification(
        verdict=VALID if state == rules.IN_FORCE else INVALID,
        code="ok" if state == rules.IN_FORCE else state,
        message=message,
        next_step=next_step,
        checked_at=at,
        identifier=licence.identifier,
        name=licence.name,
        number=licence.number,
        holder=shown_holder(licence),
        issuer=licence.issuer.name,
        issued_on=licence.issued_on,
        effective_on=licence.effective_on,
        expires_on=licence.expires_on,
        state=state,
        state_name=rules.LIVE_STATES[state],
    )


def shown_holder(licence: Licence) -> str:
    """As a stranger may see it: organisations in full, natural persons masked."""
    holder = licence.holder
    return personal.mask_name(holder.name) if holder.kind == "person" else holder.name
