"""`yichuang licence verify`."""

from __future__ import annotations

from pathlib import Path

import click

from yichuang.site.cli.answers import django


@click.group()
def licence() -> None:
    """电子证照 / e-licences"""


@licence.command()
@click.argument("subject")
def verify(subject: str) -> None:
    """核验证照文件或标识：签名与当前状态 / signature and live state of a FILE or an identifier. Exit 1 unless valid."""
    django()
    from django.utils import timezone

    from yichuang.licences import queries

    path = Path(subject)
    answer = queries.verify(path.read_bytes() if path.is_file() else subject, at=timezone.localtime())
    sign = "✓" if answer.valid else "✗"
    click.echo(f"{sign} {answer.message}")
    for label, value in (
        ("证照", answer.name),
        ("标识", answer.identifier),
        ("颁发机关", answer.issuer),
        ("状态", answer.state_name),
        ("签名", answer.signer),
    ):
        if value:
            click.echo(f"  {label} {value}")
    if not answer.valid:
        raise SystemExit(1)
