"""Files: what is taken, what is refused and why, kept once, handed out safely, erased."""

from __future__ import annotations

import hashlib
import io
import os
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from yichuang.core import files, personal
from yichuang.core.models import File, LogEvent
from yichuang.core.refusal import Refusal
from yichuang.core.rules import checks
from yichuang.core.tests import samples
from yichuang.core.tests.things import CLERK, NOW

OWNER = "thing:T-1"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings.YICHUANG, "data_dir", tmp_path)
    return tmp_path / "files"


def store(data: bytes, name: str = "材料.pdf", **options: object) -> File:
    return files.store(data, name, owner=OWNER, by=CLERK, at=NOW, **options)


def blobs(folder: Path) -> list[Path]:
    return sorted(p for p in folder.glob("**/*") if p.is_file() and p.name != ".lock")


# Taken


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "name", "media_type"),
    [
        (samples.pdf(), "证明.pdf", "application/pdf"),
        (samples.pdf(), "证明.PDF", "application/pdf"),
        (samples.picture("PNG"), "扫描.png", "image/png"),
        (samples.picture("JPEG"), "照片.jpeg", "image/jpeg"),
        (samples.picture("JPEG"), "照片.JPG", "image/jpeg"),
        (samples.docx(), "申请书.docx", checks.KINDS["docx"].media_type),
        (samples.xlsx(), "清单.xlsx", checks.KINDS["xlsx"].media_type),
        (samples.ofd(), "公文.ofd", "application/ofd"),
    ],
    ids=["pdf", "PDF", "png", "jpeg", "JPG", "docx", "xlsx", "ofd"],
)
def test_every_kind_of_material_is_taken_as_what_its_bytes_are(data: bytes, name: str, media_type: str, folder: Path):
    row = store(data, name)
    assert (row.media_type, row.size, row.name, row.owner) == (media_type, len(data), name, OWNER)
    assert row.digest == hashlib.sha256(data).hexdigest()
    assert blobs(folder) == [folder / row.digest[:2] / row.digest[2:4] / row.digest]
    assert files.content(row) == data


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_tables_are_taken_for_imports_only(encoding: str):
    table = "事项名称,部门\n公共场所卫生许可,卫生健康局\n".encode(encoding)
    assert store(table, "事项.csv", kinds=files.IMPORT).media_type.startswith("text/csv")
    with pytest.raises(Refusal) as no:
        store(table, "事项.csv")
    assert no.value.code == "files.kind"


@pytest.mark.django_db
def test_the_log_tells_of_the_file_without_its_name_and_can_prove_its_bytes():
    row = store(samples.pdf(), "张三身份证.pdf")
    event = LogEvent.objects.get(stream=row.ref).event()
    assert event.kind == "file.stored"
    assert "张三" not in str(event.data)
    assert row.digest not in str(event.data)
    assert personal.sealed(row.digest, row.salt, event.data["seal"])
    assert not personal.sealed("0" * 64, row.salt, event.data["seal"])


@pytest.mark.django_db
def test_a_stream_is_read_in_pieces():
    assert store(io.BytesIO(samples.pdf())).size == len(samples.pdf())  # type: ignore[arg-type]  # a stream, too


@pytest.mark.django_db
def test_the_same_bytes_are_kept_once(folder: Path):
    first, second = store(samples.pdf(), "甲.pdf"), store(samples.pdf(), "乙.pdf")
    assert first.pk != second.pk
    assert first.digest == second.digest
    assert len(blobs(folder)) == 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("..\\..\\etc\\passwd.pdf", "passwd.pdf"),
        ("../../a.pdf", "a.pdf"),
        ("a\u202egpj.exe.pdf", "agpj.exe.pdf"),
        ("a\x00\r\nb.pdf", "ab.pdf"),
        (".pdf", "文件.pdf"),
        ("长" * 300 + ".pdf", "长" * 146 + ".pdf"),
        ("  空 格 .pdf", "空 格.pdf"),
    ],
)
def test_names_are_made_harmless(given: str, kept: str):
    assert checks.clean_name(given) == kept


# Refused


BAD = [
    ("files.empty", b"", "a.pdf"),
    ("files.kind", samples.pdf(), "a.exe"),
    ("files.kind", samples.pdf(), "没有扩展名"),
    ("files.kind", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg"),
    ("files.mislabelled", samples.picture("PNG"), "a.pdf"),
    ("files.mislabelled", samples.pdf(), "a.png"),
    ("files.mislabelled", samples.picture("JPEG"), "a.png"),
    ("files.mislabelled", samples.xlsx(), "a.docx"),
    ("files.mislabelled", samples.package({"x.txt": "x"}), "a.docx"),
    ("files.mislabelled", b"<!DOCTYPE html><script>alert(1)</script>", "a.pdf"),
    ("files.mislabelled", b"MZ\x90\x00" + b"\0" * 100, "a.pdf"),
    ("files.mislabelled", b"x" + samples.pdf(), "a.pdf"),
    ("files.mislabelled", b"PK\x03\x04 broken", "a.docx"),
    ("files.encrypted", samples.pdf(password="secret"), "a.pdf"),
    ("files.encrypted", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.docx"),
    ("files.encrypted", samples.encrypted_package(), "a.docx"),
    ("files.macro", samples.docx(**{"word/vbaProject.bin": b"x"}), "a.docx"),
    ("files.macro", samples.xlsx(**{"xl/vbaProject.bin": b"x"}), "a.xlsx"),
    ("files.macro", samples.xlsx(**{"xl/activeX/activeX1.bin": b"x"}), "a.xlsx"),
    ("files.macro", samples.package({
        "[Content_Types].xml": "application/vnd.ms-word.document.macroEnabled.main+xml", "word/document.xml": "x",
    }), "a.docx"),
    ("files.active", samples.pdf(script="app.alert(1)"), "a.pdf"),
    ("files.active", samples.pdf(action={"/S": "/JavaScript", "/JS": "app.alert(1)"}), "a.pdf"),
    ("files.active", samples.pdf(action={"/S": "/Launch", "/F": "cmd.exe"}), "a.pdf"),
    ("files.active", samples.pdf(action={"/S": "/SubmitForm", "/F": "http://example.cn"}), "a.pdf"),
    ("files.active", samples.pdf_with_hidden_script(), "a.pdf"),
    ("files.active", b"%PDF-1.4\n<html><script>alert(1)</script>" + samples.pdf(), "a.pdf"),
    ("files.active", samples.picture("PNG") + b"<script>alert(1)</script>", "a.png"),
    ("files.active", samples.docx(**{"word/x.xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"}), "a.docx"),
    ("files.active", samples.docx(**{
        "word/_rels/settings.xml.rels": '<R Type="x/attachedTemplate" Target="http://x" TargetMode="External"/>',
    }), "a.docx"),
    ("files.bomb", samples.docx(**{"word/media/a.bin": b"\0" * 20_000_000}), "a.docx"),
    ("files.bomb", samples.ofd(**{f"p{n}": b"" for n in range(5001)}), "a.ofd"),
    ("files.damaged", samples.pdf()[:200], "a.pdf"),
    ("files.damaged", b"%PDF-1.7\n%%EOF", "a.pdf"),
    ("files.damaged", samples.picture("PNG")[:60], "a.png"),
    ("files.damaged", samples.picture("JPEG", (400, 400))[:400], "a.jpg"),
    ("files.damaged", samples.docx(**{"../../evil": b"x"}), "a.docx"),
    ("files.pixels", samples.png_of(20_000, 20_000), "a.png"),
    ("files.pixels", samples.png_of(60_000, 60_000), "a.png"),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "data", "name"), BAD, ids=[f"{i}-{code}" for i, (code, _, _) in enumerate(BAD)])
def test_bad_files_are_refused_with_the_way_to_mend_them(code: str, data: bytes, name: str, folder: Path):
    with pytest.raises(Refusal) as no:
        store(data, name)
    assert (no.value.code, no.value.status) == (code, 422)
    assert no.value.next_step
    assert "file" in no.value.fields
    assert not File.objects.exists()
    assert not LogEvent.objects.filter(kind="file.stored").exists()
    assert blobs(folder) == []


@pytest.mark.django_db
def test_a_file_over_the_limit_is_refused_before_it_is_read_whole(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(settings.YICHUANG, "upload_limit_mib", 1)

    class Endless:
        taken = 0

        def read(self, size: int = -1, /) -> bytes:
            self.taken += size
            return b"x" * size

    endless = Endless()
    for source in (endless, b"x" * (1024 * 1024 + 1)):
        with pytest.raises(Refusal) as no:
            files.store(source, "a.pdf", owner=OWNER, by=CLERK, at=NOW)
        assert (no.value.code, no.value.status) == ("files.too_large", 413)
        assert "1MB" in no.value.message
    assert endless.taken <= 3 * 1024 * 1024
    assert not File.objects.exists()
    assert blobs(folder) == []


@pytest.mark.django_db
@pytest.mark.parametrize("data", [b"\0\1\2", b"<html><body>x</body></html>", b"  \n ", "名称\x07".encode()])
def test_what_is_no_table_is_no_import(data: bytes):
    with pytest.raises(Refusal) as no:
        store(data, "a.csv", kinds=files.IMPORT)
    assert no.value.code in ("files.mislabelled", "files.empty")
    assert not File.objects.exists()


def test_a_part_that_lies_about_its_length_is_damaged():
    data = bytearray(samples.docx(**{"word/a.bin": b"x" * 1000}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    with pytest.raises(Refusal) as no:
        checks.examine(bytes(data), "a.docx")
    assert no.value.code == "files.damaged"


# Transactions


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_fails_leaves_no_row_and_the_sweep_takes_the_bytes(folder: Path):
    with transaction.atomic():
        store(samples.pdf())
        transaction.set_rollback(True)
    assert not File.objects.exists()
    (left,) = blobs(folder)
    assert files.sweep(NOW) == 0  # too young: somebody may be about to name them
    os.utime(left, (0, 0))
    assert files.sweep(NOW) == 1
    assert blobs(folder) == []


@pytest.mark.django_db(transaction=True)
def test_the_sweep_spares_what_is_named_and_takes_broken_uploads(folder: Path):
    row = store(samples.pdf())
    broken = folder / "ab" / "cd" / "x.part"
    broken.parent.mkdir(parents=True)
    broken.write_bytes(b"x")
    os.utime(broken, (0, 0))
    os.utime(files.path_of(row.digest), (0, 0))
    assert files.sweep(NOW) == 1
    assert blobs(folder) == [files.path_of(row.digest)]


@pytest.mark.django_db(transaction=True)
def test_bytes_that_vanished_before_the_commit_are_written_again():
    with transaction.atomic():
        row = store(samples.pdf())
        files.path_of(row.digest).unlink()
    assert files.content(row) == samples.pdf()


# Erased


@pytest.mark.django_db(transaction=True)
def test_erasing_forgets_bytes_name_and_salt_and_keeps_the_digest(folder: Path):
    row = store(samples.pdf(), "张三.pdf")
    before = LogEvent.objects.get(stream=row.ref, seq=1)
    later = NOW + timedelta(days=1)
    erased = files.erase(row, by=CLERK, at=later, why="申请人要求删除")
    assert (erased.name, erased.salt, erased.digest) == ("", "", row.digest)
    assert (erased.erased_at, erased.erased_by) == (later, CLERK.ref)
    assert blobs(folder) == []
    assert LogEvent.objects.get(stream=row.ref, seq=2).kind == "file.erased"
    assert LogEvent.objects.get(pk=before.pk).digest == before.digest
    with pytest.raises(Refusal) as no:
        files.response(erased)
    assert no.value.code == "files.erased"
    assert files.erase(erased, by=CLERK, at=later).pk == row.pk
    assert LogEvent.objects.filter(stream=row.ref).count() == 2


@pytest.mark.django_db(transaction=True)
def test_bytes_that_another_row_names_stay(folder: Path):
    mine, yours = store(samples.pdf(), "甲.pdf"), store(samples.pdf(), "乙.pdf")
    files.erase(mine, by=CLERK, at=NOW)
    assert files.content(yours) == samples.pdf()
    files.erase(yours, by=CLERK, at=NOW)
    assert blobs(folder) == []


@pytest.mark.django_db(transaction=True)
def test_an_erasure_that_is_rolled_back_erases_nothing():
    row = store(samples.pdf())
    with transaction.atomic():
        files.erase(row, by=CLERK, at=NOW)
        transaction.set_rollback(True)
    row.refresh_from_db()
    assert row.erased_at is None
    assert files.content(row) == samples.pdf()


@pytest.mark.django_db
def test_the_database_refuses_an_erased_row_that_remembers():
    row = store(samples.pdf())
    row.erased_at = NOW
    with pytest.raises(Exception, match="file_erased_forgets"), transaction.atomic():
        row.save()


# Handed out


@pytest.mark.django_db
def test_a_file_is_handed_out_so_that_nothing_in_it_runs():
    answer = files.response(store(samples.docx(), "申请书 (终).docx"), inline=True)
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E7%94%B3%E8%AF%B7%E4%B9%A6")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Security-Policy"].endswith("sandbox")
    assert "X-Frame-Options" not in answer
    assert b"".join(answer.streaming_content) == samples.docx()  # type: ignore[arg-type]  # bytes of a file
    assert int(answer["Content-Length"]) == len(samples.docx())
    answer.close()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "name", "inline"),
    [(samples.pdf(), "a.pdf", True), (samples.picture(), "a.png", True), (samples.picture("JPEG"), "a.jpg", True),
     (samples.xlsx(), "a.xlsx", False), (samples.ofd(), "a.ofd", False)],
    ids=["pdf", "png", "jpg", "xlsx", "ofd"],
)  # fmt: skip
def test_only_pdf_and_pictures_are_shown_in_the_browser(data: bytes, name: str, inline: bool):
    row = store(data, name)
    with closing(files.response(row, inline=True)) as answer:
        assert answer["Content-Disposition"].startswith("inline" if inline else "attachment")
    with closing(files.response(row)) as answer:
        assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.django_db
def test_missing_bytes_are_told_as_such():
    row = store(samples.pdf())
    files.path_of(row.digest).unlink()
    with pytest.raises(Refusal) as no:
        files.response(row)
    assert (no.value.code, no.value.status) == ("files.missing", 404)


@pytest.mark.django_db
def test_storing_takes_a_fixed_number_of_queries(django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        store(samples.pdf())
