"""`yichuang backup` and `yichuang restore`."""

from __future__ import annotations

from pathlib import Path

import click

from yichuang.site.cli.answers import django


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
def backup(folder: Path) -> None:
    """备份数据库和文件到 DIR（新目录），不停机 / back up into a new folder while everything goes on working"""
    django()
    from django.utils import timezone

    from yichuang.site.backup import backup as make

    made = make(folder, at=timezone.localtime())
    click.echo(
        f"✓ 已备份到 {made.folder}：{made.events} 条记录 / events, {made.files} 个文件 / files, "
        f"{made.bytes / 1024 / 1024:.1f} MiB"
    )
    _tell(made.checked.faults)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
def restore(folder: Path) -> None:
    """把 DIR 中的备份恢复到空数据库，并核验日志 / restore into an empty database and prove the log"""
    django()
    from yichuang.site.backup import restore as bring_back

    done = bring_back(folder)
    click.echo(
        f"✓ 已恢复 {done.made_at} 的备份：{done.checked.events} 条记录 / events, {done.checked.rows} 行 / rows, "
        f"{done.files} 个文件 / files"
    )
    for line in done.lost:
        click.echo(f"✗ 文件缺失 / file is missing: {line}", err=True)
    _tell(done.checked.faults)
    if not done.clean:
        raise SystemExit(1)


def _tell(faults: list) -> None:
    for fault in faults:
        click.echo(f"✗ {fault}", err=True)
    if faults:
        raise SystemExit(1)
