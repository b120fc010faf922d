"""委托代理: who may act for another (行政许可法 29), for which matters, until when."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from yichuang.core import log
from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.models import File
from yichuang.core.refusal import Refusal
from yichuang.identity import rules
from yichuang.identity.commands.verification import CLERKS, lock_applicant
from yichuang.identity.models import Agency, Applicant


def appoint_agent(
    principal: Applicant,
    *,
    agent: Applicant | None = None,
    agent_name: str = "",
    agent_id_number: str = "",
    agent_id_kind: str = "citizen",
    matters: str,
    valid_from: date | None = None,
    valid_until: date | None,
    letter: File | None = None,
    by: Actor,
    at: datetime,
) -> Agency:
    """委托代理人, by the principal (an organisation's legal representative, not another agent: 转委托 needs the
    principal, 民法典 169), or by a window clerk who sees the 授权委托书.

    agent: the person; or their name and number, which must be those of a registered person (what is not found and what
    does not agree get the same answer, so that nobody learns who is registered).
    letter: the 授权委托书, stored by the actor under the principal's stream; an organisation's is needed.
    Raises Refusal: 403, 422 per field, 409 when such an agency stands already.
    """
    if not (by.is_system or by.has_any(CLERKS)):
        _require_principal(principal, by, at)
    begin = valid_from or at.date()
    rules.check_agency(begin, valid_until, matters, on=at.date())
    if agent is None:
        rules.check_identifier(agent_id_kind, agent_id_number, on=at.date(), field="agent_id_number")
        agent = Applicant.objects.filter(
            kind="person",
            id_kind=agent_id_kind,
            id_number=rules.clean_identifier(agent_id_number),
            name=agent_name.strip(),
            erased_at__isnull=True,
        ).first()
        if agent is None:
            raise Refusal(
                "agency.unknown_agent",
                "没有找到姓名和证件号码都一致的已注册人员。",
                "请核对姓名和号码，并请代理人先注册账户、完成实名核验。",
                fields={"agent_id_number": "没有找到姓名和号码都一致的已注册人员"},
                status=422,
            )
    _check_letter(letter, principal, by)
    if agent.pk == principal.pk or agent.kind != "person":
        raise Refusal(
            "agency.oneself",
            "代理人应是委托人以外的自然人。",
            "请填写另一人。",
            fields={"agent_id_number": "请填写另一人"},
            status=422,
        )
    with transaction.atomic():
        lock_applicant(principal.pk)
        if Agency.objects.filter(principal=principal, agent=agent, role="agent", ended_at__isnull=True).exists():
            raise Refusal(
                "agency.stands",
                "已有对此人的委托。",
                "请先终止原委托，再重新委托。",
                fields={"agent_id_number": "已有对此人的委托"},
            )
        agency = Agency.objects.create(
            principal=principal,
            agent=agent,
            role="agent",
            matters=matters.strip(),
            valid_from=begin,
            valid_until=valid_until,
            letter=letter,
        )
        data = {
            "agency": agency.pk,
            "agent": agent.ref,
            "role": "agent",
            "from": begin.isoformat(),
            "until": valid_until.isoformat() if valid_until else None,
            "letter": letter.ref if letter else "",
        }
        log.append(principal.ref, Event("agency.appointed", data), by=by, at=at)
    return agency


def attach_letter(agency: Agency, letter: File, *, by: Actor, at: datetime) -> Agency:
    """Puts the 授权委托书 to an agency that has none yet: by the principal, or by a window clerk who sees it.

    Raises Refusal 403, 409 when the agency is over or has its letter, 422.
    """
    if not (by.is_system or by.has_any(CLERKS)):
        _require_principal(agency.principal, by, at)
    _check_letter(letter, agency.principal, by)
    with transaction.atomic():
        lock_applicant(agency.principal_id)
        row = Agency.objects.get(pk=agency.pk)
        if row.ended_at or row.letter_id:
            raise Refusal("agency.has_letter", "这项委托已有授权委托书或已经终止。", "请刷新页面查看。")
        row.letter = letter
        row.save(update_fields=["letter"])
        data = {"agency": row.pk, "letter": letter.ref}
        log.append(f"applicant:{row.principal_id}", Event("agency.letter_attached", data), by=by, at=at)
    return row


def _check_letter(letter: File | None, principal: Applicant, by: Actor) -> None:
    """The letter is there where it must be, and is one that this actor stored for this principal."""
    if letter is None:
        if principal.kind != "person" and not by.is_system:
            raise Refusal(
                "agency.letter",
                "单位委托代理人须有加盖公章的授权委托书。",
                "请上传授权委托书的扫描件或照片（PDF、JPG、PNG）。",
                law="《中华人民共和国行政许可法》第二十九条、《中华人民共和国民法典》第一百六十五条",
                fields={"letter": "请上传加盖公章的授权委托书"},
                status=422,
            )
        return
    stranger = letter.owner != principal.ref or letter.stored_by != by.ref or letter.erased_at is not None
    if stranger or Agency.objects.filter(letter=letter).exists():
        raise Refusal(
            "agency.letter",
            "这个文件不能作为本次委托的授权委托书。",
            "请重新上传授权委托书。",
            fields={"letter": "请重新上传授权委托书"},
            status=422,
        )


def end_agency(agency: Agency, *, reason: str = "", by: Actor, at: datetime) -> Agency:
    """Ended by the principal, by the agent, who may always lay it down (民法典 173), or by a window clerk.

    A legal representative's standing ends only at the window, where the changed licence is seen.
    Raises Refusal 403, 409 when ended.
    """
    clerk = by.is_system or by.has_any(CLERKS)
    if not clerk:
        if agency.role == "legal_representative":
            raise Refusal(
                "agency.legal_representative",
                "法定代表人的登记不能在网上终止。",
                "请带变更后的营业执照到窗口办理。",
                status=403,
            )
        if by.ref != f"person:{agency.agent.account_id}":
            _require_principal(agency.principal, by, at)
    with transaction.atomic():
        lock_applicant(agency.principal_id)
        row = Agency.objects.get(pk=agency.pk)
        if row.ended_at:
            raise Refusal("agency.ended", "这项委托已经终止。", "请刷新页面查看。")
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        log.append(
            f"applicant:{row.principal_id}", Event("agency.ended", {"agency": row.pk, "reason": reason}), by=by, at=at
        )
    return row


def _require_principal(principal: Applicant, by: Actor, at: datetime) -> None:
    if by.kind == "person" and principal.ref in by.behalf:
        pk = rules.pk_of(by.ref)
        if principal.account_id == pk:
            return
        for row in Agency.objects.filter(
            principal=principal, agent__account=pk, role="legal_representative", ended_at__isnull=True
        ):
            if rules.agency_valid(row.valid_from, row.valid_until, False, at.date()):
                return
    raise Refusal(
        "agency.not_principal",
        "只有本人或单位的法定代表人可以办理委托。",
        "请由委托人本人登录办理，或带授权委托书到窗口办理。",
        law="《中华人民共和国民法典》第一百六十九条",
        status=403,
    )
