"""Every verb of a case, and intake at a window. One table: the verb, what it takes, the command that does it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Status

from yichuang.cases import commands, queries
from yichuang.cases.api import schemas as s
from yichuang.cases.api.drafts import owner_of
from yichuang.cases.api.shown import case_detail
from yichuang.cases.rules.machine import TABLE, VERBS
from yichuang.cases.views import kept
from yichuang.catalogue import queries as catalogue
from yichuang.core.actor import Actor
from yichuang.core.models import File
from yichuang.core.refusal import Refusal
from yichuang.identity import commands as identity
from yichuang.identity.api.auth import require_scope

HANDLE, INTAKE = "cases:handle", "cases:intake"


class Act(NamedTuple):
    verb: str
    takes: type[s.Given]
    does: Callable[..., Any]


ACTS: tuple[Act, ...] = (
    Act("accept", s.AcceptIn, commands.accept),
    Act("accept_and_decide", s.AcceptAndDecideIn, commands.accept_and_decide),
    Act("archive", s.NothingIn, commands.archive),
    Act("assign", s.AssignIn, commands.assign),
    Act("correct_clerical", s.CorrectClericalIn, commands.correct_clerical),
    Act("decline", s.ReasonsIn, commands.decline),
    Act("deliver", s.DeliverIn, commands.deliver),
    Act("deliver_notice", s.DeliverIn, commands.deliver_notice),
    Act("end_special", s.EndSpecialIn, commands.end_special),
    Act("extend", s.ExtendIn, commands.extend),
    Act("grant", s.GrantIn, commands.grant),
    Act("issue", s.IssueIn, commands.issue),
    Act("pass_step", s.PassStepIn, commands.pass_step),
    Act("redirect", s.RedirectIn, commands.redirect),
    Act("refuse", s.RefuseIn, commands.refuse),
    Act("request_correction", s.CorrectionIn, commands.request_correction),
    Act("resubmit", s.ResubmitIn, commands.resubmit),
    Act("return_step", s.ReturnStepIn, commands.return_step),
    Act("start_special", s.StartSpecialIn, commands.start_special),
    Act("supply", s.SupplyIn, commands.supply_deferred),
    Act("take", s.NothingIn, commands.take),
    Act("terminate", s.TerminateIn, commands.terminate),
    Act("withdraw", s.WithdrawIn, commands.withdraw),
)
NAMES = {**VERBS, "take": "认领"}


def uploads(words: Iterable[str], by: Actor) -> list[File]:
    """The files that the caller uploaded before. Raises Refusal 422 for a word that is not of one of them."""
    words = list(words)
    found = kept.named(words, owner_of(by.ref), by)
    if len(found) != len(words):
        raise Refusal(
            "upload.unknown",
            "有的文件不是您上传的，或者已经失效。",
            "请重新上传文件，用返回的 file 再试。",
            fields={"files": "有的文件无法识别"},
            status=422,
        )
    return found


def arguments(given: s.Given, by: Actor) -> dict[str, Any]:
    """What a command takes, with words of uploads turned into files."""
    told = given.model_dump()
    if isinstance(given, s.ResubmitIn):
        told["files"] = {code: uploads(words, by) for code, words in given.files.items()}
    elif isinstance(given, s.SupplyIn):
        told["files"] = uploads(given.files, by)
    elif isinstance(given, s.CorrectionIn):
        told["points"] = [{k: v for k, v in point.items() if v} for point in told["points"]]
    return told


def _operation(act: Act) -> Callable[..., s.CaseDetail]:
    """The view of one verb; its body is typed by what the verb takes."""

    def run(request: HttpRequest, number: str, given: s.Given) -> s.CaseDetail:
        who = require_scope(request, HANDLE)
        act.does(number, **arguments(given, who), by=who, at=timezone.localtime())
        return case_detail(queries.case_page(who, number, on=timezone.localdate()))

    run.__annotations__ = {"request": HttpRequest, "number": str, "given": act.takes, "return": s.CaseDetail}
    run.__name__ = act.verb
    return run


def law_of(verb: str) -> str:
    return next((arrow.law for (_, name), arrow in TABLE.items() if name == verb and arrow.law), "")


def intake(request: HttpRequest, given: s.IntakeIn) -> Status[s.CaseDetail]:
    """Take in what an applicant brought, and accept or decide it in the same act if asked to. Nothing is received when
    it is refused."""
    who, at = require_scope(request, INTAKE), timezone.localtime()
    version = catalogue.current(given.item)
    applicant = identity.find_or_create_applicant(**given.applicant.model_dump(), by=who, at=at)
    materials = {
        code: {**handed.model_dump(), "paper": handed.copies > 0, "files": uploads(handed.files, who)}
        for code, handed in given.materials.items()
    }
    case = commands.intake(
        version.id,
        applicant=applicant,
        values=given.values,
        materials=materials,
        point=given.point,
        contact=given.contact or {"name": given.applicant.name, "phone": given.applicant.phone},
        delivery=given.delivery,
        accept=given.accept,
        decide=given.decide,
        note=given.note,
        channel="api" if who.kind == "client" else "window",
        by=who,
        at=at,
    )
    return Status(201, case_detail(queries.case_page(who, case.number, on=timezone.localdate())))


def add(router: Router) -> None:
    router.post("/cases", response={201: s.CaseDetail}, summary="窗口收件")(intake)
    for act in ACTS:
        router.post(
            f"/cases/{{number}}/{act.verb}",
            response=s.CaseDetail,
            summary=NAMES[act.verb],
            description=law_of(act.verb),
            operation_id=f"case_{act.verb}",
        )(_operation(act))
