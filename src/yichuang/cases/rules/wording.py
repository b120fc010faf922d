"""What each document (文书) says: plain values in, the data of the official page out. The text is fixed when the act is done.

Frame, fonts and layout are `core/official` (GB/T 9704). Words follow the forms that administrative licensing uses; each
document names its article, and a decision names 行政复议 and 行政诉讼 (行政许可法 38, 行政复议法 20, 行政诉讼法 46).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from yichuang.cases.rules.facts import WAYS
from yichuang.cases.rules.sentences import cdate

Body = Mapping[str, Any]
Part = str | dict[str, Any]


@dataclass(frozen=True, slots=True)
class Organ:
    name: str
    seal: str
    phone: str
    address: str
    complaint: str
    review_organ: str
    court: str


@dataclass(frozen=True, slots=True)
class Told:
    """What every document knows. applicant: name; identity: "居民身份证 6101**********1234"; clock: (title, sentence) of the
    periods it states; dates are ISO strings."""

    number: str
    title: str
    on: str
    organ: Organ
    case_number: str
    item: str
    applicant: str
    natural: bool
    identity: str
    agent: str
    received_on: str
    accepted_on: str
    clock: tuple[tuple[str, str], ...]
    link: str


def official(kind: str, told: Told, body: Body) -> dict[str, Any]:
    """The data of `core/official` for a document of that kind."""
    parts = _BODIES[kind](told, body)
    contact = [
        (label, value)
        for label, value in (
            ("办件编号", told.case_number),
            ("联系地址", told.organ.address),
            ("联系电话", told.organ.phone),
            ("监督电话", told.organ.complaint),
        )
        if value
    ]
    return {
        "organ": told.organ.name,
        "number": told.number,
        "title": told.title,
        "addressee": "" if kind in _UNADDRESSED else told.applicant,
        "body": parts,
        "date": told.on,
        "seal_note": f"（{told.organ.seal or told.organ.name}印章）",
        "contact": [list(pair) for pair in contact],
        "receipt": [] if body.get("way") in _WITHOUT_HANDS else list(_RECEIPTS.get(kind, ())),
        "qr": told.link,
        "qr_caption": "扫码查看办理进度",
        "footer": told.case_number,
    }


_UNADDRESSED = ("receipt", "service")
_WITHOUT_HANDS = (
    WAYS["post"],
    WAYS["electronic"],
)  # nobody stands there to sign; the tracking number or the log proves it
_RECEIPTS: dict[str, tuple[str, ...]] = {
    "receipt": ("申请人（代理人）签名", "收件人签名"),
    "correction": ("申请人（代理人）签名", "签收日期"),
    "service": ("受送达人签名", "送达人签名"),
}


def _you(told: Told) -> str:
    return "你" if told.natural else "你单位"


def _stop(text: str) -> str:
    """A sentence that a person wrote, with its full stop."""
    return text if text.endswith(("。", "！", "？", "；", ".")) else f"{text}。"


def _of(told: Told) -> str:
    """你单位于2026年2月10日提交的“公共场所卫生许可”申请."""
    return f"{_you(told)}于{cdate(told.received_on)}提交的“{told.item}”申请"


def _clock(told: Told) -> list[Part]:
    return [f"{title}：{text}" for title, text in told.clock]


def _remedies(told: Told) -> list[Part]:
    """行政复议 60 days, 行政诉讼 6 months: what every decision against the applicant says."""
    review = told.organ.review_organ or "有管辖权的行政复议机关"
    court = told.organ.court or "有管辖权的人民法院"
    return [
        f"如不服本决定，可以自收到本决定书之日起六十日内向{review}申请行政复议，"
        f"也可以自收到本决定书之日起六个月内依法向{court}提起行政诉讼。"
    ]


def _receipt(told: Told, body: Body) -> list[Part]:
    agent = f"，代理人{told.agent}" if told.agent else ""
    lines: list[Part] = [f"今收到{told.applicant}（{told.identity}{agent}）“{told.item}”的申请材料，清单如下。"]
    rows = [[str(n), *line] for n, line in enumerate(body["materials"], 1)]
    if rows:
        table = {"head": ["序号", "材料名称", "形式", "份数"], "rows": rows, "widths": [1, 6, 2, 1]}
        lines.append({"table": table})
    return [
        *lines,
        *_clock(told),
        "本凭证证明行政机关已收到上述材料，不表示申请已经受理。材料不齐全或者不符合法定形式的，将在上述期限内一次性告知需要补正的"
        "全部内容；逾期不告知的，自收到申请材料之日起即为受理（《中华人民共和国行政许可法》第三十二条）。",
    ]


def _acceptance(told: Told, body: Body) -> list[Part]:
    if body.get("deemed"):
        opening = (
            f"{_of(told)}，本机关未在法定期限内告知需要补正的内容。依据《中华人民共和国行政许可法》第三十二条第一款第四项，"
            f"自收到申请材料之日（{cdate(told.received_on)}）起即为受理。"
        )
    else:
        opening = (
            f"{_of(told)}，属于本机关职权范围，申请材料齐全、符合法定形式。依据《中华人民共和国行政许可法》第三十二条第一款第五项，"
            "决定予以受理。"
        )
    parts: list[Part] = [opening, *_clock(told)]
    if body.get("deferred"):
        parts.append("下列材料容缺受理，请按期补交；逾期未补交的，将终止办理。")
        parts.append({"items": [f"{name}（{cdate(on)}前）" for name, on in body["deferred"]]})
    parts.append(
        "依法需要听证、招标、拍卖、检验、检测、检疫、鉴定和专家评审的，所需时间不计入上述期限，将另行书面告知。"
    )
    return parts


def _correction(told: Told, body: Body) -> list[Part]:
    parts: list[Part] = [
        f"{_of(told)}收悉。经审查，申请材料不齐全或者不符合法定形式。依据《中华人民共和国行政许可法》第三十二条第一款第四项，"
        "现一次性告知需要补正的全部内容："
    ]
    parts.append({"items": [f"{about}：{_stop(what)}" for about, what in body["points"]]})
    if body.get("reason"):
        parts.append(f"再次要求补正的理由：{_stop(body['reason'])}")
    parts.append(
        f"请于{cdate(body['due_on'])}前提交补正材料，受理期限自重新收到材料之日起计算。逾期未补正的，按撤回申请处理，"
        "可以在材料齐全后重新申请。"
    )
    return parts


def _declination(told: Told, body: Body) -> list[Part]:
    if body.get("to"):
        why = (
            f"{_of(told)}收悉。经审查，该事项依法不属于本机关职权范围。依据《中华人民共和国行政许可法》第三十二条第一款第二项，"
            f"决定不予受理。请向{body['to']}申请。"
        )
    else:
        why = f"{_of(told)}收悉。经审查，依据《中华人民共和国行政许可法》第三十二条，决定不予受理。"
    parts: list[Part] = [why]
    if body.get("reasons"):
        parts.append(f"理由：{_stop(body['reasons'])}")
    if body.get("basis"):
        parts.append(f"依据：{_stop(body['basis'])}")
    return [*parts, *_remedies(told)]


def _special(told: Told, body: Body) -> list[Part]:
    return [
        f"{_of(told)}，本机关已于{cdate(told.accepted_on)}受理。因办理需要，依法启动特别程序（{body['special']}）。",
        f"理由：{_stop(body['reason'])}",
        f"自{cdate(body['started_on'])}起，所需时间为{body['needed_days']}个工作日。依据《中华人民共和国行政许可法》第四十五条，"
        "所需时间不计算在办理期限内；特别程序提前或者推迟结束的，以实际结束之日为准。",
        *_clock(told),
    ]


def _extension(told: Told, body: Body) -> list[Part]:
    who = "本级人民政府负责人" if body["joint"] else "本机关负责人"
    approval = f"（批准文号：{body['approval']}）" if body.get("approval") else ""
    return [
        f"{_of(told)}，因在规定期限内不能作出决定，依据《中华人民共和国行政许可法》第四十二条，经{who}批准{approval}，"
        f"决定延长办理期限{body['days']}个工作日。",
        f"理由：{_stop(body['reason'])}",
        *_clock(told),
    ]


def _grant(told: Told, body: Body) -> list[Part]:
    parts: list[Part] = [
        f"{_of(told)}，本机关于{cdate(told.accepted_on)}受理。经审查，申请符合法定条件、标准。依据《中华人民共和国行政许可法》"
        "第三十八条第一款，决定准予许可。"
    ]
    if body.get("opinion"):
        parts.append(f"说明：{_stop(body['opinion'])}")
    return [*parts, *_clock(told), "被许可人应当在许可范围内依法从事活动，并接受行政机关的监督检查。"]


def _refusal(told: Told, body: Body) -> list[Part]:
    parts: list[Part] = [
        f"{_of(told)}，本机关于{cdate(told.accepted_on)}受理。经审查，决定不予许可。",
        f"理由：{_stop(body['reasons'])}",
    ]
    if body.get("basis"):
        parts.append(f"依据：{_stop(body['basis'])}")
    if body.get("false_statement"):
        parts.append("申请人隐瞒有关情况或者提供虚假材料，依据《中华人民共和国行政许可法》第七十八条，给予警告。")
    if body.get("barred_until"):
        parts.append(
            "该事项属于直接关系公共安全、人身健康、生命财产安全事项，申请人在一年内"
            f"（至{cdate(body['barred_until'])}）不得再次申请该行政许可。"
        )
    return [*parts, *_remedies(told)]


def _service(told: Told, body: Body) -> list[Part]:
    rows = [[title, number] for title, number in body["documents"]]
    facts = [
        f"受送达人：{told.applicant}",
        f"证件：{told.identity}",
        f"送达方式：{body['way']}",
        f"送达时间：{cdate(told.on)}",
    ]
    facts += [
        f"{label}：{body[key]}"
        for label, key in (
            ("签收人", "recipient"),
            ("签收人证件号码", "recipient_id"),
            ("运单号", "tracking"),
            ("备注", "note"),
        )
        if body.get(key)
    ]
    parts: list[Part] = [{"items": facts}]
    if rows:
        parts.append({"table": {"head": ["送达文书", "文号"], "rows": rows, "widths": [1, 1]}})
    return parts


def _withdrawal(told: Told, body: Body) -> list[Part]:
    if body.get("lapsed"):
        why = "未在补正告知书确定的期限内提交补正材料，经两次提醒仍未补正，按撤回申请处理"
    else:
        why = f"经{_you(told)}申请，准予撤回"
    reason = f"撤回原因：{_stop(body['reason'])}" if body.get("reason") and not body.get("lapsed") else ""
    parts: list[Part] = [f"{_of(told)}，{why}，本次办理终止。", *([reason] if reason else [])]
    return [*parts, "需要办理的，可以依法重新提出申请。"]


def _termination(told: Told, body: Body) -> list[Part]:
    return [
        f"{_of(told)}，因{body['ground']}，决定终止办理。",
        f"理由：{_stop(body['reasons'])}",
        *_remedies(told),
    ]


def _clerical(told: Told, body: Body) -> list[Part]:
    return [
        f"{_of(told)}，本机关作出的《{body['title']}》（{body['of']}）存在笔误，现予更正：",
        {"items": [f"原文：{body['was']}", f"更正为：{body['now']}"]},
        "其他内容不变。本通知书与原文书具有同等效力。",
    ]


_BODIES: dict[str, Callable[[Told, Body], list[Part]]] = {
    "receipt": _receipt,
    "acceptance": _acceptance,
    "correction": _correction,
    "declination": _declination,
    "special": _special,
    "extension": _extension,
    "grant": _grant,
    "refusal": _refusal,
    "service": _service,
    "withdrawal": _withdrawal,
    "termination": _termination,
    "clerical": _clerical,
}
