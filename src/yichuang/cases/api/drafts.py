"""Applying through the API: a draft, its answers and files, its submission; uploads for the acts of a window."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import File, Router, Status
from ninja.files import UploadedFile

from yichuang.cases import commands, queries
from yichuang.cases.api.schemas import CaseDetail, DraftIn, DraftOut, DraftSave, UploadOut
from yichuang.cases.api.shown import case_detail, draft_out
from yichuang.cases.views import kept
from yichuang.catalogue import queries as catalogue
from yichuang.core import files
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor
from yichuang.identity import queries as identity


def owner_of(ref: str) -> str:
    """The stream of what a caller uploads before an act names it."""
    return f"upload:{ref}"


def list_drafts(request: HttpRequest) -> list[DraftOut]:
    return [draft_out(d) for d in queries.my_drafts(actor(request))]


def start(request: HttpRequest, given: DraftIn) -> Status[DraftOut]:
    """The draft of this applicant and item: the one that was begun, or a new one with what is known filled in."""
    who = actor(request)
    chosen = next((a for a in identity.applicants_for(who) if a.pk == given.applicant), None)
    if chosen is None:
        raise Refusal(
            "applicant.not_yours",
            "您不能为这个申请人办理。",
            "请从 /me 的 acts_for 中选择申请人。",
            fields={"applicant": "不在您可以代表的申请人之中"},
            status=403,
        )
    version = catalogue.current(given.item)
    draft = commands.start_draft(version.id, applicant=chosen, fresh=given.fresh, by=who, at=timezone.localtime())
    return Status(201, draft_out(queries.draft_for(who, draft.pk)))


def one_draft(request: HttpRequest, draft_id: UUID) -> DraftOut:
    return draft_out(queries.draft_for(actor(request), draft_id))


def save(request: HttpRequest, draft_id: UUID, given: DraftSave) -> DraftOut:
    """Keep answers, whole groups at a time. 409 when another window saved since."""
    who = actor(request)
    commands.save_draft(
        draft_id,
        revision=given.revision,
        values=given.values,
        contact=given.contact,
        delivery=given.delivery,
        by=who,
        at=timezone.localtime(),
    )
    return draft_out(queries.draft_for(who, draft_id))


def attach(request: HttpRequest, draft_id: UUID, code: str, file: UploadedFile = File(...)) -> Status[DraftOut]:  # noqa: B008 - ninja reads the default
    """A file for one material."""
    who, at = actor(request), timezone.localtime()
    draft = queries.draft_for(who, draft_id)
    stored = files.store(file, file.name or "", owner=draft.stream, by=who, at=at, division=draft.division)
    commands.attach(draft_id, material=code, file=stored, by=who, at=at)
    return Status(201, draft_out(queries.draft_for(who, draft_id)))


def detach(request: HttpRequest, draft_id: UUID, file_id: int) -> DraftOut:
    who = actor(request)
    commands.detach(draft_id, file_id=file_id, by=who, at=timezone.localtime())
    return draft_out(queries.draft_for(who, draft_id))


def discard(request: HttpRequest, draft_id: UUID) -> Status[None]:
    commands.discard_draft(draft_id, by=actor(request), at=timezone.localtime())
    return Status(204, None)


def submit(request: HttpRequest, draft_id: UUID) -> Status[CaseDetail]:
    """Submit. Sent twice it is the same case. errors: every fault at its field, all at once."""
    who = actor(request)
    case = commands.submit(draft_id, channel="online", by=who, at=timezone.localtime())
    return Status(201, case_detail(queries.case_page(who, case.number, on=timezone.localdate())))


def upload(request: HttpRequest, file: UploadedFile = File(...)) -> Status[UploadOut]:  # noqa: B008 - ninja reads the default
    """A file for an act that follows: intake, resubmit, supply. Its word is good for this caller alone."""
    who, at = actor(request), timezone.localtime()
    stored = files.store(file, file.name or "", owner=owner_of(who.ref), by=who, at=at, division=who.division)
    told = UploadOut(file=kept.word(stored), name=stored.name, size=stored.size, media_type=stored.media_type)
    return Status(201, told)


def add(router: Router) -> None:
    router.get("/drafts", response=list[DraftOut], summary="填报中的申请")(list_drafts)
    router.post("/drafts", response={201: DraftOut}, summary="开始填报")(start)
    router.get("/drafts/{uuid:draft_id}", response=DraftOut, summary="一份填报")(one_draft)
    router.patch("/drafts/{uuid:draft_id}", response=DraftOut, summary="保存填报")(save)
    router.delete("/drafts/{uuid:draft_id}", response={204: None}, summary="放弃填报")(discard)
    router.post("/drafts/{uuid:draft_id}/materials/{code}", response={201: DraftOut}, summary="上传材料")(attach)
    router.delete("/drafts/{uuid:draft_id}/files/{key:file_id}", response=DraftOut, summary="删除材料文件")(detach)
    router.post("/drafts/{uuid:draft_id}/submit", response={201: CaseDetail}, summary="提交申请")(submit)
    router.post("/uploads", response={201: UploadOut}, summary="上传文件，供随后的办理使用")(upload)
