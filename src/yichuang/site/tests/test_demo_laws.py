"""The model district's law library: every law that an item cites is there, and a changed one asks for exactly the items that cite it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from yichuang.catalogue.models import Article, Citation, Law, LawVersion, ReviewTask
from yichuang.catalogue.queries import laws as laws_of
from yichuang.core.verify import verify
from yichuang.identity import queries as people
from yichuang.identity.models import Account
from yichuang.site.demo import district, laws

pytestmark = pytest.mark.django_db
DIVISION = "610114"


@pytest.mark.timeout(240)
def test_the_library_of_the_model_district():
    at = timezone.localtime()
    district.enter(at, whole=True)
    told = laws.contents()
    cited = set(Citation.objects.filter(version__state="published").values_list("law__name", flat=True))
    assert {name for organ in told["organs"].values() for name in organ} == cited
    assert not Law.objects.filter(name__in=cited, seq=0).exists()
    assert not Law.objects.filter(name__in=cited, organ="").exists()
    assert LawVersion.objects.count() >= 300
    assert not Article.objects.exclude(text="").exists(), "no article's text stands in the demo"
    assert not Article.objects.filter(summary="").exists()

    for one in told["revised"]:
        law = Law.objects.get(name=one["law"])
        resting = set(laws_of.resting_on(law).values_list("version__item__code", flat=True))
        tasks = {t.item.code: t for t in ReviewTask.objects.filter(law=law).select_related("item", "law_version")}
        assert set(tasks) == resting
        assert len(tasks) > 3
        assert {t.law_version.position for t in tasks.values()} == {2}
        answered = {code for code, t in tasks.items() if t.state == "answered"}
        assert answered == {given["item"] for given in one["answers"]}
        assert len(tasks) > len(answered)
    for name in told["repealed"]:
        law = Law.objects.get(name=name)
        assert law.state == "repealed"
        assert {t.cause for t in law.tasks.all()} == {"repeal"}
    editor = people.actor_of_account(Account.objects.get(username=laws.EDITOR), at)
    assert laws_of.open_tasks(editor) == ReviewTask.objects.filter(state="open").count() > 0

    before = (Law.objects.count(), LawVersion.objects.count(), ReviewTask.objects.count())
    district.enter(timezone.localtime(), whole=True)
    assert (Law.objects.count(), LawVersion.objects.count(), ReviewTask.objects.count()) == before, "entered once"
    assert verify().clean
