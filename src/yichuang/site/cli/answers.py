"""How the command line speaks: JSON exactly as promised, one line for whatever does not go."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import click
import orjson


def django() -> None:
    """Make models usable. Called by a command before it imports anything of a package."""
    from django import setup

    setup()


def say_json(value: Any) -> None:
    """One JSON document on stdout, for programs and for reading."""
    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def fail(line: str, status: int = 1) -> None:
    """One line on stderr, and the end."""
    click.echo(" ".join(line.split()), err=True)
    raise SystemExit(status)


@contextmanager
def told() -> Iterator[None]:
    """Refusals, usage errors, a database that is not there: one line each. Anything else is a fault of the program
    and keeps its trace."""
    try:
        yield
    except click.exceptions.Exit as end:
        raise SystemExit(end.exit_code) from None
    except click.Abort:
        fail("已取消 / cancelled", 130)
    except click.UsageError as wrong:
        hint = f"（{wrong.ctx.command_path} --help）" if wrong.ctx else ""
        fail(f"用法有误 / usage: {wrong.format_message()}{hint}", 2)
    except click.ClickException as wrong:
        fail(wrong.format_message())
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(1) from None
    except Exception as error:
        line = _line(error)
        if line is None:
            raise
        fail(line)


def _line(error: Exception) -> str | None:
    """The line for an error that is not the program's fault, None for one that is."""
    if type(error).__name__ == "Refusal":
        from yichuang.core.refusal import Refusal

        if isinstance(error, Refusal):
            fields = "".join(f" [{name}: {message}]" for name, message in error.fields.items())
            return f"{error.message}{fields} 下一步：{error.next_step}"
    if isinstance(error, OSError):
        return f"{error.strerror or error}: {error.filename}" if error.filename else str(error)
    from django.core.exceptions import ImproperlyConfigured
    from django.db import OperationalError, ProgrammingError

    if isinstance(error, ImproperlyConfigured):
        return str(error)
    if isinstance(error, OperationalError | ProgrammingError):
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        hint = "，请先运行 yichuang migrate" if "no such table" in first or "does not exist" in first else ""
        return f"数据库不可用 / database: {first}{hint}"
    return None


class Day(click.ParamType[date]):
    """YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} 不是日期，应为 YYYY-MM-DD", param, ctx)


class Moment(click.ParamType[datetime]):
    """YYYY-MM-DDTHH:MM[:SS][+08:00]; without an offset it is Chinese time."""

    name = "datetime"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} 不是时间，应为 YYYY-MM-DDTHH:MM", param, ctx)
        if found.tzinfo is None:
            from zoneinfo import ZoneInfo

            found = found.replace(tzinfo=ZoneInfo("Asia/Shanghai"))
        return found


def as_json(function: Any) -> Any:
    """The option --json."""
    return click.option("--json", "json", is_flag=True, help="输出 JSON / print JSON")(function)
