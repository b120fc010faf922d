"""Rules of electronic licences: the identifier of GB/T 36904, the states, what each verb needs. Plain values only."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from stdnum.cn import uscc

from yichuang.core.actor import Actor
from yichuang.core.events import Event, canonical
from yichuang.core.refusal import Refusal
from yichuang.core.rules.check37 import mod37_36

PREFIX = "1.2.156.3005.2"  # the arc of electronic licences; no part of the check
MAX_VERSION = 999
LONG_TERM = date(2099, 12, 31)  # 长期

IN_FORCE, EXPIRED, REPLACED = "in_force", "expired", "replaced"
REVOKED, WITHDRAWN, ANNULLED, CANCELLED = "revoked", "withdrawn", "annulled", "cancelled"
NOT_YET = "not_yet"  # told by `live_state` only: issued, and its first day is still to come

STATES: dict[str, str] = {
    IN_FORCE: "有效",
    EXPIRED: "已过有效期",
    REPLACED: "已换发新证",
    REVOKED: "已撤销",  # 行政许可法 69
    WITHDRAWN: "已撤回",  # 行政许可法 8
    ANNULLED: "已吊销",  # by penalty
    CANCELLED: "已注销",  # 行政许可法 70
}
LIVE_STATES = STATES | {NOT_YET: "未到生效日期"}

# (state, verb) -> state. The verbs of 撤销, 撤回, 吊销 and 注销 lead to their states; each has its own legal ground.
TRANSITIONS: dict[tuple[str, str], str] = {
    (IN_FORCE, "expire"): EXPIRED,
    (IN_FORCE, "replace"): REPLACED,
    (EXPIRED, "replace"): REPLACED,
    (IN_FORCE, "revoke"): REVOKED,
    (IN_FORCE, "withdraw"): WITHDRAWN,
    (IN_FORCE, "annul"): ANNULLED,
    (IN_FORCE, "cancel"): CANCELLED,
    (EXPIRED, "cancel"): CANCELLED,
}
VERBS = {
    "expire": "到期", "replace": "换发", "revoke": "撤销", "withdraw": "撤回", "annul": "吊销", "cancel": "注销"
}  # fmt: skip

FIELD_LABELS: dict[str, str] = {
    "name": "名称",
    "credit_code": "统一社会信用代码",
    "id_number": "证件号码",
    "address": "地址",
    "legal_representative": "法定代表人（负责人）",
    "principal": "负责人",
    "scope": "许可范围",
    "category": "类别",
    "business_form": "主体业态",
    "items": "许可项目",
    "business_items": "经营项目",
    "area": "面积（平方米）",
    "purpose": "用途",
    "location": "地点",
    "quantity": "数量",
    "remark": "备注",
}

_TYPE = re.compile(r"[0-9A-Z]{21}")
_ISSUER = re.compile(r"[0-9A-Z]{18}")
_SERIAL = re.compile(r"[0-9A-Z]{1,20}")
_VERSION = re.compile(r"[0-9]{3}")


@dataclass(frozen=True, slots=True)
class Identifier:
    """电子证照标识: type code 21, issuer's code 18, serial (letters and digits), version 1..999 and its check
    character."""

    type_code: str
    issuer_code: str
    serial: str
    version: int = 1

    @property
    def body(self) -> str:
        return f"{self.type_code}{self.issuer_code}{self.serial}{self.version:03d}"

    @property
    def check(self) -> str:
        """ISO 7064 MOD 37,36 over type, issuer, serial and version, without dots."""
        return mod37_36(self.body)

    def __str__(self) -> str:
        return ".".join((PREFIX, self.type_code, self.issuer_code, self.serial, f"{self.version:03d}", self.check))

    def next_version(self) -> Identifier:
        """The same licence, one version on. Raises Refusal when 999 is used up."""
        if self.version >= MAX_VERSION:
            raise Refusal("licence.no_version_left", "该证照的版本号已用尽。", "请按新证照重新核发。")
        return Identifier(self.type_code, self.issuer_code, self.serial, self.version + 1)


def fault(text: str) -> str:
    """What is wrong with a text that should be an identifier, in Chinese; "" when nothing is."""
    text = text.strip().upper()
    if not text.startswith(PREFIX + "."):
        return f"电子证照标识应以“{PREFIX}.”开头"
    parts = text[len(PREFIX) + 1 :].split(".")
    if len(parts) != 5:
        return "电子证照标识应由类型代码、颁发机构代码、流水号、版本号、校验位五段组成"
    type_code, issuer_code, serial, version, check = parts
    if not _TYPE.fullmatch(type_code):
        return "证照类型代码应为21位数字或大写字母"
    if not _ISSUER.fullmatch(issuer_code):
        return "颁发机构代码应为18位数字或大写字母"
    if not _SERIAL.fullmatch(serial):
        return "流水号应为1至20位数字或大写字母"
    if not _VERSION.fullmatch(version) or version == "000":
        return "版本号应为001至999的三位数字"
    if check != Identifier(type_code, issuer_code, serial, int(version)).check:
        return "校验位不符，标识有误或系伪造"
    return ""


def parse(text: str) -> Identifier:
    """The identifier that a text says. Raises Refusal 422 "licence.identifier" with what is wrong."""
    wrong = fault(text)
    if wrong:
        raise Refusal(
            "licence.identifier",
            f"电子证照标识不正确：{wrong}。",
            "请核对证照上印制的标识，逐字输入或扫描二维码。",
            fields={"identifier": wrong},
            status=422,
        )
    type_code, issuer_code, serial, version, _ = text.strip().upper()[len(PREFIX) + 1 :].split(".")
    return Identifier(type_code, issuer_code, serial, int(version))


def not_found() -> Refusal:
    return Refusal(
        "licence.not_found",
        "没有查到这一证照。",
        "请核对证照标识或重新扫描证照上的二维码；仍查不到的，请向颁发机构核实，谨防假证。",
        status=404,
    )


def serial(day: date, number: int) -> str:
    """The serial of the n-th licence of a type that an issuer makes on a day: 20261124 0001."""
    return f"{day:%Y%m%d}{number:04d}"


def live_state(state: str, effective_on: date, expires_on: date | None, today: date) -> str:
    """The state as of today: the dates speak before the sweep has passed."""
    if state != IN_FORCE:
        return state
    if expires_on is not None and today > expires_on:
        return EXPIRED
    return NOT_YET if today < effective_on else IN_FORCE


def step(state: str, verb: str) -> str:
    """The state that a verb leads to. Raises Refusal 409 with the state and what is open."""
    if (state, verb) in TRANSITIONS:
        return TRANSITIONS[state, verb]
    open_now = "、".join(VERBS[v] for s, v in TRANSITIONS if s == state and v != "expire")
    raise Refusal(
        "licence.wrong_state",
        f"该证照当前状态为“{STATES[state]}”，不能{VERBS[verb]}。",
        f"当前可以办理：{open_now}。" if open_now else "该证照已失效，如需证照请重新申请。",
    )


@dataclass(frozen=True, slots=True)
class Detail:
    """照面信息, one line of the licence's face."""

    code: str
    label: str
    value: str


def details_of(details: Mapping[str, object], labels: Mapping[str, str] | None = None) -> tuple[Detail, ...]:
    """The lines of the face, in the order given; empty values are left out. Labels fall back to the usual names."""
    names = {**FIELD_LABELS, **(labels or {})}
    return tuple(
        Detail(code, names.get(code, code), text)
        for code, text in ((code, _text(value)) for code, value in details.items())
        if text
    )


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list | tuple):
        return "、".join(_text(each) for each in value)
    return "" if value is None else str(value).strip()


def details_text(lines: Sequence[Detail]) -> str:
    """What is sealed of the face: the log names it by a salted digest, so that the face itself can be erased."""
    return canonical([[line.code, line.label, line.value] for line in lines])


@dataclass(frozen=True, slots=True)
class Draft:
    """What `issue` is asked for. expires_on None: 长期."""

    identifier: Identifier
    number: str
    name: str
    division: str
    holder_ref: str
    issuer_ref: str
    details_digest: str
    issued_on: date
    effective_on: date
    expires_on: date | None
    source: str
    replaces: str = ""


def check_issuer(name: str, code: str) -> None:
    """Raises Refusal 422 when the organ has no valid 统一社会信用代码 to sign the identifier with."""
    if not uscc.is_valid(code):
        raise Refusal(
            "licence.issuer_code",
            f"颁发机构“{name}”没有有效的统一社会信用代码，不能制发电子证照。",
            "请系统管理员在部门信息中补全该机构的统一社会信用代码。",
            status=422,
        )


def check_type(type_code: str) -> str:
    """The type code in capitals. Raises Refusal 422 when it is not 21 letters and digits."""
    code = type_code.strip().upper()
    if not _TYPE.fullmatch(code):
        raise Refusal(
            "licence.type_code",
            "证照类型代码应为21位数字或大写字母（GB/T 36902）。",
            "请事项管理员在实施清单中核对证照类型代码后重新发布。",
            fields={"type_code": "应为21位数字或大写字母"},
            status=422,
        )
    return code


def issue(draft: Draft) -> Event:
    """licence.issued (行政许可法 39, 44; 国务院令第716号: equal in force to the paper). Raises Refusal 422."""
    wrong: dict[str, str] = {}
    if not draft.name.strip():
        wrong["name"] = "证照名称不能为空"
    if draft.expires_on is not None and draft.expires_on < draft.effective_on:
        wrong["expires_on"] = "有效期止不能早于有效期起"
    if draft.expires_on is not None and draft.expires_on < draft.issued_on:
        wrong["expires_on"] = "有效期止不能早于颁发日期"
    if wrong:
        raise Refusal(
            "licence.content", "；".join(wrong.values()) + "。", "请更正后再核发证照。", fields=wrong, status=422
        )
    identifier = draft.identifier
    return Event(
        "licence.issued",
        {
            "identifier": str(identifier),
            "type_code": identifier.type_code,
            "issuer_code": identifier.issuer_code,
            "serial": identifier.serial,
            "version": identifier.version,
            "number": draft.number,
            "name": draft.name,
            "division": draft.division,
            "holder": draft.holder_ref,
            "issuer": draft.issuer_ref,
            "details": draft.details_digest,
            "issued_on": draft.issued_on.isoformat(),
            "effective_on": draft.effective_on.isoformat(),
            "expires_on": draft.expires_on.isoformat() if draft.expires_on else None,
            "source": draft.source,
            "replaces": draft.replaces,
        },
    )


@dataclass(frozen=True, slots=True)
class Facts:
    """A licence as the rules see it."""

    identifier: str
    state: str
    issuer_scope: str
    effective_on: date
    expires_on: date | None
    signed: bool


REPLACERS = ("head", "reviewer")


def replace(facts: Facts, successor: Identifier, reason: str, *, by: Actor) -> Event:
    """licence.replaced: the next version takes over (更正, 换发). Raises Refusal 403, 409, 422."""
    if not (by.is_system or by.has_any(REPLACERS, facts.issuer_scope)):
        raise Refusal(
            "licence.not_permitted",
            "换发、更正证照应由颁发机构的审核人或负责人办理。",
            "请联系颁发机构的审核人或负责人。",
            status=403,
        )
    step(facts.state, "replace")
    if not reason.strip():
        raise Refusal(
            "licence.reason",
            "换发、更正证照应当写明理由。",
            "请填写更正或者换发的理由。",
            fields={"reason": "请填写理由"},
            status=422,
        )
    return Event("licence.replaced", {"by": str(successor), "reason": reason.strip()})


def expire(facts: Facts, today: date) -> Event:
    """licence.expired, on the day after the last day of validity. Raises Refusal 409 before."""
    step(facts.state, "expire")
    if facts.expires_on is None or today <= facts.expires_on:
        raise Refusal("licence.still_valid", "该证照仍在有效期内。", "有效期届满后由系统自动标记。")
    return Event("licence.expired", {"expires_on": facts.expires_on.isoformat()})


def signed(file_ref: str, file_digest: str, algorithm: str, certificate: str, signer: str) -> Event:
    """licence.signed: the organ's electronic seal is on the document. certificate: SHA-256 fingerprint."""
    return Event(
        "licence.signed",
        {"file": file_ref, "digest": file_digest, "algorithm": algorithm, "certificate": certificate, "signer": signer},
    )


def dates_text(effective_on: date, expires_on: date | None) -> str:
    """2026年11月24日至2030年11月23日 / 长期."""
    first = day_text(effective_on)
    return f"{first}起长期有效" if expires_on is None or expires_on >= LONG_TERM else f"{first}至{day_text(expires_on)}"


def months_text(months: int) -> str:
    """How long a licence holds: "长期", "4年", "18个月" from its issue."""
    if not months:
        return "长期"
    return f"自发证之日起{months // 12}年" if months % 12 == 0 else f"自发证之日起{months}个月"


def day_text(day: date) -> str:
    """2026年11月24日."""
    return f"{day.year}年{day.month}月{day.day}日"
