"""Invented answers for a form, so that people see how it is filled in. Nothing here is anybody's.

The same form gives the same answers. Each answer is one that the form itself accepts; where nothing invented fits (a pattern
of its own), the field is left blank.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from stdnum.cn import ric, uscc

from yichuang.catalogue.rules import fieldtypes
from yichuang.catalogue.rules.form import Field, FormDefinition, Group, Values

NAME, ENTERPRISE, ADDRESS = "张三", "西安市示例商贸有限公司", "西安市阎良区示例路1号"
PERSONAL = ("姓名", "法定代表人", "负责人", "联系人", "经营者", "代理人", "举办者", "投资人", "申请人")
PLACES = ("地址", "住所", "地点", "场所", "位置")
NAMES = ("单位", "字号", "企业", "机构", "公司")
MARK = "样例"


def invented(form: FormDefinition, today: str) -> Values:
    """Answers to every question that these answers themselves raise. today: ISO date that bounds of dates stand on."""
    given: Values = {}
    for group in form.groups:
        row = {field.code: answer for field in group.fields if (answer := _answer(field, today)) not in (None, "")}
        given[group.code] = [row] * max(1, group.min) if group.repeat else row
    checked = form.check(given, today=today)
    values = checked.values
    for path in checked.errors:
        _blank(form, values, path)
    return values


def _blank(form: FormDefinition, values: Values, path: str) -> None:
    """Take an answer away that did not fit after all."""
    parts = path.split(".")
    group: Group | None = form.group(parts[0])
    held = values.get(parts[0])
    rows = held if isinstance(held, list) else [held]
    for row in rows:
        if group is not None and isinstance(row, dict):
            row.pop(parts[-1], None)


def _answer(field: Field, today: str) -> object:
    if field.type == "boolean":
        return True
    if field.type == "choices":
        return [value for value, _ in field.choices[:2]]
    for candidate in _candidates(field, today):
        try:
            return fieldtypes.clean(field, candidate, today)
        except fieldtypes.Unfit:
            continue
    return None


def _candidates(field: Field, today: str) -> Iterator[str]:
    if field.type == "choice":
        yield from (value for value, _ in field.choices[:1])
    elif field.type == "date":
        yield from _days(today)
        yield from (bound for bound in (field.min, field.max) if bound)
    elif field.type in ("integer", "decimal", "money"):
        yield from ("120", "10", "2", "1", "1000", "100000", "0.5")
        yield from (bound for bound in (field.min, field.max) if bound)
    elif field.type == "citizen_id":
        yield _citizen("61011419900101", "000")
        yield _citizen("61011419900101", "001")
    elif field.type == "uscc":
        yield _enterprise()
    elif field.type == "phone":
        yield "19000000000"
    elif field.type == "email":
        yield "example@example.com"
    else:
        yield from _texts(field)


def _texts(field: Field) -> Iterator[str]:
    label = field.label
    if field.type == "address" or any(word in label for word in PLACES):
        yield ADDRESS
    if field.source in ("applicant.legal_representative",) or any(word in label for word in PERSONAL):
        yield NAME
    if field.source == "applicant.name" or any(word in label for word in NAMES):
        yield ENTERPRISE
    if "电话" in label or "手机" in label:
        yield "19000000000"
    yield f"示例{label.removesuffix('名称')}"
    yield "示例"
    yield NAME
    yield _enterprise()
    yield _citizen("61011419900101", "000")
    for length in range(1, 31):
        yield "1" * length
        yield "A" + "1" * length
        yield "A" * length


def _days(today: str) -> Iterator[str]:
    base = date.fromisoformat(today) if today else date(2026, 1, 5)
    for ahead in (-30, 30, 0, -365 * 6, 365, -365 * 30):
        yield (base + timedelta(days=ahead)).isoformat()


def _citizen(front: str, order: str) -> str:
    """A number of the right form. Its order code is given to nobody, or it is the first of a day."""
    number = front + order
    return number + str(ric.calc_check_digit(number + "0"))


def _enterprise() -> str:
    """A 统一社会信用代码 with right check characters and an organisation part that is not issued."""
    body, weights = "XN000001", (3, 7, 9, 10, 5, 8, 4, 2)
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    check = (11 - sum(w * alphabet.index(c) for w, c in zip(weights, body, strict=True)) % 11) % 11
    front = f"91610114{body}{'X' if check == 10 else check}"
    return front + str(uscc.calc_check_digit(front))
