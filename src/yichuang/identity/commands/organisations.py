"""Organisations and individual businesses: registered by whom they are represented, or at the window."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yichuang.core.actor import Actor
from yichuang.core.refusal import Refusal
from yichuang.identity import rules
from yichuang.identity.commands.verification import CLERKS, claim, create
from yichuang.identity.models import Agency, Applicant, Verification


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
    number, phone = rules.clean_identifier(id_number), rules.clean_phone(phone)
    with transaction.atomic():
        existing = Applicant.objects.filter(id_kind="uscc", id_number=number, erased_at__isnull=True).first()
        if by.is_system or by.has_any(CLERKS):
            if existing:
                raise Refusal("applicant.known", "这个统一社会信用代码已经登记。", "请直接查询并选用已有的申请人。")
            return create(
                kind=kind,
                name=name.strip(),
                id_kind="uscc",
                id_number=number,
                legal_representative=legal_representative.strip(),
                legal_representative_id=rules.clean_identifier(legal_representative_id),
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
        verification = claim(
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


def _person_of(by: Actor) -> Applicant:
    person = (
        Applicant.objects.select_related("account").filter(account_id=rules.pk_of(by.ref), kind="person").first()
        if by.kind == "person"
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
