"""`yichuang items`: the catalogue in and out, checked and searched."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from yichuang.site.cli.answers import as_json, django, say_json


@click.group()
def items() -> None:
    """事项导入、导出、检查、搜索 / items in and out"""


@items.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--columns", default="", help="要素=表头，逗号分隔 / element=header,...: headers of a foreign table")
@as_json
def import_(file: Path, columns: str, json: bool) -> None:
    """导入 CSV 或 XLSX：好行入库，坏行列明原因；重复导入不改变任何内容 / good rows enter, bad rows are told."""
    django()
    from django.conf import settings
    from django.utils import timezone

    from yichuang.catalogue.commands import import_items
    from yichuang.core.actor import system

    by = system("import", settings.YICHUANG.division)
    report = import_items(_mapped(_rows(file), _columns(columns)), by=by, at=timezone.localtime())
    if json:
        say_json(report.as_dict())
        return
    click.echo(f"新增 {report.created}，更新 {report.updated}，未变 {report.unchanged}，未导入 {len(report.rejected)}")
    for one in report.rejected:
        click.echo(f"  第{one.row}行：{one.reason}")


@items.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path) -> None:
    """导出在用和草拟的事项，按国家要素名 / every item in the national element names, as CSV or XLSX by the file's name."""
    django()
    from yichuang.catalogue import queries

    rows = list(queries.export_rows())
    heads = list(rows[0]) if rows else ["local_task_code", "task_name"]
    if file.suffix.lower() == ".xlsx":
        import xlsxwriter

        with xlsxwriter.Workbook(str(file), {"constant_memory": True, "strings_to_formulas": False}) as book:
            sheet = book.add_worksheet("事项")
            sheet.write_row(0, 0, heads)
            for n, row in enumerate(rows, 1):
                sheet.write_row(n, 0, [row[h] for h in heads])
    else:
        with file.open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.DictWriter(out, heads)
            writer.writeheader()
            writer.writerows(rows)
    click.echo(f"{len(rows)} 项 / items: {file}")


@items.command()
@as_json
def lint(json: bool) -> None:
    """检查事项是否合法、完整、一致 / is every item lawful, complete, consistent. Exit 1 when there are errors."""
    django()
    from yichuang.catalogue import queries

    findings = list(queries.lint_all())
    if json:
        say_json(findings)
    else:
        for f in findings:
            click.echo(f"{f['level']:<7} {f['code']} {f['name']}：{f['message']}{f['mend']}{f['law']}")
        click.echo(
            f"{sum(f['level'] == 'error' for f in findings)} errors, {sum(f['level'] != 'error' for f in findings)} warnings"
        )
    if any(f["level"] == "error" for f in findings):
        raise SystemExit(1)


@items.command()
@click.argument("text")
@click.option("--limit", default=10, show_default=True)
@as_json
def search(text: str, limit: int, json: bool) -> None:
    """搜索，含草稿（标明） / as the portal ranks; drafts included and marked"""
    django()
    from yichuang.catalogue import queries

    hits = queries.search(text, limit=limit, public=False)
    if json:
        say_json(
            [
                {"code": h.code, "name": h.name, "department": h.department, "score": h.score, "draft": h.draft}
                for h in hits
            ]
        )
        return
    for h in hits:
        click.echo(f"{h.score:8.2f}  {h.name}{'（草稿）' if h.draft else ''}  {h.department}  {h.code}")


def _columns(text: str) -> dict[str, str]:
    """header -> element, of "element=header,...". Raises click.UsageError."""
    found: dict[str, str] = {}
    for pair in filter(None, (p.strip() for p in text.split(","))):
        element, sign, header = pair.partition("=")
        if not sign or not element.strip() or not header.strip():
            raise click.UsageError(f"--columns 应为 要素=表头，不能识别“{pair}” / element=header expected")
        found[header.strip()] = element.strip()
    return found


def _mapped(rows: Iterator[dict[str, Any]], columns: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Rows under element names. With a mapping only the mapped columns are taken: a foreign table's others mean nothing here."""
    for row in rows:
        yield {columns[h]: v for h, v in row.items() if h in columns} if columns else row


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    """The rows of a CSV (UTF-8 or GB 18030) or of an XLSX's first sheet, by heading. Raises Refusal."""
    from yichuang.core.refusal import Refusal

    if file.suffix.lower() in (".xlsx", ".xls"):
        from python_calamine import CalamineError, load_workbook

        try:
            table = load_workbook(str(file)).get_sheet_by_index(0).to_python()
        except CalamineError as wrong:
            raise Refusal(
                "import.unreadable", "这个文件不是可以读取的表格。", "请另存为 XLSX 或 CSV 后再导入。", status=422
            ) from wrong
        heads = [str(h).strip() for h in table[0]] if table else []
        for cells in table[1:]:
            yield dict(zip(heads, cells, strict=False))
        return
    raw = file.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = raw.decode("gb18030")
        except UnicodeDecodeError as wrong:
            raise Refusal(
                "import.encoding", "文件的编码无法识别。", "请另存为 UTF-8 的 CSV，或 XLSX。", status=422
            ) from wrong
    yield from csv.DictReader(io.StringIO(text, newline=""))
