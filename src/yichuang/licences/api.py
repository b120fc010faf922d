"""API of licences: verification for everybody, the registry for programs and staff, the wallet for holders."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import File, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from yichuang.core import limits, personal
from yichuang.core.api import Page, cursor_page
from yichuang.core.refusal import Refusal
from yichuang.identity.api.auth import auth, require_scope
from yichuang.licences import queries, rules
from yichuang.licences.models import Licence

router = Router(tags=["电子证照"])
LIMIT = 20 * 1024 * 1024
PER_MINUTE = 60


class VerificationOut(Schema):
    """The answer: `valid` alone says whether the licence may be relied on. Nothing of the licence's face is in it."""

    valid: bool
    verdict: str
    code: str
    message: str
    next_step: str
    checked_at: datetime
    identifier: str
    name: str
    number: str
    holder: str
    issuer: str
    issued_on: date | None
    effective_on: date | None
    expires_on: date | None
    state: str
    state_name: str
    signature: str
    signer: str
    signed_at: datetime | None


class VerifyIn(Schema):
    """An identifier, or the token of a QR code."""

    subject: Annotated[str, Field(min_length=1, max_length=120)]


class LicenceOut(Schema):
    """A licence of the registry; a natural person's name and number are masked."""

    identifier: str
    type_code: str
    name: str
    number: str
    division: str
    holder: str
    holder_code: str
    holder_kind: str
    issuer: str
    issuer_code: str
    version: int
    issued_on: date
    effective_on: date
    expires_on: date | None
    state: str
    live_state: str
    source: str
    signed: bool
    file_digest: str


class Narrowed(Schema):
    """Filters of the registry."""

    text: Annotated[str, Field(max_length=120)] = ""
    type_code: Annotated[str, Field(max_length=21)] = ""
    issuer: Annotated[int | None, Field(ge=1, le=2**63 - 1)] = None
    state: Annotated[str, Field(max_length=12)] = ""
    expires_before: date | None = None


@router.post("/verify", response=VerificationOut, summary="按标识或二维码核验证照")
def verify(request: HttpRequest, body: VerifyIn) -> VerificationOut:
    limits.check(request, "licences.verify", per_minute=PER_MINUTE)
    return _told(queries.verify(body.subject, at=timezone.localtime()))


@router.post("/verify/file", response=VerificationOut, summary="按 PDF 文件核验证照")
def verify_file(request: HttpRequest, file: Annotated[UploadedFile, File()]) -> VerificationOut:
    """The file is looked at and not kept."""
    limits.check(request, "licences.verify", per_minute=PER_MINUTE)
    if (file.size or 0) > LIMIT:
        raise Refusal(
            "licence.too_large",
            "文件超过20兆字节，不是本平台签发的电子证照。",
            "请上传原始的电子证照文件。",
            status=413,
        )
    return _told(queries.verify(file.read(), at=timezone.localtime()))


@router.get("/licences", response=Page[LicenceOut], auth=auth, summary="证照目录")
def licences(
    request: HttpRequest,
    narrowed: Query[Narrowed],
    cursor: str = "",
    size: Annotated[int, Field(ge=1, le=500)] = 20,
) -> Page[LicenceOut]:
    """What the token's departments issued; what staff may see; what a person holds or acts for."""
    who = require_scope(request, "licences:read")
    filters = queries.Filters(
        text=narrowed.text,
        type_code=narrowed.type_code,
        issuer=narrowed.issuer,
        state=narrowed.state,
        expires_before=narrowed.expires_before,
    )
    return cursor_page(request, queries.registry(who, filters), ("-issued_on", "-id"), _row, size)


@router.get("/licences/{identifier}", response=LicenceOut, auth=auth, summary="一本证照")
def licence(request: HttpRequest, identifier: str) -> LicenceOut:
    return _row(queries.desk_licence(require_scope(request, "licences:read"), identifier))


def _told(answer: queries.Verification) -> VerificationOut:
    fields = {name: getattr(answer, name) for name in VerificationOut.model_fields}
    return VerificationOut(**fields)


def _row(row: Licence) -> LicenceOut:
    person = row.holder.kind == "person"
    today = timezone.localdate()
    return LicenceOut(
        identifier=row.identifier,
        type_code=row.type_code,
        name=row.name,
        number=row.number,
        division=row.division,
        holder=personal.mask_name(row.holder.name) if person else row.holder.name,
        holder_code=personal.mask_id(row.holder.id_number) if person else row.holder.id_number,
        holder_kind=row.holder.kind,
        issuer=row.issuer.name,
        issuer_code=row.issuer_code,
        version=row.version,
        issued_on=row.issued_on,
        effective_on=row.effective_on,
        expires_on=row.expires_on,
        state=row.state,
        live_state=rules.live_state(row.state, row.effective_on, row.expires_on, today),
        source=row.source,
        signed=row.signed_at is not None,
        file_digest=row.file_digest,
    )
