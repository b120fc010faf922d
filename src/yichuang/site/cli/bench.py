"""`yichuang bench NAME`: measures on this machine, in databases of their own."""

from __future__ import annotations

import os
import platform
from typing import Any

import click

from yichuang.site.cli.answers import as_json, say_json


@click.group()
def bench() -> None:
    """性能测试：只用临时库，给出比值 / measures, as ratios, in databases of their own"""


@bench.command()
@click.option("--cases", default=200, show_default=True, help="办件数 / whole cases")
@click.option("--processes", default=4, show_default=True, help="进程数 / processes")
@as_json
def lifecycle(cases: int, processes: int, json: bool) -> None:
    """整件办理与同样的 SQL 手写执行之比 / whole cases through the verbs beside the same SQL by hand"""
    from yichuang.site.bench.lifecycle import bench as run

    show(run(cases=cases, processes=processes), json)


def show(result: dict[str, Any], json: bool) -> None:
    """The table, or the JSON with the machine beside it."""
    machine = {"cpus": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version()}
    if json:
        say_json({**result, "machine": machine})
        return
    for name, value in result.items():
        if not isinstance(value, dict):
            click.echo(f"  {name:<26} {value}")
    for verb, told in result.get("verbs", {}).items():
        click.echo(f"  {verb:<26} {told['median_ms']:>8} ms median {told['p95_ms']:>8} ms p95  n={told['n']}")
    click.echo(f"  on {machine['cpus']} cpus, {machine['machine']}, Python {machine['python']}")
