"""实名核验: a claim of identity, and how it is settled.

Nobody reaches another's records by typing their number: an account is bound to an applicant only when its claim
(`Verification`) has passed. Which check is asked for is configuration: see `trust`.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model, QuerySet

from yichuang.core import log, outbox
from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.refusal import Refusal
from yichuang.identity.models import Account, Agency, Applicant, Verification

CLERKS = ("window_clerk", "handler")


def trust() -> str:
    """How a claim of identity is checked: "http" (an address is configured), else "trust" outside production (a
    demonstration checks nothing), else "window" (a clerk sees the card)."""
    config = settings.YICHUANG
    if config.real_name_url:
        return "http"
    return "window" if config.production and not config.demo else "trust"


def settle_verification(
    verification: Verification, *, passed: bool, method: str = "window", reason: str = "", by: Actor, at: datetime
) -> Verification:
    """A claim of identity passes or fails: a window clerk who saw the card or licence, or the system with the check's
    answer. Passed: the applicant is found or made and bound. What was typed for the claim is cleared either way.

    Raises Refusal: 403 for others; 409 when settled, or the identity belongs to another account by now.
    """
    if not (by.is_system or by.has_any(CLERKS)):
        by.require("window_clerk")
    with transaction.atomic():
        locked = _rows(Verification).get(pk=verification.pk)
        if locked.state != "pending":
            raise Refusal("verification.settled", "这项核验已有结果。", "请刷新页面查看。")
        return _settle(locked, passed=passed, method=method, reason=reason, invented=False, by=by, at=at)


def claim(
    account: Account | None,
    *,
    kind: str,
    name: str,
    id_kind: str,
    id_number: str,
    legal_representative: str = "",
    phone: str,
    address: str,
    invented: bool,
    method: str = "",
    by: Actor,
    at: datetime,
) -> Verification:
    """The claim is written. One that was checked elsewhere (method "oidc"), or where nothing more is asked, passes at
    once; else the check is sent, or a clerk waits."""
    if account is None:
        raise ValueError("only somebody with an account claims")
    method = method or trust()
    if Verification.objects.filter(account=account, id_kind=id_kind, id_number=id_number, state="pending").exists():
        raise Refusal("verification.pending", "同一核验正在进行。", "请等待核验结果，结果会在“我的资料”中显示。")
    claim = Verification.objects.create(
        account=account,
        kind=kind,
        name=name,
        id_kind=id_kind,
        id_number=id_number,
        legal_representative=legal_representative,
        phone=phone,
        address=address,
        asked_at=at,
    )
    log.append(
        claim.ref, Event("verification.asked", {"account": account.pk, "kind": kind, "method": method}), by=by, at=at
    )
    if method in ("trust", "oidc"):
        return _settle(claim, passed=True, method=method, reason="", invented=invented, by=by, at=at)
    if method == "http":
        outbox.enqueue("real_name", f"verification:{claim.pk}", {"verification": claim.pk}, about=claim.ref, at=at)
    return claim


def _settle(
    claim: Verification, *, passed: bool, method: str, reason: str, invented: bool, by: Actor, at: datetime
) -> Verification:
    account = claim.account
    if passed:
        found = Applicant.objects.filter(
            id_kind=claim.id_kind, id_number=claim.id_number, erased_at__isnull=True
        ).first()
        if found:
            found = lock_applicant(found.pk)
            _may_take(found, claim, method)
        else:
            found = create(
                kind=claim.kind,
                name=claim.name,
                id_kind=claim.id_kind,
                id_number=claim.id_number,
                legal_representative=claim.legal_representative,
                phone=claim.phone,
                address=claim.address,
                invented=invented,
                verified_by=method,
                by=by,
                at=at,
            )
        if claim.kind == "person":
            found.account, found.verified_by, found.verified_at = account, method, at
            found.save(update_fields=["account", "verified_by", "verified_at"])
            log.append(found.ref, Event("applicant.bound", {"account": account.pk, "method": method}), by=by, at=at)
        else:
            person = Applicant.objects.get(account=account)
            agency = Agency.objects.create(
                principal=found, agent=person, role="legal_representative", matters="全部事项", valid_from=at.date()
            )
            found.legal_representative, found.legal_representative_id = person.name, person.id_number
            found.verified_by, found.verified_at = method, at
            found.save(update_fields=["legal_representative", "legal_representative_id", "verified_by", "verified_at"])
            data = {
                "agency": agency.pk,
                "agent": person.ref,
                "role": agency.role,
                "from": agency.valid_from.isoformat(),
            }
            log.append(found.ref, Event("agency.appointed", data), by=by, at=at)
        claim.applicant = found
    claim.state, claim.method, claim.reason, claim.settled_at = (
        "passed" if passed else "failed",
        method,
        reason[:200],
        at,
    )
    claim.name = claim.id_number = claim.legal_representative = claim.phone = claim.address = ""
    claim.save()
    kind = "verification.passed" if passed else "verification.failed"
    log.append(claim.ref, Event(kind, {"method": method, "applicant": claim.applicant_id}), by=by, at=at)
    return claim


def _may_take(found: Applicant, claim: Verification, method: str) -> None:
    """May this claim be bound to records that exist already? Without a real check only when what the window wrote
    down agrees with it: a number alone opens nothing."""
    if claim.kind == "person" and found.account_id and found.account_id != claim.account_id:
        raise Refusal(
            "applicant.has_account",
            "这个证件号码已经注册过账户。",
            "请用原账户登录；忘记密码的，请带证件到窗口重置。",
            fields={"id_number": "已注册过账户，请直接登录"},
        )
    agrees = found.name == claim.name
    if claim.kind == "person":
        agrees = agrees and (method != "trust" or found.phone == claim.phone)
    elif method == "trust":
        person = Applicant.objects.get(account=claim.account)
        agrees = agrees and person.id_number == found.legal_representative_id
    if not agrees:
        raise Refusal(
            "applicant.differs",
            "您填写的内容与窗口登记的不一致，不能在网上绑定已有的办件记录。",
            "请带证件（单位带营业执照）到任一政务服务窗口核验。",
            fields={"id_number": "已有登记，内容不一致，请到窗口核验"},
        )


def create(*, by: Actor, at: datetime, **values: object) -> Applicant:
    row = Applicant.objects.create(division=by.division, created_at=at, verified_at=at, **values)
    log.append(row.ref, Event("applicant.registered", {"kind": row.kind, "verified_by": row.verified_by}), by=by, at=at)
    return row


def lock_applicant(pk: int) -> Applicant:
    """The row, locked for this transaction; its stream is appended to only under this lock."""
    return _rows(Applicant).get(pk=pk)


Row = TypeVar("Row", bound=Model)


def _rows(model: type[Row]) -> QuerySet[Row]:
    rows = model._default_manager.all()
    return rows.select_for_update() if connection.features.has_select_for_update else rows
