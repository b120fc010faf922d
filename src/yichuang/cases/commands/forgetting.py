"""What people asked to be forgotten (个人信息保护法 47): drafts and their files at once, the file of a case when it need not be
kept any longer, 授权委托书 with the last case they prove something for. Events and digests stay and still verify."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from yichuang.cases.commands.acting import Act, acting
from yichuang.cases.models import Case, CaseForm, Document, Draft, DraftFile, MaterialFile, Statement
from yichuang.cases.queries.standing import kept_from, proven
from yichuang.core import files, log
from yichuang.core.actor import Actor, system
from yichuang.core.events import Event
from yichuang.core.models import File
from yichuang.core.refusal import Refusal
from yichuang.identity.models import Agency

ASKED: Final = "申请人要求删除"
BATCH: Final = 200


def erase(number: str, *, why: str, by: Actor, at: datetime) -> Case:
    """Erase the personal data of a finished case: forms, statements, documents' content, files, the name in lists.

    By the department's head or the system itself. Raises Refusal 403, 404, 409 while the case is open.
    """
    with acting(number, by=by, at=at) as act:
        if not by.is_system:
            by.require("head", *act.case.scopes)
        if act.case.open:
            raise Refusal("case.open", "办件尚未办结，不能删除其个人信息。", "请在办结并满保存期限后办理。")
        if not why.strip():
            raise Refusal(
                "case.incomplete", "请写明删除依据。", "补充后再提交。", fields={"why": "请写明删除依据"}, status=422
            )
        counts = {
            "forms": _forget(CaseForm, act),
            "statements": _forget(Statement, act),
            "documents": _forget(Document, act),
            "files": _erase_files(_files_of(act.case), why.strip(), by, at),
        }
        Draft.objects.filter(case=act.case).update(values={}, marked={}, contact={}, delivery={})
        act.case.applicant_name = ""
        act.write(Event("case.erased", {"why": why.strip(), **counts}))
    return act.case


def _forget(table: type[CaseForm] | type[Statement] | type[Document], act: Act) -> int:
    rows = table._default_manager.filter(case=act.case, erased_at__isnull=True)
    return rows.update(content={}, salt="", erased_at=act.now.at)


def _files_of(case: Case) -> list[File]:
    """Handed in, or made from what was handed in."""
    pks = {
        *MaterialFile.objects.filter(material__case=case).values_list("file", flat=True),
        *Document.objects.filter(case=case, file__isnull=False).values_list("file", flat=True),
    }
    return list(File.objects.filter(pk__in=pks))


def _erase_files(rows: Iterable[File], why: str, by: Actor, at: datetime) -> int:
    count = 0
    for row in rows:
        if row.erased_at is None:
            files.erase(row, by=by, at=at, why=why)
            count += 1
    return count


def throw_away(draft: Draft, *, why: str, by: Actor, at: datetime) -> int:
    """A draft with everything that was uploaded for it, in the caller's transaction. How many files went."""
    pks = set(DraftFile.objects.filter(draft=draft).values_list("file", flat=True))
    stream = draft.stream
    draft.delete()
    uploaded = File.objects.filter(Q(pk__in=pks) | Q(owner=stream), erased_at__isnull=True)
    return _erase_files(_unused(uploaded), why, by, at)


def erase_unused(file: File, *, why: str, by: Actor, at: datetime) -> None:
    """A file that was taken away again, unless something else names it."""
    _erase_files(_unused(File.objects.filter(pk=file.pk)), why, by, at)


def _unused(rows: Iterable[File]) -> list[File]:
    found = {row.pk: row for row in rows}
    for table in (DraftFile, MaterialFile):
        for pk in table._default_manager.filter(file__in=found).values_list("file", flat=True):
            found.pop(pk, None)
    return list(found.values())


def forget_applicant(applicant_id: int, *, by: Actor, at: datetime) -> dict[str, int]:
    """Everything of a person who was erased that no law asks to be kept, in the caller's transaction.

    Records "applicant.papers_erased" with how many drafts, files and cases went, and how many cases stay for now.
    """
    drafts = list(Draft.objects.filter(applicant=applicant_id, case__isnull=True))
    gone = sum(throw_away(draft, why=ASKED, by=by, at=at) for draft in drafts)
    Draft.objects.filter(applicant=applicant_id).update(values={}, marked={}, contact={}, delivery={})
    past = _past_keeping(at).filter(applicant=applicant_id)
    numbers = list(past.values_list("number", "division"))
    for number, division in numbers:
        erase(number, why=ASKED, by=system("retention", division), at=at)
    letters = _erase_letters(Agency.objects.filter(Q(principal=applicant_id) | Q(agent=applicant_id)), by, at)
    counts = {
        "drafts": len(drafts),
        "files": gone + letters,
        "cases": len(numbers),
        "kept": Case.objects.filter(applicant=applicant_id).exclude(applicant_name="").count(),
    }
    log.append(f"applicant:{applicant_id}", Event("applicant.papers_erased", counts), by=by, at=at)
    return counts


def forget(at: datetime) -> int:
    """The sweep: cases of erased people whose keeping has ended, then the letters that proved something only for them."""
    cases = _past_keeping(at).filter(applicant__erased_at__isnull=False).order_by("pk")
    done = 0
    for number, division in list(cases.values_list("number", "division")[:BATCH]):
        erase(number, why="保存期限届满", by=system("retention", division), at=at)
        done += 1
    gone = Q(principal__erased_at__isnull=False) | Q(agent__erased_at__isnull=False)
    with transaction.atomic():
        return done + _erase_letters(Agency.objects.filter(gone), system("retention"), at)


def _past_keeping(at: datetime) -> QuerySet[Case]:
    """Finished cases that no law keeps any longer and that still name people."""
    rows = Case.objects.filter(open=False).exclude(applicant_name="")
    return rows.filter(closed_at__lt=kept_from(at.date()))


def _erase_letters(agencies: QuerySet[Agency], by: Actor, at: datetime) -> int:
    """授权委托书 of agencies that are over, unless a case is kept in which the agent could act by it."""
    over = agencies.filter(ended_at__isnull=False, letter__isnull=False, letter__erased_at__isnull=True)
    gone = [row.letter for row in over.exclude(proven(at.date())).select_related("letter") if row.letter]
    return _erase_files(gone, ASKED, by, at)
