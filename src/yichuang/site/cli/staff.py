"""`yichuang staff`: the first administrators of an installation."""

from __future__ import annotations

import click

from yichuang.site.cli.answers import django

ADMINISTRATORS = ("system_administrator", "security_administrator", "auditor")


@click.group()
def staff() -> None:
    """人员：设立首任管理员 / staff"""


@staff.command()
@click.option("--role", type=click.Choice(ADMINISTRATORS), required=True, help="系统、安全、审计管理员须是三个人")
@click.option("--number", required=True, help="工号，也是登录名")
@click.option("--name", required=True, help="姓名")
@click.option("--department", default="", help="部门全称，缺省为平台的主办机关")
@click.option(
    "--password", prompt="初始密码", hide_input=True, confirmation_prompt="再次输入", envvar="YICHUANG_PASSWORD"
)
def appoint(role: str, number: str, name: str, department: str, password: str) -> None:
    """设立首任管理员；首次登录须改密码并绑定动态口令 / the first administrator of a kind"""
    django()
    from django.conf import settings
    from django.utils import timezone

    from yichuang.identity import commands

    config = settings.YICHUANG
    made = commands.appoint_administrator(
        role=role,
        number=number,
        name=name,
        password=password,
        division=config.division,
        department=department or config.organ_name,
        at=timezone.localtime(),
    )
    click.echo(f"{made.name}：{role}，登录名 {made.account.username}")
