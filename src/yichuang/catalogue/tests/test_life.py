"""Stages and situations of life: what the verbs write and refuse, what is shown, what it costs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from yichuang.catalogue import commands, queries
from yichuang.catalogue.models import Item, LifeSituation, LifeStage, SituationItem
from yichuang.catalogue.rules.facts import VersionFacts
from yichuang.catalogue.tests import given
from yichuang.core.models import LogEvent
from yichuang.core.refusal import Refusal
from yichuang.core.tests.counting import pinned

pytestmark = pytest.mark.django_db
AT, DIVISION = given.AT, given.DIVISION


def stage(code: str = "birth", **more: object) -> LifeStage:
    wanted = {"name": "孕育出生", "audience": "person", "summary": "从怀孕到落户"} | more
    return commands.set_stage(code=code, division=DIVISION, by=given.by_system(), at=AT, **wanted)


def situation(*items: VersionFacts, code: str = "newborn", **more: object) -> LifeSituation:
    wanted = {"stage": "birth", "name": "孩子出生", "summary": "落户、参保"} | more
    codes = [item.item_code for item in items]
    return commands.set_situation(code=code, items=codes, division=DIVISION, by=given.by_system(), at=AT, **wanted)


def codes(code: str = "newborn") -> list[str]:
    rows = SituationItem.objects.filter(situation__code=code).order_by("position")
    return list(rows.values_list("item__code", flat=True))


def told(stream: str) -> list[str]:
    return list(LogEvent.objects.filter(stream=stream).order_by("seq").values_list("kind", flat=True))


def test_a_situation_holds_its_items_in_order():
    stage()
    one, two, three = (given.published_item() for _ in range(3))
    situation(three, one)
    assert codes() == [three.item_code, one.item_code]
    made = situation(one, two, three, name="孩子出生以后")
    assert codes() == [one.item_code, two.item_code, three.item_code]
    assert made.name == "孩子出生以后"
    assert told(made.stream) == ["situation.set", "situation.set"]
    line = LogEvent.objects.filter(stream=made.stream).order_by("-seq").first()
    assert line.event().data["items"] == codes()


def test_what_is_so_already_writes_nothing():
    first = stage()
    one = given.published_item()
    made = situation(one)
    stage()
    situation(one)
    assert (told(first.stream), told(made.stream)) == (["stage.set"], ["situation.set"])


def test_new_ones_stand_last_and_corrected_ones_stay_where_they_are():
    for n, code in enumerate(("birth", "school", "old")):
        assert stage(code).position == n
    assert stage("birth", name="出生").position == 0
    one = given.published_item()
    for n, code in enumerate(("a", "b")):
        assert situation(one, code=code).position == n
    assert situation(one, code="a", name="改名").position == 0
    assert situation(one, code="a", stage="old").position == 0


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": "Birth"}, "code"),
        ({"code": ""}, "code"),
        ({"code": "booklet"}, "code"),
        ({"name": "  "}, "name"),
        ({"name": "长" * 31}, "name"),
        ({"summary": "长" * 201}, "summary"),
        ({"audience": "both"}, "audience"),
    ],
)
def test_a_stage_is_refused_field_by_field(wrong, field):
    with pytest.raises(Refusal) as no:
        stage(**({"code": "birth"} | wrong))
    assert (no.value.status, list(no.value.fields)) == (422, [field])
    assert not LifeStage.objects.exists()


def test_items_that_are_unknown_twice_or_not_published_are_refused_and_nothing_changes():
    stage()
    one = given.published_item()
    situation(one)
    draft = given.draft().item.code
    retired = given.published_item(task_name="取消的许可")
    commands.retire_version(retired.id, reason="取消", by=given.by_system(), at=AT)
    before = LogEvent.objects.count()
    for wrong in ([], ["NO-1"], [one.item_code] * 2, [draft], [one.item_code, retired.item_code], ["x"] * 41):
        with pytest.raises(Refusal) as no:
            commands.set_situation(
                code="newborn", stage="birth", name="别的", items=wrong, division=DIVISION, by=given.by_system(), at=AT
            )
        assert (no.value.status, list(no.value.fields)) == (422, ["items"]), wrong
    assert codes() == [one.item_code]
    assert LifeSituation.objects.get().name == "孩子出生"
    assert LogEvent.objects.count() == before


def test_another_districts_item_is_unknown():
    stage()
    one = given.published_item()
    Item.objects.filter(pk=one.item_id).update(division="610115")
    with pytest.raises(Refusal, match="情形信息"):
        situation(one)
    assert not LifeSituation.objects.exists()


def test_a_stage_that_is_not_there_holds_no_situation():
    with pytest.raises(Refusal) as no:
        situation(given.published_item())
    assert no.value.status == 404


def test_only_editors_of_the_catalogue_write():
    stage()
    one = given.published_item()
    situation(one)
    clerk = given.identity.staff("王窗口", roles=("window_clerk",))[1]
    acts = (
        lambda: commands.set_stage(code="x", name="x", audience="person", by=clerk, at=AT),
        lambda: commands.set_situation(code="x", stage="birth", name="x", items=[one.item_code], by=clerk, at=AT),
        lambda: commands.remove_situation("newborn", by=clerk, at=AT),
    )
    for act in acts:
        with pytest.raises(Refusal) as no:
            act()
        assert no.value.status == 403
    assert (LifeStage.objects.count(), LifeSituation.objects.count()) == (1, 1)
    commands.remove_situation("newborn", by=given.editor(), at=AT)
    assert not LifeSituation.objects.exists()


def test_a_removed_situation_is_told_by_the_log():
    stage()
    one = given.published_item()
    made = situation(one)
    commands.remove_situation("newborn", division=DIVISION, by=given.by_system(), at=AT)
    assert told(made.stream) == ["situation.set", "situation.removed"]
    last = LogEvent.objects.filter(stream=made.stream).order_by("-seq").first()
    assert last.event().data["items"] == [one.item_code]
    with pytest.raises(Refusal) as no:
        commands.remove_situation("newborn", division=DIVISION, by=given.by_system(), at=AT)
    assert no.value.status == 404


def test_a_retired_item_drops_out_of_what_is_shown_and_the_log_tells_it():
    stage()
    one, two = given.published_item(), given.published_item()
    made = situation(one, two)
    commands.retire_version(one.id, reason="取消", by=given.by_system(), at=AT)
    shown = queries.life(DIVISION)[0].situations[0]
    assert [item.code for item in shown.items] == [two.item_code]
    assert [(i.code, i.retired) for i in queries.life_situation(DIVISION, made.pk, whole=True)[1]] == [
        (one.item_code, True),
        (two.item_code, False),
    ]
    assert told(made.stream) == ["situation.set", "situation.item_retired"]
    situation(one, two, name="改名")  # it may stay, so that an editor can correct the rest
    assert codes() == [one.item_code, two.item_code]
    commands.retire_version(two.id, reason="取消", by=given.by_system(), at=AT)
    assert queries.life(DIVISION) == []
    assert len(queries.life(DIVISION, whole=True)[0].situations) == 1
    with pytest.raises(Refusal) as no:
        queries.life_situation(DIVISION, made.pk)
    assert no.value.status == 404


def test_figures_count_what_persons_find_each_item_once():
    stage()
    stage("old", name="养老")
    stage("empty", name="空")
    stage("open", name="开办", audience="legal")
    one, two = given.published_item(), given.published_item()
    situation(one, two)
    situation(two, code="retire", stage="old")
    situation(one, code="company", stage="open")
    found = queries.life_figures(DIVISION)
    assert (found.stages, found.situations, found.items) == (2, 2, 2)
    commands.retire_version(two.id, reason="取消", by=given.by_system(), at=AT)
    found = queries.life_figures(DIVISION)
    assert (found.stages, found.situations, found.items) == (1, 1, 1)
    day = AT.date()
    assert queries.life_figures(DIVISION, day).items == 1
    assert queries.life_figures(DIVISION, day - timedelta(days=1)).items == 0
    assert queries.life_figures(DIVISION, date(2099, 1, 1)).items == 1
    assert queries.life_figures("610115").items == 0


def test_reading_costs_the_same_for_a_few_and_for_many():
    stage()
    for n in range(3):
        situation(given.published_item(), code=f"s{n}")
    pinned("life", lambda: queries.life(DIVISION))
    pinned("life.figures", lambda: queries.life_figures(DIVISION, AT.date()))
    for n in range(3, 9):
        situation(*(given.published_item() for _ in range(3)), code=f"s{n}")
    assert len(pinned("life", lambda: queries.life(DIVISION))[0].situations) == 9
    assert pinned("life.figures", lambda: queries.life_figures(DIVISION, AT.date())).items == 21
