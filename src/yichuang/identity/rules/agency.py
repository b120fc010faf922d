"""委托代理: when it holds and what it must say."""

from __future__ import annotations

from datetime import date, timedelta

from yichuang.core.refusal import Refusal


def agency_valid(valid_from: date, valid_until: date | None, ended: bool, on: date) -> bool:
    """True on the days [valid_from, valid_until], both included, unless it was ended."""
    return not ended and valid_from <= on and (valid_until is None or on <= valid_until)


def check_agency(valid_from: date, valid_until: date | None, matters: str, *, on: date, longest_years: int = 3) -> None:
    """Raises Refusal 422 with a message per field. 委托 has a period and names its matters (民法典 165)."""
    fields: dict[str, str] = {}
    if not matters.strip():
        fields["matters"] = "请写明委托办理的事项和权限，例如“办理公共场所卫生许可，代为提交和领取文书”"
    if valid_until is None:
        fields["valid_until"] = "请填写委托的截止日期"
    elif valid_until < valid_from:
        fields["valid_until"] = "截止日期不能早于起始日期"
    elif valid_until < on:
        fields["valid_until"] = "截止日期已过，请填写今天或以后的日期"
    elif valid_until > valid_from + timedelta(days=366 * longest_years):
        fields["valid_until"] = f"委托期限最长 {longest_years} 年"
    if fields:
        raise Refusal(
            "agency.incomplete",
            "委托授权的内容不完整。",
            "请按提示补充后再提交。",
            law="《中华人民共和国民法典》第一百六十五条",
            fields=fields,
            status=422,
        )
