"""`yichuang log verify`."""

from __future__ import annotations

import time
from datetime import date

import click

from yichuang.site.cli.answers import Day, as_json, django, say_json


@click.group()
def log() -> None:
    """日志：逐条相扣、每日封印 / the chained log"""


@log.command()
@click.option("--stream", help="只核验一个流，例如 case:610114-20261124-000123-O / one stream only")
@as_json
def verify(stream: str | None, json: bool) -> None:
    """核验链条、封印，并重放日志与数据行比对 / chains, seals, replay = rows. Exit 1 when anything is wrong."""
    django()
    from yichuang.core.refusal import Refusal
    from yichuang.core.verify import verify as prove

    start = time.perf_counter()
    result = prove(stream)
    seconds = time.perf_counter() - start
    if stream is not None and not result.streams and not result.faults:
        raise Refusal("log.no_stream", f"日志中没有流 {stream}。", "请核对流的名称，例如 case:办件编号。", status=404)
    if json:
        say_json(
            {
                "clean": result.clean,
                "events": result.events,
                "streams": result.streams,
                "rows": result.rows,
                "seals": result.seals,
                "seconds": round(seconds, 3),
                "faults": [{"stream": f.stream, "seq": f.seq, "code": f.code, "what": f.what} for f in result.faults],
            }
        )
    else:
        for fault in result.faults:
            click.echo(f"✗ {fault}")
        counted = (
            f"{result.events} 条记录 / events, {result.streams} 个流 / streams, {result.rows} 行 / rows, "
            f"{result.seals} 个封印 / seals, {seconds:.1f} s"
        )
        if result.clean:
            click.echo(f"✓ 日志完好 / the log is whole: {counted}")
        else:
            click.echo(f"✗ {len(result.faults)} 处不符 / broken: {counted}")
    if not result.clean:
        raise SystemExit(1)


@log.command()
@click.argument("stream")
@click.option("--day", type=Day(), help="封印日期，默认最近一次 / the seal's day, the latest by default")
def proof(stream: str, day: date | None) -> None:
    """某个流在封印之下的证明（RFC 6962），可交第三方验算 / a proof that anyone can check, as JSON."""
    django()
    from yichuang.core import seal

    found = seal.proof(stream, day)
    say_json(
        {
            "day": found.seal.day,
            "algorithm": found.seal.algorithm,
            "digest": found.seal.digest,
            "previous": found.seal.previous,
            "root": found.seal.root,
            "streams": found.seal.streams,
            "stream": found.head.stream,
            "seq": found.head.seq,
            "head": found.head.digest,
            "leaf": found.head.bytes().decode(),
            "position": found.position,
            "path": found.path,
        }
    )
