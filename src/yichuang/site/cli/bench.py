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


def clients(default: int = 8) -> Any:
    return click.option(
        "--clients", default=default, show_default=True, type=click.IntRange(1, 200), help="客户端数 / clients"
    )


def web(function: Any) -> Any:
    """How the site under measure runs: the same options as of `yichuang serve`."""
    function = click.option("--threads", type=click.IntRange(1, 64), help="每进程线程数 / threads of each")(function)
    return click.option("--workers", default=2, show_default=True, help="网站进程数 / web processes")(function)


@bench.command()
@click.option("--cases", default=200, show_default=True, help="办件数 / whole cases")
@click.option("--processes", default=4, show_default=True, help="进程数 / processes")
@as_json
def lifecycle(cases: int, processes: int, json: bool) -> None:
    """整件办理与同样的 SQL 手写执行之比 / whole cases through the verbs beside the same SQL by hand"""
    from yichuang.site.bench.lifecycle import bench as run

    show(run(cases=cases, processes=processes), json)


@bench.command("http-case")
@click.option("--cases", default=200, show_default=True, help="办件数 / whole cases")
@clients()
@web
@click.option("--floor/--no-floor", default=True, help="同时测同样 SQL 手写执行 / beside the same SQL by hand")
@as_json
def http_case(cases: int, clients: int, workers: int, threads: int | None, floor: bool, json: bool) -> None:
    """整件办理和评价，经页面与接口 / whole cases and ratings through pages and API"""
    from yichuang.site.bench.http_case import bench as run

    show(run(cases=cases, clients=clients, workers=workers, threads=threads, by_hand=floor), json)


def show(result: dict[str, Any], json: bool) -> None:
    """The table, or the JSON with the machine beside it."""
    machine = machine_of()
    if json:
        say_json({**result, "machine": machine})
        return
    for name, value in result.items():
        if not isinstance(value, dict):
            click.echo(f"  {name:<30} {value}")
    for group in ("verbs", "requests"):
        for name, told in result.get(group, {}).items():
            click.echo(f"  {name:<30} {told['median_ms']:>8} ms median {told['p95_ms']:>8} ms p95  n={told['n']}")
    click.echo("  on " + ", ".join(f"{name} {value}" for name, value in machine.items()))


def machine_of() -> dict[str, Any]:
    """What the figures hold for: processors, and the versions of what ran."""
    import django
    import psycopg

    from yichuang.site.bench.world import server

    with psycopg.connect(server().url) as connection:
        number = connection.info.server_version
    return {
        "cpus": os.cpu_count(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "django": django.get_version(),
        "postgresql": f"{number // 10000}.{number % 10000}",
    }
