"""`yichuang licence verify`."""

from __future__ import annotations

from pathlib import Path

import click

from yichuang.site.cli.answers import as_json, django, say_json


@click.group()
def licence() -> None:
    """证照 / licences"""


@licence.command()
@click.argument("subject", metavar="FILE-or-ID")
@as_json
def verify(subject: str, json: bool) -> None:
    """核验 PDF 文件或电子证照标识：签名和现时状态 / signature and live state. Exit 0 only when it may be relied on."""
    django()
    from dataclasses import asdict

    from django.utils import timezone

    from yichuang.licences import queries

    path = Path(subject)
    found = queries.verify(path.read_bytes() if path.is_file() else subject, at=timezone.localtime())
    if json:
        say_json({"valid": found.valid, **asdict(found)})
    else:
        parts = [found.name, found.identifier, found.holder, found.issuer, found.validity, found.state_name]
        signed = {"good": "签名有效", "bad": "签名无效"}.get(found.signature, "")
        line = "，".join(part for part in (*parts, signed) if part)
        click.echo(f"{'✓' if found.valid else '✗'} {found.message}{found.next_step}{'  ' + line if line else ''}")
    if not found.valid:
        raise SystemExit(1)
