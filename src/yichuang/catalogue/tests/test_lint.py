"""Lint: what is lawful passes; each fault is found, named with its law, and says how to mend it."""

from __future__ import annotations

import copy

import pytest

from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules import lint
from yichuang.catalogue.tests.given import CONTENT
from yichuang.identity.tests.given import organisation_code

LAWFUL = {**CONTENT, "local_task_code": "X-1"}


def codes(context: lint.Context | None = None, **changes) -> dict[str, str]:
    found = lint.check({**copy.deepcopy(LAWFUL), **changes}, context)
    for one in found:
        assert one.mend.endswith(("。", "）")), one
        assert one.message.endswith("。"), one
        assert one.element.split(".")[0] in shape.LABELS, one
    return {f.code: f.severity for f in found}


def part(key: str, n: int = 0, **changes) -> dict:
    rows = copy.deepcopy(LAWFUL[key])
    rows[n] |= changes
    return {key: rows}


def test_the_lawful_content_has_no_finding():
    assert codes() == {}


ISSUER = organisation_code(7, prefix="11610114MB")


@pytest.mark.parametrize(
    ("changes", "code", "severity"),
    [
        ({"link_way": ""}, "element.missing", "error"),
        ({"concerns_safety": None}, "safety.missing", "warning"),
        ({"task_type": "10", "catalog_code": "001023005000"}, "safety.not_licence", "warning"),
        ({"materials": []}, "element.missing", "error"),
        ({"form": None}, "form.missing", "error"),
        ({"summary": ""}, "summary.missing", "warning"),
        ({"local_task_code": ""}, "code.missing", "error"),
        ({"catalog_code": "12"}, "code.catalog", "error"),
        ({"catalog_code": "000223023000"}, "code.type", "error"),
        ({"task_code": "123"}, "code.task", "error"),
        ({"task_code": f"{ISSUER[:-1]}{'1' if ISSUER[-1] != '1' else '2'}4000123023000"}, "code.issuer", "error"),
        ({"task_code": f"{ISSUER}3000123023000"}, "code.level", "error"),
        ({"task_code": f"{ISSUER}4000123023009"}, "code.base", "error"),
        ({"task_code": f"{ISSUER}4000123023000", "task_handle_item": "1"}, "code.handle", "error"),
        ({"project_type": "1"}, "period.instant", "error"),
        ({"promise_day": 0}, "period.promise", "error"),
        ({"promise_day": 21}, "period.over_statutory", "error"),
        ({"anticipate_day": 45}, "period.long", "warning"),
        ({"anticipate_type": "calendar"}, "period.calendar", "warning"),
        ({"limit_scene_num": 1}, "visits.reason", "error"),
        ({"limit_scene_explain": "须本人签字"}, "visits.no_reason", "warning"),
        ({"is_online": False, "online_handle_depth": [], "is_express": False, "deliveries": ["counter"]}, "visits.zero", "error"),
        ({"limit_scene_num": 1, "limit_scene_explain": "全程网办后领取"}, "visits.online", "error"),
        ({"online_handle_depth": []}, "online.depth", "error"),
        ({"is_online": False}, "online.depth", "error"),
        ({"handle_type": ["1"]}, "online.channel", "warning"),
        ({"is_express": False}, "express.delivery", "error"),
        ({"is_fee": True}, "fee.items", "error"),
        ({"is_fee": True, "fees": [{"fee_name": "工本费", "fee_stand": "10元"}]}, "fee.basis", "error"),
        ({"is_fee": True, "fees": [{"fee_name": "工本费", "by_law": "某法"}]}, "fee.standard", "error"),
        ({"fees": [{"fee_name": "工本费"}]}, "fee.none", "error"),
        (part("citations", law=""), "law.name", "error"),
        (part("citations", article=""), "law.article", "warning"),
        (part("citations", level="习惯"), "law.level", "error"),
        (part("citations", level="部门规章"), "law.too_low", "error"),
        (part("citations", level="规范性文件"), "law.too_low", "error"),
        (part("citations", level="市级政府规章"), "law.too_low", "error"),
        (part("citations", level="省级政府规章"), "law.temporary", "warning"),
        (part("materials", material_name=""), "material.name", "error"),
        (part("materials", source_type="30"), "material.source_type", "error"),
        (part("materials", material_name="其他相关材料"), "material.vague", "warning"),
        (part("materials", source_type="20"), "material.held", "warning"),
        (part("materials", 1, source_explain=""), "material.source", "warning"),
        (part("materials", when={"field": "nowhere", "eq": "1"}), "when.field", "error"),
        (part("materials", when={"field": "name"}), "when.malformed", "error"),
        (part("steps", name=""), "step.name", "error"),
        (part("steps", role="king"), "step.role", "error"),
        (part("steps", kind="guess"), "step.kind", "error"),
        (part("steps", standard=""), "step.standard", "warning"),
        (part("steps", 2, kind="examine"), "step.decide", "error"),
        (part("steps", 2, group=1), "step.order", "error"),
        (part("steps", 1, role="handler"), "step.reviewer", "error"),
        (part("steps", days=9), "step.days", "error"),
        (part("steps", days=1), "step.days_short", "warning"),
        ({"form": {"groups": [{"code": "g", "title": "组", "fields": []}]}}, "form.definition", "error"),
        ({"licence": {"type_code": "1", "name": "证"}}, "licence.type", "error"),
        ({"licence": None}, "result.name", "warning"),
        ({"publicity": None}, "publicity.missing", "warning"),
        (
            {"publicity": {"category": "普通", "content": "准予{shop.name}经营", "withhold": ""}},
            "publicity.place",
            "warning",
        ),
        ({"task_name": "某某审批", "task_type": "07", "catalog_code": ""}, "licence.disguised", "warning"),
        ({"task_state": "2"}, "state.suspended", "warning"),
    ],
)  # fmt: skip
def test_each_fault_is_found(changes, code, severity):
    assert codes(**changes).get(code) == severity


def test_a_licence_needs_one_law_that_may_set_it_not_all_of_them():
    low = {"law": "某办法", "level": "部门规章", "article": "第一条"}
    assert "law.too_low" not in codes(citations=[low, *LAWFUL["citations"]])
    assert "law.too_low" not in codes(citations=[low], task_type="07", catalog_code="")


def test_instant_items_and_calendar_days():
    assert codes(project_type="1", promise_day=0, steps=[LAWFUL["steps"][2]]) == {}
    calendar = {"anticipate_type": "calendar", "promise_day": 25}
    assert codes(**calendar)["period.over_statutory"] == "error"
    assert "period.over_statutory" not in codes(promise_day=25, promise_type="calendar")


def test_what_a_content_alone_does_not_tell():
    code = f"{ISSUER}4000123023000"
    context = lint.Context(taken={"X-1": "另一事项", code: "又一事项"}, issuer=ISSUER, departments=frozenset(["甲局"]))
    assert codes(context)["code.duplicate"] == "error"
    assert "code.duplicate" in codes(context, local_task_code="X-2", task_code=code)
    assert "code.duplicate" not in codes(context, local_task_code="X-2", task_code=code, task_handle_item=code + "01")
    assert "step.department" in codes(context, **part("steps", department="乙局"))
    assert "code.issuer" in codes(lint.Context(issuer=organisation_code(8)), task_code=code)


def test_parallel_steps_count_once():
    steps = copy.deepcopy(LAWFUL["steps"])
    steps.insert(1, {**steps[0], "code": "site", "name": "现场核查", "kind": "site_check", "days": 3})
    assert "step.days" not in codes(steps=steps)


def test_errors_come_first():
    found = lint.check({**LAWFUL, "summary": "", "link_way": ""})
    assert [f.severity for f in found] == ["error", "warning"]
