"""Documents: what is in them, that data stay data, that the same data give the same bytes."""

from __future__ import annotations

import io
import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from pypdf import PdfReader

from yichuang.core import documents

OFFICIAL = {
    "organ": "西安市阎良区行政审批服务局",
    "number": "阎审批受〔2026〕1号",
    "title": "行政许可申请受理通知书",
    "addressee": "阎良区悦来理发店（演示）",
    "body": [
        "你单位提出的公共场所卫生许可申请，材料齐全，符合法定形式，本机关决定予以受理。",
        {"heading": "一、办理期限"},
        {"table": {"head": ["期限", "届满日"], "rows": [["承诺期限", "2026年2月24日"]], "widths": [1, 2]}},
        {"items": ["营业执照", "卫生检测报告"]},
        "特此通知。",
    ],
    "attachments": ["申请材料清单", "权利告知书"],
    "date": "2026-02-10",
    "qr": "https://example.cn/v/abc",
    "qr_caption": "扫码查询",
    "footer": "610114-20260210-000001-X",
    "contact": [["咨询电话", "029-86200000"]],
    "receipt": ["签收人", "签收日期"],
}
SHEET = {
    "organ": "阎良区卫生健康局",
    "title": "公共场所卫生许可",
    "lead": "开理发店要先办这个证。",
    "sections": [
        {"title": "基本信息", "facts": [["承诺时限", "5个工作日"], ["办理方式", ["窗口", "网上"]]]},
        {"title": "申请材料", "table": {"head": ["序号", "名称"], "rows": [["1", "申请书"]]}},
        {"title": "流程", "list": ["申请", "受理"], "text": ["第一段", "第二段"], "note": "免提交"},
    ],
    "date": "2026-02-10",
}


def text_of(pdf: bytes) -> str:
    found = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return re.sub(r"\s+", "", found).replace("⼯", "工")


def test_an_official_document_says_what_it_was_given():
    shown = text_of(documents.render("core/official", OFFICIAL))
    for part in (
        "西安市阎良区行政审批服务局", "阎审批受〔2026〕1号", "行政许可申请受理通知书", "阎良区悦来理发店（演示）：",
        "一、办理期限", "承诺期限", "1．营业执照", "特此通知。", "附件：", "2.权利告知书", "二〇二六年二月十日", "咨询电话",
        "扫码查询", "610114-20260210-000001-X", "—1—", "签收人：",
    ):  # fmt: skip
        assert part in shown, part


def test_a_sheet_says_what_it_was_given():
    shown = text_of(documents.render("core/sheet", SHEET))
    for part in (
        "公共场所卫生许可",
        "5个工作日",
        "申请书",
        "2.受理",
        "第二段",
        "免提交",
        "2026年2月10日",
        "第1页，共1页",
    ):
        assert part in shown, part


@pytest.mark.parametrize(
    ("day", "written"),
    [
        ("2026-11-24", "二〇二六年十一月二十四日"),
        ("2030-10-10", "二〇三〇年十月十日"),
        ("2026-01-20", "二〇二六年一月二十日"),
        ("2026-12-31", "二〇二六年十二月三十一日"),
    ],
)
def test_dates_in_chinese_numerals(day: str, written: str):
    assert written in text_of(documents.render("core/official", OFFICIAL | {"date": day}))


def test_dates_in_arabic_numerals_where_asked_for():
    shown = text_of(documents.render("core/official", OFFICIAL | {"date_style": "arabic", "body": ["略。"]}))
    assert "2026年2月10日" in shown


@pytest.mark.parametrize(
    "evil", ["#panic(1)", '"); #read("/etc/passwd")', "*粗* _斜_ $x^2$ <a> @b", "\\ ` // /* ] [ } {", '#image("/x")']
)
def test_what_people_type_stays_what_they_typed(evil: str):
    shown = text_of(documents.render("core/official", OFFICIAL | {"addressee": evil, "body": [evil, "完。"]}))
    assert re.sub(r"\s+", "", evil)[:6] in shown.replace("“", '"').replace("”", '"')


def test_the_same_data_give_the_same_bytes_and_another_day_others():
    first = documents.render("core/official", OFFICIAL)
    documents.render("core/sheet", SHEET)
    assert documents.render("core/official", OFFICIAL) == first
    assert documents.render("core/official", OFFICIAL | {"date": "2026-02-11"}) != first


def test_it_is_an_archivable_tagged_file_with_its_fonts_inside():
    reader = PdfReader(io.BytesIO(documents.render("core/official", OFFICIAL)))
    catalog = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]  # type: ignore[index]  # pypdf's objects are mappings
    assert catalog["/Lang"].startswith("zh")  # type: ignore[index]
    assert b"pdfaid:part" in catalog["/Metadata"].get_object().get_data()  # type: ignore[index]
    assert reader.metadata is not None
    assert reader.metadata.title == OFFICIAL["title"]
    fonts = [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]  # type: ignore[index]
    assert all("/FontFile3" in font["/DescendantFonts"][0]["/FontDescriptor"] for font in fonts)


def test_a_notice_that_nearly_fits_stays_on_one_sheet_and_a_long_one_keeps_its_ending_in_company():
    short = OFFICIAL | {"body": ["本机关决定予以受理。" * 18], "attachments": [], "receipt": [], "contact": []}
    assert len(PdfReader(io.BytesIO(documents.render("core/official", short))).pages) == 1
    long = OFFICIAL | {"body": [*(["本机关决定予以受理。" * 12] * 8), "最后一段。"]}
    last = PdfReader(io.BytesIO(documents.render("core/official", long))).pages[-1]
    assert "最后一段" in re.sub(r"\s+", "", last.extract_text())


def test_rendering_is_quick_once_the_fonts_are_found():
    documents.render("core/official", OFFICIAL)
    begin = time.perf_counter()
    for serial in range(5):
        documents.render("core/official", OFFICIAL | {"number": f"阎审批受〔2026〕{serial}号"})
    assert (time.perf_counter() - begin) / 5 < 1.0


@pytest.mark.parametrize("name", ["../../etc/passwd", "core/../x", "core", "Core/official", "core/official.typ"])
def test_a_name_that_is_no_template_is_a_fault(name: str):
    with pytest.raises(ValueError, match="template"):
        documents.render(name, {})


def test_missing_data_are_told_with_typsts_own_words():
    with pytest.raises(documents.TemplateError, match="core/official"):
        documents.render("core/official", {"title": "x", "organ": "x", "body": [{"table": {}}]})


def test_what_is_kept_is_made_once_for_the_same_data_and_forgotten_in_time(monkeypatch, settings, tmp_path):
    settings.YICHUANG.data_dir, before = tmp_path, settings.YICHUANG.data_dir
    try:
        first = documents.kept("core/sheet", SHEET)
        assert first == documents.render("core/sheet", SHEET)
        assert documents.kept("core/sheet", SHEET, as_picture=True).startswith(b"\x89PNG")
        other = documents.kept("core/sheet", SHEET | {"title": "另一件"})
        assert other != first
        with monkeypatch.context() as patch:
            patch.setattr(documents, "_compiler", lambda: pytest.fail("made again"))
            assert documents.kept("core/sheet", SHEET) == first
        assert documents.forget(datetime.now(UTC) - timedelta(days=1)) == 0
        assert documents.forget(datetime.now(UTC) + timedelta(seconds=5)) == 3
        assert documents.kept("core/sheet", SHEET) == first
    finally:
        settings.YICHUANG.data_dir = before
