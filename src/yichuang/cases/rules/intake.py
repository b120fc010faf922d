"""Receiving: submission on line and at the window, and again after a correction (行政许可法 29, 32)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from yichuang.cases.rules import checklist
from yichuang.cases.rules.checklist import Checked
from yichuang.cases.rules.clock import Moment, timed
from yichuang.cases.rules.facts import CHANNELS, WAYS, CaseFacts
from yichuang.cases.rules.machine import permit
from yichuang.catalogue.rules.facts import VersionFacts
from yichuang.core.events import Event
from yichuang.core.refusal import Refusal


def open_to_apply(version: VersionFacts, *, online: bool) -> None:
    """Raises Refusal 409 when the version takes no applications (now, or not on line)."""
    if version.state != "published":
        raise Refusal(
            "case.version_not_open",
            f"“{version.name}”的办事指南已更新或停用，不能按原版本申请。",
            "请打开最新的办事指南重新申请，已填内容可以带入。",
            status=409,
        )
    if online and not version.online:
        raise Refusal(
            "case.not_online",
            f"“{version.name}”暂不支持网上申请。",
            "请按办事指南所列地址到窗口办理，或拨打咨询电话预约。",
            status=409,
        )


def not_barred(ends_on: date | None, ground: str) -> None:
    """行政许可法 78, 79. ends_on: of the bar that is in force, None when there is none."""
    if ends_on is not None:
        raise Refusal(
            "case.barred",
            f"申请人因{ground}，在{ends_on.year}年{ends_on.month}月{ends_on.day}日前不得再次申请该项许可。",
            "期满后可以重新申请；认为限制有误的，请向受理机关提出异议。",
            law="行政许可法第七十八条、第七十九条",
            status=409,
        )


def declared(
    version: VersionFacts,
    values: Mapping[str, Any],
    lines: Iterable[Checked],
    contact: Mapping[str, Any],
    delivery: Mapping[str, Any],
    *,
    today: date,
    online: bool,
) -> dict[str, Any]:
    """The clean form values. Raises Refusal 422 "case.form" with every fault at its field: all at once, never one by one.

    Fields are "group.field", "material.<code>" (on line only: at the window what lacks is for the correction notice),
    "contact.phone", "delivery.way", "delivery.address".
    """
    checked = version.form.check(values, today=today.isoformat())
    errors = dict(checked.errors)
    if online:
        paper_only = {m.code for m in version.materials if m.format == "1"}
        for line in lines:
            if line.lacking and line.code not in paper_only:
                errors[f"material.{line.code}"] = f"请上传“{line.name}”"
    if not str(contact.get("phone", "")).strip():
        errors["contact.phone"] = "请填写联系电话，以便通知您"
    way = delivery.get("way", "")
    if way and way not in version.deliveries:
        allowed = "、".join(WAYS[w] for w in version.deliveries if w in WAYS)
        errors["delivery.way"] = f"本事项可选的送达方式：{allowed}"
    elif way == "post" and not str(delivery.get("address", "")).strip():
        errors["delivery.address"] = "选择邮寄送达的，请填写收件地址"
    if errors:
        raise Refusal(
            "case.form",
            f"申请内容有{len(errors)}处需要修改。",
            "请按每一处的提示修改后再次提交，已填内容不会丢失。",
            fields=errors,
            status=422,
        )
    return checked.values


def submit(
    now: Moment,
    version: VersionFacts,
    *,
    verb: str,
    number: str,
    applicant_id: int,
    agent_id: int | None,
    point: str,
    channel: str,
    values: Mapping[str, Any],
    lines: Iterable[Checked],
    form: str,
    files: int,
) -> Event:
    """case.submitted. verb: submit (the applicant) or intake (the window clerk). values: clean
    answers (they may tell a 业务办理项 and a shorter promise). form: salted digest of what was declared."""
    assert channel in CHANNELS, channel
    start = CaseFacts(
        division=version.division[:6], department_id=version.department_id, point=point, applicant_id=applicant_id
    )
    permit(start, verb, now.by)
    data: dict[str, Any] = {
        "number": number,
        "division": start.division,
        "item_id": version.item_id,
        "version_id": version.id,
        "department_id": version.department_id,
        "point": point,
        "channel": channel,
        "applicant_id": applicant_id,
        "agent_id": agent_id,
        "instant": version.instant,
        "licensed": version.licence is not None,
        "acceptance_days": version.acceptance_days,
        "statutory_days": version.statutory_days,
        "statutory_type": version.statutory_type,
        "promised_days": version.promised_for(values),
        "handling": version.handling_for(values),
        "promised_type": version.promised_type,
        "form": form,
        "files": files,
        "materials": checklist.states(lines),
    }
    return timed(start, Event("case.submitted", data), now)


def resubmit(
    facts: CaseFacts,
    now: Moment,
    version: VersionFacts,
    *,
    values: Mapping[str, Any],
    lines: Iterable[Checked],
    form: str,
    files: int,
) -> Event:
    """case.resubmitted: received anew, and the five working days begin anew; other answers may tell another situation."""
    permit(facts, "resubmit", now.by)
    data: dict[str, Any] = {"form": form, "files": files, "materials": checklist.states(lines)}
    told = {"handling": version.handling_for(values), "promised_days": version.promised_for(values)}
    data |= {name: value for name, value in told.items() if value != getattr(facts, name)}
    return timed(facts, Event("case.resubmitted", data), now)
