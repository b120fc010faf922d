"""Verbs of reviews. Each is one transaction and at least one event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from yichuang.core import log, personal
from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.refusal import Refusal
from yichuang.identity.models import Applicant, Department
from yichuang.reviews import queries, rules
from yichuang.reviews.models import Invitation, Review, Tag


def invite(
    *,
    about: str,
    phase: str,
    division: str,
    department: Department,
    item_name: str,
    at: datetime,
    point: str = "",
    item_id: int | None = None,
    item_code: str = "",
    case_number: str = "",
    staff_ref: str = "",
    staff_name: str = "",
    applicant: Applicant | None = None,
) -> None:
    """One invitation per thing and phase (`queries.invitation`): a second call changes nothing. In the caller's
    transaction, next to the event that gives rise to it (which is why it has none of its own)."""
    made = Invitation(
        about=about,
        phase=phase,
        division=division,
        department=department,
        point=point,
        item_id=item_id,
        item_code=item_code,
        item_name=item_name,
        case_number=case_number,
        staff_ref=staff_ref,
        staff_name=staff_name,
        applicant=applicant,
        created_at=at,
        expires_at=rules.expiry(at, settings.YICHUANG.review_days),
    )
    Invitation.objects.bulk_create([made], ignore_conflicts=True)


def invite_visit(
    *,
    visit: str,
    department: Department,
    item_name: str,
    by: Actor,
    at: datetime,
    point: str = "",
    applicant: Applicant | None = None,
) -> Invitation:
    """一次一评 of a visit at a counter that led to no case (advice, collecting a document), by the member of staff who
    served: the code is shown to the person, who may scan it or not. Raises Refusal 403 for who is no staff."""
    if not by.is_staff:
        raise Refusal(
            "review.staff_only", "评价邀请由提供服务的窗口生成。", "请向窗口工作人员索取评价二维码。", status=403
        )
    about = f"visit:{visit}"
    with transaction.atomic():
        invite(
            about=about,
            phase="service",
            division=by.division,
            department=department,
            item_name=item_name,
            point=point,
            staff_ref=by.ref,
            staff_name=by.name,
            applicant=applicant,
            at=at,
        )
        invitation = queries.invitation_to(about, "service")
        told = {"invitation_id": invitation.pk, "department_id": department.pk, "point": point}
        if invitation.created_at == at:
            log.append(about, Event("review.invited", told), by=by, at=at)
    return invitation


def submit(
    token: str,
    *,
    level: str,
    tags: Sequence[str] = (),
    words: str = "",
    named: bool = False,
    channel: str = "web",
    by: Actor,
    at: datetime,
) -> Review:
    """评价, final, once per invitation. Anonymous unless `named` (then the applicant of the case is kept with it).

    level: a key of rules.LEVELS. tags: codes offered with that level. Raises Refusal 403 for staff, 404 for a token
    that is not ours, 409 when used or expired, 422.
    """
    words = rules.tidy(words)
    salt, sealed = personal.seal(words) if words else ("", "")
    with transaction.atomic():
        invitation = Invitation.objects.select_related("applicant").filter(token=token).first() if token else None
        if invitation is None:
            raise not_found()
        invited = invitation.facts(used=Review.objects.filter(invitation=invitation).exists())
        known = {str(tag["code"]): str(tag["level"]) for tag in queries.tags()}
        answer = rules.Answer(level=level, tags=tuple(dict.fromkeys(tags)), words=words, named=named)
        facts = {
            "invitation_id": invitation.pk,
            "about": invitation.about,
            "division": invitation.division,
            "department_id": invitation.department_id,
            "point": invitation.point,
            "item_id": invitation.item_id,
            "item_code": invitation.item_code,
            "case_number": invitation.case_number,
            "staff_ref": invitation.staff_ref,
            "applicant_id": invitation.applicant_id if named else None,
        }
        event = rules.submit(invited, answer, known, facts, words_digest=sealed, channel=channel, by=by, at=at)
        review = Review(item_name=invitation.item_name, words=words, words_salt=salt)
        who = by if named else replace(by, ref="anonymous:", name="匿名评价人")
        try:
            with transaction.atomic():
                log.record(review, event, by=who, at=at)
        except IntegrityError as twice:
            raise rules.used_already() from twice
    return review


def not_found() -> Refusal:
    return Refusal(
        "review.not_found",
        "没有找到这份评价邀请。",
        "请重新扫描回执上的二维码，或从“我的消息”中打开评价链接。",
        status=404,
    )


def exported(count: int, *, by: Actor, at: datetime) -> None:
    """Who took how many reviews away is on record: named ones hold names."""
    with transaction.atomic():
        log.append(f"review_exports:{by.division}", Event("review.exported", {"rows": count}), by=by, at=at)


def set_tag(code: str, *, level: str, label: str, order: int = 0, active: bool = True, by: Actor, at: datetime) -> Tag:
    """评价标签: add one, change its words or switch it off, by a system administrator. The first change writes the
    usual tags into the table, so that they can be changed too. Raises Refusal 403, 422."""
    by.require("system_administrator")
    label = label.strip()
    if level not in rules.LEVELS or not 0 < len(label) <= rules.TAG_MAX:
        raise Refusal(
            "review.tag",
            f"标签应对应一个满意程度，文字为1至{rules.TAG_MAX}字。",
            "请修改后再保存。",
            fields={"label": f"请填写1至{rules.TAG_MAX}字"},
            status=422,
        )
    with transaction.atomic():
        if not Tag.objects.exists():
            Tag.objects.bulk_create([Tag(**values) for values in rules.usual_tags()])
        tag, _made = Tag.objects.update_or_create(
            code=code, defaults={"level": level, "label": label, "order": order, "active": active}
        )
        told = {"code": code, "level": level, "label": label, "order": order, "active": active}
        log.append("review_tags:all", Event("review.tag_set", told), by=by, at=at)
    return tag
