"""证明事项 and 中介服务: listed with a basis, asked for only when listed, taken out only when nobody asks."""

from __future__ import annotations

import pytest

from yichuang.catalogue import commands, queries
from yichuang.catalogue.models import Certificate, Intermediary, Item, ItemVersion
from yichuang.catalogue.rules import lint, listed
from yichuang.catalogue.rules.checks_listed import attests, made
from yichuang.catalogue.tests import given, given_lists
from yichuang.core.models import LogEvent
from yichuang.core.refusal import Refusal

AT = given.AT


# -- rules ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("无犯罪记录证明", True), ("居住证明", True), ("亲属关系证明（派出所出具）", True), ("无房证明", True), ("资金信用证明", True),
        ("职业病诊断证明书", False), ("法定代表人身份证明", False), ("出生医学证明", False), ("税收完税证明", False), ("不动产登记证明", False),
        ("机动车来历证明", False), ("项目备案证明", False), ("产品合格证明", False), ("权属证明文件", False), ("证明材料", False),
        ("房屋权属证明", False), ("申请书", False), ("", False),
    ],
)  # fmt: skip
def test_what_reads_like_a_certificate(name, is_one):
    assert attests(name) is is_one


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("验资报告", True), ("安全评价报告", True), ("水质检测报告（近一年）", True), ("可行性研究报告", True), ("清算报告", False), ("建设申请报告", False)],
)  # fmt: skip
def test_what_reads_like_an_institutions_work(name, is_one):
    assert made(name) is is_one


def codes(materials, **context):
    content = {**given.CONTENT, "local_task_code": "X-1", "materials": materials}
    return {(f.code, f.severity) for f in lint.check(content, lint.Context(**context)) if f.code.endswith(".unlisted")}


ASKED = {"code": "m1", "material_name": "居住证明"}


@pytest.mark.parametrize(
    ("row", "known", "stops"),
    [
        ({}, None, False),
        ({}, {}, True),
        ({}, {"居住证明": "ZM-1"}, False),
        ({"material_name": "居住证明（街道出具）"}, {"居住证明": "ZM-1"}, False),
        ({"exempt": "由公安机关核验，免提交"}, {}, False),
        ({"certificate": "ZM-1"}, {"ZM-1": "ZM-1"}, False),
        ({"certificate": "ZM-2", "exempt": "核验"}, {"ZM-1": "ZM-1"}, True),
    ],
)
def test_a_certificate_that_is_not_listed_stops(row, known, stops):
    assert codes([ASKED | row], certificates=known) == ({("certificate.unlisted", "error")} if stops else set())


@pytest.mark.parametrize(
    ("row", "known", "stops"),
    [
        ({}, None, False),
        ({}, {}, True),
        ({"source_type": "10"}, {}, False),
        ({}, {"验资报告": "ZJ-1"}, False),
        ({"intermediary": "ZJ-2"}, {"ZJ-1": "ZJ-1"}, True),
        ({"intermediary": "ZJ-1"}, {"ZJ-1": "ZJ-1"}, False),
    ],
)
def test_an_institutions_product_that_is_not_listed_stops(row, known, stops):
    asked = {"code": "m1", "material_name": "验资报告", "source_type": "99", "source_explain": "会计师事务所"} | row
    assert codes([asked], intermediaries=known) == ({("intermediary.unlisted", "error")} if stops else set())


@pytest.mark.parametrize(
    "wrong", [{"law": ""}, {"article": ""}, {"law_level": "部门规章"}, {"law_level": "规范性文件"}]
)
@pytest.mark.parametrize(
    ("shape", "entry"),
    [(listed.CERTIFICATE, given_lists.CERTIFICATE), (listed.INTERMEDIARY, given_lists.INTERMEDIARY)],
    ids=["certificate", "intermediary"],
)
def test_nothing_is_listed_without_a_law(shape, entry, wrong):
    with pytest.raises(Refusal) as refused:
        listed.read(shape, entry | wrong)
    assert refused.value.code == "listed.basis"
    assert set(wrong) == set(refused.value.fields)
    assert "营商环境条例" in refused.value.law


# -- verbs ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
class TestVerbs:
    def test_an_entry_is_listed_amended_and_taken_out_and_the_log_tells_it(self):
        editor = given.editor()
        row = commands.list_certificate(given_lists.CERTIFICATE, by=editor, at=AT)
        assert (row.division, row.in_force, row.effective_on.isoformat()) == (
            given.DIVISION,
            True,
            AT.date().isoformat(),
        )
        commands.amend_certificate(row.pk, given_lists.CERTIFICATE | {"way": "告知承诺"}, by=editor, at=AT)
        commands.amend_certificate(row.pk, given_lists.CERTIFICATE | {"way": "告知承诺"}, by=editor, at=AT)
        commands.unlist_certificate(row.pk, reason="设定依据已修改", by=editor, at=AT)
        row.refresh_from_db()
        assert (row.way, row.in_force, row.ended_for) == ("告知承诺", False, "设定依据已修改")
        kinds = list(LogEvent.objects.filter(stream=row.stream).order_by("seq").values_list("kind", flat=True))
        assert kinds == ["certificate.listed", "certificate.amended", "certificate.unlisted"]
        with pytest.raises(Refusal, match="已经移出"):
            commands.unlist_certificate(row.pk, reason="再一次", by=editor, at=AT)
        again = commands.list_certificate(given_lists.CERTIFICATE, by=editor, at=AT)
        assert again.pk != row.pk

    @pytest.mark.parametrize("role", ["window_clerk", "head", "publicity_officer"])
    def test_only_an_editor_lists(self, role):
        _, who = given.identity.staff("某某", roles=(role,))
        with pytest.raises(Refusal) as refused:
            commands.list_intermediary(given_lists.INTERMEDIARY, by=who, at=AT)
        assert refused.value.status == 403
        assert not Intermediary.objects.exists()

    def test_no_basis_no_entry(self):
        with pytest.raises(Refusal) as refused:
            commands.list_certificate(given_lists.CERTIFICATE | {"law": ""}, by=given.editor(), at=AT)
        assert refused.value.code == "listed.basis"
        assert not Certificate.objects.exists()

    @pytest.mark.parametrize("other", [{"name": "别的证明"}, {"code": "ZM-002", "names": []}, {"code": "ZM-003", "name": "无犯罪证明", "names": []}])  # fmt: skip
    def test_a_code_or_name_stands_once(self, other):
        given_lists.certificate()
        with pytest.raises(Refusal) as refused:
            given_lists.certificate(**other)
        assert refused.value.code == "listed.taken"
        assert Certificate.objects.count() == 1

    def test_another_divisions_entry_is_not_there(self):
        row = commands.list_certificate(given_lists.CERTIFICATE, division="610115", by=given.by_system(), at=AT)
        with pytest.raises(Refusal) as refused:
            commands.unlist_certificate(row.pk, reason="误入", by=given.editor(), at=AT)
        assert refused.value.status == 404

    def test_while_an_item_in_force_asks_it_stays_listed(self):
        row = given_lists.certificate()
        facts = given.published_item(task_name="保安员证核发", **given_lists.material("无犯罪证明"))
        assert queries.asking(row) == ["保安员证核发"]
        for act in (
            lambda: commands.unlist_certificate(row.pk, reason="不再需要", by=given.editor(), at=AT),
            lambda: commands.amend_certificate(
                row.pk, given_lists.CERTIFICATE | {"names": []}, by=given.editor(), at=AT
            ),
        ):
            with pytest.raises(Refusal, match="保安员证核发"):
                act()
        row.refresh_from_db()
        assert row.in_force
        assert row.names == ["无犯罪证明"]
        given.revised(facts, materials=given.CONTENT["materials"][:1])
        commands.unlist_certificate(row.pk, reason="不再需要", by=given.editor(), at=AT)
        row.refresh_from_db()
        assert not row.in_force


# -- publication ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
class TestPublication:
    def test_an_item_that_asks_for_an_unlisted_certificate_is_not_even_submitted_until_it_is_listed(self):
        given_lists.certificate(code="ZM-100", name="收养能力评估证明", names=[])
        editor, draft = given.editor(), given.draft(**given_lists.material())
        with pytest.raises(Refusal) as refused:
            given.submitted(draft, by=editor)
        assert "materials.1.material_name" in refused.value.fields
        assert "列入证明事项清单并写明依据" in refused.value.fields["materials.1.material_name"]
        draft.refresh_from_db()
        assert draft.state == "draft"
        commands.list_certificate(given_lists.CERTIFICATE, by=editor, at=AT)
        given.second_person(draft, by=editor)
        draft.refresh_from_db()
        assert draft.state == "published"

    def test_an_abolished_certificate_may_not_be_asked_for(self):
        given_lists.certificate(way="取消")
        draft = given.draft(**given_lists.material())
        with pytest.raises(Refusal):
            given.submitted(draft)

    def test_an_intermediarys_product_too(self):
        given_lists.intermediary(code="ZJ-9", name="验资", products=["验资报告"])
        draft = given.draft()
        with pytest.raises(Refusal, match="中介服务清单"):
            given.submitted(draft)
        given_lists.intermediary()
        given.second_person(draft)

    def test_where_nothing_was_ever_listed_nothing_is_checked(self):
        facts = given.published_item(**given_lists.material())
        assert facts.state == "published"
        assert queries.known(given.DIVISION) == {"certificates": None, "intermediaries": None}

    def test_the_last_entry_taken_out_the_list_is_still_kept(self):
        row = given_lists.certificate()
        commands.unlist_certificate(row.pk, reason="取消", by=given.by_system(), at=AT)
        assert queries.known(given.DIVISION)["certificates"] == {}

    def test_what_was_published_before_stays_as_it_is(self):
        facts = given.published_item(**given_lists.material("居住证明"))
        given_lists.certificate()
        version = ItemVersion.objects.get(pk=facts.id)
        assert version.state == "published"
        assert "certificate.unlisted" in {f["rule"] for f in queries.lint_all(given.DIVISION)}

    def test_an_imported_row_that_asks_for_an_unlisted_one_stays_a_draft(self):
        given_lists.certificate()
        good, bad = given.content(**given_lists.material()), given.content(**given_lists.material("居住证明"))
        commands.import_items([good, bad], division=given.DIVISION, by=given.by_system(), at=AT)
        states = dict(Item.objects.values_list("code", "state"))
        assert (states[good["local_task_code"]], states[bad["local_task_code"]]) == ("published", "draft")
