"""Tables in and out: CSV (UTF-8 or GB 18030) and XLSX, a heading and rows of text.

Cells are read as the text that a person sees: whole numbers without ".0", dates as YYYY-MM-DD. Codes keep leading zeros
where the table holds them as text. A CSV is read as a stream, in the same memory however long it is.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, BinaryIO

from yichuang.core import csvtext
from yichuang.core.refusal import Refusal

ROWS = 200_000
COLUMNS = 500
BOOK_MIB = 50
"""A workbook is held whole while it is read: its size, packed."""
XLSX = "xlsx"
Row = dict[str, str]


class Table(Iterator[Row]):
    """The rows of a table by heading, once, in their order.

    headings: as rows have them, without the columns that have no heading. encoding: key of `csvtext.ENCODINGS` (sure when the last
    row was read, "" for plain ASCII) or "xlsx"."""

    def __init__(self, names: Sequence[str], rows: Iterator[list[str]], lines: csvtext.Lines | None) -> None:
        self.headings = tuple(name for name in names if name)
        self._rows = self._named(names, rows)
        self._lines = lines

    @property
    def encoding(self) -> str:
        return self._lines.encoding if self._lines else XLSX

    def __next__(self) -> Row:
        return next(self._rows)

    @staticmethod
    def _named(names: Sequence[str], rows: Iterator[list[str]]) -> Iterator[Row]:
        for number, row in enumerate(rows, 2):
            if number > ROWS + 1:
                raise Refusal("table.too_large", f"表格超过 {ROWS} 行。", "请分成几个文件分别导入。", status=422)
            yield {name: cell.strip() for name, cell in zip(names, row, strict=False) if name}


def read(source: bytes | BinaryIO, *, columns: Mapping[str, str] | None = None) -> Table:
    """The (first) sheet; empty rows are there too, so that row numbers hold (heading is row 1).

    source: the bytes, or a file, read from its start and left open. columns: our name -> the table's own heading; headings that
    it does not name stay as they are. Raises Refusal 422 "table.unreadable" (with the line where it breaks), "table.columns" (a
    heading is missing or there twice), "table.too_large": those of the heading here, those of a row when it is reached."""
    source = io.BytesIO(source) if isinstance(source, bytes) else source
    if source.seekable():
        source.seek(0)
    begun = source.read(csvtext.BLOCK)
    lines = None if begun[:4] == b"PK\x03\x04" else csvtext.Lines(source, begun)
    rows = _csv(lines) if lines else _xlsx(source, begun)
    heading = [cell.strip() for cell in next(rows, [])]
    if not any(heading):
        raise _unreadable("表格是空的")
    foreign = {theirs.strip(): ours.strip() for ours, theirs in (columns or {}).items()}
    lacking = sorted(foreign.keys() - set(heading))
    if lacking:
        raise Refusal(
            "table.columns",
            f"表格中没有列：{'、'.join(lacking)}。",
            f"表格的列有：{'、'.join(h for h in heading if h)[:300]}。请核对后重试。",
            status=422,
        )
    names = [foreign.get(h, "" if h in foreign.values() else h) for h in heading]
    double = sorted({n for n in names if n and names.count(n) > 1})
    if double:
        raise Refusal("table.columns", f"表格中有重复的列：{'、'.join(double)}。", "请删去重复的列后重试。", status=422)
    return Table(names, rows, lines)


def count(source: bytes | BinaryIO, *, columns: Mapping[str, str] | None = None) -> int:
    """How many rows there are: a table that breaks somewhere is refused before any row of it is used. Raises as `read`."""
    return sum(1 for _row in read(source, columns=columns))


def _csv(lines: csvtext.Lines) -> Iterator[list[str]]:
    csv.field_size_limit(1024 * 1024)
    try:
        first = next(lines, "")
        separator = max((",", "\t", ";"), key=first.count)
        yield from csv.reader(_from(first, lines), delimiter=separator)
    except (csv.Error, csvtext.Unreadable) as error:
        raise _unreadable(str(error)) from error


def _from(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines


def _xlsx(source: BinaryIO, begun: bytes) -> Iterator[list[str]]:
    from python_calamine import CalamineError, CalamineWorkbook

    data = begun + source.read(BOOK_MIB * 1024 * 1024)
    if len(data) > BOOK_MIB * 1024 * 1024:
        raise Refusal(
            "table.too_large", f"XLSX 文件超过 {BOOK_MIB} MB。", "请另存为 CSV，或分成几个文件分别导入。", status=422
        )
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            sheet = book.get_sheet_by_index(0)
            if sheet.width > COLUMNS or sheet.height > ROWS + 1:
                raise Refusal(
                    "table.too_large", f"表格超过 {ROWS} 行或 {COLUMNS} 列。", "请分成几个文件分别导入。", status=422
                )
            yield from ([_text(cell) for cell in row] for row in sheet.iter_rows())
    except CalamineError as error:
        raise _unreadable("不是可以打开的 XLSX 文件") from error


def _text(cell: Any) -> str:
    match cell:
        case bool():
            return "1" if cell else "0"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime() | date() | time():
            return cell.isoformat()
        case None:
            return ""
    return str(cell)


def _unreadable(why: str) -> Refusal:
    return Refusal("table.unreadable", f"无法读取表格：{why}。", "请另存为 CSV（UTF-8）或 XLSX 后重试。", status=422)


def write_csv(rows: Iterable[Mapping[str, Any]], names: Sequence[str]) -> bytes:
    """UTF-8 with a mark at its start, so that spreadsheets show Chinese."""
    out = io.StringIO(newline="")
    out.write("\ufeff")
    writer = csv.DictWriter(out, names, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def write_xlsx(rows: Iterable[Mapping[str, Any]], names: Sequence[str], sheet: str = "Sheet1") -> bytes:
    """Every cell as text, so that codes keep their zeros and nothing is taken for a formula."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        page = book.add_worksheet(sheet)
        bold = book.add_format({"bold": True})
        page.freeze_panes(1, 0)
        for column, name in enumerate(names):
            page.write_string(0, column, name, bold)
        for number, row in enumerate(rows, 1):
            for column, name in enumerate(names):
                page.write_string(number, column, str(row.get(name, "")))
    return out.getvalue()
