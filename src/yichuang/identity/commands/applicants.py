"""Applicants: persons who sign up themselves, organisations, and whoever comes to the window."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import date, datetime

from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction

from yichuang.core import log
from yichuang.core.actor import NOBODY, Actor, system
from yichuang.core.events import Event
from yichuang.core.refusal import Refusal
from yichuang.core.rules import gb11643
from yichuang.identity import rules
from yichuang.identity.commands.passwords import check_password, set_password
from yichuang.identity.commands.verification import CLERKS, claim, create, lock_applicant
from yichuang.identity.models import Account, Agency, Applicant, Notice, Verification

Retained = Callable[[Applicant], str]
Stays = Callable[[Applicant, date], list[rules.Stay]]


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
    number = rules.clean_identifier(id_number)
    check_password(password, staff=False, words=(username, phone, number))
    with transaction.atomic():
        _free_sign_in(username, phone)
        account = Account(username=username, kind="person", phone=phone)
        set_password(account, password, at=at)
        account.save()
        log.append(account.ref, Event("account.registered", {"kind": "person"}), by=by, at=at)
        claim(
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


def ask_verification(
    account: Account, *, name: str, id_number: str, id_kind: str = "citizen", by: Actor, at: datetime
) -> Verification:
    """A person whose identity is not verified yet claims it again, with corrected data.

    Raises Refusal 422 per field; 409 when it is verified, or a check of this number is under way.
    """
    fields: dict[str, str] = {}
    if fault := rules.name_fault(name):
        fields["name"] = fault
    if id_kind not in rules.PERSON_ID_KINDS:
        fields["id_kind"] = "请选择个人证件类型"
    elif fault := rules.identifier_fault(id_kind, id_number, on=at.date()):
        fields["id_number"] = fault
    if fields:
        raise Refusal("account.incomplete", "核验信息需要修改。", "请按提示修改后再提交。", fields=fields, status=422)
    with transaction.atomic():
        if Applicant.objects.filter(account=account).exists():
            raise Refusal("verification.verified", "您的身份已经核验。", "无需再次核验。")
        return claim(
            account,
            kind="person",
            name=name.strip(),
            id_kind=id_kind,
            id_number=rules.clean_identifier(id_number),
            phone=account.phone,
            address="",
            invented=False,
            by=by,
            at=at,
        )


def register_from_provider(*, name: str, id_number: str, phone: str, at: datetime) -> Account:
    """The account of a person whom the unified identity provider has checked: theirs, or a new one without a password.
    The certified number says who it is: one person never gets two accounts, also when they come twice at once.

    Raises Refusal 422 when the provider's claims lack the name or the number; 409 when the window's record of the
    number has another name.
    """
    number, phone = rules.clean_identifier(id_number), rules.clean_phone(phone)
    id_kind = gb11643.kind_of(number)
    if rules.name_fault(name) or rules.identifier_fault(id_kind, number, on=at.date()):
        raise Refusal(
            "account.provider_claims",
            "统一身份认证没有提供完整的实名信息。",
            "请改用本平台账户登录，或到窗口核验身份。",
            status=422,
        )
    if account := _account_of(id_kind, number):
        return account
    try:
        with transaction.atomic():
            return _certified(name.strip(), id_kind, number, phone, at)
    except (IntegrityError, Refusal) as clash:
        if isinstance(clash, Refusal) and clash.code != "applicant.has_account":
            raise
        if account := _account_of(id_kind, number):  # another window was quicker
            return account
        raise


def _account_of(id_kind: str, number: str) -> Account | None:
    known = Applicant.objects.select_related("account").filter(
        id_kind=id_kind, id_number=number, account__isnull=False, erased_at__isnull=True
    )
    person = known.first()
    return person.account if person else None


def _certified(name: str, id_kind: str, number: str, phone: str, at: datetime) -> Account:
    """A new account, bound to the person by the provider's word."""
    by = system("oidc")
    free = bool(phone) and not rules.phone_fault(phone, mobile=True)
    free = free and not Account.objects.filter(phone=phone).exists()
    account = Account(username=f"u{secrets.token_hex(8)}", kind="person", phone=phone if free else "")
    account.set_unusable_password()
    account.password_changed_at = at
    account.save()
    log.append(account.ref, Event("account.registered", {"kind": "person"}), by=by, at=at)
    claim(
        account,
        kind="person",
        name=name,
        id_kind=id_kind,
        id_number=number,
        phone=phone if free else "",
        address="",
        invented=False,
        method="oidc",
        by=by,
        at=at,
    )
    return account


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
    number = rules.clean_identifier(id_number)
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
        return create(
            kind=kind,
            name=name.strip(),
            id_kind=id_kind,
            id_number=number,
            phone=rules.clean_phone(phone),
            address=address.strip(),
            legal_representative=legal_representative.strip(),
            legal_representative_id=rules.clean_identifier(legal_representative_id),
            invented=invented,
            verified_by="trust" if by.is_system else "window",
            by=by,
            at=at,
        )


def erase_applicant(applicant: Applicant, *, reason: str, retained: Retained, by: Actor, at: datetime) -> Applicant:
    """Erases personal data (个人信息保护法 47): name, numbers, phone, address; the row stays, so that events still
    name somebody. The account is closed, agencies end, notices go.

    retained(applicant) -> why the data must stay ("" when nothing stands against it): the packages above know about
    open cases. Their reactions to "applicant.erased" erase the papers that need not be kept (`site/wiring.py` STAYS says
    which stay and why). Who may: the person; a system administrator; the system.
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
            Verification.objects.filter(account=account, state="pending").update(
                state="failed", reason="资料已删除", name="", id_number="", legal_representative="", phone="",
                address="", settled_at=at,
            )  # fmt: skip
            SocialAccount.objects.filter(user=account).delete()
            account.is_active, account.phone, account.username = False, "", f"erased-{account.pk}"
            account.first_name = account.last_name = account.email = ""
            account.set_unusable_password()
            account.save()
        log.append(row.ref, Event("applicant.erased", {"reason": reason, "applicant": row.pk}), by=by, at=at)
    return row


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
