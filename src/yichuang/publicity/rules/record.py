"""The 双公示 record of a licence decision: its fields, how they follow from the facts, and what is wrong with one.

Field names and classes are those of the national data standard for licence and penalty records; lengths are in
characters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from yichuang.identity.rules import clean_identifier, identifier_fault

LONG_TERM = date(2099, 12, 31)  # 长期
LEGAL, NATURAL, BUSINESS = "法人及非法人组织", "自然人", "个体工商户"
CLASSES = {"organisation": LEGAL, "person": NATURAL, "individual_business": BUSINESS}
CATEGORIES = ("普通", "特许", "认可", "核准", "登记")
OTHER = "其他-"
ID_KINDS = {
    "citizen": "身份证",
    "passport": "护照号",
    "hk_macao_permit": "港澳居民来往内地通行证",
    "taiwan_permit": "台湾居民来往大陆通行证",
    "residence_permit": "港澳台居民居住证",
    "permanent_residence": "外国人永久居留身份证",
}
VALID, INVALID = "1", "2"


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the record. length: longest text. required: always. personal: never shown to the public for a natural
    person."""

    name: str
    label: str
    length: int
    required: bool = False
    personal: bool = False


FIELDS: tuple[Field, ...] = (
    Field("XK_XDR_MC", "行政相对人名称", 200, True),
    Field("XK_XDR_LB", "行政相对人类别", 16, True),
    Field("XK_XDR_SHXYM", "行政相对人代码_1（统一社会信用代码）", 18),
    Field("XK_XDR_GSZC", "行政相对人代码_2（工商注册号）", 50),
    Field("XK_XDR_ZZJG", "行政相对人代码_3（组织机构代码）", 9),
    Field("XK_XDR_SWDJ", "行政相对人代码_4（税务登记号）", 15),
    Field("XK_XDR_SYDW", "行政相对人代码_5（事业单位证书号）", 12),
    Field("XK_XDR_SHZZ", "行政相对人代码_6（社会组织登记证号）", 50),
    Field("XK_FRDB", "法定代表人", 50, personal=True),
    Field("XK_FR_ZJLX", "法定代表人证件类型", 64, personal=True),
    Field("XK_FR_ZJHM", "法定代表人证件号码", 64, personal=True),
    Field("XK_XDR_ZJLX", "自然人证件类型", 64, personal=True),
    Field("XK_XDR_ZJHM", "自然人证件号码", 64, personal=True),
    Field("XK_XKWS", "行政许可决定文书名称", 64, True),
    Field("XK_WSH", "行政许可决定文书号", 64, True),
    Field("XK_XKLB", "许可类别", 256, True),
    Field("XK_XKZS", "许可证书名称", 64),
    Field("XK_XKBH", "许可编号", 64),
    Field("XK_NR", "许可内容", 4000, True),
    Field("XK_JDRQ", "许可决定日期", 10, True),
    Field("XK_YXQZ", "有效期自", 10, True),
    Field("XK_YXQZI", "有效期至", 10, True),
    Field("XK_XKJG", "许可机关", 200, True),
    Field("XK_XKJGDM", "许可机关统一社会信用代码", 18, True),
    Field("XK_ZT", "当前状态", 1, True),
    Field("XK_LYDW", "数据来源单位", 200, True),
    Field("XK_LYDWDM", "数据来源单位统一社会信用代码", 18, True),
    Field("BZ", "备注", 512),
)
BY_NAME = {field.name: field for field in FIELDS}
NAMES = tuple(BY_NAME)

# The decision itself is not the publicity officer's to change: these follow from the case alone.
FIXED = frozenset({"XK_WSH", "XK_JDRQ", "XK_ZT"})
MENDABLE = tuple(name for name in NAMES if name not in FIXED)

NEEDED_BY_CLASS: Mapping[str, tuple[str, ...]] = {
    LEGAL: ("XK_XDR_SHXYM", "XK_FRDB"),
    BUSINESS: ("XK_XDR_SHXYM",),
    NATURAL: ("XK_XDR_ZJLX", "XK_XDR_ZJHM"),
}
FORBIDDEN_BY_CLASS: Mapping[str, tuple[str, ...]] = {
    LEGAL: ("XK_XDR_ZJLX", "XK_XDR_ZJHM"),
    NATURAL: ("XK_XDR_SHXYM", "XK_XDR_GSZC", "XK_XDR_ZZJG", "XK_XDR_SWDJ", "XK_XDR_SYDW", "XK_XDR_SHZZ"),
}


@dataclass(frozen=True, slots=True)
class Party:
    """行政相对人: as identity knows the applicant."""

    kind: str
    name: str
    id_kind: str
    id_number: str
    legal_representative: str = ""
    legal_representative_id: str = ""


@dataclass(frozen=True, slots=True)
class Organ:
    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision and what came of it. valid_to None: 长期. A decision without a licence is valid from its day on."""

    document_name: str
    document_number: str
    category: str
    content: str
    decided_on: date
    licence_name: str = ""
    licence_number: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    valid: bool = True
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a field of a record, in Chinese, so that it can be mended."""

    field: str
    message: str

    @property
    def label(self) -> str:
        return BY_NAME[self.field].label if self.field in BY_NAME else self.field


def day(value: date) -> str:
    return f"{value:%Y/%m/%d}"


def build(
    party: Party, organ: Organ, source: Organ, decision: Decision, corrections: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The record, every field present, "" where there is nothing. corrections: what the publicity officer mended."""
    record = dict.fromkeys(NAMES, "")
    natural = party.kind == "person"
    record["XK_XDR_MC"] = party.name
    record["XK_XDR_LB"] = CLASSES.get(party.kind, "")
    if natural:
        record["XK_XDR_ZJLX"] = ID_KINDS.get(party.id_kind, "")
        record["XK_XDR_ZJHM"] = party.id_number
    else:
        record["XK_XDR_SHXYM"] = party.id_number if party.id_kind == "uscc" else ""
        record["XK_FRDB"] = party.legal_representative
        if party.legal_representative_id:
            record["XK_FR_ZJLX"] = ID_KINDS["citizen"]
            record["XK_FR_ZJHM"] = party.legal_representative_id
    record["XK_XKWS"] = decision.document_name
    record["XK_WSH"] = decision.document_number
    record["XK_XKLB"] = decision.category
    record["XK_XKZS"] = decision.licence_name
    record["XK_XKBH"] = decision.licence_number
    record["XK_NR"] = decision.content
    record["XK_JDRQ"] = day(decision.decided_on)
    record["XK_YXQZ"] = day(decision.valid_from or decision.decided_on)
    record["XK_YXQZI"] = day(decision.valid_to or LONG_TERM)
    record["XK_XKJG"], record["XK_XKJGDM"] = organ.name, organ.code
    record["XK_ZT"] = VALID if decision.valid else INVALID
    record["XK_LYDW"], record["XK_LYDWDM"] = source.name, source.code
    record["BZ"] = decision.remark
    for name, value in (corrections or {}).items():
        if name in MENDABLE:
            record[name] = value.strip()
    return record


_PLACE = re.compile(r"\{([\w.]+)\}")


def content(template: str, values: Mapping[str, str], fallback: str) -> str:
    """许可内容 from an item's template: {item}, {applicant}, {licence} and fields of the form ({group.field}, or {field}
    alone); a place that nothing is known of falls out together with the marks around it."""
    if not template.strip():
        return fallback
    text = _PLACE.sub(lambda m: values.get(m[1], ""), template)
    return re.sub(r"[，、；]{2,}", "，", re.sub(r"（\s*）|“\s*”", "", text)).strip("，、； ")


def check(record: Mapping[str, str], today: date) -> tuple[Problem, ...]:
    """Everything that is wrong with a record, field by field, in the order of the fields. () when it may be pushed."""
    wrong: dict[str, str] = {}
    for name in record:
        if name not in BY_NAME:
            wrong[name] = "标准中没有这一字段"
    for field in FIELDS:
        value = record.get(field.name, "")
        if not value:
            if field.required:
                wrong[field.name] = f"{field.label}必填"
            continue
        if value != value.strip() or any(ord(c) < 32 and c != "\n" for c in value):
            wrong[field.name] = f"{field.label}前后不能有空白，也不能含控制字符"
        elif len(value) > field.length:
            wrong[field.name] = f"{field.label}最长{field.length}字，现有{len(value)}字"
    for check_part in (_check_class, _check_codes, _check_dates, _check_words):
        for name, message in check_part(record, today).items():
            wrong.setdefault(name, message)
    order = {name: number for number, name in enumerate(NAMES)}
    return tuple(Problem(name, wrong[name]) for name in sorted(wrong, key=lambda n: (order.get(n, 99), n)))


def _check_class(record: Mapping[str, str], _today: date) -> dict[str, str]:
    kind = record.get("XK_XDR_LB", "")
    if kind and kind not in CLASSES.values():
        return {"XK_XDR_LB": f"类别应为{LEGAL}、{NATURAL}或{BUSINESS}"}
    wrong = {
        name: f"相对人为{kind}时，{BY_NAME[name].label}必填"
        for name in NEEDED_BY_CLASS.get(kind, ())
        if not record.get(name)
    }
    for name in FORBIDDEN_BY_CLASS.get(kind, ()):
        if record.get(name):
            wrong[name] = f"相对人为{kind}时，{BY_NAME[name].label}应为空"
    for kinds, numbers in (("XK_XDR_ZJLX", "XK_XDR_ZJHM"), ("XK_FR_ZJLX", "XK_FR_ZJHM")):
        if record.get(numbers) and not record.get(kinds):
            wrong.setdefault(kinds, f"填写了{BY_NAME[numbers].label}，{BY_NAME[kinds].label}也必填")
        if record.get(kinds) and record[kinds] not in ID_KINDS.values():
            wrong.setdefault(kinds, "证件类型应为" + "、".join(ID_KINDS.values()))
    return wrong


def _check_codes(record: Mapping[str, str], today: date) -> dict[str, str]:
    wrong = {}
    kinds = [("XK_XDR_SHXYM", "uscc"), ("XK_XKJGDM", "uscc"), ("XK_LYDWDM", "uscc")]
    for kind, number in (("XK_XDR_ZJLX", "XK_XDR_ZJHM"), ("XK_FR_ZJLX", "XK_FR_ZJHM")):
        if record.get(kind) == ID_KINDS["citizen"]:
            kinds.append((number, "citizen"))
    for name, kind in kinds:
        value = record.get(name, "")
        if value and value != clean_identifier(value):
            wrong[name] = f"{BY_NAME[name].label}只填数字和大写字母，不能有空格或短横"
        elif value and (fault := identifier_fault(kind, value, on=today)):
            wrong[name] = f"{BY_NAME[name].label}不正确：{fault}"
    code = record.get("XK_XDR_ZZJG", "")
    if code and not _organisation_code(code):
        wrong["XK_XDR_ZZJG"] = "组织机构代码不正确（9位，校验位不符）"
    return wrong


def _organisation_code(code: str) -> bool:
    """GB 11714: 8 letters and digits and a check character, weights 3 7 9 10 5 8 4 2, 11 - sum mod 11 (10 is X, 11
    is 0)."""
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", code):
        return False
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    total = sum(alphabet.index(c) * weight for c, weight in zip(code, (3, 7, 9, 10, 5, 8, 4, 2), strict=False))
    return "0123456789X0"[11 - total % 11] == code[8]


def _date(text: str) -> date | None:
    match = re.fullmatch(r"(\d{4})/(\d{2})/(\d{2})", text)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def _check_dates(record: Mapping[str, str], today: date) -> dict[str, str]:
    wrong, days = {}, {}
    for name in ("XK_JDRQ", "XK_YXQZ", "XK_YXQZI"):
        if record.get(name):
            found = _date(record[name])
            if found is None:
                wrong[name] = f"{BY_NAME[name].label}应为真实日期，写作2026/11/24"
            else:
                days[name] = found
    decided = days.get("XK_JDRQ")
    if decided and decided > today:
        wrong["XK_JDRQ"] = "许可决定日期不能晚于今天"
    start, end = days.get("XK_YXQZ"), days.get("XK_YXQZI")
    if start and end and start > end:
        wrong["XK_YXQZI"] = "有效期至不能早于有效期自"
    elif end and end > LONG_TERM:
        wrong["XK_YXQZI"] = "有效期至最晚为2099/12/31，长期有效的填2099/12/31"
    return wrong


def _check_words(record: Mapping[str, str], _today: date) -> dict[str, str]:
    wrong = {}
    category = record.get("XK_XKLB", "")
    if category and category not in CATEGORIES and not (category.startswith(OTHER) and len(category) > len(OTHER)):
        wrong["XK_XKLB"] = "许可类别应为" + "、".join(CATEGORIES) + "，或写作“其他-具体类别”"
    if record.get("XK_ZT") and record["XK_ZT"] not in (VALID, INVALID):
        wrong["XK_ZT"] = "当前状态应为1（有效）或2（无效）"
    if record.get("XK_XKBH") and not record.get("XK_XKZS"):
        wrong["XK_XKZS"] = "填写了许可编号，许可证书名称也必填"
    if record.get("XK_XDR_LB") != NATURAL and record.get("XK_XDR_MC") and len(record["XK_XDR_MC"]) < 3:
        wrong["XK_XDR_MC"] = "行政相对人名称过短，请填写登记的全称"
    return wrong


def public(record: Mapping[str, str], mask_name: str) -> dict[str, str]:
    """What anybody may see of it: a natural person's numbers are left out, so is the legal representative's; the
    name of a natural person as `mask_name` gives it."""
    shown = {
        name: value
        for name, value in record.items()
        if value and name in BY_NAME and name not in ("XK_FR_ZJLX", "XK_FR_ZJHM", "XK_XDR_ZJLX", "XK_XDR_ZJHM")
    }
    if record.get("XK_XDR_LB") == NATURAL:
        shown = {name: value for name, value in shown.items() if not BY_NAME[name].personal}
        shown["XK_XDR_MC"] = mask_name
    return shown
