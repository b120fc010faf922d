"""`yichuang demo`: the model district."""

from __future__ import annotations

import click

from yichuang.site.cli.answers import as_json, django, say_json


@click.group()
def demo() -> None:
    """演示区：真实事项，虚构人物 / the model district"""


@demo.command()
@click.option(
    "--scale", type=click.Choice(["small", "district"]), default="small", show_default=True, help="规模 / how much"
)
def load(scale: str) -> None:
    """装入演示数据；已装入的不重复 / enter it, once. Refuses a database with real records."""
    django()
    from django.utils import timezone

    from yichuang.site.demo.load import load as enter

    enter(scale, at=timezone.localtime(), say=lambda words: click.echo(f"· {words}", err=True))


@demo.command()
@as_json
def accounts(json: bool) -> None:
    """演示登录账户，按角色 / the sign-ins by role"""
    django()
    from yichuang.site.demo.load import accounts as sign_ins

    rows = sign_ins()
    if json:
        say_json(rows)
        return
    for row in rows:
        click.echo(f"  {row['username']:<11} {row['password']}   {row['does']}")
