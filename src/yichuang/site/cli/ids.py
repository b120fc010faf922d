"""`yichuang id check`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import click


@click.group("id")
def identifiers() -> None:
    """编号：核验校验位 / identifiers"""


def uscc(value: str) -> str:
    from yichuang.identity.rules import identifier_fault

    return identifier_fault("uscc", value)


def citizen(value: str) -> str:
    from yichuang.identity.rules import identifier_fault

    return identifier_fault("citizen", value)


def licence(value: str) -> str:
    from yichuang.licences.rules import fault

    return fault(value)


def case(value: str) -> str:
    """What is wrong with a case number (610114-20261124-000123-O), "" when nothing is."""
    from yichuang.core.rules.check37 import mod37_36

    parts = re.fullmatch(r"(\d{6})-?(\d{4})(\d{2})(\d{2})-?(\d{6})-?([0-9A-Z])", value.strip().upper(), re.ASCII)
    if parts is None:
        return "办件编号应为 6 位区划、8 位日期、6 位流水号和 1 位校验字符，例如 610114-20261124-000123-O"
    division, year, month, day, serial, check = parts.groups()
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return f"办件编号中的日期 {year}{month}{day} 不存在"
    if mod37_36(division + year + month + day + serial) != check:
        return "校验字符不符，通常是输错了一位，请逐位核对"
    return ""


KINDS: dict[str, Callable[[str], str]] = {"uscc": uscc, "citizen": citizen, "licence": licence, "case": case}


@identifiers.command()
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("value")
def check(kind: str, value: str) -> None:
    """uscc 统一社会信用代码, citizen 居民身份号码, licence 电子证照标识, case 办件编号. Exit 0 when it checks, else 1."""
    why = KINDS[kind](value)
    click.echo(why or "有效 / valid")
    if why:
        raise SystemExit(1)
