"""Verbs of electronic licences. Each is one transaction and at least one event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from yichuang.core import files, log, numbers, outbox, personal
from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.identity.models import Applicant, Department
from yichuang.licences import authority, document, rules
from yichuang.licences.models import Licence

SIGN = "licence.sign"  # the outbox adapter that puts the seal on


def issue(
    *,
    type_code: str,
    name: str,
    holder: Applicant,
    issuer: Department,
    division: str,
    details: Mapping[str, object],
    effective_on: date,
    expires_on: date | None,
    source: str,
    by: Actor,
    at: datetime,
    number: str = "",
    labels: Mapping[str, str] | None = None,
) -> Licence:
    """核发: make version 001 of a licence; the worker then puts the organ's seal on it (行政许可法 39, 44).

    details: what the licence's face says, in order, field code -> value; labels: Chinese names of codes that the usual
    table lacks. expires_on None: 长期. source: stream of what led to it ("case:6101..."). number: printed 证照编号;
    made when empty. Raises Refusal 422 (issuer without a code, type code, dates).
    """
    rules.check_issuer(issuer.name, issuer.uscc)
    type_code = rules.check_type(type_code)
    day = _day(at)
    with transaction.atomic():
        serial = rules.serial(day, numbers.take(f"licence:{issuer.uscc}:{type_code}:{day:%Y%m%d}"))
        return _enter(
            rules.Identifier(type_code, issuer.uscc, serial),
            number=number or _number(issuer, type_code, serial),
            name=name,
            holder=holder,
            issuer=issuer,
            division=division,
            lines=rules.details_of(details, labels),
            effective_on=effective_on,
            expires_on=expires_on,
            source=source,
            replaces="",
            by=by,
            at=at,
        )


def replace(
    identifier: str,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    details: Mapping[str, object] | None = None,
    name: str = "",
    effective_on: date | None = None,
    expires_on: date | None = None,
    source: str = "",
) -> Licence:
    """换发、更正: the next version, with the face changed as `details` says (only the codes named); the version
    before is no longer in force. Dates stay when they are not given. Raises Refusal 403, 404, 409, 422."""
    parsed = rules.parse(identifier)
    with transaction.atomic():
        old = _locked(str(parsed))
        successor = parsed.next_version()
        log.record(old, rules.replace(old.facts(), successor, reason, by=by), by=by, at=at)
        lines = {line.code: line for line in old.lines}
        for line in rules.details_of(details or {}, {code: each.label for code, each in lines.items()}):
            lines[line.code] = line
        return _enter(
            successor,
            number=old.number,
            name=name or old.name,
            holder=old.holder,
            issuer=old.issuer,
            division=old.division,
            lines=tuple(lines.values()),
            effective_on=effective_on or old.effective_on,
            expires_on=expires_on or old.expires_on,
            source=source or old.source,
            replaces=old.identifier,
            by=by,
            at=at,
        )


def sign(identifier: str, *, by: Actor, at: datetime) -> Licence:
    """加盖电子印章: render the document and sign it with the organ's certificate, once. The slow part is outside the
    transaction; when two do it at once, the first one's document stays. Never waits for a network."""
    from yichuang.licences import signature  # its libraries are large: loaded with the first signature

    licence = _found(identifier)
    if licence.signed_at is not None:
        return licence
    certificate = authority.organ(licence.issuer.uscc, licence.issuer.seal_name or licence.issuer.name, at=at)
    pdf = signature.sign(document.pdf(licence), document.seal(licence), certificate, licence.identifier, at=at)
    with transaction.atomic():
        licence = _locked(identifier)
        if licence.signed_at is not None:
            return licence
        stored = files.keep(
            pdf,
            document.file_name(licence),
            "application/pdf",
            owner=licence.stream,
            by=by,
            at=at,
            division=licence.division,
        )
        event = rules.signed(stored.ref, stored.digest, signature.ALGORITHM, certificate.fingerprint, certificate.name)
        log.record(licence, event, by=by, at=at)
    return licence


def exported(count: int, *, by: Actor, at: datetime) -> None:
    """证照目录导出: who took how many rows away is on record, for they name their holders."""
    with transaction.atomic():
        log.append(f"licence_exports:{by.division}", Event("licence.exported", {"rows": count}), by=by, at=at)


def expire_due(at: datetime, *, by: Actor, limit: int = 500) -> int:
    """到期: mark the licences whose last day has passed; each in its own transaction. Returns how many."""
    today, done = _day(at), 0
    due = Licence.objects.filter(state=rules.IN_FORCE, expires_on__lt=today).order_by("expires_on", "id")
    for identifier in due.values_list("identifier", flat=True)[:limit]:
        with transaction.atomic():
            licence = _locked(identifier)
            if licence.state == rules.IN_FORCE:
                log.record(licence, rules.expire(licence.facts(), today), by=by, at=at)
                done += 1
    return done


def _enter(
    identifier: rules.Identifier,
    *,
    number: str,
    name: str,
    holder: Applicant,
    issuer: Department,
    division: str,
    lines: tuple[rules.Detail, ...],
    effective_on: date,
    expires_on: date | None,
    source: str,
    replaces: str,
    by: Actor,
    at: datetime,
) -> Licence:
    salt, sealed = personal.seal(rules.details_text(lines))
    draft = rules.Draft(
        identifier=identifier,
        number=number,
        name=name,
        division=division,
        holder_ref=f"applicant:{holder.pk}",
        issuer_ref=f"department:{issuer.pk}",
        details_digest=sealed,
        issued_on=_day(at),
        effective_on=effective_on,
        expires_on=expires_on,
        source=source,
        replaces=replaces,
    )
    licence = Licence(details=[asdict(line) for line in lines], details_salt=salt)
    log.record(licence, rules.issue(draft), by=by, at=at)
    outbox.enqueue(
        SIGN,
        f"{SIGN}:{licence.identifier}",
        {"identifier": licence.identifier},
        about=licence.stream,
        at=at,
        division=division,
    )
    return licence


def _number(issuer: Department, type_code: str, serial: str) -> str:
    """阎卫证〔2026〕022-11240001号: of the type's last three characters and the serial, so that no second counter is
    held; unique within the issuer."""
    prefix = issuer.document_prefix or issuer.short_name or issuer.name
    return f"{prefix}证〔{serial[:4]}〕{type_code[-3:]}-{serial[4:]}号"


def _found(identifier: str) -> Licence:
    licence = Licence.objects.select_related("issuer", "holder", "file").filter(identifier=identifier).first()
    if licence is None:
        raise rules.not_found()
    return licence


def _locked(identifier: str) -> Licence:
    try:
        return log.lock(Licence, identifier=identifier)
    except Licence.DoesNotExist:
        raise rules.not_found() from None


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()
