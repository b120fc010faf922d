"""Following an item or a law: the verbs, whose they are, what the log proves, what erasure takes."""

from __future__ import annotations

import pytest

from yichuang.catalogue import commands, queries
from yichuang.catalogue.models import Follow, Law
from yichuang.catalogue.rules import following as rules
from yichuang.catalogue.tests import given
from yichuang.core import verify
from yichuang.core.models import LogEvent
from yichuang.core.refusal import Refusal
from yichuang.identity import commands as identity

pytestmark = pytest.mark.django_db
AT = given.AT


def kinds(applicant) -> list[str]:
    return list(LogEvent.objects.filter(stream=f"follow:{applicant.pk}").order_by("seq").values_list("kind", flat=True))


def law(name: str = "公共场所卫生管理条例") -> Law:
    return commands.set_law(name=name, level="行政法规", by=given.by_system(), at=AT)


def followed(applicant, by, target: int, kind: str = "item") -> Follow:
    return commands.follow(applicant, kind=kind, target=target, by=by, at=AT)


def refused(code: str, applicant, by, target: int, kind: str = "item") -> Refusal:
    before = LogEvent.objects.count()
    with pytest.raises(Refusal) as no:
        followed(applicant, by, target, kind)
    assert no.value.code == code
    assert LogEvent.objects.count() == before
    return no.value


def test_following_twice_is_following_once_and_so_is_ending_it():
    applicant, by = given.identity.person()
    item = given.published_item()
    first = followed(applicant, by, item.item_id)
    assert followed(applicant, by, item.item_id).pk == first.pk
    assert (first.kind, first.target, first.division) == ("item", item.item_id, given.DIVISION)
    own = law()
    followed(applicant, by, own.pk, "law")
    assert [row.target for row in queries.follows(applicant).order_by("id")] == [item.item_id, own.pk]
    for _ in range(2):
        commands.unfollow(applicant, kind="item", target=item.item_id, by=by, at=AT)
    assert kinds(applicant) == ["follow.started", "follow.started", "follow.ended"]
    assert not queries.followed(applicant, "item", item.item_id)
    followed(applicant, by, item.item_id)
    assert verify.verify().clean


def test_one_follows_for_oneself_and_for_whom_one_may_act():
    applicant, _ = given.identity.person()
    _, stranger = given.identity.person()
    item = given.published_item()
    assert refused("follow.not_yours", applicant, stranger, item.item_id).status == 403
    with pytest.raises(Refusal):
        commands.unfollow(applicant, kind="item", target=item.item_id, by=stranger, at=AT)
    company, representative = given.identity.organisation()
    assert followed(company, representative, item.item_id).applicant_id == company.pk


def test_only_what_the_public_sees_is_followed():
    applicant, by = given.identity.person()
    for target, kind in ((given.draft().item_id, "item"), (0, "item"), (0, "law"), (1, "version")):
        assert (
            refused({"law": "law.not_found"}.get(kind, "catalogue.not_found"), applicant, by, target, kind).status
            == 404
        )
    with pytest.raises(Refusal):
        commands.unfollow(applicant, kind="version", target=1, by=by, at=AT)


def test_there_is_a_limit(monkeypatch):
    monkeypatch.setattr(rules, "MOST", 1)
    applicant, by = given.identity.person()
    one, two = given.published_item(), given.published_item()
    followed(applicant, by, one.item_id)
    assert refused("follow.too_many", applicant, by, two.item_id).next_step
    assert followed(applicant, by, one.item_id)


def test_who_is_erased_follows_nothing_and_the_log_still_proves():
    applicant, by = given.identity.person()
    other, his = given.identity.person()
    item, own = given.published_item(), law()
    followed(applicant, by, item.item_id)
    followed(applicant, by, own.pk, "law")
    followed(other, his, item.item_id)
    identity.erase_applicant(applicant, reason="本人申请", retained=lambda _: "", by=by, at=AT)
    assert list(Follow.objects.values_list("applicant_id", flat=True)) == [other.pk]
    assert kinds(applicant)[2:] == ["follow.ended", "follow.ended"]
    assert verify.verify().clean


@pytest.mark.parametrize("act", ["gone", "slipped in"])
def test_a_row_that_differs_from_the_log_is_found(act):
    applicant, by = given.identity.person()
    item, other = given.published_item(), given.published_item()
    row = followed(applicant, by, item.item_id)
    if act == "gone":
        row.delete()
    else:
        Follow.objects.create(applicant=applicant, kind="item", item_id=other.item_id, followed_at=AT)
    found = verify.verify()
    assert [(f.stream, f.code) for f in found.faults] == [(f"follow:{applicant.pk}", "row_changed")]


def test_a_row_of_an_applicant_who_never_followed_is_found():
    applicant, by = given.identity.person()
    other, _ = given.identity.person()
    item = given.published_item()
    followed(applicant, by, item.item_id)
    Follow.objects.create(applicant=other, kind="item", item_id=item.item_id, followed_at=AT)
    assert [(f.stream, f.code) for f in verify.verify().faults] == [(f"follow:{other.pk}", "row_unlogged")]
