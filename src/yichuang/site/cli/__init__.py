"""`yichuang`: the command line. One file per group; Django's own commands (migrate, check, ...) pass through.

A group is imported only when it is called, so that every command starts fast.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

COMMANDS: dict[str, tuple[str, str]] = {
    # name: (module:command in this package, what `yichuang --help` says)
    "backup": ("backup:backup", "备份数据库和文件 / back up database and files"),
    "bench": ("bench:bench", "性能测试 / measures"),
    "calendar": ("calendar:calendar", "工作日历 / a year's holiday notice"),
    "clock": ("calendar:clock", "期限计算 / due dates and working minutes"),
    "demo": ("demo:demo", "演示区 / the model district"),
    "figures": ("figures:figures", "指标 / figures from records"),
    "id": ("ids:identifiers", "核验编号 / check identifiers"),
    "items": ("items:items", "事项导入、导出、检查、搜索 / items in and out"),
    "licence": ("licence:licence", "证照核验 / verify a licence"),
    "log": ("log:log", "核验日志 / prove the log"),
    "restore": ("backup:restore", "从备份恢复 / restore a backup"),
    "serve": ("serve:serve", "启动网站和后台 / web and worker"),
    "staff": ("staff:staff", "首任管理员 / the first administrators"),
    "work": ("serve:work", "只启动后台 / worker alone"),
}


class Lazy(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(f"yichuang.site.cli.{module}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in sorted(COMMANDS.items())])
        with formatter.section("Django"):
            formatter.write_dl([("migrate, check, ...", "照 Django 原样执行 / as Django's own")])


@click.command(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="yichuang", prog_name="yichuang")
def yichuang() -> None:
    """一窗 Yichuang 政务服务平台"""


def main(arguments: list[str] | None = None) -> None:
    """Run and exit. Whatever is refused or missing is one clear line on stderr and a status other than 0."""
    arguments = sys.argv[1:] if arguments is None else arguments
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yichuang.site.settings")
    first = next((a for a in arguments if not a.startswith("-")), "")
    if first and first not in COMMANDS:
        from django.core.management import execute_from_command_line

        execute_from_command_line(["yichuang", *arguments])
        return
    from yichuang.site.cli.answers import told

    with told():
        status = yichuang.main(args=arguments, prog_name="yichuang", standalone_mode=False)
    raise SystemExit(status if isinstance(status, int) else 0)
