"""`yichuang log verify` proves the versions of laws and their articles against the log."""

from __future__ import annotations

from datetime import date

import pytest

from yichuang.catalogue import commands
from yichuang.catalogue.models import Article, Law, LawVersion
from yichuang.catalogue.rules.lawchanges import ArticleText, outline_digest, version_digest
from yichuang.catalogue.tests import given
from yichuang.core import verify

AT, BY = given.AT, given.by_system()
DAY = date(2016, 2, 6)


def law(name: str = "公共场所卫生管理条例") -> Law:
    own = commands.set_law(name=name, level="行政法规", by=BY, at=AT)
    articles = [
        ArticleText(1, text="为了创造良好的公共场所卫生条件，制定本条例。", chapter="总则"),
        ArticleText(8, text="旧。", chapter="管理"),
    ]
    commands.add_law_version(own, effective_on=DAY, articles=articles, note="首次录入", by=BY, at=AT)
    commands.add_law_version(own, effective_on=date(2019, 4, 23), changed="第八条", by=BY, at=AT)
    return own


def test_a_digest_is_of_number_day_and_articles_and_the_outline_of_the_chapters():
    one = [ArticleText(8, text="旧", chapter="管理")]
    assert version_digest(" 1号 ", DAY, one) == version_digest("1号", DAY, one)
    assert version_digest("", DAY, one) != version_digest("", DAY, [ArticleText(8, text="新")])
    assert version_digest("", DAY, one) != version_digest("", date(2016, 2, 7), one)
    assert outline_digest(one) != outline_digest([ArticleText(8, text="旧", chapter="总则")])


@pytest.mark.django_db
def test_what_the_verbs_write_is_proven():
    law()
    law("城市供水条例")
    assert verify.verify().clean


ALTERED = {
    "a word of an article": (lambda v: Article.objects.filter(version=v, number=8).update(text="改。"), "row_changed"),
    "a summary": (lambda v: Article.objects.filter(version=v, number=8).update(summary="大意"), "row_changed"),
    "a chapter": (lambda v: Article.objects.filter(version=v, number=8).update(chapter="附则"), "row_changed"),
    "an article taken out": (lambda v: Article.objects.filter(version=v, number=8).delete(), "row_changed"),
    "an article put in": (
        lambda v: Article.objects.create(version=v, position=2, number=9, label="第九条", text="新"),
        "row_changed",
    ),
    "its day": (lambda v: LawVersion.objects.filter(pk=v.pk).update(effective_on=date(2016, 3, 1)), "row_changed"),
    "its note": (lambda v: LawVersion.objects.filter(pk=v.pk).update(note="另一说明"), "row_changed"),
    "its changes": (lambda v: LawVersion.objects.filter(pk=v.pk).update(changes={}), "row_changed"),
    "a version taken out": (lambda v: (v.articles.all().delete(), v.delete()), "row_missing"),
    "a version put in": (
        lambda v: LawVersion.objects.create(law=v.law, position=3, effective_on=DAY, digest="x", added_at=AT),
        "row_unlogged",
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("what", ALTERED)
def test_what_was_altered_behind_the_log_is_found(what):
    own, other = law(), law("城市供水条例")
    act, code = ALTERED[what]
    act(own.versions.get(position=1))
    assert [(f.stream, f.code) for f in verify.verify().faults] == [(f"law:{own.pk}", code)]
    assert verify.verify(f"law:{other.pk}").clean


@pytest.mark.django_db
def test_a_version_of_a_law_that_has_no_event_is_found():
    law()
    named = Law.objects.create(name="无记录的条例")
    LawVersion.objects.create(law=named, position=1, effective_on=DAY, digest="x", added_at=AT)
    assert [(f.stream, f.code) for f in verify.verify().faults] == [(f"law:{named.pk}", "row_unlogged")]


@pytest.mark.django_db
def test_many_laws_cost_as_many_queries_as_few(django_assert_num_queries):
    from yichuang.catalogue.queries import replayed_laws
    from yichuang.core.models import LogEvent

    for n in range(6):
        law(f"条例{n}")
        streams: dict[str, list] = {}
        for line in LogEvent.objects.filter(stream__startswith="law:").order_by("stream", "seq"):
            streams.setdefault(line.stream, []).append(line.event())
        with django_assert_num_queries(3):
            assert list(replayed_laws(streams, {})) == []
