"""Every document as PDF: numbered, with what the law asks of it, made once, kept."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pypdf
import pytest

from yichuang.cases import commands, queries
from yichuang.cases.models import Case, Document
from yichuang.cases.tests import given
from yichuang.cases.tests.given import AT, later
from yichuang.core import files
from yichuang.core.models import LogEvent
from yichuang.core.refusal import Refusal
from yichuang.core.verify import verify

pytestmark = pytest.mark.django_db


def corrected(w: given.World) -> Case:
    case = given.taken_in(w, materials={"m1": {"copies": 1}})
    points = [
        {"material": "m2", "what": "请提交有资质的检测机构出具的检测报告"},
        {"field": "place.address", "what": "请与租赁合同一致"},
    ]
    return commands.request_correction(case.number, points=points, by=w.clerk, at=later(1))


def special(w: given.World) -> Case:
    case = given.accepted_case(w)
    return commands.start_special(
        case.number, kind="testing", reason="需要抽样检测", needed_days=10, by=w.handler, at=later(1)
    )


def extended(w: given.World) -> Case:
    return commands.extend(given.accepted_case(w).number, days=10, reason="案情复杂，需要会商", by=w.head, at=later(1))


def lapsed(w: given.World) -> Case:
    case = corrected(w)
    for d in range(2, 40):
        commands.attend(later(d))
    case.refresh_from_db()
    return case


def clerical(w: given.World) -> Case:
    case = given.closed_case(w, way="electronic")
    paper = Document.objects.get(case=case, kind="grant")
    return commands.correct_clerical(
        case.number, document_id=paper.pk, was="人名路8号", now="人民路8号", by=w.handler, at=later(4)
    )


MADE: dict[str, tuple[Callable[[given.World], Case], tuple[str, ...]]] = {
    "receipt": (given.submitted_case, ("公共场所卫生检测报告", "2026年3月9日", "逾期不告知")),
    "acceptance": (given.accepted_case, ("决定予以受理", "承诺办理期限", "法定办理期限", "2026年3月30日")),
    "correction": (corrected, ("一次性告知", "检测报告", "租赁合同", "受理期限自重新收到材料之日起")),
    "declination": (
        lambda w: commands.redirect(given.submitted_case(w).number, to="阎良区市场监督管理局", by=w.clerk, at=AT),
        ("不属于本机关职权范围", "阎良区市场监督管理局", "六十日", "六个月"),
    ),
    "special": (special, ("检测", "10个工作日", "第四十五条")),
    "extension": (extended, ("案情复杂", "第四十二条", "2026年4月14日")),
    "grant": (given.granted_case, ("第三十八条第一款", "准予许可")),
    "refusal": (given.refused_case, ("场所面积不足", "六十日", "六个月", "西安市阎良区人民政府", "西安铁路运输法院")),
    "service": (lambda w: given.closed_case(w, way="electronic"), ("电子送达", "准予行政许可决定书", "阎审批准")),
    "withdrawal": (lapsed, ("两次提醒", "按撤回申请处理")),
    "termination": (
        lambda w: commands.terminate(
            given.accepted_case(w).number, ground="applicant_gone", reasons="企业已注销登记", by=w.head, at=later(1)
        ),
        ("企业已注销登记", "终止办理"),
    ),
    "clerical": (clerical, ("原文：人名路8号", "更正为：人民路8号")),
}


def test_every_kind_of_document_is_made_here():
    assert set(MADE) == set(dict(Document.KINDS))


@pytest.mark.parametrize("kind", MADE)
def test_a_document_says_what_it_must(kind: str):
    make, words = MADE[kind]
    w = given.world()
    case = make(w)
    document = Document.objects.get(case=case, kind=kind)
    file = commands.render(document.pk, by=w.clerk, at=later(5))
    data = files.content(file)
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    text = "".join(page.extract_text() for page in pages).replace("\n", "").replace(" ", "")
    for word in (
        *words,
        document.number,
        w.applicant.name,
        case.number,
        document.get_kind_display(),
        w.department.name,
    ):
        assert word.replace(" ", "") in text, word
    if "YICHUANG_KEEP_PDF" in os.environ:
        Path(os.environ["YICHUANG_KEEP_PDF"], f"{kind}.pdf").write_bytes(data)
    assert len(pages) <= 2


def test_a_document_is_made_once_and_its_digest_is_logged():
    w = given.world()
    case = given.accepted_case(w)
    document = queries.documents_for(w.citizen, Document.objects.get(case=case, kind="acceptance").pk)
    first = commands.render(document.pk, by=w.citizen, at=later(1))
    assert commands.render(document.pk, by=w.clerk, at=later(2)).pk == first.pk
    event = LogEvent.objects.get(stream=case.stream, kind="case.document_rendered").event()
    assert event.data["digest"] == first.digest
    with pytest.raises(Refusal) as no:
        queries.documents_for(w.stranger, document.pk)
    assert no.value.status == 404
    assert verify(case.stream).clean


def test_the_document_stays_what_it_was_when_names_change():
    w = given.world()
    case = given.accepted_case(w)
    w.applicant.name = "改名（演示）"
    w.applicant.save(update_fields=["name"])
    document = Document.objects.get(case=case, kind="acceptance")
    assert document.content["addressee"] == "张三（演示）"
    assert document.content["date"] == date(2026, 3, 2).isoformat()
