"""Tables in and out."""

from __future__ import annotations

import io
from datetime import date, datetime

import pytest

from yichuang.core import csvtext, tables
from yichuang.core.refusal import Refusal

ROWS = [{"code": "007", "name": "=1+1"}, {"code": "2", "name": "餐馆，小"}]


@pytest.mark.parametrize("write", [tables.write_csv, tables.write_xlsx])
def test_what_is_written_is_read_again(write):
    assert list(tables.read(write(ROWS, ["code", "name"]))) == ROWS


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_csv_of_every_kind(encoding, separator):
    text = f"编码{separator}名称\r\n01{separator}餐馆\r\n\r\n02{separator}旅馆\r\n"
    assert [row for row in tables.read(text.encode(encoding)) if row] == [
        {"编码": "01", "名称": "餐馆"},
        {"编码": "02", "名称": "旅馆"},
    ]


def test_an_empty_row_keeps_its_number():
    assert list(tables.read(b"a,b\n1,2\n\n3,4\n")) == [{"a": "1", "b": "2"}, {}, {"a": "3", "b": "4"}]


def test_columns_name_the_tables_own_headings():
    rows = tables.read(b"title,type,kind\nx,y,z\n", columns={"name": "title", "type": "kind"})
    assert list(rows) == [{"name": "x", "type": "z"}]  # its own "type" gives way


def test_cells_are_the_text_that_a_person_sees():
    cells = [1.0, 1.5, True, None, date(2026, 3, 2), datetime(2026, 3, 2), datetime(2026, 3, 2, 9, 30), "007"]  # noqa: DTZ001 - as in a sheet
    assert [tables._text(c) for c in cells] == [
        "1", "1.5", "1", "", "2026-03-02", "2026-03-02", "2026-03-02T09:30:00", "007",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "table.unreadable"),
        (b"\n\n", "table.unreadable"),
        (b"a,\0", "table.unreadable"),
        (b"\xff\xff\xff", "table.unreadable"),
        (b"PK\x03\x04broken", "table.unreadable"),
        (b"a,a\n1,2\n", "table.columns"),
    ],
)
def test_what_is_no_table_is_refused(data, code):
    with pytest.raises(Refusal) as told:
        list(tables.read(data))
    assert told.value.code == code


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(tables, "ROWS", 2)
    with pytest.raises(Refusal, match="超过 2 行"):
        list(tables.read(b"a\n1\n2\n3\n"))
    with pytest.raises(Refusal, match="超过 2 行"):
        list(tables.read(tables.write_xlsx([{"a": "1"}] * 3, ["a"])))


def test_a_long_csv_is_read_as_a_stream_and_its_file_stays_open():
    source = io.BytesIO("编码,名称\n".encode() + "01,餐馆\n".encode() * 100_000)
    table = tables.read(source)
    assert table.headings == ("编码", "名称")
    assert next(table) == {"编码": "01", "名称": "餐馆"}
    assert source.tell() < 4 * csvtext.BLOCK
    del table
    assert tables.count(source) == 100_000
    assert not source.closed


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"a,b\n1,2\n", ""),
        ("a,b\n1,餐\n".encode(), "utf-8"),
        ("a,b\n1,餐\n".encode("utf-8-sig"), "utf-8"),
        ("a,b\n1,餐\n".encode("gb18030"), "gb18030"),
        (b"a\n" + b"1\n" * 100_000 + "餐馆\n".encode("gb18030"), "gb18030"),
        (tables.write_xlsx([{"a": "1"}], ["a"]), "xlsx"),
    ],
)
def test_the_encoding_is_found_and_told(data, encoding):
    table = tables.read(data)
    assert [*table][-1]
    assert table.encoding == encoding


@pytest.mark.parametrize("size", range(1, 8))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_nothing_depends_on_where_a_block_ends(monkeypatch, size, encoding, end):
    monkeypatch.setattr(csvtext, "BLOCK", size + 3 * (encoding == "utf-8-sig"))
    text = f'编码,名称{end}01,"餐{end}馆，\u2028小"{end}{end}02,旅馆'
    assert list(tables.read(text.encode(encoding))) == [
        {"编码": "01", "名称": f"餐{end}馆，\u2028小"},
        {},
        {"编码": "02", "名称": "旅馆"},
    ]


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ("a\n餐馆\n".encode() + b"x\n" * 60_000 + b"\xff\xff\n", 60_003),
        ("a\n餐馆\n".encode() + b"x\n\xff\xff\n", 4),
        ("a\n餐馆\n".encode("gb18030") * 30_000 + b"\xff\xff\n", 60_001),
        (b"a\n" * 60_000 + b"\xff\xff\n", 60_001),
        (b"a\n\xe9", 2),
    ],
)
def test_a_text_that_breaks_is_refused_at_its_line(data, line):
    with pytest.raises(Refusal, match=f"第{line}行的文字编码不是"):
        tables.count(data)


def test_a_line_without_end_and_a_book_that_is_too_large_are_refused(monkeypatch):
    monkeypatch.setattr(csvtext, "LINE", 1000)
    with pytest.raises(Refusal, match="有一行超过1000字"):
        tables.count(b"a,b\n" + b"x" * 200_000)
    monkeypatch.setattr(tables, "BOOK_MIB", 0)
    with pytest.raises(Refusal, match="XLSX 文件超过"):
        tables.read(tables.write_xlsx([{"a": "1"}], ["a"]))
