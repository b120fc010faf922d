"""Applicants: persons who sign up themselves, organisations, and whoever comes to the window.

Nobody reaches another's records by typing their number: an account is bound to an applicant only when its claim
(`Verification`) has passed. Which check is asked for is configuration: see `trust`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import transaction

from yichuang.core import log, outbox
from yichuang.core.actor import NOBODY, Actor
from yichuang.core.events import Event
from yichuang.core.refusal import Refusal
from yichuang.identity import rules
from yichuang.identity.commands.passwords import check_password, set_password
from yichuang.identity.models import Account, Agency, Applicant, Notice, Verification

CLERKS = ("window_clerk", "handler")
Retained = Callable[[Applicant], str]


def trust() -> str:
    """How a claim of identity is checked: "http" (an address is configured), else "trust" outside production (a
    demonstration checks nothing), else "window" (a clerk sees the card)."""
    config = settings.YICHUANG
    if config.real_name_url:
        return "http"
    return "window" if config.production and not config.demo else "trust"


def register_person(
    *,
    username: str,
    password: str,
    name: str,
    id_kind: str = "citizen",
    id_number: str,
    phone: str,
    address: str = "",
    invented: bool = False,
    by: Actor = NOBODY,
    at: datetime,
) -> Account:
    """Sign up on the portal with a real name. `account.applicant` is there as soon as the identity is verified.

    Raises Refusal 422 with a message per field (name, identifier, phone, sign-in name, password), 409 when the
    sign-in name or the phone is in use, or the identity has an account already.
    """
    phone = rules.clean_phone(phone)
    fields: dict[str, str] = {}
    for field, fault in (
        ("username", rules.username_fault(username)),
        ("name", rules.name_fault(name)),
        ("phone", rules.phone_fault(phone, mobile=True)),
        ("id_kind", "" if id_kind in rules.PERSON_ID_KINDS else "请选择个人证件类型"),
        ("id_number", rules.identifier_fault(id_kind, id_number, on=at.date())),
    ):
        if fault:
            fields[field] = fault
    if fields:
        raise Refusal("account.incomplete", "注册信息需要修改。", "请按提示修改后再提交。", fields=fields, status=422)
    number = rules.clean_identifier(id_kind, id_number)
    check_password(password, staff=False, words=(username, phone, number))
    with transaction.atomic():
        _free_sign_in(username, phone)
        account = Account(username=username, kind="person", phone=phone)
        set_password(account, password, at=at)
        account.save()
        log.append(account.ref, Event("account.registered", {"kind": "person"}), by=by, at=at)
        _claim(
            account,
            kind="person",
            name=name.strip(),
            id_kind=id_kind,
            id_number=number,
            phone=phone,
            address=address.strip(),
            invented=invented,
            by=by,
            at=at,
        )
    account.refresh_from_db()
    return account


def register_organisation(
    *,
    name: str,
    id_number: str,
    kind: str = "organisation",
    legal_representative: str = "",
    legal_representative_id: str = "",
    phone: str = "",
    address: str = "",
    postcode: str = "",
    invented: bool = False,
    by: Actor,
    at: datetime,
) -> Applicant | Verification:
    """An organisation or individual business, by its legal representative (signed in; their own name and number are
    taken from their verified identity) or by a window clerk who sees the licence.

    Returns the Applicant, or the Verification that is still pending (production without a trusted check).
    Raises Refusal: 422 per field; 403 for anybody else; 409 when it is registered already.
    """
    fields: dict[str, str] = {}
    if len(name.strip()) < 2:
        fields["name"] = "请填写营业执照上的名称"
    if kind not in ("organisation", "individual_business"):
        fields["kind"] = "请选择主体类型"
    if fault := rules.identifier_fault("uscc", id_number):
        fields["id_number"] = fault
    if phone and (fault := rules.phone_fault(phone)):
        fields["phone"] = fault
    if postcode and not (len(postcode) == 6 and postcode.isdigit()):
        fields["postcode"] = "邮政编码是 6 位数字"
    if legal_representative_id and (fault := rules.identifier_fault("citizen", legal_representative_id, on=at.date())):
        fields["legal_representative_id"] = fault
    if fields:
        raise Refusal("applicant.incomplete", "登记信息需要修改。", "请按提示修改后再提交。", fields=fields, status=422)
    number, phone = rules.clean_identifier("uscc", id_number), rules.clean_phone(phone)
    with transaction.atomic():
        existing = Applicant.objects.filter(id_kind="uscc", id_number=number, erased_at__isnull=True).first()
        if by.is_system or by.has_any(CLERKS):
            if existing:
                raise Refusal("applicant.known", "这个统一社会信用代码已经登记。", "请直接查询并选用已有的申请人。")
            return _create(
                kind=kind,
                name=name.strip(),
                id_kind="uscc",
                id_number=number,
                legal_representative=legal_representative.strip(),
                legal_representative_id=rules.clean_identifier("citizen", legal_representative_id),
                phone=phone,
                address=address.strip(),
                postcode=postcode,
                invented=invented,
                verified_by="trust" if by.is_system else "window",
                by=by,
                at=at,
            )
        person = _person_of(by)
        if existing and Agency.objects.filter(principal=existing, agent=person, ended_at__isnull=True).exists():
            raise Refusal("applicant.known", "您已经可以代表这家单位办事。", "请在“切换办事身份”中选择它。")
        verification = _claim(
            person.account,
            kind=kind,
            name=name.strip(),
            id_kind="uscc",
            id_number=number,
            legal_representative=person.name,
            phone=phone,
            address=address.strip(),
            invented=invented,
            by=by,
            at=at,
        )
    return verification.applicant or verification


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
        locked = (
            Verification.objects.select_for_update().get(pk=verification.pk)
            if _locks()
            else Verification.objects.get(pk=verification.pk)
        )
        if locked.state != "pending":
            raise Refusal("verification.settled", "这项核验已有结果。", "请刷新页面查看。")
        return _settle(locked, passed=passed, method=method, reason=reason, invented=False, by=by, at=at)


def update_profile(
    applicant: Applicant,
    *,
    phone: str | None = None,
    address: str | None = None,
    postcode: str | None = None,
    by: Actor,
    at: datetime,
) -> Applicant:
    """Corrects how to reach the applicant. Names and numbers change only at the window, with the document.

    Who may: whoever may act for the applicant; a window clerk; the system. Raises Refusal 403, 422.
    """
    if not (by.is_system or applicant.ref in by.behalf or by.has_any(CLERKS)):
        raise Refusal("applicant.not_yours", "不能修改他人的资料。", "请以本人或有权代表的单位身份办理。", status=403)
    fields: dict[str, str] = {}
    if phone is not None:
        phone = rules.clean_phone(phone)
        if fault := rules.phone_fault(phone, mobile=applicant.kind == "person"):
            fields["phone"] = fault
    if postcode and not (len(postcode) == 6 and postcode.isdigit()):
        fields["postcode"] = "邮政编码是 6 位数字"
    if address is not None and len(address) > 200:
        fields["address"] = "地址不超过 200 个字"
    if fields:
        raise Refusal("applicant.incomplete", "资料需要修改。", "请按提示修改后再提交。", fields=fields, status=422)
    with transaction.atomic():
        row = lock_applicant(applicant.pk)
        wanted = {"phone": phone, "address": address, "postcode": postcode}
        changed = {k: v.strip() for k, v in wanted.items() if v is not None and v.strip() != getattr(row, k)}
        if not changed:
            return row
        for key, value in changed.items():
            setattr(row, key, value)
        row.save(update_fields=list(changed))
        if "phone" in changed and row.account_id and row.kind == "person":
            if Account.objects.filter(phone=changed["phone"]).exclude(pk=row.account_id).exists():
                raise Refusal(
                    "account.phone_taken",
                    "这个手机号已绑定其他账户。",
                    "请换一个手机号。",
                    fields={"phone": "手机号已绑定其他账户"},
                )
            Account.objects.filter(pk=row.account_id).update(phone=changed["phone"])
        log.append(row.ref, Event("applicant.updated", {"fields": sorted(changed)}), by=by, at=at)
    return row


def find_or_create_applicant(
    *,
    kind: str,
    id_kind: str,
    id_number: str,
    name: str,
    phone: str = "",
    address: str = "",
    legal_representative: str = "",
    legal_representative_id: str = "",
    invented: bool = False,
    by: Actor,
    at: datetime,
) -> Applicant:
    """The applicant who stands at the window with their document: found by its number, else made.

    A found one keeps its data (`update_profile` corrects it); where the name differs the answer is a Refusal 409,
    because either the number or the name was read wrongly. Raises Refusal 403 unless by a clerk; 422 per field.
    """
    if not (by.is_system or by.has_any(CLERKS)):
        by.require("window_clerk")
    fields: dict[str, str] = {}
    if (id_kind == "uscc") == (kind == "person"):
        fields["id_kind"] = "自然人用个人证件，法人和个体工商户用统一社会信用代码"
    elif fault := rules.identifier_fault(id_kind, id_number, on=at.date()):
        fields["id_number"] = fault
    if kind == "person" and (fault := rules.name_fault(name)):
        fields["name"] = fault
    if len(name.strip()) < 2:
        fields["name"] = "请填写证件上的名称"
    if phone and (fault := rules.phone_fault(phone)):
        fields["phone"] = fault
    if fields:
        raise Refusal("applicant.incomplete", "申请人信息需要修改。", "请对照证件修改。", fields=fields, status=422)
    number = rules.clean_identifier(id_kind, id_number)
    with transaction.atomic():
        found = Applicant.objects.filter(id_kind=id_kind, id_number=number, erased_at__isnull=True).first()
        if found:
            if found.name != name.strip():
                raise Refusal(
                    "applicant.name_differs",
                    "这个证件号码已登记，但姓名或名称与您填写的不一致。",
                    "请对照证件核对号码与名称；确已改名的，请办理资料更正。",
                    fields={"name": "与已登记的不一致"},
                )
            return found
        return _create(
            kind=kind,
            name=name.strip(),
            id_kind=id_kind,
            id_number=number,
            phone=rules.clean_phone(phone),
            address=address.strip(),
            legal_representative=legal_representative.strip(),
            legal_representative_id=rules.clean_identifier("citizen", legal_representative_id),
            invented=invented,
            verified_by="trust" if by.is_system else "window",
            by=by,
            at=at,
        )


def erase_applicant(applicant: Applicant, *, reason: str, retained: Retained, by: Actor, at: datetime) -> Applicant:
    """Erases personal data (个人信息保护法 47): name, numbers, phone, address; the row stays, so that events still
    name somebody. The account is closed, agencies end, notices go.

    retained(applicant) -> why the data must stay ("" when nothing stands against it): the packages above know about
    open cases and retention that law asks for. Who may: the person; a system administrator; the system.
    Raises Refusal 403, 409 when retained or erased already.
    """
    if not (by.is_system or by.has("system_administrator") or applicant.ref in by.behalf):
        raise Refusal("applicant.not_yours", "不能删除他人的资料。", "请由本人登录后申请删除。", status=403)
    with transaction.atomic():
        row = lock_applicant(applicant.pk)
        if row.erased_at:
            raise Refusal("applicant.erased", "资料已经删除。", "无需再次办理。")
        why = retained(row)
        if why:
            raise Refusal(
                "applicant.retained",
                f"暂不能删除：{why}。",
                "请在上述事项办结、保存期限届满后再申请。",
                law="《中华人民共和国个人信息保护法》第四十七条",
            )
        account = row.account
        row.name = row.phone = row.address = row.postcode = row.legal_representative = row.legal_representative_id = ""
        row.id_number, row.account, row.erased_at = f"erased-{row.pk}", None, at
        row.save()
        Notice.objects.filter(applicant=row).delete()
        for agency in Agency.objects.filter(principal=row, ended_at__isnull=True) | Agency.objects.filter(
            agent=row, ended_at__isnull=True
        ):
            agency.ended_at = at
            agency.save(update_fields=["ended_at"])
            log.append(f"applicant:{agency.principal_id}", Event("agency.ended", {"agency": agency.pk}), by=by, at=at)
        if account:
            account.is_active, account.phone, account.username = False, "", f"erased-{account.pk}"
            account.first_name = account.last_name = account.email = ""
            account.set_unusable_password()
            account.save()
        log.append(row.ref, Event("applicant.erased", {"reason": reason}), by=by, at=at)
    return row


def lock_applicant(pk: int) -> Applicant:
    """The row, locked for this transaction; its stream is appended to only under this lock."""
    rows = Applicant.objects.select_for_update() if _locks() else Applicant.objects
    return rows.get(pk=pk)


def _locks() -> bool:
    from django.db import connection

    return bool(connection.features.has_select_for_update)


def _free_sign_in(username: str, phone: str) -> None:
    if Account.objects.filter(username__iexact=username).exists():
        raise Refusal(
            "account.username_taken", "这个登录名已在使用。", "请换一个登录名。", fields={"username": "登录名已在使用"}
        )
    if phone and Account.objects.filter(phone=phone).exists():
        raise Refusal(
            "account.phone_taken",
            "这个手机号已注册。",
            "请直接登录；忘记密码的，请带证件到窗口重置。",
            fields={"phone": "手机号已注册，请直接登录"},
        )


def _person_of(by: Actor) -> Applicant:
    kind, _, pk = by.ref.partition(":")
    person = (
        Applicant.objects.select_related("account").filter(account=pk, kind="person").first()
        if kind == "person"
        else None
    )
    if person is None:
        raise Refusal(
            "applicant.not_verified",
            "您的身份还没有核验，不能登记单位。",
            "请先完成实名核验，或带营业执照到窗口办理。",
            status=403,
        )
    return person


def _claim(
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
    by: Actor,
    at: datetime,
) -> Verification:
    """The claim is written; where nothing more is asked it passes at once, else the check is sent or a clerk waits."""
    if account is None:
        raise ValueError("only somebody with an account claims")
    method = trust()
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
    if method == "trust":
        return _settle(claim, passed=True, method="trust", reason="", invented=invented, by=by, at=at)
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
            found = _create(
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


def _create(*, by: Actor, at: datetime, **values: object) -> Applicant:
    row = Applicant.objects.create(division=by.division, created_at=at, verified_at=at, **values)
    log.append(row.ref, Event("applicant.registered", {"kind": row.kind, "verified_by": row.verified_by}), by=by, at=at)
    return row
