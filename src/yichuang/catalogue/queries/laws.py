"""The law library: laws as lists and pages show them, what rests on them, what a new version would touch, the review tasks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from yichuang.catalogue.models import Article, Citation, Fee, ItemVersion, Law, LawVersion, Material, ReviewTask
from yichuang.catalogue.models.item import DRAFT, PUBLISHED
from yichuang.catalogue.models.law import OPEN
from yichuang.catalogue.queries.items import who
from yichuang.catalogue.rules.lawchanges import (
    EXPLAINED,
    ArticleText,
    Changes,
    Resting,
    outline_digest,
    touched,
    version_digest,
)
from yichuang.catalogue.rules.laws import short
from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.refusal import Refusal
from yichuang.core.verify import Fault

LIVE = (DRAFT, PUBLISHED)
READERS = ("catalogue_editor", "legal_reviewer", "head", "auditor")


def no_law() -> Refusal:
    return Refusal("law.not_found", "法规库中没有这部法规。", "请回到法规库查找。", status=404)


def law_for(pk: int) -> Law:
    """Raises Refusal 404."""
    row = Law.objects.filter(pk=pk).first()
    if row is None:
        raise no_law()
    return row


def laws(text: str = "", level: str = "", state: str = "") -> QuerySet[Law]:
    """For paging by ("name", "id"). resting: items in force that rest on it. incomplete laws too."""
    citing = (
        Citation.objects.filter(law=OuterRef("pk"), version__state=PUBLISHED)
        .order_by()
        .values("law")
        .annotate(n=Count("version", distinct=True))
        .values("n")
    )
    rows = Law.objects.annotate(resting=Coalesce(Subquery(citing), 0, output_field=IntegerField()))
    if text:
        rows = rows.filter(name__icontains=text.strip().strip("《》"))
    if level:
        rows = rows.filter(level=level)
    if state:
        rows = rows.filter(state="" if state == "incomplete" else state)
    return rows


def law_names(most: int = 2000) -> list[str]:
    """Names of the laws in the library, in order. 1 query."""
    return list(Law.objects.order_by("name").values_list("name", flat=True)[:most])


def versions_of_law(law: Law) -> list[LawVersion]:
    """The newest first, each with how many articles it has. 1 query."""
    return list(law.versions.annotate(size=Count("articles")).order_by("-position"))


def articles_of(version: LawVersion) -> list[Article]:
    return list(version.articles.order_by("number", "branch"))


def article_texts(version: LawVersion | None) -> list[ArticleText] | None:
    """The articles as rules compare them; None without a version."""
    if version is None:
        return None
    return [_article(a) for a in articles_of(version)]


def _article(a: Article) -> ArticleText:
    return ArticleText(a.number, a.branch, text=a.text, summary=a.summary, chapter=a.chapter)


def last_version(law: Law) -> LawVersion | None:
    return law.versions.order_by("-position").first()


def resting_on(law: Law) -> QuerySet[Citation]:
    """Citations of the law by items in force, for paging by ("id",)."""
    rows = Citation.objects.filter(law=law, version__state=PUBLISHED)
    return rows.select_related("version__item__department")


# -- what a change touches --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Touch:
    """An item that a change touches, in the version to look at: in force, else the draft."""

    item_id: int
    item: str
    version_id: int
    number: int
    state: str
    department_id: int
    department: str
    division: str
    elements: tuple[str, ...]


def foreseen(law: Law, changes: Changes, *, repealed: bool = False) -> list[Touch]:
    """The items that the change touches, by name: 4 queries, however many."""
    if changes.nothing and not repealed:
        return []
    citations: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for pk, position, article in Citation.objects.filter(law=law, version__state__in=LIVE).values_list(
        "version_id", "position", "article"
    ):
        citations[pk].append((position, article))
    materials, fees = _naming(Material, law), _naming(Fee, law)
    found: dict[int, Touch] = {}
    wanted = ItemVersion.objects.filter(pk__in={*citations, *materials, *fees})
    columns = ("item__name", "item__division", "department__name", "department_id", "number", "state", *EXPLAINED)
    for row in wanted.values("pk", "item_id", *columns):
        pk = row["pk"]
        held = Resting(
            tuple(sorted(citations.get(pk, ()))),
            tuple(sorted(materials.get(pk, ()))),
            tuple(sorted(fees.get(pk, ()))),
            tuple((name, row[name]) for name in EXPLAINED if row[name]),
        )
        elements = touched(law.name, changes, held, repealed=repealed)
        before = found.get(row["item_id"])
        if elements and (before is None or row["state"] == PUBLISHED):
            found[row["item_id"]] = Touch(
                row["item_id"], row["item__name"], pk, row["number"], row["state"], row["department_id"],
                row["department__name"], row["item__division"], elements,
            )  # fmt: skip
    return sorted(found.values(), key=lambda t: (t.division, t.item, t.item_id))


def _naming(model: type[Material] | type[Fee], law: Law) -> dict[int, list[tuple[int, str]]]:
    """The parts whose basis may name the law, by version: the rules look closer."""
    words = short(law.name).partition("(")[0]
    told: dict[int, list[tuple[int, str]]] = defaultdict(list)
    rows: QuerySet[Any] = model.objects.filter(by_law__contains=words, version__state__in=LIVE)
    for pk, position, by_law in rows.values_list("version_id", "position", "by_law"):
        told[pk].append((position, by_law))
    return told


# -- review tasks -----------------------------------------------------------------------------------------------------


def tasks(actor: Actor, *, state: str = "", department: int | None = None, mine: bool = False) -> QuerySet[ReviewTask]:
    """Review tasks of the actor's division, for paging by ("due_on", "id"). mine: of the departments whose catalogue it edits."""
    rows = ReviewTask.objects.filter(division=actor.division).select_related(
        "law", "law_version", "item", "version", "department", "draft"
    )
    if state:
        rows = rows.filter(state=state)
    if department is not None:
        rows = rows.filter(department_id=department)
    if mine and not any(scope == "" for scope in actor.scopes("catalogue_editor")):
        own = [s.partition(":")[2] for s in actor.scopes("catalogue_editor") if s.startswith("department:")]
        rows = rows.filter(department_id__in=own)
    return rows


def open_tasks(actor: Actor) -> int:
    return tasks(actor, state=OPEN, mine=True).count()


def task_for(actor: Actor, pk: int) -> ReviewTask:
    """The one gate: a task of the actor's division. Raises Refusal 404."""
    row = tasks(actor).filter(pk=pk).first()
    if row is None:
        raise Refusal("lawreview.not_found", "没有这项核对任务。", "请回到核对任务列表查看。", status=404)
    return row


def drafts_for(task: ReviewTask) -> Sequence[ItemVersion]:
    """Versions that may answer the task: the item's draft, or what was published after the version looked at."""
    return [v for v in task.item.versions.order_by("-number") if v.state == DRAFT or v.number > task.version.number]


def tasks_of(version: LawVersion) -> QuerySet[ReviewTask]:
    return ReviewTask.objects.filter(law_version=version).select_related("item", "department")


def name_of(ref: str) -> str:
    return who(ref) if ref else ""


# -- proof ------------------------------------------------------------------------------------------------------------


def replayed_laws(streams: Mapping[str, Sequence[Event]], _rows: Mapping[str, Any]) -> Iterable[Fault]:
    """For `yichuang log verify`: versions of laws and their articles are what the log says. 3 queries."""
    for pk in LawVersion.objects.filter(law__seq=0).order_by("law_id").values_list("law_id", flat=True).distinct():
        yield Fault(f"law:{pk}", 1, "row_unlogged", "法规版本没有任何记录 / a version of the law has no event")
    pks = [int(stream.partition(":")[2]) for stream in streams]
    articles = _marks(pks)
    stored: dict[str, dict[int, LawVersion]] = {stream: {} for stream in streams}
    for version in LawVersion.objects.filter(law__in=pks):
        stored[f"law:{version.law_id}"][version.position] = version
    for stream, events in streams.items():
        fault = _versions_fault(stream, events, stored[stream], articles)
        if fault is not None:
            yield fault


def _marks(laws: Sequence[int]) -> dict[int, tuple[str, str, int]]:
    """Of each version with articles, from the articles as they are now: digest, digest of the outline, how many."""
    rows = Article.objects.filter(version__law__in=laws).select_related("version")
    found = {}
    for version, group in groupby(
        rows.order_by("version_id", "number", "branch").iterator(2000), attrgetter("version")
    ):
        texts = [_article(a) for a in group]
        found[version.pk] = (_digest(version, texts), outline_digest(texts), len(texts))
    return found


def _digest(version: LawVersion, texts: Sequence[ArticleText]) -> str:
    return version_digest(version.number, version.effective_on, texts)


def _versions_fault(
    stream: str, events: Sequence[Event], stored: dict[int, LawVersion], articles: dict[int, tuple[str, str, int]]
) -> Fault | None:
    """The first version that is gone, put in or altered."""
    for event in events:
        if event.kind != "law.version_added":
            continue
        data = event.data
        row = stored.pop(data["version"], None)
        if row is None:
            return Fault(stream, event.seq, "row_missing", "法规版本不存在 / a version of the law is gone")
        now = articles.get(row.pk) or (_digest(row, []), outline_digest([]), 0)
        held = {
            "number": row.number,
            "effective_on": row.effective_on.isoformat(),
            "digest": row.digest,
            "changes": row.changes,
            "articles": now[2],
            "passed_on": row.passed_on.isoformat() if row.passed_on else "",
            "published_on": row.published_on.isoformat() if row.published_on else "",
            "note": row.note,
            "outline": now[1],
        }
        differing = [name for name, value in held.items() if name in data and data[name] != value]
        if differing or now[0] != data["digest"]:
            what = (
                f"第{row.position}版与日志不符 / version {row.position} differs: {', '.join(differing) or 'articles'}"
            )
            return Fault(stream, event.seq, "row_changed", what)
    if stored:
        return Fault(stream, 0, "row_unlogged", "法规版本没有记录 / a version of the law has no event")
    return None
