"""Tables in and out."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from yichuang.core import tables
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
