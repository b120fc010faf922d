"""`yichuang items`."""

from __future__ import annotations

from pathlib import Path

import click

from yichuang.site.cli.answers import as_json, django, say_json

DEPARTMENT = ("dept_name", "dept_code")
"""What a table may tell of the department beside the elements of the item."""


@click.group()
def items() -> None:
    """事项：导入、导出、检查、搜索 / items in and out"""


def _columns(_ctx: click.Context, _param: click.Parameter, value: str) -> dict[str, str]:
    """element=header,... as a mapping."""
    columns = {}
    for pair in filter(None, (p.strip() for p in value.split(","))):
        element, equals, header = pair.partition("=")
        if not equals or not element.strip() or not header.strip():
            raise click.BadParameter(f"{pair!r} 应为 要素=表头")
        columns[element.strip()] = header.strip()
    return columns


@items.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--columns",
    default="",
    callback=_columns,
    metavar="ELEMENT=HEADER,...",
    help="外来表头的对应 / a foreign table's headers",
)
@as_json
def import_(file: Path, columns: dict[str, str], json: bool) -> None:
    """导入 CSV 或 XLSX（国家要素名为表头）。好的行进，坏的行列出原因 / good rows enter, bad rows are listed"""
    django()
    from django.conf import settings
    from django.utils import timezone

    from yichuang.catalogue import commands
    from yichuang.catalogue.rules import content as shape
    from yichuang.core import actor, tables
    from yichuang.core.refusal import Refusal

    known = {*shape.LABELS, *DEPARTMENT}
    with file.open("rb") as source:
        tables.count(source, columns=columns)  # one that breaks somewhere is refused before any row enters
        table = tables.read(source, columns=columns)
        unknown = sorted(set(table.headings) - known)
        if unknown and not columns:
            raise Refusal(
                "items.columns",
                f"表头中有不认识的要素：{'、'.join(unknown)}。",
                "请改为国家要素名；外来的表格用 --columns 要素=表头 指明对应，其余的列不导入。",
                status=422,
            )
        if unknown:
            click.echo(f"未导入的列 / columns left out: {', '.join(unknown)}", err=True)
        rows = ({name: cell for name, cell in row.items() if name in known} for row in table)
        by = actor.system("command line", settings.YICHUANG.division)
        report = commands.import_items(rows, by=by, at=timezone.localtime())
    if table.encoding == "gb18030":
        click.echo("按 GB 18030 编码读取 / read as GB 18030", err=True)
    if json:
        say_json(report.as_dict())
        return
    click.echo(
        f"新增 {report.created}，更新 {report.updated}，未变 {report.unchanged}，"
        f"未通过 {len(report.rejected)} / created, updated, unchanged, rejected"
    )
    for line in report.rejected:
        click.echo(f"  第 {line.row} 行：{line.reason}")


@items.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path) -> None:
    """导出为 CSV 或 XLSX（按扩展名），可原样导回 / by the file's extension; imports back unchanged"""
    if file.suffix.lower() not in (".csv", ".xlsx"):
        raise click.BadParameter("文件名应以 .csv 或 .xlsx 结尾", param_hint="FILE")
    django()
    from yichuang.catalogue import queries
    from yichuang.core import tables

    rows = list(queries.export_rows())
    names = queries.export_names()
    write = tables.write_csv if file.suffix.lower() == ".csv" else tables.write_xlsx
    file.write_bytes(write(rows, names))
    click.echo(f"{len(rows)} 个事项 / items → {file}")


@items.command()
@as_json
def lint(json: bool) -> None:
    """按法规和要素标准检查全部事项，有错误时退出码为 1 / exit 1 when there are errors"""
    django()
    from yichuang.catalogue import queries

    found = list(queries.lint_all())
    errors = sum(one["level"] == "error" for one in found)
    if json:
        say_json(found)
    else:
        for one in found:
            mark = "✗" if one["level"] == "error" else "!"
            law = f"（{one['law']}）" if one["law"] else ""
            click.echo(f"{mark} {one['code']} {one['name']} [{one['element']}] {one['message']}{law} {one['mend']}")
        click.echo(f"{errors} 处错误、{len(found) - errors} 处提醒 / errors, warnings")
    if errors:
        raise SystemExit(1)


@items.command()
@click.argument("text")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 100))
@as_json
def search(text: str, limit: int, json: bool) -> None:
    """与门户同样的排序；草稿也列出并标明 / the portal's ranking, drafts included and marked"""
    django()
    from yichuang.catalogue import queries

    hits = queries.search(text, limit, public=False)
    if json:
        say_json(
            [
                {
                    "code": h.code,
                    "name": h.name,
                    "department": h.department,
                    "score": round(h.score, 4),
                    "state": h.state,
                    "draft": h.draft,
                }
                for h in hits
            ]
        )
        return
    for h in hits:
        click.echo(f"{h.score:8.3f}  {h.code}  {h.name}（{h.department}）{'' if not h.draft else ' [未发布]'}")
    if not hits:
        click.echo("没有找到 / nothing found")
