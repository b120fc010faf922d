"""The law library: what a law is, a new version of it, the review of the items that it touches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from yichuang.catalogue.commands.writing import may_edit
from yichuang.catalogue.models import Article, Law, LawVersion, ReviewTask
from yichuang.catalogue.models.law import (
    ANSWERED,
    DRAFTED,
    IN_FORCE,
    LAW_STATES,
    PENDING,
    REPEAL,
    REPEALED,
    REVISION,
    UNCHANGED,
)
from yichuang.catalogue.queries import laws as queries
from yichuang.catalogue.rules import lawchanges
from yichuang.catalogue.rules.facts import LAW_LEVELS
from yichuang.catalogue.rules.lawchanges import ArticleText, Changes
from yichuang.catalogue.rules.laws import spans
from yichuang.core import calendar, log
from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.refusal import Refusal

NOTHING = Changes()


def may_keep(by: Actor) -> None:
    """Raises Refusal 403 unless the actor edits a catalogue: laws belong to every department."""
    if not by.is_system:
        by.require("catalogue_editor")


def set_law(
    law: Law | int | None = None,
    *,
    name: str,
    level: str,
    number: str = "",
    organ: str = "",
    state: str = IN_FORCE,
    source_url: str = "",
    by: Actor,
    at: datetime,
) -> Law:
    """Say what a law is: a new one, or one that a citation named. The same again writes no event. A law that is repealed by this
    asks for a review of every item that rests on it. Raises Refusal 403, 404, 409 (another has the name; a cited law keeps
    its name), 422."""
    may_keep(by)
    given = {
        "name": name.strip().strip("《》").strip(),
        "level": level,
        "number": number.strip(),
        "organ": organ.strip(),
        "state": state,
        "source_url": source_url.strip(),
    }
    _check_law(given)
    with transaction.atomic():
        row = _law_to_set(law, given)
        if not row.incomplete and _same(row, given):
            return row
        repealed = state == REPEALED and row.state != REPEALED
        log.record(row, Event("law.set", given), by=by, at=at)
        if repealed:
            _open(row, None, queries.foreseen(row, NOTHING, repealed=True), by=by, at=at)
    return row


def _same(row: Law, given: dict[str, str]) -> bool:
    return all(getattr(row, key) == value for key, value in given.items())


def _law_to_set(law: Law | int | None, given: dict[str, str]) -> Law:
    name = given["name"]
    named = Law.objects.filter(name=name).values_list("pk", "seq").first()
    if law is None:
        row = log.lock(Law, pk=named[0]) if named else Law()
        if not row.incomplete and not _same(row, given):
            raise _taken(name)
        return row
    try:
        row = log.lock(Law, pk=law if isinstance(law, int) else law.pk)
    except Law.DoesNotExist:
        raise queries.no_law() from None
    if named and named[0] != row.pk:
        raise _taken(name)
    if row.name != name and row.citations.exists():
        raise Refusal(
            "law.cited",
            f"已有事项引用《{row.name}》，名称不能再改。",
            "已发布的内容不能改变；法规更名的，请另行登记新名称的法规，在事项的新版本中改用。",
            fields={"name": "已有事项引用，不能改名"},
        )
    return row


def _taken(name: str) -> Refusal:
    return Refusal(
        "law.name_taken",
        f"法规库中已有《{name}》。",
        "请打开已有的法规修改。",
        fields={"name": "法规库中已有同名法规"},
    )


def _check_law(given: dict[str, str]) -> None:
    wrong = {}
    if not given["name"]:
        wrong["name"] = "请填写法规名称"
    elif len(given["name"]) > 200:
        wrong["name"] = "名称不超过200字"
    if given["level"] not in LAW_LEVELS:
        wrong["level"] = "请选择层级"
    if given["state"] not in dict(LAW_STATES):
        wrong["state"] = "请选择效力"
    if given["source_url"] and not given["source_url"].startswith(("https://", "http://")):
        wrong["source_url"] = "网址应以 https:// 或 http:// 开头"
    if wrong:
        raise _invalid(wrong)


def _invalid(wrong: dict[str, str]) -> Refusal:
    return Refusal(
        "law.invalid",
        f"法规信息有误：{'；'.join(wrong.values())}。",
        "请按提示改正后再保存。",
        fields=wrong,
        status=422,
    )


# -- a new version ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A version that may be added, and what adding it does."""

    position: int
    number: str
    passed_on: date | None
    published_on: date | None
    effective_on: date
    note: str
    articles: tuple[ArticleText, ...]
    digest: str
    changes: Changes
    touches: tuple[queries.Touch, ...]


def look_at_version(
    law: Law,
    *,
    effective_on: date | None,
    articles: Iterable[ArticleText] = (),
    number: str = "",
    passed_on: date | None = None,
    published_on: date | None = None,
    note: str = "",
    changed: str = "",
    by: Actor,
) -> NewVersion:
    """What `add_law_version` would do. Changes nothing. Raises the same Refusals."""
    may_keep(by)
    if law.incomplete:
        raise Refusal("law.incomplete", f"{law}的信息还不全。", "请先登记这部法规的层级、制定机关和效力。")
    if law.state == REPEALED:
        raise Refusal("law.repealed", f"{law}已经废止，不再有新版本。", "如登记有误，请先更正这部法规的效力。")
    held = tuple(sorted(articles, key=lambda a: a.place))
    last = queries.last_version(law)
    wrong: dict[str, str] = {}
    if effective_on is None:
        wrong["effective_on"] = "请填写施行日期"
    elif last is not None and effective_on <= last.effective_on:
        wrong["effective_on"] = f"施行日期应晚于上一版的{last.effective_on.isoformat()}"
    if passed_on and published_on and passed_on > published_on:
        wrong["passed_on"] = "通过日期不能晚于公布日期"
    if published_on and effective_on and published_on > effective_on:
        wrong["published_on"] = "公布日期不能晚于施行日期"
    named = spans(changed)
    if changed.strip() and not named:
        wrong["changed"] = "没有认出条号，应如“第四条、第十二条至第十五条”"
    if len({a.place for a in held}) != len(held):
        wrong["articles"] = "同一条出现了两次"
    if wrong or effective_on is None:
        raise _invalid(wrong)
    mark = lawchanges.version_digest(number, effective_on, held)
    if law.versions.filter(digest=mark).exists():
        raise Refusal("law.same_version", f"{law}的这一版已经录入。", "不需要再次录入，请在法规页查看。")
    changes = lawchanges.compare(queries.article_texts(last), held, named=named)
    return NewVersion(
        position=last.position + 1 if last else 1,
        number=number.strip(),
        passed_on=passed_on,
        published_on=published_on,
        effective_on=effective_on,
        note=note.strip(),
        articles=held,
        digest=mark,
        changes=changes,
        touches=tuple(queries.foreseen(law, changes)),
    )


def add_law_version(
    law: Law | int,
    *,
    effective_on: date | None,
    articles: Iterable[ArticleText] = (),
    number: str = "",
    passed_on: date | None = None,
    published_on: date | None = None,
    note: str = "",
    changed: str = "",
    by: Actor,
    at: datetime,
) -> LawVersion:
    """Add a version after the last one, and open a review task for each item that it touches (rules.lawchanges.touched).

    changed: articles that the editor says were changed, beside what the texts show. The first version of a law touches
    nothing unless articles are named. Raises Refusal 403, 404, 409 (incomplete, repealed, added already), 422."""
    with transaction.atomic():
        try:
            row = log.lock(Law, pk=law if isinstance(law, int) else law.pk)
        except Law.DoesNotExist:
            raise queries.no_law() from None
        new = look_at_version(
            row,
            effective_on=effective_on,
            articles=articles,
            number=number,
            passed_on=passed_on,
            published_on=published_on,
            note=note,
            changed=changed,
            by=by,
        )
        begun = new.effective_on <= timezone.localtime(at).date()
        changes = new.changes.as_data()
        version = LawVersion.objects.create(
            law=row,
            position=new.position,
            number=new.number,
            passed_on=new.passed_on,
            published_on=new.published_on,
            effective_on=new.effective_on,
            note=new.note,
            digest=new.digest,
            changes=changes,
            added_at=at,
        )
        Article.objects.bulk_create(
            [
                Article(
                    version=version,
                    position=n,
                    number=a.number,
                    branch=a.branch,
                    label=a.label,
                    chapter=a.chapter,
                    text=a.text,
                    summary=a.summary,
                )
                for n, a in enumerate(new.articles)
            ],
            batch_size=200,
        )
        data = {
            "version": new.position,
            "number": new.number,
            "effective_on": new.effective_on.isoformat(),
            "digest": new.digest,
            "changes": changes,
            "articles": len(new.articles),
            "passed_on": new.passed_on.isoformat() if new.passed_on else "",
            "published_on": new.published_on.isoformat() if new.published_on else "",
            "note": new.note,
            "outline": lawchanges.outline_digest(new.articles),
            "law_number": new.number if begun and new.number else row.number,
            "state": IN_FORCE if begun else (row.state or PENDING),
        }
        log.record(row, Event("law.version_added", data), by=by, at=at)
        _open(row, version, new.touches, by=by, at=at)
    return version


def _open(
    law: Law, version: LawVersion | None, touches: Sequence[queries.Touch], *, by: Actor, at: datetime
) -> list[ReviewTask]:
    """One task an item, due some working days from today. A repealed law's open tasks are not opened twice."""
    if not touches:
        return []
    if version is None:
        waiting = set(
            ReviewTask.objects.filter(law=law, cause=REPEAL).exclude(state=ANSWERED).values_list("item_id", flat=True)
        )
        touches = [t for t in touches if t.item_id not in waiting]
    due = calendar.current().add(timezone.localtime(at).date(), settings.YICHUANG.law_review_days)
    pairs = [
        (
            ReviewTask(),
            Event(
                "lawreview.opened",
                {
                    "division": t.division,
                    "law": law.pk,
                    "law_version": version.pk if version else None,
                    "cause": REVISION if version else REPEAL,
                    "item": t.item_id,
                    "version": t.version_id,
                    "department": t.department_id,
                    "elements": list(t.elements),
                    "due_on": due.isoformat(),
                },
            ),
        )
        for t in touches
    ]
    return log.record_new(pairs, by=by, at=at)


def answer_review(
    task_id: int, *, answer: str, reason: str = "", draft: int | None = None, by: Actor, at: datetime
) -> ReviewTask:
    """Answer a task: UNCHANGED with a reason, or DRAFTED with the version that follows the law (by default the item's draft).

    Raises Refusal 403, 404, 409 (answered already), 422 (no reason; no draft)."""
    with transaction.atomic():
        try:
            task = log.lock(ReviewTask, pk=task_id)
        except ReviewTask.DoesNotExist:
            raise Refusal("lawreview.not_found", "没有这项核对任务。", "请回到核对任务列表查看。", status=404) from None
        may_edit(by, task.item.department)
        if task.state == ANSWERED:
            raise Refusal("lawreview.answered", "这项核对任务已经答复。", "不需要再次答复，请刷新页面查看结论。")
        reason = reason.strip()
        linked = None
        if answer == UNCHANGED:
            if not reason:
                raise _unanswered("reason", "请写明为什么不需修改")
        elif answer == DRAFTED:
            drafts = queries.drafts_for(task)
            linked = next((v for v in drafts if draft in (None, v.pk)), None)
            if linked is None:
                raise _unanswered("draft", "这个事项还没有新的版本，请先起草新版本")
        else:
            raise _unanswered("answer", "请选择结论")
        event = Event(
            "lawreview.answered", {"answer": answer, "reason": reason, "draft": linked.pk if linked else None}
        )
        log.record(task, event, by=by, at=at)
    return task


def _unanswered(name: str, words: str) -> Refusal:
    return Refusal("lawreview.invalid", f"{words}。", "请补充后再提交。", fields={name: words}, status=422)
