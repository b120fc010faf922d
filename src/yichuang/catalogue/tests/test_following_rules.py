"""What followers are told, in words."""

from __future__ import annotations

from datetime import date

from yichuang.catalogue.rules import following as rules

DAY = date(2026, 3, 2)


def test_a_new_version_says_from_which_day_and_what_changed():
    told = rules.item_published("公共场所卫生许可", 3, DAY, ["承诺办结时限", "材料"], "/items/1/")
    assert told.title == "您关注的事项有新版本：公共场所卫生许可"
    assert told.body == "“公共场所卫生许可”自2026年3月2日起实施第3版，改动了承诺办结时限、材料。"
    assert rules.item_published("甲", 2, DAY, [], "").body == "“甲”自2026年3月2日起实施第2版。"


def test_many_changes_are_counted_and_doubled_ones_named_once():
    assert rules.some(["一", "二", "二"], "处") == "一、二"
    assert rules.some(list("甲乙丙丁戊己"), "处") == "甲、乙、丙、丁、戊等6处"


def test_a_retired_item_says_why():
    assert rules.item_retired("甲", DAY, "法律修订", "").body == "“甲”自2026年3月2日起停用，原因：法律修订。"
    assert rules.item_retired("甲", DAY, "", "").body == "“甲”自2026年3月2日起停用。"


def test_a_version_of_a_law_names_its_articles_and_the_day_to_come():
    changes = {"changed": ["第八条"], "named": ["第九条至第十一条"], "added": ["第十二条"], "removed": []}
    told = rules.law_version("甲条例", date(2026, 5, 1), DAY, changes, "")
    assert told.body == ("《甲条例》的新版本将自2026年5月1日起施行，修改了第八条、第九条至第十一条，增加了第十二条。")
    assert rules.law_version("甲条例", DAY, DAY, {}, "").body == "《甲条例》的新版本自2026年3月2日起施行。"
    assert "列为已废止" in rules.law_repealed("甲条例", DAY, "").body


def test_powers_that_moved_say_where_to():
    moves = [
        rules.Move(1, "cancel", "甲"),
        rules.Move(2, "delegate", "乙", "凤凰路街道"),
        rules.Move(3, "take_over", "丙", "区审批局"),
    ]
    assert rules.moved(moves, DAY) == (
        "您关注的“甲”取消、“乙”下放给凤凰路街道、“丙”由区审批局承接，自2026年3月2日起生效。"
    )
