"""Numbers of cases and documents: how they are written and checked. Serials come from `core.numbers`."""

from __future__ import annotations

import re
from datetime import date

from stdnum.iso7064 import mod_37_36

from yichuang.core.refusal import Refusal

_CASE = re.compile(r"(\d{6})-?(\d{8})-?(\d{6,})-?([0-9A-Z])")


def case_scope(division: str, on: date) -> str:
    """The counter of a division's cases of one day."""
    return f"case:{division}:{on:%Y%m%d}"


def case_number(division: str, on: date, serial: int) -> str:
    """610114-20261124-000123-O: division, day of receipt, serial, ISO 7064 MOD 37,36 over them without dashes."""
    body = f"{division}{on:%Y%m%d}{serial:06d}"
    return f"{division}-{on:%Y%m%d}-{serial:06d}-{mod_37_36.calc_check_digit(body)}"


def read_case_number(text: str) -> str:
    """The number as it is stored, from what a person typed (dashes, spaces and case do not matter).

    Raises Refusal 422 "case.number" with what is wrong.
    """
    typed = re.sub(r"\s", "", text).upper().replace("－", "-")
    found = _CASE.fullmatch(typed)
    if found is None:
        raise _wrong("办件编号应为6位区划、8位日期、6位序号和1位校验码。")
    division, on, serial, check = found.groups()
    try:
        date(int(on[:4]), int(on[4:6]), int(on[6:]))
    except ValueError:
        raise _wrong(f"办件编号中的日期“{on}”不存在。") from None
    if mod_37_36.calc_check_digit(division + on + serial) != check:
        raise _wrong("办件编号的校验码不符，可能有一位输错。")
    return f"{division}-{on}-{serial}-{check}"


def _wrong(what: str) -> Refusal:
    return Refusal(
        "case.number",
        what,
        "请对照收件凭证重新输入，例如 610114-20261124-000123-O。",
        fields={"number": what},
        status=422,
    )


def document_scope(organ: int, kind: str, year: int) -> str:
    """The counter of an organ's documents of one kind and year."""
    return f"document:{organ}:{kind}:{year}"


def document_number(prefix: str, word: str, year: int, serial: int) -> str:
    """阎审批受〔2026〕1号."""
    return f"{prefix}{word}〔{year}〕{serial}号"
