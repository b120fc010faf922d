"""`yichuang clock` and `yichuang calendar`."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from yichuang.site.cli.answers import Day, Moment, as_json, django, say_json


@click.group()
def clock() -> None:
    """期限：工作日、工作分钟 / due dates and working minutes"""


@clock.command()
@click.option(
    "--from", "start", type=Day(), required=True, help="起算日（当日不计） / the day that starts it, not counted"
)
@click.option("--days", type=click.IntRange(0, 10_000), required=True, help="工作日数 / working days")
@click.option(
    "--suspend", multiple=True, metavar="A:B", help="不计期间 [A, B) / a span that does not count, repeatable"
)
@click.option("--extend", type=click.IntRange(0, 1000), default=0, help="延长工作日数 / extension in working days")
@as_json
def due(start: date, days: int, suspend: tuple[str, ...], extend: int, json: bool) -> None:
    """到期日及其由来 / the due date and how it comes about"""
    django()
    from yichuang.core import calendar as calendars
    from yichuang.core.rules import workdays

    spans = [_span(text) for text in suspend]
    found = workdays.due(start, days, spans, extension=extend, calendar=calendars.current())
    if json:
        whole = found.as_json()
        say_json({"due_on": whole["due_on"], "provisional": whole["provisional"], **whole})
    else:
        click.echo(found.sentence())


def _span(text: str) -> workdays.Span:  # type: ignore[name-defined]  # noqa: F821 - imported after Django is set up
    from yichuang.core.rules.workdays import Span

    first, colon, last = text.partition(":")
    try:
        if not colon:
            raise ValueError
        return Span(date.fromisoformat(first), date.fromisoformat(last))
    except ValueError:
        raise click.BadParameter(f"{text!r} 应为 YYYY-MM-DD:YYYY-MM-DD", param_hint="--suspend") from None


@clock.command()
@click.option("--from", "start", type=Moment(), required=True)
@click.option("--to", "end", type=Moment(), required=True)
@click.option("--point", default="", help="服务点代码 / service point, default hours without it")
@as_json
def minutes(start: datetime, end: datetime, point: str, json: bool) -> None:
    """两个时刻之间的工作分钟 / working minutes between two moments"""
    django()
    from yichuang.core import calendar as calendars
    from yichuang.core.rules import hours

    found = hours.minutes(start, end, hours=calendars.hours_of(point), calendar=calendars.current())
    if json:
        say_json({"minutes": found})
    else:
        click.echo(f"{found} 分钟 / working minutes")


@click.group()
def calendar() -> None:
    """工作日历：放假通知 / a year's holiday notice"""


@calendar.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", default="", help="通知标题及文号 / title and number of the notice")
@as_json
def import_(file: Path, source: str, json: bool) -> None:
    """录入年度放假安排并重算在办件的到期日 / enter a notice (CSV: date,name,kind) and recompute open cases"""
    django()
    from django.utils import timezone

    from yichuang.core import actor
    from yichuang.core import calendar as calendars
    from yichuang.core.models import Job
    from yichuang.core.worker import Worker

    before = Job.objects.order_by("-id").values_list("id", flat=True).first() or 0
    rows = calendars.read(file.read_bytes())
    by = actor.system("command line")
    change = calendars.import_year(rows, by=by, at=timezone.localtime(), source=source)
    moved = 0
    for job in Job.objects.filter(id__gt=before, by=by.ref).order_by("id"):  # the recomputing it gave rise to
        done = Worker().finish(job)
        if done.state == Job.FAILED:
            raise click.ClickException(f"{done.label}：{done.message}")
        moved += done.result.get("moved", 0)
    if json:
        say_json({**change.as_json(), "moved": moved})
    elif change.plan.nothing:
        click.echo("没有变化 / nothing changed")
    else:
        years = "、".join(str(year) for year in change.plan.years)
        click.echo(f"已录入 {years} 年放假安排；重算后 {moved} 件的到期日有变动 / entered; {moved} due dates moved")


@calendar.command()
@click.argument("year", type=int)
@as_json
def show(year: int, json: bool) -> None:
    """某年的放假和调休 / a year's holidays and make-up days"""
    django()
    from yichuang.core import calendar as calendars

    view = calendars.show(year)
    if json:
        say_json(view.as_json())
        return
    state = "已公布 / published" if view.published else "尚未公布，只计周末 / not published, weekends only"
    click.echo(f"{year} 年：{state}，工作日 {view.working} 天 / working days")
    for stretch in view.stretches:
        what = "调休上班" if stretch.makeup else "放假"
        click.echo(f"  {stretch.first} — {stretch.last}  {stretch.name}{what} {stretch.days} 天")
