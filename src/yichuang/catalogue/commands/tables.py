"""Imports and exports as long work: begun by an editor at the desk, run by the worker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import BinaryIO

from django.utils import timezone

from yichuang.catalogue import queries
from yichuang.catalogue.commands.imports import import_items
from yichuang.catalogue.commands.rehearsals import foresee
from yichuang.catalogue.rules import publication
from yichuang.core import files, jobs, tables
from yichuang.core.actor import Actor
from yichuang.core.models import File, Job
from yichuang.core.refusal import Refusal
from yichuang.identity.models import Staff
from yichuang.identity.queries import actor_of_account

IMPORT, EXPORT, REHEARSAL = "catalogue.import", "catalogue.export", "catalogue.rehearse"
FORMS = {
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", tables.write_xlsx),
    "csv": ("text/csv", tables.write_csv),
}


def start_import(file: File, columns: Mapping[str, str], *, by: Actor, at: datetime) -> Job:
    """Import a stored table in the worker. columns: element -> heading. Raises Refusal 403."""
    by.require("catalogue_editor")
    return jobs.start(IMPORT, f"导入事项：{file.name}", by=by, at=at, file=file.pk, columns=dict(columns))


def import_table(progress: jobs.Progress, *, file: int, columns: dict[str, str]) -> None:
    """The job. Only the columns that were matched to an element are read."""
    by, at = who_began(progress), timezone.localtime()
    row = File.objects.get(pk=file)
    done = 0

    def tell(count: int) -> None:
        nonlocal done
        progress.advance(count - done)
        done = count

    note = f"按事项表“{row.name}”导入"[: publication.NOTE]
    with files.opened(row) as source:
        progress.expect(tables.count(source))
        report = import_items(matched(source, columns), progress=tell, note=note, by=by, at=at)
    for one in report.rejected:
        progress.reject(one.row, one.reason)
    progress.result(created=report.created, updated=report.updated, unchanged=report.unchanged)
    told = [f"{len(report.rejected)}行未通过"] if report.rejected else []
    told += [f"{report.submitted}项已送法制审核"] if report.submitted else []
    progress.say(f"{'，'.join(('导入完成', *told))}。")


def start_rehearsal(file: File, columns: Mapping[str, str], *, by: Actor, at: datetime) -> Job:
    """Look a long table through in the worker, importing nothing. Raises Refusal 403."""
    by.require("catalogue_editor")
    return jobs.start(REHEARSAL, f"核对事项表：{file.name}", by=by, at=at, file=file.pk, columns=dict(columns))


def rehearse_table(progress: jobs.Progress, *, file: int, columns: dict[str, str]) -> None:
    """The job: how many rows would be new, changed, unchanged; the bad ones with their reasons."""
    found: Counter[str] = Counter()
    with files.opened(File.objects.get(pk=file)) as source:
        progress.expect(tables.count(source))
        for one in foresee(matched(source, columns), compare=False, by=who_began(progress)):
            found[one.outcome] += 1
            progress.advance()
            if one.outcome == "bad":
                progress.reject(one.row, one.reason)
    progress.result(created=found["new"], updated=found["changed"], unchanged=found["same"])
    progress.say("核对完成，还没有导入。")


def matched(source: bytes | BinaryIO, columns: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The rows of a table, only the columns that mean an element, by the element's name; read as they are asked for, from a file that
    stays open and is read by nobody else meanwhile."""
    rows = tables.read(source, columns=columns)
    return ({name: cell for name, cell in row.items() if name in columns} for row in rows)


def start_export(form: str, *, by: Actor, at: datetime) -> Job:
    """Export the division's items in the worker. form: "xlsx" or "csv". Raises Refusal 422."""
    if form not in FORMS:
        raise Refusal("catalogue.export_form", "只能导出为 XLSX 或 CSV。", "请选择其中一种格式。", status=422)
    return jobs.start(EXPORT, f"导出事项（{form.upper()}）", by=by, at=at, form=form)


def export_table(progress: jobs.Progress, *, form: str) -> None:
    """The job: one file in the national element names, as `import_table` reads it back unchanged."""
    division = progress.job.division
    rows = []
    for row in queries.export_rows(division):
        rows.append(row)
        progress.advance()
    media_type, write = FORMS[form]
    today = timezone.localdate()
    file = files.keep(
        write(rows, queries.export_names()),
        f"事项目录-{today:%Y%m%d}.{form}",
        media_type,
        owner=f"job:{progress.job.pk}",
        by=who_began(progress),
        at=timezone.localtime(),
        division=division,
    )
    progress.result(file=file, rows=len(rows))
    progress.say(f"已导出{len(rows)}个事项。")


def who_began(progress: jobs.Progress) -> Actor:
    """Who began it, with the roles of now."""
    staff = Staff.objects.select_related("account").get(pk=int(progress.by.partition(":")[2]))
    return actor_of_account(staff.account, timezone.localtime())
