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


@bench.command()
@click.option("--submissions", default=120, show_default=True, help="申请数 / submissions")
@clients()
@web
@as_json
def apply(submissions: int, clients: int, workers: int, threads: int | None, json: bool) -> None:
    """申请人从填报到提交，经页面 / a citizen's whole submission through the pages"""
    from yichuang.site.bench.apply import bench as run

    show(run(submissions=submissions, clients=clients, workers=workers, threads=threads), json)


@bench.command()
@click.option("--requests", default=2000, show_default=True, help="请求数 / requests")
@click.option("--items", default=0, help="目录中的事项数 / items in the catalogue")
@clients()
@web
@as_json
def guide(requests: int, items: int, clients: int, workers: int, threads: int | None, json: bool) -> None:
    """办事指南页 / the guide page of an item"""
    from yichuang.site.bench.pages import bench as run

    show(run("guide", requests=requests, items=items, clients=clients, workers=workers, threads=threads), json)


@bench.command()
@click.option("--requests", default=2000, show_default=True, help="请求数 / requests")
@click.option("--items", default=860, show_default=True, help="目录中的事项数 / items in the catalogue")
@clients()
@web
@click.option("--quality", is_flag=True, help="问题能否找到事项 / whether everyday questions find their item")
@as_json
def search(
    requests: int, items: int, clients: int, workers: int, threads: int | None, quality: bool, json: bool
) -> None:
    """事项搜索页 / the search page"""
    from yichuang.site.bench.pages import bench as run
    from yichuang.site.bench.quality import bench as asked

    if quality:
        show(asked(), json)
        return
    show(run("search", requests=requests, items=items, clients=clients, workers=workers, threads=threads), json)


@bench.command()
@click.option("--cases", default=1_000_000, show_default=True, help="办件数 / cases")
@click.option("--times", default=100, show_default=True, help="每页次数 / times each page is asked for")
@as_json
def worklist(cases: int, times: int, json: bool) -> None:
    """工作列表首页与深页 / the worklist's first and deep page"""
    from yichuang.site.bench.inside import worklist as run

    show(run(cases=cases, times=times), json)


@bench.command()
@click.option("--events", default=1_000_000, show_default=True, help="事件数 / chained events")
@click.option("--cases", default=200, show_default=True, help="整件 / whole cases beside them")
@as_json
def verify(events: int, cases: int, json: bool) -> None:
    """核验日志 / replay and verify the log"""
    from yichuang.site.bench.inside import verify as run

    show(run(events=events, cases=cases), json)


@bench.command()
@click.option("--cases", default=100_000, show_default=True, help="在办件数 / open cases")
@as_json
def recompute(cases: int, json: bool) -> None:
    """新放假通知后重算期限 / a new holiday notice over open cases"""
    from yichuang.site.bench.inside import recompute as run

    show(run(cases=cases), json)


@bench.command()
@click.option("--workers", default=1, show_default=True, help="网站进程数 / web processes")
@as_json
def start(workers: int, json: bool) -> None:
    """启动与空闲内存 / starts, and memory at rest"""
    from yichuang.site.bench.inside import begin as run

    show(run(workers=workers), json)


def show(result: dict[str, Any], json: bool) -> None:
    """The table, or the JSON with the machine beside it."""
    machine = machine_of()
    if json:
        say_json({**result, "machine": machine})
        return
    for name, value in result.items():
        if not isinstance(value, dict | list):
            click.echo(f"  {name:<30} {value}")
    if "nothing" in result:
        click.echo(
            f"  {'no item answers':<14} n={result['nothing']['n']:<4} told so {result['nothing']['told_so']:.3f}"
        )
    for group in ("verbs", "requests"):
        for name, told in result.get(group, {}).items():
            click.echo(f"  {name:<30} {told['median_ms']:>8} ms median {told['p95_ms']:>8} ms p95  n={told['n']}")
    for group in ("quality", "ways"):
        for name, told in result.get(group, {}).items():
            click.echo(
                f"  {name:<14} n={told['n']:<4} hit@1 {told['hit_at_1']:.3f}  hit@5 {told['hit_at_5']:.3f}  MRR {told['mrr']:.3f}"
            )
    for miss in result.get("misses", ()):
        click.echo(f"  - {miss['question']} -> {miss['first'] or '-'} ({', '.join(miss['wanted'])})")
    click.echo("  on " + ", ".join(f"{name} {value}" for name, value in machine.items()))


def machine_of() -> dict[str, Any]:
    """What the figures hold for: processors, and the versions of what ran."""
    import django
    import psycopg

    from yichuang.site.bench.world import server

    with psycopg.connect(server().database("postgres")) as connection:
        number = connection.info.server_version
    return {
        "cpus": os.cpu_count(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "django": django.get_version(),
        "postgresql": f"{number // 10000}.{number % 10000}",
    }
