"""`yichuang figures`."""

from __future__ import annotations

from datetime import date

import click

from yichuang.site.cli.answers import as_json, django, say_json


@click.command()
@click.option("--group", default="", help="一组指标，例如 catalogue、online / one group")
@click.option(
    "--year", type=click.IntRange(1950, 2200), help="截至该年末；不写则为今天 / as of the year's end, today without it"
)
@as_json
def figures(group: str, year: int | None, json: bool) -> None:
    """指标：从记录中算出，附规则和依据 / figures from records, each with its rule and evidence"""
    django()
    from django.conf import settings
    from django.utils import timezone

    from yichuang.reports import queries
    from yichuang.reports.api import row

    today = timezone.localdate()
    on = min(date(year, 12, 31), today) if year else today
    told = queries.figures(settings.YICHUANG.division, on, group)
    base = settings.YICHUANG.base_url.rstrip("/")
    if json:
        say_json(
            {
                "figures": {
                    one.figure.id: {
                        "value": one.value,
                        "text": one.text,
                        "rule": one.rule,
                        "evidence_url": f"{base}{row(one).evidence_url}?on={on.isoformat()}",
                    }
                    for one in told
                }
            }
        )
        return
    for one in told:
        click.echo(f"{one.figure.id:<24}{one.text:>10} {one.figure.unit}  {one.figure.label}（{one.rule}）")
