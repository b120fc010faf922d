"""What reviews does when something below happens: an invitation, and a notice of the closing one. Database only."""

from __future__ import annotations

from datetime import datetime

from yichuang.cases.models import Case
from yichuang.catalogue import queries as catalogue
from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.models import Logged
from yichuang.identity.commands import notify
from yichuang.reviews import commands, queries


def service(row: Logged | None, event: Event, by: Actor) -> None:
    """case.submitted: 一次一评 of the first contact. A member of staff who took it in at the window is who served."""
    _invite(row, event, "service", by)


def closing(row: Logged | None, event: Event, by: Actor) -> None:
    """case.delivered: 一事一评 of the whole, told to the applicant with the link."""
    case = _case(row)
    _invite(row, event, "closing", by)
    invitation = queries.invitation_to(case.stream, "closing")
    if invitation.created_at == event.at:
        notify(
            case.applicant,
            title="请评价本次办事",
            body=f"您办理的“{case.title}”（{case.number}）已办结。评价完全自愿，您的意见会帮助我们改进服务。",
            link=f"/rate/{invitation.token}/",
            about=case.stream,
            at=_at(event),
            sms=False,
        )


def _invite(row: Logged | None, event: Event, phase: str, by: Actor) -> None:
    case = _case(row)
    version = catalogue.version(case.version_id)
    served = by if by.is_staff else None
    if served is None and phase == "closing" and case.handler is not None:
        staff_ref, staff_name = case.handler.ref, case.handler.name
    else:
        staff_ref, staff_name = (served.ref, served.name) if served else ("", "")
    commands.invite(
        about=case.stream,
        phase=phase,
        division=case.division,
        department=case.department,
        point=case.point,
        item_id=case.item_id,
        item_code=version.task_handle_item or version.task_code,
        item_name=version.name,
        case_number=case.number,
        staff_ref=staff_ref,
        staff_name=staff_name,
        applicant=case.applicant,
        at=_at(event),
    )


def _case(row: Logged | None) -> Case:
    if not isinstance(row, Case):
        raise TypeError("this reaction follows events of a case")
    return row


def _at(event: Event) -> datetime:
    if event.at is None:
        raise ValueError("a reaction follows a recorded event")
    return event.at
