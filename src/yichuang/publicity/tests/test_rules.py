"""The 双公示 record field by field, and what may be shown when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from yichuang.core.actor import Actor, Grant, system
from yichuang.core.refusal import Refusal
from yichuang.core.rules.workdays import Calendar
from yichuang.publicity.rules import publish, record

TODAY = date(2026, 3, 2)


def valid(kind: str) -> str:
    """Identifiers with right check digits, made here so that no real one is in the tests."""
    from stdnum.cn import ric, uscc

    if kind == "citizen":
        body = "61011419880615001"
        return body + ric.calc_check_digit(body + "0")
    body = "91610114MA0000123" if kind == "firm" else "11610114MB0000123"
    return body + uscc.calc_check_digit(body)


def broken(number: str) -> str:
    """The same with another check digit."""
    return number[:-1] + ("0" if number[-1] != "0" else "1")


FIRM = record.Party("organisation", "阎良区云上理发店（演示）", "uscc", valid("firm"), "赵法人")
PERSON = record.Party("person", "张三（演示）", "citizen", valid("citizen"))
SHOP = record.Party("individual_business", "阎良区小面馆（演示）", "uscc", valid("firm"), "钱经营")
ORGAN = record.Organ("西安市阎良区行政审批服务局", valid("organ"))
DECISION = record.Decision(
    document_name="准予行政许可决定书",
    document_number="阎审批准〔2026〕1号",
    category="普通",
    content="准予从事理发店经营活动。",
    decided_on=TODAY,
    licence_name="公共场所卫生许可证",
    licence_number="阎卫证〔2026〕1号",
    valid_from=TODAY,
    valid_to=date(2030, 3, 1),
)


def made(party: record.Party = FIRM, decision: record.Decision = DECISION, **changes: str) -> dict[str, str]:
    return record.build(party, ORGAN, ORGAN, decision) | changes


def faults(row: dict[str, str]) -> dict[str, str]:
    return {problem.field: problem.message for problem in record.check(row, TODAY)}


@pytest.mark.parametrize("party", [FIRM, PERSON, SHOP], ids=["firm", "person", "shop"])
def test_a_record_from_good_facts_is_right(party) -> None:
    assert faults(made(party)) == {}


def test_every_field_of_the_standard_is_there_in_its_order() -> None:
    row = made()
    assert tuple(row) == record.NAMES
    assert len(record.NAMES) == 28
    assert row["XK_XDR_LB"] == "法人及非法人组织"
    assert (row["XK_JDRQ"], row["XK_YXQZ"], row["XK_YXQZI"]) == ("2026/03/02", "2026/03/02", "2030/03/01")
    assert (row["XK_XKJG"], row["XK_LYDWDM"], row["XK_ZT"]) == (ORGAN.name, ORGAN.code, "1")


def test_without_end_is_the_last_day_of_2099() -> None:
    row = made(decision=replace(DECISION, valid_to=None))
    assert row["XK_YXQZI"] == "2099/12/31"
    assert faults(row) == {}
    bare = made(decision=replace(DECISION, licence_name="", licence_number="", valid_from=None, valid_to=None))
    assert (bare["XK_YXQZ"], bare["XK_YXQZI"], faults(bare)) == ("2026/03/02", "2099/12/31", {})


def test_a_person_has_a_document_and_no_code_and_a_firm_the_other_way() -> None:
    person = made(PERSON)
    assert (person["XK_XDR_ZJLX"], person["XK_XDR_ZJHM"], person["XK_XDR_SHXYM"]) == ("身份证", PERSON.id_number, "")
    assert set(faults(made(PERSON, XK_XDR_ZJLX="", XK_XDR_ZJHM=""))) == {"XK_XDR_ZJLX", "XK_XDR_ZJHM"}
    assert set(faults(made(FIRM, XK_XDR_SHXYM="", XK_FRDB=""))) == {"XK_XDR_SHXYM", "XK_FRDB"}
    assert set(faults(made(FIRM, XK_XDR_ZJLX="身份证", XK_XDR_ZJHM=valid("citizen")))) == {"XK_XDR_ZJLX", "XK_XDR_ZJHM"}
    assert set(faults(made(PERSON, XK_XDR_SHXYM=valid("firm")))) == {"XK_XDR_SHXYM"}


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"XK_XDR_MC": ""}, "XK_XDR_MC", "必填"),
        ({"XK_XDR_MC": "云"}, "XK_XDR_MC", "过短"),
        ({"XK_XDR_MC": "云" * 201}, "XK_XDR_MC", "最长200字"),
        ({"XK_XDR_MC": " 云上理发店"}, "XK_XDR_MC", "空白"),
        ({"XK_XDR_LB": "企业"}, "XK_XDR_LB", "类别应为"),
        ({"XK_XDR_SHXYM": broken(valid("firm"))}, "XK_XDR_SHXYM", "校验位"),
        ({"XK_XDR_ZZJG": "123456789"}, "XK_XDR_ZZJG", "校验位"),
        ({"XK_FR_ZJLX": "身份证", "XK_FR_ZJHM": broken(valid("citizen"))}, "XK_FR_ZJHM", "校验位"),
        ({"XK_FR_ZJHM": "E12345678"}, "XK_FR_ZJLX", "也必填"),
        ({"XK_FR_ZJLX": "学生证", "XK_FR_ZJHM": "1"}, "XK_FR_ZJLX", "证件类型应为"),
        ({"XK_XKWS": ""}, "XK_XKWS", "必填"),
        ({"XK_WSH": "号" * 65}, "XK_WSH", "最长64字"),
        ({"XK_XKLB": "一般"}, "XK_XKLB", "其他-"),
        ({"XK_XKLB": "其他-"}, "XK_XKLB", "其他-"),
        ({"XK_XKZS": ""}, "XK_XKZS", "也必填"),
        ({"XK_NR": ""}, "XK_NR", "必填"),
        ({"XK_NR": "字" * 4001}, "XK_NR", "最长4000字"),
        ({"XK_JDRQ": "2026-03-02"}, "XK_JDRQ", "2026/11/24"),
        ({"XK_JDRQ": "2026/02/30"}, "XK_JDRQ", "真实日期"),
        ({"XK_JDRQ": "2026/03/03"}, "XK_JDRQ", "晚于今天"),
        ({"XK_YXQZ": "2030/03/02"}, "XK_YXQZI", "早于"),
        ({"XK_YXQZI": "2100/01/01"}, "XK_YXQZI", "2099/12/31"),
        ({"XK_XKJGDM": "123"}, "XK_XKJGDM", "应为 18 位"),
        ({"XK_XDR_SHXYM": valid("firm").lower()}, "XK_XDR_SHXYM", "大写字母"),
        ({"XK_LYDWDM": ""}, "XK_LYDWDM", "必填"),
        ({"XK_ZT": "3"}, "XK_ZT", "1（有效）"),
        ({"XK_XYZ": "x"}, "XK_XYZ", "没有这一字段"),
        ({"BZ": "a\x07b"}, "BZ", "控制字符"),
    ],
)
def test_each_fault_is_told_at_its_field(changes, field, words) -> None:
    assert words in faults(made(**changes))[field]


def test_the_other_category_names_itself() -> None:
    assert faults(made(XK_XKLB="其他-备案")) == {}


def test_an_organisation_code_with_its_check_digit() -> None:
    assert faults(made(XK_XDR_ZZJG="D2143569X")) == {}
    assert "XK_XDR_ZZJG" in faults(made(XK_XDR_ZZJG="D21435690"))


def test_the_officer_cannot_change_what_follows_from_the_decision() -> None:
    row = record.build(
        FIRM, ORGAN, ORGAN, DECISION, {"XK_WSH": "别的号", "XK_NR": " 更正后的内容 ", "XK_JDRQ": "2020/01/01"}
    )
    assert (row["XK_WSH"], row["XK_NR"], row["XK_JDRQ"]) == (DECISION.document_number, "更正后的内容", "2026/03/02")


@pytest.mark.parametrize(
    ("template", "values", "text"),
    [
        ("", {}, "准予。"),
        ("准予从事{scope}。", {"scope": "理发店"}, "准予从事理发店。"),
        ("准予{applicant}从事{scope}（{address}）", {"applicant": "云上", "scope": "理发店"}, "准予云上从事理发店"),
        ("经营项目：{kinds}、{area}", {"kinds": "热食"}, "经营项目：热食"),
        ("准予{shop.name}经营{shop.kinds}", {"shop.name": "面馆", "shop.kinds": "面食"}, "准予面馆经营面食"),
    ],
)
def test_the_content_follows_the_item_s_words(template, values, text) -> None:
    assert record.content(template, values, "准予。") == text


def test_the_public_never_sees_a_person_s_numbers() -> None:
    shown = record.public(made(PERSON), "张*（演示）")
    assert shown["XK_XDR_MC"] == "张*（演示）"
    assert PERSON.id_number not in shown.values()
    assert "XK_XDR_ZJHM" not in shown
    firm = record.public(made(FIRM, XK_FR_ZJLX="身份证", XK_FR_ZJHM=valid("citizen")), FIRM.name)
    assert firm["XK_FRDB"] == "赵法人"
    assert valid("citizen") not in firm.values()


# --- when and whether ---------------------------------------------------------------------------------------------

CALENDAR = Calendar({}, date(2026, 12, 31))
FACTS = publish.Facts(publish.PENDING, "department:1", date(2026, 3, 11))
OFFICER = Actor("staff:1", "吴公示", "610114", (Grant("publicity_officer", "department:1"),))


def test_seven_working_days_from_the_decision() -> None:
    assert publish.due(CALENDAR, TODAY) == date(2026, 3, 11)
    assert publish.due(Calendar({date(2026, 3, 4): False}, date(2026, 12, 31)), TODAY) == date(2026, 3, 12)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("", ""),
        ("涉及国家秘密", "state_secret"),
        ("结果涉及商业秘密，不公开", "trade_secret"),
        ("personal_privacy", "personal_privacy"),
        ("领导要求不公开", "unclear"),
    ],
)
def test_only_the_law_s_grounds_withhold_a_result(words, reason) -> None:
    assert publish.reason_of(words) == reason


def test_every_state_and_verb_is_answered() -> None:
    acts = {
        "publish": lambda facts: publish.publish(facts, by=OFFICER),
        "withhold": lambda facts: publish.withhold(facts, "trade_secret", "", by=OFFICER),
        "withdraw": lambda facts: publish.withdraw(facts, "error", "", by=OFFICER),
    }
    for state in publish.STATES:
        for verb, act in acts.items():
            facts = replace(FACTS, state=state)
            if (state, verb) in publish.TRANSITIONS:
                assert act(facts).kind.startswith("publicity.")
            else:
                with pytest.raises(Refusal) as no:
                    act(facts)
                assert (no.value.status, publish.STATES[state] in no.value.message) == (409, True)


def test_who_may_and_with_what_reason() -> None:
    stranger = Actor("staff:2", "别局", "610114", (Grant("publicity_officer", "department:2"),))
    head = Actor("staff:3", "主任", "610114", (Grant("head", "department:1"),))
    for actor in (stranger, head):
        for act in (
            lambda a: publish.publish(FACTS, by=a),
            lambda a: publish.withhold(FACTS, "trade_secret", "", by=a),
            lambda a: publish.mend(FACTS, [], "", [], by=a),
        ):
            with pytest.raises(Refusal) as no:
                act(actor)
            assert no.value.status == 403
    for wrong in ("", "unclear", "不想公开"):
        with pytest.raises(Refusal) as no:
            publish.withhold(FACTS, wrong, "", by=OFFICER)
        assert (no.value.status, "reason" in no.value.fields) == (422, True)
        with pytest.raises(Refusal):
            publish.withdraw(replace(FACTS, state=publish.PUBLISHED), wrong, "", by=OFFICER)
    with pytest.raises(Refusal, match="证照尚未制发"):
        publish.publish(replace(FACTS, complete=False), by=system("x"))


def test_a_wrong_record_and_one_that_is_not_public_are_not_pushed() -> None:
    public = replace(FACTS, state=publish.PUBLISHED)
    assert publish.push(public, ["credit.http"], "k").data == {"adapters": ["credit.http"], "key": "k"}
    wrong = replace(public, problems=(record.Problem("XK_NR", "许可内容必填"),))
    with pytest.raises(Refusal) as no:
        publish.push(wrong, ["credit.http"], "k")
    assert no.value.fields == {"XK_NR": "许可内容必填"}
    for state in (publish.PENDING, publish.WITHHELD, publish.WITHDRAWN):
        with pytest.raises(Refusal, match="不报送"):
            publish.push(replace(FACTS, state=state), ["credit.http"], "k")


@pytest.mark.parametrize(
    ("today", "level"),
    [(date(2026, 3, 6), ""), (date(2026, 3, 9), "near"), (date(2026, 3, 11), "near"), (date(2026, 3, 12), "late")],
)
def test_warnings_before_and_after_the_due_date(today, level) -> None:
    assert publish.warning(FACTS, today, CALENDAR) == level
    assert publish.warning(replace(FACTS, state=publish.WITHHELD), today, CALENDAR) == ""


def test_rates_are_cut_and_never_rounded_up() -> None:
    assert publish.rate(9999, 10000) == "99.99%"
    assert publish.rate(99999, 100000) == "99.99%"
    assert publish.rate(2, 3) == "66.66%"
    assert publish.rate(3, 3) == "100.00%"
    assert publish.rate(0, 0) == ""
