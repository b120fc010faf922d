"""An item's life through its verbs."""

import pytest

from yichuang.catalogue import commands, queries
from yichuang.catalogue.models import Item, ItemVersion
from yichuang.catalogue.tests import given

pytestmark = pytest.mark.django_db
AT = given.AT


def test_a_draft_keeps_its_content_whole():
    content = given.content()
    version = commands.create_item(content, division=given.DIVISION, by=given.by_system(), at=AT)
    read = queries.content(queries.whole().get(pk=version.pk))
    from yichuang.catalogue.rules import content as shape

    assert read == shape.normalise(content)
    assert version.state == "draft"
    assert version.item.state == "draft"


def test_publishing_puts_it_in_force_and_retires_the_one_before():
    facts = given.published_item()
    item = Item.objects.get(pk=facts.item_id)
    assert (item.state, item.current_id) == ("published", facts.id)
    assert facts.promised_days == 5
    assert [s.role for s in facts.steps] == ["handler", "reviewer", "reviewer"]
    content = queries.content(queries.whole().get(pk=facts.id))
    second = commands.draft_version(item, {**content, "promise_day": 4, "steps": []}, by=given.by_system(), at=AT)
    assert Item.objects.get(pk=item.pk).current_id == facts.id
    content["promise_day"] = 8
    commands.revise_draft(second.pk, content, by=given.by_system(), at=AT)
    commands.publish_version(second.pk, by=given.by_system(), at=AT)
    assert ItemVersion.objects.get(pk=facts.id).state == "retired"
    assert queries.current(item.pk).promised_days == 8
    assert queries.version(facts.id).promised_days == 5
